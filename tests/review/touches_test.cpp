#include "runtime/review/touches.h"

#include "runtime/vm/vm.h"
#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::review {
namespace {

using outcome::Kind;
using namespace outcome::fixture;

/// The fixture's programme; clicks name a content and say whether a robot clicked, and a policy allows two mails a
/// week.
bytecode::Module with_limit() {
  bytecode::Module module = make_module();
  bytecode::EventKind& clicked = module.schema.kinds[kClicked];
  clicked.content_property = 0;
  clicked.machine_property = 1;
  clicked.properties.push_back({0, {TypeKind::Boolean, true}, bytecode::kNone});
  module.constants.push_back({{TypeKind::Duration}, Value::of_duration({0, 7, 0})});
  bytecode::Rule rule;
  rule.kind = bytecode::RuleKind::Limit;
  rule.everywhere = true;
  rule.channel = module.contents[kGuide].channel;
  rule.most = 2;
  rule.per = static_cast<std::uint16_t>(module.constants.size() - 1);
  module.rules = {rule};
  return module;
}

TouchTally counted(Script& s, const bytecode::Module& module) {
  s.finish();
  vm::BoundModule bound = vm::bind(module, s.edit().texts, s.edit().lists);
  TouchSink sink(bound, s.store(), s.store().last_instant);
  s.play(sink);
  return sink.tally();
}

TEST_CASE("messages are counted per lead and per week, and against limits") {
  const bytecode::Module module = with_limit();
  Script s(module);
  s.lead("a").event(kForm).add(Kind::Entered);
  s.add(Kind::Sent, kGuide, kSendGuide);                  // Thursday 5 March
  s.after(kDay).add(Kind::Sent, kGuide, kSendGuide);      // Friday
  s.after(6 * kDay).add(Kind::Sent, kGuide, kSendGuide);  // Thursday: the first no longer counts
  s.add(Kind::Sent, kReminder, kSendReminder);            // another channel
  s.lead("b").event(kForm).add(Kind::Entered).add(Kind::Sent, kGuide, kSendGuide);
  s.lead("c").event(kForm).add(Kind::Entered);
  const TouchTally tally = counted(s, module);
  CHECK((tally.per_lead == std::map<Count, Count>{{1, 1}, {4, 1}}));
  CHECK((tally.per_week == std::map<Count, Count>{{1, 1}, {2, 2}}));
  CHECK(tally.limits.at(0).most == 2);
  CHECK(tally.limits.at(0).leads_at == 1);
  CHECK(tally.contents.at(kGuide).sent == 4);
  CHECK(tally.contents.at(kGuide).leads == 2);
}

TEST_CASE("reactions count once a lead, after the sending, and not those of machines") {
  const bytecode::Module module = with_limit();
  Script s(module);
  const auto by_machine = [&](bool machine) {
    store::KindBlock& block = s.edit().blocks[kClicked];
    block.columns[1].set(block.rows - 1, Value::of_bool(machine));
  };
  s.lead("a").event(kClicked, {"guide"});  // before it was sent
  s.after(kHour).event(kForm).add(Kind::Entered).add(Kind::Sent, kGuide, kSendGuide);
  s.after(kHour).event(kClicked, {"guide"}).after(kHour).event(kClicked, {"guide"});
  s.after(kHour).event(kClicked, {"guide"});
  by_machine(true);
  s.after(kHour).event(kClicked, {"reminder"});  // never sent
  s.lead("b").event(kForm).add(Kind::Entered).add(Kind::Sent, kGuide, kSendGuide);
  s.after(kHour).event(kClicked, {"guide"});
  by_machine(true);
  const TouchTally tally = counted(s, module);
  const ReactionTally& clicks = tally.contents.at(kGuide).reactions.at(kClicked);
  CHECK(clicks.events == 2);
  CHECK(clicks.leads == 1);
  CHECK(clicks.machine == 2);
  CHECK(tally.contents.at(kReminder).reactions.empty());
}

}  // namespace
}  // namespace nurture::review
