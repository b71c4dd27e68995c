#include <functional>
#include <vector>

#include "runtime/bytecode/codec.h"
#include "tests/bytecode/sample.h"
#include "tests/catch.h"

namespace nurture::bytecode {
namespace {

Module sample() { return assemble(testing::kSample).value(); }

std::string verdict(const Module& module) {
  const Status status = verify(module);
  return status ? "sound" : status.error().message;
}

/// The sample with one piece of its text exchanged.
Module edited(std::string_view from, std::string_view to) {
  std::string text(testing::kSample);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto module = assemble(text);
  INFO((module ? "" : module.error().message));
  REQUIRE(module.ok());
  return *module;
}

AssumedReaction& reaction(Module& module, std::size_t index) { return module.scenarios[0].rules[0].reactions[index]; }

struct TableCase {
  const char* says;
  std::function<void(Module&)> damage;
};

struct CodeCase {
  const char* says;
  const char* from;
  const char* to;
};

}  // namespace

TEST_CASE("rows that do not fit together are refused") {
  const std::vector<TableCase> cases = {
      {"name is 900, and there are 30", [](Module& m) { m.name = 900; }},
      {"sales_hold_max is not a duration", [](Module& m) { m.sales_hold_max = 0; }},
      {"places[1].file is 99", [](Module& m) { m.places[1].file = 99; }},
      {"schema.kinds[0].machine_property is 7", [](Module& m) { m.schema.kinds[0].machine_property = 7; }},
      {"schema.lead_country is 9", [](Module& m) { m.schema.lead_country = 9; }},
      {"campaigns[0].stages[0].triggers[0].place is 7",
       [](Module& m) { m.campaigns[0].stages[0].triggers[0].place = 7; }},
      {"campaigns[0].entries[0].at_stage is 2", [](Module& m) { m.campaigns[0].entries[0].at_stage = 2; }},
      {"campaigns[0].entries[0].event.where points at no instruction",
       [](Module& m) { m.campaigns[0].entries[0].event.where += 1; }},
      {"campaigns[0].sends[0].next points at no instruction",
       [](Module& m) { m.campaigns[0].sends[0].next = kNoCode; }},
      {"campaigns[0].sends[0].content is 65535", [](Module& m) { m.campaigns[0].sends[0].content = kNone; }},
      {"campaigns[0].sends[0].give_up_after is not a duration",
       [](Module& m) { m.campaigns[0].sends[0].give_up_after = 0; }},
      {"campaigns[0].key.property_of is 5", [](Module& m) { m.campaigns[0].key.property_of[1] = 5; }},
      {"campaigns[0].stages[0].triggers[0].when_index is 64",
       [](Module& m) { m.campaigns[0].stages[0].triggers[0].when_index = 64; }},
      {"sources[0].rules[0].properties[0].property is 2",
       [](Module& m) { m.sources[0].rules[0].properties[0].property = 2; }},
      {"sources[0].lead_attributes[0].property is 4", [](Module& m) { m.sources[0].lead_attributes[0].property = 4; }},
      {"class is no such word", [](Module& m) { m.contents[0].message_class = static_cast<MessageClass>(9); }},
      {"strings[2] is not UTF-8", [](Module& m) { m.strings[2] = "\xC0\x80"; }},
      {"strings[2] is not UTF-8", [](Module& m) { m.strings[2] = "\xED\xA0\x80"; }},
      {"its week starts on no weekday", [](Module& m) { m.week_starts_on = 7; }},
      {"constants[0] is no row of strings", [](Module& m) { m.constants[0].value.bits = -1; }},
      {"constants[0] is unknown", [](Module& m) { m.constants[0].value.known = false; }},
      {"constants[5] has a second half", [](Module& m) { m.constants[5].value.aux = 1; }},
      {"constants[6] is no time of day", [](Module& m) { m.constants[6].value.bits = kDay; }},
      {"constants[2] is no row of lists", [](Module& m) { m.constants[2].value.bits = 1; }},
      {"constants[2] is a list of lists", [](Module& m) { m.constants[2].type.element = TypeKind::List; }},
      {"an item of constants[2] is no row of strings", [](Module& m) { m.lists[0][1].bits = 1000; }},
      {"schema.lead has a default of another type", [](Module& m) { m.schema.lead[0].default_value = 5; }},
      {"marks machines by a property that is not a boolean", [](Module& m) { m.schema.kinds[0].machine_property = 0; }},
      {"names contents by a property that is not a text", [](Module& m) { m.schema.kinds[0].content_property = 1; }},
      {"time zone, country or account is not a text", [](Module& m) { m.schema.lead_timezone = 3; }},
      {"not one of text and expression", [](Module& m) { m.contents[0].subject[0].literal = kNone; }},
      {"needs an event exactly where it answers one", [](Module& m) { m.contents[0].answers = {0}; }},
      {"listens to no event", [](Module& m) { m.campaigns[0].entries[0].event.kinds.clear(); }},
      {"asks for the content of an event that has none",
       [](Module& m) { m.campaigns[0].entries[0].event.of_content = 2; }},
      {"exits has no reason, or a body", [](Module& m) { m.campaigns[0].exits[0].exit_reason = kNone; }},
      {"triggers has no body, or a reason", [](Module& m) { m.campaigns[0].triggers[0].body = kNoCode; }},
      {"is not one of `on` and `when`", [](Module& m) { m.campaigns[0].triggers[0].condition = 0; }},
      {"shares its `when` number", [](Module& m) { m.campaigns[0].states[0].handlers[1].when_index = 0; }},
      {"needs a `when` number exactly for a condition", [](Module& m) { m.campaigns[0].triggers[0].when_index = 5; }},
      {"states[0] has no code for its timer", [](Module& m) { m.campaigns[0].states[0].on_timer = kNoCode; }},
      {"states[1] has handlers and is no wait",
       [](Module& m) {
         m.campaigns[0].states[1].handlers = m.campaigns[0].states[0].handlers;
         m.campaigns[0].states[0].handlers.clear();
       }},
      {"states[3] recomputes no deadline",
       [](Module& m) { m.campaigns[0].states[3].recompute = m.campaigns[0].states[0].recompute; }},
      {"shares that do not sum to 100 %", [](Module& m) { m.campaigns[0].splits[0].branches[0].share = 4999; }},
      {"needs a slot exactly where it is drawn anew", [](Module& m) { m.campaigns[0].splits[0].drawn_anew = true; }},
      {"repeats[0] never runs", [](Module& m) { m.campaigns[0].repeats[0].times = 0; }},
      {"repeats[0] needs four slots", [](Module& m) { m.campaigns[0].repeats[0].first_slot = 3; }},
      {"repeats[0] is not one of every and weekdays", [](Module& m) { m.campaigns[0].repeats[0].weekdays = 1; }},
      {"repeats sooner than after a minute",
       [](Module& m) { m.constants[4].value = Value::of_duration({0, 0, kMinute - 1}); }},
      {"repeats sooner than after a minute", [](Module& m) { m.constants[4].value = Value::of_duration({1, -29, 0}); }},
      {"repeats[0] has a state that is not its own", [](Module& m) { m.campaigns[0].repeats[0].state = 3; }},
      {"repeats[0] has a state that is not its own",
       [](Module& m) { m.campaigns[0].states[2].on_timer = m.campaigns[0].stages[0].body; }},
      {"sends[1] is detached and has a state", [](Module& m) { m.campaigns[0].sends[1].state = 1; }},
      {"sends[0] has a state of another kind", [](Module& m) { m.campaigns[0].sends[0].state = 0; }},
      {"states[1] belongs to 0 sites", [](Module& m) { m.campaigns[0].sends[0].state = kNone; }},
      {"1 detached sends and 2 slots", [](Module& m) { m.campaigns[0].detached_slots = 2; }},
      {"has a key that not every kind is told about", [](Module& m) { m.campaigns[0].key.property_of.pop_back(); }},
      {"has a key of two types", [](Module& m) { m.campaigns[0].key.property_of[1] = 1; }},
      {"holds out more than everybody", [](Module& m) { m.campaigns[0].holdout = 10'001; }},
      {"needs a duration exactly for `reenter after`", [](Module& m) { m.campaigns[0].reenter = Reenter::Never; }},
      {"needs a reason exactly for `lasts at most`", [](Module& m) { m.campaigns[0].lasts_reason = kNone; }},
      {"needs a reason exactly for `while with sales leave`",
       [](Module& m) { m.campaigns[0].while_with_sales = WhileWithSales::Leave; }},
      {"is 0, and there are 0", [](Module& m) { m.campaigns[0].stages.clear(); }},
      {"campaigns[1] is out of order", [](Module& m) { m.campaigns.push_back(m.campaigns[0]); }},
      {"more than 255 kinds",
       [](Module& m) {
         m.schema.kinds.resize(256);
         m.campaigns.clear();
       }},
      {"scenarios[0].rules[0].reactions[1].record[0].property is 2, and there are 2",
       [](Module& m) { reaction(m, 1).record[0].first = 2; }},
      {"scenarios[0].rules[0].reactions[1].record[0].constant is 99",
       [](Module& m) { reaction(m, 1).record[0].second = 99; }},
      {"scenarios[0].rules[0].reactions[0].kind is 9", [](Module& m) { reaction(m, 0).kind = 9; }},
      {"scenarios[0].rules[0].content is 4", [](Module& m) { m.scenarios[0].rules[0].content = 4; }},
      {"scenarios[0].rules[0].condition points at no instruction",
       [](Module& m) { m.scenarios[0].rules[0].condition += 2; }},
      {"reactions[1] gives a property a constant of another type",
       [](Module& m) { reaction(m, 1).record[0].second = 5; }},
      {"reactions[1] names its properties out of order", [](Module& m) { reaction(m, 1).record[1].first = 0; }},
      {"reactions[0] gives what follows from its cause", [](Module& m) { reaction(m, 0).record = {{0, 0}}; }},
      {"reactions[0] is an event that nobody reacts by", [](Module& m) { reaction(m, 0).kind = 2; }},
      {"reactions[0] is an event that nobody reacts by", [](Module& m) { m.schema.kinds[0].records_send = true; }},
      {"reactions[1] is by a machine, and its kind has none", [](Module& m) { reaction(m, 1).by_machine = true; }},
      {"reactions[0] has a rate of more than 100 %", [](Module& m) { reaction(m, 0).rate = 1'000'001; }},
      {"reactions[1] has a rate of more than 100 %", [](Module& m) { reaction(m, 1).tires = 1'000'001; }},
      {"reactions[0] has no window", [](Module& m) { reaction(m, 0).within = 0; }},
      {"reactions[0] has no window", [](Module& m) { reaction(m, 0).within = INT64_MAX; }},
      {"reactions[1] has a delay that does not rise", [](Module& m) { reaction(m, 1).delay[1].share = 100'000; }},
      {"reactions[1] has a delay that does not rise", [](Module& m) { reaction(m, 1).delay[1].by = 1; }},
      {"reactions[1] has a delay that does not rise", [](Module& m) { reaction(m, 1).delay[0].by = 0; }},
      {"reactions[1] has a delay that leaves its window", [](Module& m) { reaction(m, 1).delay[1].share = 1'000'000; }},
      {"reactions[1] has a delay that leaves its window", [](Module& m) { reaction(m, 1).within = 7'200'000'000; }},
      {"reactions[1] needs a channel and a length exactly where it tires",
       [](Module& m) { reaction(m, 1).tires_channel = kNone; }},
      {"reactions[1] needs a channel and a length exactly where it tires",
       [](Module& m) { reaction(m, 1).tires_within = 0; }},
      {"rules[0] has a group of more than 100 %", [](Module& m) { reaction(m, 2).rate = 400'001; }},
      {"rules[0] has its groups out of order", [](Module& m) { reaction(m, 1).group = reaction(m, 2).group = 1; }},
      {"rules[0] names content and channel", [](Module& m) { m.scenarios[0].rules[0].channel = 3; }},
      {"rules[1] follows what is no send, and names what is sent",
       [](Module& m) { m.scenarios[0].rules[1].content = 0; }},
      {"rules[1] needs an event exactly where it follows a reaction",
       [](Module& m) { m.scenarios[0].rules[1].kind = kNone; }},
      {"rules[0] needs an event exactly where it follows a reaction",
       [](Module& m) { m.scenarios[0].rules[0].kind = 0; }},
      {"rules[0] assumes nothing", [](Module& m) { m.scenarios[0].rules[0].reactions.clear(); }},
      {"scenarios[1] is out of order", [](Module& m) { m.scenarios.push_back(m.scenarios[0]); }},
      {"is no instruction", [](Module& m) { m.code[0] = 255; }},
      {"is cut short",
       [](Module& m) {
         m.code.pop_back();
         m.code.push_back(0);
       }},
  };
  for (const TableCase& row : cases) {
    Module module = sample();
    row.damage(module);
    CHECK_THAT(verdict(module), Catch::Contains(row.says));
  }
}

TEST_CASE("code that could do harm, or cannot be meant, is refused") {
  const CodeCase cases[] = {
      {"names Const 9, and here there are 7", "push.const 2\n  in.list", "push.const 9\n  in.list"},
      {"names Property 2, and here there are 2", "load.event 1 0", "load.event 1 2"},
      {"names Column 1, and here there are 0", "load.lead 0\n  push.const 0\n  equal",
       "load.column 1\n  push.const 0\n  equal"},
      {"names LeadAttribute 0, and here there are 0", "load.column 0", "load.lead 0"},
      {"names Slot 6, and here there are 6", "load.slot 5", "load.slot 6"},
      {"names Slot 0, and here there are 0", "load.lead 0\n  jump.known", "load.slot 0\n  jump.known"},
      {"names SendSite 2", "send 0", "send 2"},
      {"names Stage 2", "go_to 1 0", "go_to 2 0"},
      {"names Line 2", "go_to 1 0", "go_to 1 2"},
      {"names Reason 2", "exit 0 0", "exit 2 0"},
      {"(load.touch) asks which send this is where nothing was sent", "  load.lead 3\n  push.const 5",
       "  load.touch\n  push.const 5"},
      {"(less.int) does not take integer", "load.lead 3\n  push.const 5", "load.lead 0\n  push.const 5"},
      {"(equal) does not take", "load.lead 0\n  push.const 0\n  equal", "load.lead 3\n  push.const 0\n  equal"},
      {"(in.list) does not take", "push.const 2\n  in.list", "push.const 0\n  in.list"},
      {"(starts_with) does not take text", "load.event 1 0\n  push.const 0", "load.event 1 1\n  push.const 0"},
      {"(starts_with) has a flag out of range", "starts_with 1", "starts_with 2"},
      {"(set.lead) does not take text", "set.lead 0 0", "set.lead 3 0"},
      {"(notify) does not take integer", "push.const 3\n  notify 0", "push.const 5\n  notify 0"},
      {"(wait.until) does not take duration", "load.now\n  push.const 1\n  shift.instant\n  wait.until",
       "push.const 1\n  wait.until"},
      {"takes more values than there are", "load.lead 0\n  push.const 2\n  in.list", "load.lead 0\n  in.list"},
      {"leaves values on the stack", "moved:\n", "moved:\n  push.true\n"},
      {"ends the expression with more values", "  push.true\n  return", "  push.true\n  push.true\n  return"},
      {"gives text where boolean belongs", "  push.const 0\n  equal\n  return", "  pop\n  push.const 0\n  return"},
      {"is reached with different values on the stack", "jump.known subject_end\n  pop", "jump.known subject_end"},
      {"is reached with different values on the stack", "  pop\n  push.const 3\nsubject_end",
       "  pop\n  push.const 5\nsubject_end"},
      {"(jump.known) leads back", "jump.known subject_end", "jump.known subject"},
      {"leads to no instruction", "jump.known subject_end", "jump.known @5"},
      {"is a statement within an expression", "  load.lead 0\n  push.const 2",
       "  keep_waiting\n  load.lead 0\n  push.const 2"},
      {"returns a value from a body", "  keep_waiting", "  push.true\n  return"},
      {"runs past the end of the code", "  is_known\n  return\n", "  is_known\n"},
      {"waits in a state of another kind", "wait.until 0", "wait.until 2"},
      {"stays in a state of another kind", "stay 3", "stay 0"},
      {"(wait.until) leads back", "on_timer timeout", "on_timer first"},
      {"(split) leads back", "share 5000 body branch_a", "share 5000 body first"},
      {"(send) leads back", "next sent otherwise not_sent", "next first otherwise not_sent"},
      {"(stay) waits where that cannot be", "when_us:\n", "when_us:\n  stay 3\n"},
      {"(send) may be deferred where that cannot be", "when_us:\n", "when_us:\n  send 0\n"},
      {"(exit) leaves where that cannot be", "  notify 0\n  end_body", "  notify 0\n  exit 0 0"},
      {"(keep_waiting) keeps waiting where that cannot be", "repeated:\n", "repeated:\n  keep_waiting\n"},
      {"(end_body) ends the body where that cannot be", "repeated:\n", "repeated:\n  end_body\n"},
      {"(move_on) moves on where that cannot be", "  exit 0 0", "  move_on 0"},
      {"moves on from a state that says not where", "on_move_on moved", ""},
      {"(remember) remembers a value of another type", "remember 5 14 0", "remember 0 14 0"},
      {"(load.slot) reads the zone of a repeat", "load.slot 5", "load.slot 3"},
      {"a campaign's repeats share slots", "pass_slot 4", "pass_slot 3"},
      {"(next.time) does not take integer", "push.const 6\n  next.time", "push.const 5\n  next.time"},
  };
  for (const CodeCase& row : cases) {
    INFO(row.from << " -> " << row.to);
    CHECK_THAT(verdict(edited(row.from, row.to)), Catch::Contains(row.says));
  }
}

TEST_CASE("a stack deeper than the VM's is refused, one as deep is not") {
  for (const int depth : {256, 257}) {
    std::string code;
    for (int i = 0; i < depth; ++i) code += "  push.true\n";
    for (int i = 1; i < depth; ++i) code += "  pop\n";
    const Module module = edited("exit_true:\n  push.true\n", "exit_true:\n" + code);
    CHECK((verdict(module) == "sound") == (depth == 256));
  }
}

TEST_CASE("a slot whose type is learnt behind its use is looked at again") {
  const Module module = edited("  load.entry 1 0\n  remember 5 14 0", "  load.entry 1 1\n  remember 5 14 0");
  CHECK_THAT(verdict(module), Catch::Contains("(set.lead) does not take integer"));
}

TEST_CASE("an empty programme needs its name") {
  CHECK_THAT(verdict(Module{}), Catch::Contains("name is 0, and there are 0"));
}

}  // namespace nurture::bytecode
