#include "runtime/outcome/passages.h"

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

constexpr auto kTimer = static_cast<std::int64_t>(WaitEnd::Timer);

/// One waits two days, one four, a third is held out.
Script three_leads(const bytecode::Module& module) {
  Script s(module);
  for (const auto& [key, days] : {std::pair{"a", 2}, std::pair{"b", 4}}) {
    s.lead(key).add(Kind::Entered).stage(kEducate).add(Kind::StageEntered, bytecode::kNone).add(Kind::WaitBegan, kWait);
    s.after(days * kDay).add(Kind::WaitEnded, kWait, kTimer).add(Kind::StageLeft, bytecode::kNone, days * kDay);
    s.add(Kind::Exited, kDone, days * kDay).stage(bytecode::kNone);
  }
  s.lead("c").add(Kind::HeldOut).after(kDay).add(Kind::Exited, kOptedOut, kDay);
  s.finish();
  return s;
}

const PassageTally& found(const Passages& passages, Kind kind, std::int64_t detail) {
  for (const auto& [passage, tally] : passages) {
    if (passage.kind == kind && passage.detail == detail) return tally;
  }
  FAIL("no such passage");
  return passages.begin()->second;
}

TEST_CASE("passages are counted, and timed where they end something") {
  const bytecode::Module module = make_module();
  PassageSink sink(module);
  three_leads(module).play(sink);
  const Passages& passages = sink.campaigns().at(0);
  CHECK(found(passages, Kind::Entered, 0).count == 2);
  CHECK(found(passages, Kind::WaitEnded, kTimer).took.spread().median == 3 * kDay);
  CHECK(found(passages, Kind::StageLeft, 0).took.count() == 2);
  CHECK(found(passages, Kind::Exited, kDone).took.spread().median == 3 * kDay);
  for (const auto& [passage, tally] : passages)
    CHECK_FALSE((passage.kind == Kind::Exited && passage.detail == kOptedOut));
}

TEST_CASE("passages do not depend on how the leads are cut into ranges") {
  const bytecode::Module module = make_module();
  const Script s = three_leads(module);
  PassageSink whole(module), first(module), rest(module);
  s.play(whole);
  s.play(first, 0, 1);
  s.play(rest, 1);
  std::vector<Passages> joined;
  merge(joined, first.campaigns());
  merge(joined, rest.campaigns());
  REQUIRE(joined.at(0).size() == whole.campaigns().at(0).size());
  auto other = joined[0].begin();
  for (const auto& [passage, tally] : whole.campaigns()[0]) {
    CHECK((other->first == passage));
    CHECK(other->second.count == tally.count);
    CHECK(other->second.took.spread().median == tally.took.spread().median);
    ++other;
  }
}

}  // namespace
}  // namespace nurture::outcome
