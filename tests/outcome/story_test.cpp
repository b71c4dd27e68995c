#include "runtime/outcome/story.h"

#include "tests/catch.h"
#include "tests/outcome/expected.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

Story told(const bytecode::Module& module, const Script& script, store::LeadIndex lead) {
  StoryRecorder recorder;
  script.play_one(lead, recorder, recorder);
  Story story = tell(module, script.store(), lead, recorder, script.store().last_instant);
  story.tzdata = "2024a";  // the machine's may be any
  return story;
}

TEST_CASE("the story of a lead") {
  bytecode::Module module = make_module();
  Script script(module);
  play_story(script);
  script.finish();
  check_expected("story_ada.txt", to_text(told(module, script, 0)));
  check_expected("story_bob.txt", to_text(told(module, script, 1)));
  check_expected("story_cyd.txt", to_text(told(module, script, 2)));
  check_expected("story_bob.json", to_json(told(module, script, 1)));
}

TEST_CASE("events that nobody listened to are in the story, in their place") {
  bytecode::Module module = make_module();
  Script script(module);
  script.lead("quiet@example.com").event(kClicked, {"guide"}).after(kDay).event(kWon);
  script.finish();
  StoryRecorder nothing;
  Story story = tell(module, script.store(), 0, nothing, script.store().last_instant);
  REQUIRE(story.steps.size() == 2);
  CHECK(story.steps[0].event == "email.clicked");
  CHECK(!story.steps[0].noticed);
  CHECK(story.steps[1].event == "opportunity.won");
  CHECK(!story.stays[0].entered);
}

TEST_CASE("events after the horizon are not in the story") {
  bytecode::Module module = make_module();
  Script script(module);
  script.lead("a").event(kClicked).after(kDay).event(kWon);
  script.finish();
  StoryRecorder nothing;
  CHECK(tell(module, script.store(), 0, nothing, start()).steps.size() == 1);
}

TEST_CASE("a condition that is still false is told once") {
  bytecode::Module module = make_module();
  Script script(module);
  script.lead("a").event(kForm).remark(Remark::Kind::ConditionFalse, 3, 0, 16);
  script.after(kDay).event(kForm).remark(Remark::Kind::ConditionFalse, 3, 0, 16);
  script.after(kDay).event(kForm).remark(Remark::Kind::SettledTrue, 3, 0, 16);
  script.after(kDay).event(kForm).remark(Remark::Kind::ConditionFalse, 3, 0, 16);
  script.finish();
  Story story = told(module, script, 0);
  REQUIRE(story.steps.size() == 4);
  CHECK(story.steps[0].lines[0].tone == StoryLine::Tone::NotDone);
  CHECK(story.steps[1].lines[0].tone == StoryLine::Tone::Same);
  CHECK(story.steps[2].lines[0].tone == StoryLine::Tone::Done);
  CHECK(story.steps[3].lines[0].tone == StoryLine::Tone::NotDone);
}

TEST_CASE("no mail, and why: with sales since") {
  bytecode::Module module = make_module();
  Script script(module);
  script.lead("a").event(kForm).add(Kind::Entered).stage(kEducate).add(Kind::StageEntered, bytecode::kNone);
  script.add(Kind::HandedOff, 0, 0, "note").after(5 * kDay).timer();
  script.add(Kind::Skipped, kReminder, kSendReminder).detail(Detail::WithSales).place(25);
  script.finish();
  Story story = told(module, script, 0);
  REQUIRE(story.not_sent.size() == 1);
  CHECK(story.not_sent[0].why == "with sales since Thu 5 Mar 2026 10:00 (handed over by welcome)");
  CHECK(story.not_sent[0].became == "skipped");
  CHECK(story.not_sent[0].where == "welcome.nurture:25");
}

}  // namespace
}  // namespace nurture::outcome
