#include "runtime/review/paths.h"

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::review {
namespace {

using bytecode::kNone;
using outcome::Kind;
using namespace outcome::fixture;

constexpr std::uint16_t kFirst = kEducate, kSecond = kWithSales;

/// From stage to stage and back, `moves` times, then out.
void wander(Script& s, std::string_view key, int moves) {
  s.lead(key).add(Kind::Entered).stage(kFirst).add(Kind::StageEntered, kNone);
  for (int i = 0; i < moves; ++i) {
    const std::uint16_t from = i % 2 == 0 ? kFirst : kSecond;
    const std::uint16_t to = i % 2 == 0 ? kSecond : kFirst;
    s.add(Kind::StageLeft, to, kDay).stage(to).add(Kind::StageEntered, from);
  }
  s.add(Kind::StageLeft, kNone, kDay).add(Kind::Exited, kDone, kDay);
}

std::vector<PathTally> counted(const Script& script, const bytecode::Module& module) {
  PathSink sink(module);
  script.play(sink);
  return sink.campaigns();
}

TEST_CASE("ways through stages count a return as a visit of its own") {
  const bytecode::Module module = make_module();
  Script s(module);
  wander(s, "a", 0);
  wander(s, "b", 2);
  s.lead("c").add(Kind::HeldOut).add(Kind::Exited, kOptedOut, kDay);
  s.finish();
  const PathTally tally = counted(s, module).at(0);
  CHECK(tally.memberships == std::vector<Count>{2, 1});
  CHECK(tally.steps.at({0, kNone, Step::To::Stage, kFirst}) == 2);
  CHECK(tally.steps.at({1, kFirst, Step::To::Exit, kDone}) == 1);
  CHECK(tally.steps.at({1, kFirst, Step::To::Stage, kSecond}) == 1);
  CHECK(tally.steps.at({2, kSecond, Step::To::Stage, kFirst}) == 1);
  CHECK(tally.steps.at({3, kFirst, Step::To::Exit, kDone}) == 1);
}

TEST_CASE("what comes into a visit goes out of it, however many there are") {
  const bytecode::Module module = make_module();
  Script s(module);
  for (int moves = 0; moves < 20; ++moves) wander(s, std::to_string(moves), moves);
  s.finish();
  const PathTally tally = counted(s, module).at(0);
  std::map<std::pair<std::uint16_t, std::uint16_t>, std::int64_t> balance;  // by visit and stage
  std::uint16_t deepest = 0;
  for (const auto& [step, count] : tally.steps) {
    const auto many = static_cast<std::int64_t>(count);
    if (step.visit > 0) balance[{step.visit, step.from}] -= many;
    if (step.to == Step::To::Stage) balance[{static_cast<std::uint16_t>(step.visit + 1), step.what}] += many;
    deepest = std::max(deepest, step.visit);
  }
  for (const auto& [visit, left] : balance) CHECK(left == 0);
  CHECK(deepest == kVisits);
  CHECK(tally.steps.at({kVisits, kSecond, Step::To::Further, kNone}) == 12);
}

TEST_CASE("ways through stages do not depend on how the leads are cut into ranges") {
  const bytecode::Module module = make_module();
  Script s(module);
  for (int moves = 0; moves < 6; ++moves) wander(s, std::to_string(moves), moves);
  s.finish();
  PathSink first(module), rest(module);
  s.play(first, 0, 2);
  s.play(rest, 2);
  PathTally joined = first.campaigns().at(0);
  joined.merge(rest.campaigns().at(0));
  const PathTally whole = counted(s, module).at(0);
  CHECK((joined.steps == whole.steps));
  CHECK(joined.memberships == whole.memberships);
}

}  // namespace
}  // namespace nurture::review
