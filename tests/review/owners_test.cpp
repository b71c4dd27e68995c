#include "runtime/review/owners.h"

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::review {
namespace {

using outcome::Kind;
using namespace outcome::fixture;

TEST_CASE("owners are joined week by week") {
  Owners a, b;
  a[TextId{1}].weeks[10] = {1, 2, 3};
  b[TextId{1}].weeks[10] = {1, 0, 0};
  b[TextId{1}].weeks[17] = {0, 4, 0};
  b[TextId{1}].answers.add(kHour);
  b[std::nullopt].missed = 2;
  merge(a, b);
  CHECK(a.at(TextId{1}).weeks.at(10).all() == 7);
  CHECK(a.at(TextId{1}).sum().calls == 6);
  CHECK(a.at(TextId{1}).answers.count() == 1);
  CHECK(a.at(std::nullopt).missed == 2);
}

TEST_CASE("what nobody is named for is nobody's") {
  const bytecode::Module module = make_module();
  Script s(module);
  s.lead("a").event(kForm).add(Kind::Entered).add(Kind::HandedOff);
  s.after(kHour).add(Kind::Answered, kForm, kHour);
  s.finish();
  OwnerSink sink(module, s.store());
  s.play(sink);
  REQUIRE(sink.owners().size() == 1);
  const OwnerTally& tally = sink.owners().at(std::nullopt);
  CHECK(tally.sum().hand_offs == 1);
  CHECK(tally.answers.spread().median == kHour);
}

}  // namespace
}  // namespace nurture::review
