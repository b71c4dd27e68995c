#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/vm/machine.h"

namespace nurture::vm {
namespace {

using testing::Machine;
using testing::RecordedEffects;

/// An expression that gives a value of `type`, over a lead with one text and one number.
Machine expression(std::string_view type, std::string_view code) {
  return Machine(fmt::format(R"(nurture bytecode 8 name 0 timezone 0
strings [ "a" "B" "America/New_York" "Mars/Olympus" ]
constants [ {{ type {{ kind list element text }} value 0 }} {{ type {{ kind list element number }} value 1 }}
  {{ type {{ kind text }} value 1 }} {{ type {{ kind time }} value 32400000000 }} {{ type {{ kind date }} value 20000 }}
  {{ type {{ kind duration }} value 0:1 }} ]
lists [ [ 0 1 ] [ 4607182418800017408 0 ] ]
places [ {{ file 0 }} ]
schema {{ lead [ {{ name 0 type {{ optional yes }} }} {{ name 0 type {{ kind number optional yes }} }} ]
  account [ {{ name 0 type {{ kind integer optional yes }} }} ] }}
contents [ {{ name 0 channel 0 subject [ {{ expression start type {{ kind {} }} }} ] place 0 }} ]
code [ start: {} return ])",
                             type, code));
}

Value run(Machine& m) {
  CHECK(m.flaw() == "");
  return evaluate(m.frame, nullptr, 0);
}

Value result(std::string_view type, std::string_view code) {
  Machine m = expression(type, code);
  m.program = bind(m.module, m.texts, m.lists);
  m.frame.program = &m.program;
  m.frame.lead = m.lead.data();
  m.frame.now = calendar::parse_rfc3339("2026-07-01T23:30:00Z").value();
  m.frame.entered_at = 7;
  m.frame.wait_start = 8;
  m.frame.with_sales = true;
  return run(m);
}

}  // namespace

TEST_CASE("items of lists") {
  const auto in = [](std::string_view op, std::string_view list, Value text, Value number) {
    Machine m = expression("boolean", fmt::format("load.lead {} push.const {} {}", list == "0" ? 0 : 1, list, op));
    m.program = bind(m.module, m.texts, m.lists);
    m.frame.program = &m.program;
    m.frame.lead = m.lead.data();
    m.lead = {text.known ? Value::of_text(m.texts.intern(text.bits == 0 ? "b" : "B")) : text, number};
    m.frame.lead = m.lead.data();
    return run(m).truth();
  };
  CHECK(in("in.list", "0", Value::of(1), {}));
  CHECK_FALSE(in("in.list", "0", Value::of(0), {}));
  CHECK(in("in.list.fold", "0", Value::of(0), {}));
  CHECK_FALSE(in("in.list", "0", {}, {}));
  CHECK_FALSE(in("in.list.fold", "0", {}, {}));
  CHECK(in("in.list.number", "1", {}, Value::of_number(1.0)));
  CHECK(in("in.list.number", "1", {}, Value::of_number(-0.0)));
  CHECK_FALSE(in("in.list.number", "1", {}, Value::of_number(2.0)));
  CHECK_FALSE(in("in.list.number", "1", {}, {}));
}

TEST_CASE("loads") {
  CHECK(result("boolean", "push.true") == Value::of_bool(true));
  CHECK(result("boolean", "push.false") == Value::of_bool(false));
  CHECK(result("boolean", "push.unknown") == Value::unknown());
  CHECK(result("text", "load.lead 0") == Value::unknown());
  CHECK(result("integer", "load.account 0") == Value::unknown());
  CHECK(result("datetime", "load.now") == Value::of(calendar::parse_rfc3339("2026-07-01T23:30:00Z").value()));
  CHECK(result("date", "load.today") == Value::of(calendar::days_from_civil(2026, 7, 2)));
  CHECK(result("boolean", "load.with_sales").truth());
  CHECK(result("datetime", "load.wait_start") == Value::of(8));
  CHECK(result("datetime", "load.entered_at") == Value::of(7));
}

TEST_CASE("a scenario knows which send its rule is about, where there is one") {
  Machine m(R"(nurture bytecode 8 name 0 timezone 0 strings [ "x" ]
constants [ { type { kind integer } value 2 } ] places [ { file 0 } ] schema { kinds [ { name 0 } ] }
scenarios [ { name 0 rules [ { condition start reactions [ { kind 0 within 1 tires 1000000 place 0 } ] label 0 place 0 } ]
  place 0 } ]
code [ start: load.touch push.const 0 equal return ])");
  m.program = bind(m.module, m.texts, m.lists);
  m.frame.program = &m.program;
  m.frame.touch = 2;
  CHECK(run(m).truth());
  m.frame.touch = 1;
  CHECK_FALSE(run(m).truth());
  m.frame.touch = 0;
  CHECK(run(m) == Value::of_bool(false));
}

TEST_CASE("jumps") {
  CHECK(result("boolean", "jump L push.false return L: push.true") == Value::of_bool(true));
  CHECK(result("boolean", "push.false jump.false L push.false return L: push.true").truth());
  CHECK(result("boolean", "push.unknown jump.false L push.false return L: push.true").truth());
  CHECK_FALSE(result("boolean", "push.true jump.false L push.false return L: push.true").truth());
  CHECK(result("boolean", "push.true jump.true L push.false return L: push.true").truth());
  CHECK_FALSE(result("boolean", "push.unknown jump.true L push.false return L: push.true").truth());
  CHECK(result("boolean", "push.unknown jump.known L pop push.true L:").truth());
  CHECK_FALSE(result("boolean", "push.false jump.known L pop push.true L:").truth());
}

namespace {

/// A table of two rows, "b" without one, and what `code` makes of it.
Machine looking_up(std::string_view code) {
  return Machine(fmt::format(R"(nurture bytecode 8 name 0 timezone 0 strings [ "x" "a" "b" "c" ] constants [
  {{ type {{ kind list element text }} value 0 }}
  {{ type {{ kind list element integer }} value 1 }}
  {{ type {{ kind text }} value 3 }}
  {{ type {{ kind text }} value 2 }}
  {{ type {{ kind integer }} value 7 }}
] lists [ [ 1 3 ] [ 10 30 ] ] places [ {{ file 0 }} ] schema {{ }}
contents [ {{ name 0 channel 0 subject [ {{ expression start type {{ kind integer optional yes }} }} ] place 0 }} ]
code [ start: {} return ])",
                             code));
}

}  // namespace

TEST_CASE("a lookup finds what stands beside its key") {
  const auto found = [](std::string_view code) {
    Machine m = looking_up(code);
    CHECK(m.flaw() == "");
    return evaluate(m.frame, nullptr, 0);
  };
  CHECK(found("push.const 2 lookup 0 1") == Value::of(30));
  CHECK(found("push.const 3 lookup 0 1") == Value::unknown());
  CHECK(found("push.unknown lookup 0 1") == Value::unknown());
  CHECK(looking_up("push.const 4 lookup 0 1").flaw() != "");
  CHECK(looking_up("push.const 2 lookup 0 2").flaw() != "");
  CHECK(looking_up("push.const 2 lookup 0 1 return lookup 4 99").program.rows[4].empty());
}

TEST_CASE("in_zone holds for one operation") {
  const auto at = [](const char* text) { return Value::of(calendar::parse_rfc3339(text).value()); };
  CHECK(result("datetime", "in_zone 2 push.const 3 next.time 0") == at("2026-07-02T13:00:00Z"));
  CHECK(result("datetime", "in_zone 2 push.const 3 next.time 0 pop push.const 3 next.time 0") ==
        at("2026-07-02T08:00:00Z"));
  CHECK(result("datetime", "in_zone 2 push.const 4 date.start") == at("2024-10-04T04:00:00Z"));
  CHECK(result("datetime", "in_zone 2 push.const 4 push.const 3 date.at_time") == at("2024-10-04T13:00:00Z"));
  CHECK(result("datetime", "push.const 3 in_zone 2 next.weekday 4 0") == at("2026-07-08T13:00:00Z"));
  CHECK(result("datetime", "in_zone 2 load.now push.const 5 shift.instant") == at("2026-07-02T23:30:00Z"));
  CHECK(result("datetime", "in_zone 3 push.const 3 next.time 0") == Value::unknown());  // no such zone here
}

TEST_CASE("elses within elses come back in turn, and fuel ends what a stranger made of them") {
  std::string sends;
  std::string code = "start: ";
  for (int i = 0; i < 12; ++i) {  // each else sends twice what has the next else: 2^12 activations
    for (int k = 0; k < 2; ++k) {
      sends += fmt::format("{{ content 0 detached yes next n{0}_{1} otherwise e{2} place 0 }} ", i, k, i + 1);
    }
    code += fmt::format("e{0}: send {1} n{0}_0: send {2} n{0}_1: end_body ", i, 2 * i, 2 * i + 1);
  }
  Machine m(fmt::format(R"(nurture bytecode 8 name 0 timezone 0 strings [ "x" ] places [ {{ file 0 }} ]
schema {{ kinds [ {{ name 0 }} ] }} contents [ {{ name 0 channel 0 place 0 }} ]
campaigns [ {{ name 0 triggers [ {{ event {{ kinds [ 0 ] }} body start label 0 place 0 }} ]
  stages [ {{ name 0 body leave place 0 }} ] reasons [ 0 ] sends [ {} ] detached_slots 24 place 0 }} ]
code [ {} e12: end_body leave: exit 0 0 ])",
                        sends, code));
  CHECK(m.flaw() == "");
  RecordedEffects effects(m.program);
  effects.outcomes.assign(8, SendOutcome::Skipped);
  CHECK(run(m.frame, m.module.campaigns[0], 0, effects).kind == End::Kind::EndBody);
  CHECK(effects.log.size() > 8);

  effects.log.clear();
  effects.outcomes.assign(1'000'000, SendOutcome::Skipped);
  const End end = run(m.frame, m.module.campaigns[0], 0, effects);
  CHECK((end.kind == End::Kind::EndBody || end.kind == End::Kind::OutOfFuel));
  CHECK(effects.log.size() <= 2 * 8191);
}

}  // namespace nurture::vm
