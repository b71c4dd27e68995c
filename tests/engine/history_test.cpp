// Questions about the past, and scores, as a `when` watches them.
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using bytecode::HistoryFunction;
using bytecode::HistorySince;
using Lines = std::vector<std::string>;

namespace {

/// A campaign entered by a form, which stays and watches what pages were viewed.
struct Looking {
  Maker maker;
  std::uint16_t form = maker.kind("form");
  std::uint16_t page = maker.kind("page");
  std::uint16_t other = maker.kind("other");
  CampaignMaker campaign{maker, "c", form};

  Looking() {
    campaign.stage("s");
    campaign.stay();
  }
  std::uint16_t site(HistoryFunction function, TypeKind type, std::uint16_t window, std::uint32_t enough = 0) {
    bytecode::HistorySite site;
    site.function = function;
    site.type.kind = type;
    site.events.push_back({maker.on(page), bytecode::kNone});
    if (window != bytecode::kNone) site.since = HistorySince::Window;
    site.window = window;
    site.enough = enough;
    site.label = maker.text("pages");
    maker.module.histories.push_back(site);
    return static_cast<std::uint16_t>(maker.module.histories.size() - 1);
  }
  Pc at_least(std::uint16_t site, std::int64_t n) {
    const Pc at = maker.op(Opcode::PushConst, {maker.constant(TypeKind::Integer, Value::of(n))});
    maker.op(Opcode::History, {site});
    maker.op(Opcode::LessEqualInt);
    maker.op(Opcode::Return);
    return at;
  }
  Pc answer(std::uint16_t site) {
    const Pc at = maker.op(Opcode::History, {site});
    maker.op(Opcode::Return);
    return at;
  }
  void watch(Pc condition, std::string_view reason) {
    auto trigger = campaign.when(condition, true);
    campaign.exit(reason);
    campaign->triggers.push_back(trigger);
  }
};

}  // namespace

TEST_CASE("a count in a window is met by the event that completes it") {
  Looking l;
  const std::uint16_t day = l.maker.length({0, 1, 0});
  l.watch(l.at_least(l.site(HistoryFunction::Count, TypeKind::Integer, day, 3), 3), "busy");
  LogMaker log(l.maker);
  log.event("ann", 0, l.page);
  log.event("ann", kHour, l.form);
  log.event("ann", kDay - 1, l.page);
  log.event("ann", kDay, l.page);  // the first counts no more
  log.event("ann", 2 * kDay - 2, l.page);
  CHECK(only(log.run(), {"Exited"}) == Lines{"47 hours 59 minutes 59.999998 seconds: Exited busy #0"});
}

TEST_CASE("a window that runs empty turns a when at that very instant, without any event") {
  Looking l;
  l.watch(l.answer(l.site(HistoryFunction::None, TypeKind::Boolean, l.maker.length({0, 2, 0}))), "quiet");
  LogMaker log(l.maker);
  log.event("ann", 0, l.form);
  log.event("ann", 0, l.page);
  log.event("ann", kHour, l.page);
  log.event("ann", 5 * kDay, l.other);
  CHECK(only(log.run(), {"Exited"}) == Lines{"49 hours: Exited quiet #0"});
}

TEST_CASE("an event that nobody listens to is a step at the instant of a turn") {
  Looking l;
  l.watch(l.answer(l.site(HistoryFunction::None, TypeKind::Boolean, l.maker.length({0, 2, 0}))), "quiet");
  LogMaker log(l.maker);
  log.event("ann", 0, l.form);
  log.event("ann", 0, l.page);
  log.event("ann", 2 * kDay, l.other);
  log.event("ann", 2 * kDay, l.page);
  CHECK(only(log.run(), {"Exited"}) == Lines{"48 hours: Exited quiet #0"});
}

TEST_CASE("a window looks at no more events than it may, and the run says so once") {
  Looking l;
  l.maker.module.history_max = 3;
  l.watch(l.at_least(l.site(HistoryFunction::Count, TypeKind::Integer, l.maker.length({0, 9, 0})), 3), "busy");
  LogMaker log(l.maker);
  log.event("ann", 0, l.page);
  for (int i = 0; i < 5; ++i) log.event("ann", kHour + i, l.page);
  log.event("ann", 2 * kHour, l.form);
  log.event("ann", 3 * kHour, l.page);
  log.event("ann", 4 * kHour, l.page);
  CHECK(only(log.run(), {"HistoryCut"}) == Lines{"2 hours: HistoryCut pages"});
}

TEST_CASE("a score that halves is met at the instant at which it crosses its bound") {
  Looking l;
  bytecode::Score score;
  score.name = l.maker.text("interest");
  score.half_life = 10 * kDay;
  score.rows.push_back({l.maker.on(l.page), 40 * bytecode::kScoreScale, 0, bytecode::kNone, 0});
  l.maker.module.scores.push_back(score);
  const Pc below = l.maker.op(Opcode::PushConst, {l.maker.constant(TypeKind::Number, Value::of_number(10))});
  l.maker.op(Opcode::ScoreCompare, {0, 0});
  l.maker.op(Opcode::Return);
  l.watch(below, "cooled");
  LogMaker log(l.maker);
  log.event("ann", 0, l.page);
  log.event("ann", kHour, l.form);
  log.event("ann", 40 * kDay, l.other);
  CHECK(only(log.run(), {"Exited"}) == Lines{"480 hours 0.000001 seconds: Exited cooled #0"});
  RunOptions options;
  options.scores = true;
  CHECK(only(log.run(options), {"ScoreChanged"}) == Lines{"0 seconds: ScoreChanged interest 40000000"});
}
