#include "runtime/review/sample.h"

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::review {
namespace {

using outcome::Kind;
using namespace outcome::fixture;

/// Many leave as done, two as opted out.
Script crowd(const bytecode::Module& module) {
  Script s(module);
  for (int i = 0; i < 40; ++i) {
    s.lead("lead-" + std::to_string(100 + i)).add(Kind::Entered);
    s.add(Kind::Exited, i % 20 == 0 ? kOptedOut : kDone, kDay);
  }
  s.finish();
  return s;
}

Sample sampled(const Script& s, const bytecode::Module& module, std::size_t from, std::size_t to) {
  SampleSink sink(module, s.store());
  s.play(sink, from, to);
  return sink.sample();
}

TEST_CASE("every ending has its leads, the rare ones first") {
  const bytecode::Module module = make_module();
  const auto chosen = sampled(crowd(module), module, 0, 40).choose(60);
  CHECK(chosen.size() == kOfEachEnding + 2);
  CHECK(sampled(crowd(module), module, 0, 40).choose(3).size() == 3);
  std::size_t opted_out = 0;
  for (const Sample::Chosen& each : sampled(crowd(module), module, 0, 40).choose(4)) {
    opted_out += each.endings.front().what == kOptedOut ? 1 : 0;
  }
  CHECK(opted_out == 2);
}

TEST_CASE("a sample does not depend on how the leads are cut into ranges") {
  const bytecode::Module module = make_module();
  const Script s = crowd(module);
  const auto whole = sampled(s, module, 0, 40).choose(60);
  for (std::size_t cut : {1U, 13U, 39U}) {
    Sample joined = sampled(s, module, 0, cut);
    joined.merge(sampled(s, module, cut, 40));
    const auto chosen = joined.choose(60);
    REQUIRE(chosen.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(chosen[i].lead == whole[i].lead);
  }
}

}  // namespace
}  // namespace nurture::review
