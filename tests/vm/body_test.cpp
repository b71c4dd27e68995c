#include "tests/bytecode/sample.h"
#include "tests/catch.h"
#include "tests/vm/machine.h"

namespace nurture::vm {
namespace {

using testing::Machine;
using testing::RecordedEffects;
using testing::Row;
using Log = std::vector<std::string>;
using Kind = End::Kind;

Instant instant(const char* text) { return calendar::parse_rfc3339(text).value(); }

/// The sample's campaign with a US lead, on a Thursday.
struct Sample : Machine {
  Sample() : Machine(nurture::testing::kSample), campaign(module.campaigns[0]), effects(program) {
    frame.now = instant("2026-03-05T10:00:00Z");
    frame.wait_start = frame.now;
    lead[0] = text("US");
    effects.lead = &lead;
  }
  Value text(std::string_view t) { return Value::of_text(texts.intern(t)); }
  End go(bytecode::Pc body) { return run(frame, campaign, body, effects); }

  const bytecode::Campaign& campaign;
  RecordedEffects effects;
};

}  // namespace

TEST_CASE("a send goes on, is suspended, or takes its else") {
  Sample s;
  const End sent = s.go(s.campaign.stages[0].body);
  CHECK(s.effects.log == Log{"send 0"});
  CHECK(sent.kind == Kind::Suspended);
  CHECK(sent.target == 0);
  CHECK(sent.deadline == instant("2026-03-10T10:00:00Z"));

  s.effects.outcomes = {SendOutcome::Deferred};
  const End deferred = s.go(s.campaign.stages[0].body);
  CHECK(deferred.kind == Kind::Suspended);
  CHECK(deferred.target == 1);
  CHECK(deferred.deadline == kNever);

  for (const auto outcome :
       {SendOutcome::Suppressed, SendOutcome::Skipped, SendOutcome::Exhausted, SendOutcome::GaveUp}) {
    s.effects.log.clear();
    s.effects.outcomes = {outcome};
    CHECK(s.go(s.campaign.stages[0].body).target == 0);
    CHECK(s.effects.log == Log{"send 0", "notify sales desk"});
  }
}

TEST_CASE("a detached send never suspends, and its else comes back") {
  Sample s;
  for (const auto outcome : {SendOutcome::Sent, SendOutcome::Deferred}) {
    s.effects.outcomes = {outcome};
    CHECK(s.go(s.campaign.triggers[0].body).kind == Kind::EndBody);
  }
  CHECK(s.effects.log == Log{"send 1", "send 1"});
  s.effects.outcomes = {SendOutcome::Suppressed};
  CHECK(s.go(s.campaign.triggers[0].body).kind == Kind::EndBody);
  CHECK(s.effects.log == Log{"send 1", "send 1", "send 1", "notify sales desk"});
}

TEST_CASE("a timer runs on through split, work and hand-off to where the body leaves") {
  Sample s;
  Row entry;
  entry.cells = {s.text("whitepaper"), Value::of(7)};
  s.frame.entry_kind = 1;
  s.frame.entry = &entry;
  const End end = s.go(s.campaign.states[0].on_timer);
  CHECK(end.kind == Kind::GoTo);
  CHECK(end.target == 1);
  CHECK(s.effects.log == Log{"split", "assign sales desk", "add 0.000000 to score 0", "reset score 0", "hand off",
                             "take back at 0", "remember first whitepaper"});
  CHECK(s.slots[5] == s.text("whitepaper"));

  s.effects.log.clear();
  s.effects.branch = 1;
  s.frame.entry_kind = 0;  // entered by another kind: unknown
  s.go(s.campaign.states[0].on_timer);
  CHECK(s.effects.log ==
        Log{"split", "add 0.000000 to score 0", "reset score 0", "hand off", "take back at 0", "remember first ?"});
}

TEST_CASE("ends of handlers and triggers") {
  Sample s;
  s.slots[5] = s.text("CA");
  const End moved = s.go(s.campaign.states[0].handlers[0].body);
  CHECK(moved.kind == Kind::MoveOn);
  CHECK(moved.target == 0);
  CHECK(s.effects.log == Log{"set 0 CA"});
  CHECK(s.lead[0] == s.text("CA"));
  CHECK(s.go(s.campaign.states[0].handlers[1].body).kind == Kind::KeepWaiting);
  const End left = s.go(s.campaign.stages[0].triggers[0].body);
  CHECK(left.kind == Kind::Exit);
  CHECK(left.target == 0);
  CHECK(s.go(s.campaign.repeats[0].after).kind == Kind::Suspended);
}

TEST_CASE("a wait until now or the past goes on at once") {
  for (const auto& [shift, suspends] : {std::pair<std::int64_t, bool>{-1, false}, {0, false}, {1, true}}) {
    Sample s;
    s.module.constants[1].value = Value::of_duration({0, 0, shift});
    s.program = bind(s.module, s.texts, s.lists);
    const End end = s.go(s.campaign.stages[0].body);
    CHECK((end.kind == Kind::Suspended) == suspends);
    if (suspends)
      CHECK(end.deadline == s.frame.now + shift);
    else
      CHECK(end.kind == Kind::GoTo);
  }
}

TEST_CASE("expressions of the sample") {
  Sample s;
  CHECK(holds(s.frame, &s.campaign, s.campaign.audience));
  s.lead[0] = s.text("DE");
  CHECK_FALSE(holds(s.frame, &s.campaign, s.campaign.audience));
  s.lead[0] = Value::unknown();
  CHECK_FALSE(holds(s.frame, &s.campaign, s.campaign.audience));
  CHECK(holds(s.frame, &s.campaign, bytecode::kNoCode));

  Row event;
  event.cells = {s.text("usual"), Value::unknown()};
  s.frame.event = &event;
  s.frame.event_kind = 1;
  const bytecode::Pc where = s.campaign.entries[0].event.where;  // not (starts with "US" ignoring case)
  CHECK_FALSE(holds(s.frame, &s.campaign, where));
  event.cells[0] = Value::unknown();
  CHECK(holds(s.frame, &s.campaign, where));
  s.frame.event_kind = 0;
  CHECK(holds(s.frame, &s.campaign, where));

  s.lead[3] = Value::of(2);
  CHECK_FALSE(holds(s.frame, &s.campaign, s.campaign.exits[1].condition));
  s.lead[3] = Value::of(3);
  CHECK(holds(s.frame, &s.campaign, s.campaign.exits[1].condition));
  CHECK(evaluate(s.frame, &s.campaign, s.campaign.states[0].recompute) == Value::of(instant("2026-03-10T10:00:00Z")));

  Row row;
  row.cells = {s.text("whitepaper"), Value::unknown()};
  Frame of_row;
  of_row.program = &s.program;
  of_row.event = &row;
  CHECK(evaluate(of_row, nullptr, s.module.sources[0].lead) == s.text("whitepaper"));
  CHECK_FALSE(holds(of_row, nullptr, s.module.sources[0].leave_out));
}

TEST_CASE("messages are rendered with what is known") {
  Sample s;
  CHECK(render(s.frame, &s.campaign, s.module.contents[0].subject) == "Hello US");
  s.lead[0] = Value::unknown();
  CHECK(render(s.frame, &s.campaign, s.module.contents[0].subject) == "Hello sales desk");
}

TEST_CASE("values as people read them") {
  TextPool texts;
  ListPool lists;
  const auto format = [&](TypeKind kind, Value value) {
    return format_value(value, bytecode::Type{kind, true, TypeKind::Decimal, bytecode::kNone}, texts, lists,
                        calendar::find_zone("Europe/London"));
  };
  CHECK(format(TypeKind::Text, Value::of_text(texts.intern("x"))) == "x");
  CHECK(format(TypeKind::Integer, Value::of(-5)) == "-5");
  CHECK(format(TypeKind::Number, Value::of_number(0.1)) == "0.1");
  CHECK(format(TypeKind::Decimal, Value::of(125'000)) == "12.50");
  CHECK(format(TypeKind::Decimal, Value::of(-5)) == "-0.0005");
  CHECK(format(TypeKind::Decimal, Value::of(INT64_MIN)) == "-922337203685477.5808");
  CHECK(format(TypeKind::Boolean, Value::of_bool(true)) == "yes");
  CHECK(format(TypeKind::Boolean, Value::of_bool(false)) == "no");
  CHECK(format(TypeKind::Date, Value::of(calendar::days_from_civil(2026, 3, 5))) == "2026-03-05");
  CHECK(format(TypeKind::Time, Value::of(9 * kHour)) == calendar::format_time(9 * kHour));
  CHECK(format(TypeKind::DateTime, Value::of(instant("2026-07-01T08:30:00Z"))) == "2026-07-01 09:30");
  CHECK(format(TypeKind::Duration, Value::of_duration({0, 5, 0})) == "5 days");
  CHECK(format(TypeKind::Percent, Value::of(12 * kPercentScale)) == "12%");
  CHECK(format(TypeKind::Percent, Value::of(12 * kPercentScale + 5'000)) == "12.5%");
  CHECK(format(TypeKind::List, Value::of(lists.intern({Value::of(10'000), Value::of(20'000)}))) == "1.00, 2.00");
  CHECK(format(TypeKind::Text, Value::unknown()).empty());
}

TEST_CASE("equal texts of module and log are one text, lists are resolved") {
  TextPool texts;
  ListPool lists;
  const TextId us = texts.intern("US");
  const bytecode::Module module = bytecode::assemble(nurture::testing::kSample).value();
  const BoundModule bound = bind(module, texts, lists);
  CHECK(bound.constants[0] == Value::of_text(us));
  const auto items = lists.at(static_cast<ListId>(bound.constants[2].bits));
  CHECK(std::vector(items.begin(), items.end()) ==
        std::vector<Value>{Value::of_text(us), Value::of_text(*texts.find("CA"))});
}

}  // namespace nurture::vm
