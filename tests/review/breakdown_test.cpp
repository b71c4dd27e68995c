#include "runtime/review/breakdown.h"

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::review {
namespace {

using outcome::Kind;
using namespace outcome::fixture;

constexpr std::uint16_t kRole = 1;

/// The role is known of two leads from the start; the third says it before it comes in, and another thing afterwards.
Script with_roles(const bytecode::Module& module) {
  Script s(module);
  const auto role = [&](std::string_view text) { return Value::of_text(s.edit().texts.intern(text)); };
  const auto says = [&](std::string_view text) {
    store::Store& store = s.edit();
    store.change_events.push_back(store.events() - 1);
    if (store.change_begin.empty()) store.change_begin.push_back(0);
    store.changes.push_back({kRole, role(text)});
    store.change_begin.push_back(static_cast<std::uint32_t>(store.changes.size()));
  };
  s.lead("a").event(kForm).add(Kind::Entered).add(Kind::Exited, kDone, kDay);
  s.edit().lead_attributes[kRole].set(0, role("buyer"));
  s.lead("b").event(kForm).add(Kind::HeldOut).add(Kind::Exited, kDone, kDay);
  s.edit().lead_attributes[kRole].set(1, role("buyer"));
  s.lead("c").event(kForm);
  says("engineer");
  s.after(kHour).event(kForm).add(Kind::Entered);
  s.after(kHour).event(kForm);
  says("buyer");
  s.add(Kind::Exited, kDone, kDay);
  s.lead("d").event(kForm).add(Kind::Entered).add(Kind::Exited, kDone, kDay);
  s.finish();
  return s;
}

TEST_CASE("leads are grouped by what was known of them when they came in, and the groups sum up to the whole") {
  const bytecode::Module module = make_module();
  const Script s = with_roles(module);
  const AttributeGroups groups(module, s.store(), kRole);
  CHECK(groups.names() == std::vector<std::string>{"buyer", "other values", "not known"});
  CHECK(groups.of(2, start()) == 1);              // an engineer, of which there is none at the end
  CHECK(groups.of(2, start() + 2 * kHour) == 0);  // a buyer by now
  BreakdownSink sink(module, s.store().last_instant, groups);
  s.play(sink);
  CHECK(sink.tally(0).campaigns[0].treated == 1);
  CHECK(sink.tally(0).campaigns[0].held_out == 1);
  CHECK(sink.tally(1).campaigns[0].treated == 1);
  CHECK(sink.tally(2).campaigns[0].treated == 1);
}

TEST_CASE("a segment is asked as of the entry") {
  StaySink stays(0);
  const bytecode::Module module = make_module();
  Script s(module);
  s.lead("a").add(Kind::Entered).after(kDay).add(Kind::Exited, kDone, kDay);
  s.lead("b");
  s.finish();
  s.play(stays);
  const SegmentGroups groups("hot", stays.stays());
  CHECK(groups.names() == std::vector<std::string>{"in hot", "not in hot"});
  CHECK(groups.of(0, start()) == 0);
  CHECK(groups.of(0, start() + kDay) == 1);
  CHECK(groups.of(0, start() - 1) == 1);
  CHECK(groups.of(1, start()) == 1);
}

}  // namespace
}  // namespace nurture::review
