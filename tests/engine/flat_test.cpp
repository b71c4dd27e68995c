// Campaigns in flat form: what is only counted is what would have been told.
#include <map>
#include <memory>
#include <random>
#include <tuple>

#include "runtime/engine/kind_set.h"
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using outcome::Kind;

namespace {

/// How many records of a sort there were, and what their lengths of time come to.
struct Sum {
  std::uint64_t times = 0;
  std::int64_t lengths = 0;
  bool operator==(const Sum&) const = default;
};

enum class Asks : std::uint8_t { EachRecord, Lengths, CountsAlone };

/// Adds up what it is told, or what is counted for it.
class Adder final : public outcome::Sink {
 public:
  explicit Adder(Asks asks) : asks_(asks) {}
  outcome::Kinds timed() const override { return asks_ == Asks::CountsAlone ? 0 : wants(); }
  outcome::Kinds wants() const override { return outcome::kAllKinds & ~outcome::kinds({Kind::Began}); }
  outcome::Kinds told(std::uint16_t) const override { return asks_ == Asks::EachRecord ? wants() : 0; }
  void on(const outcome::Outcome& o) override {
    ++told_times;
    const bool measured = o.kind == Kind::StageLeft || o.kind == Kind::Exited;
    add(o, 1, measured ? o.b : 0);
  }
  void counted(const outcome::Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) override {
    std::int64_t sum = 0;
    for (const std::int64_t length : lengths) sum += length;
    CHECK((lengths.empty() || lengths.size() == times));
    CHECK((lengths.empty() || asks_ == Asks::Lengths));
    add(like, times, like.kind == Kind::InFlight ? 0 : sum);
  }
  void lead_done(store::LeadIndex) override { ++leads; }
  void untouched(std::size_t count) override { leads += count; }
  void entered(std::size_t count) override { leads += count; }

  /// The sums without lengths of time.
  std::map<std::tuple<Kind, std::uint16_t, std::int64_t, bytecode::PlaceIndex>, std::uint64_t> times() const {
    std::map<std::tuple<Kind, std::uint16_t, std::int64_t, bytecode::PlaceIndex>, std::uint64_t> all;
    for (const auto& [what, sum] : sums) all[what] = sum.times;
    return all;
  }

  std::map<std::tuple<Kind, std::uint16_t, std::int64_t, bytecode::PlaceIndex>, Sum> sums;
  std::size_t leads = 0;
  std::uint64_t told_times = 0;

 private:
  void add(const outcome::Outcome& o, std::uint64_t times, std::int64_t length) {
    Sum& sum = sums[{o.kind, o.stage, o.a, o.place}];
    sum.times += times;
    sum.lengths += length;
  }
  Asks asks_;
};

/// Who enters, leaves and moves when.
LogMaker log_of(const Maker& maker, std::uint16_t enters, std::uint16_t leaves, std::uint16_t moves,
                std::uint16_t noise) {
  LogMaker log(maker);
  std::mt19937 random(11);
  for (int lead = 0; lead < 6'000; ++lead) {
    Instant at = 0;
    for (unsigned i = random() % 60; i > 0; --i) {
      at += static_cast<Instant>(random() % 72) * kHour;
      const unsigned drawn = random() % 40;
      log.event("lead" + std::to_string(lead), at, drawn < 1 ? enters : drawn < 2 ? leaves : drawn < 4 ? moves : noise);
    }
  }
  return log;
}

/// A campaign that people enter, leave and enter again.
struct World {
  Maker maker;
  std::uint16_t enters = maker.kind("kind.a"), leaves = maker.kind("kind.b"), moves = maker.kind("kind.c"),
                noise = maker.kind("kind.d");
  CampaignMaker campaign{maker, "plain", enters};

  explicit World(Duration closed) {
    campaign->reenter = bytecode::Reenter::After;
    campaign->reenter_after = maker.length(closed);
    bytecode::Trigger out = campaign.on(leaves);
    out.body = bytecode::kNoCode;
    out.exit_reason = campaign.reason("left");
    campaign->exits.push_back(out);
  }
  void lasts_at_most(Duration length) {
    campaign->lasts_at_most = maker.length(length);
    campaign->lasts_reason = campaign.reason("too long");
  }
  LogMaker log() const { return log_of(maker, enters, leaves, moves, noise); }
};

/// Two stages with waits, a way back, an exit from everywhere, an end of patience.
struct Crowd : World {
  Crowd() : World({1, 2, 0}) {
    lasts_at_most({0, 30, 0});
    campaign.stage("first");
    campaign.wait({0, 5, 0});
    campaign.go_to(1);
    campaign.stage("second");
    campaign.wait({0, 20, 3 * kHour});
    campaign.exit("done");
    bytecode::Trigger back = campaign.on(moves);
    maker.op(Opcode::GoTo, {0, 0});
    campaign->stages[1].triggers.push_back(back);
  }
};

/// Waits one after the other, in three stages, that hear the same all along, in hours that meet those of events.
struct Course : World {
  explicit Course(bool lasts) : World({0, 2, 0}) {
    if (lasts) lasts_at_most({0, 9, 0});
    for (std::int16_t stage = 0; stage < 3; ++stage) {
      campaign.stage("stage " + std::to_string(stage));
      campaign.wait({0, 0, 7 * kHour});
      campaign.wait({0, static_cast<std::int16_t>(stage + 1), 0});
      campaign.wait({0, 2, 5 * kHour});
      if (stage < 2) campaign.go_to(static_cast<std::uint16_t>(stage + 1));
    }
    campaign.exit("done");
  }
};

/// One range after the other, as one.
Adder add_up(LogMaker& log, const RunOptions& options, Asks asks) {
  std::vector<std::unique_ptr<Adder>> sinks;
  REQUIRE(log.run_into(options,
                       [&](std::size_t) {
                         sinks.push_back(std::make_unique<Adder>(asks));
                         return sinks.back().get();
                       })
              .ok());
  Adder all(asks);
  for (const auto& sink : sinks) {
    all.leads += sink->leads;
    all.told_times += sink->told_times;
    for (const auto& [what, sum] : sink->sums) {
      all.sums[what].times += sum.times;
      all.sums[what].lengths += sum.lengths;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("any width, any number of threads: the counts are those of the records") {
  const Crowd crowd;
  LogMaker log = crowd.log();
  const Adder told = add_up(log, {}, Asks::EachRecord);
  REQUIRE(told.told_times > 10'000);
  for (std::size_t level = 0; level < vector_levels().size(); ++level) {
    for (const unsigned threads : {1u, 2u, 5u}) {
      RunOptions options;
      options.threads = threads;
      options.vectors = level;
      const Adder counted = add_up(log, options, Asks::Lengths);
      CHECK(counted.told_times == 0);
      CHECK(counted.sums == told.sums);
      CHECK(counted.leads == told.leads);
      CHECK(add_up(log, options, Asks::CountsAlone).times() == told.times());
    }
  }
}

TEST_CASE("a horizon before the log ends cuts what is counted as well") {
  const Crowd crowd;
  LogMaker log = crowd.log();
  for (const int days : {0, 9, 40, 4'000}) {
    RunOptions options;
    options.until = kStart + days * kDay;
    const Adder told = add_up(log, options, Asks::EachRecord);
    const Adder counted = add_up(log, options, Asks::Lengths);
    CHECK(counted.sums == told.sums);
    CHECK(counted.told_times == 0);
  }
}

TEST_CASE("waits that follow each other by time alone are gone through at one look") {
  for (const bool lasts : {false, true}) {
    const Course course(lasts);
    LogMaker log = course.log();
    for (const int days : {3, 40, 4'000}) {
      RunOptions options;
      options.until = kStart + days * kDay;
      const Adder told = add_up(log, options, Asks::EachRecord);
      REQUIRE(told.told_times > 300);
      CHECK(add_up(log, options, Asks::Lengths).sums == told.sums);
      const Adder counted = add_up(log, options, Asks::CountsAlone);
      CHECK(counted.told_times == 0);
      CHECK(counted.times() == told.times());
    }
  }
}

TEST_CASE("where one look says all of every membership, what is counted is who may enter") {
  using bytecode::Reenter;
  for (const Reenter reenter : {Reenter::After, Reenter::Always, Reenter::Never}) {
    Course course(true);
    course.campaign->reenter = reenter;
    LogMaker log = course.log();
    const Adder told = add_up(log, {}, Asks::EachRecord);
    REQUIRE(told.told_times > 5'000);
    for (std::size_t level = 0; level < vector_levels().size(); ++level) {
      RunOptions options;
      options.vectors = level;
      options.threads = static_cast<unsigned>(level) + 1;
      const Adder counted = add_up(log, options, Asks::CountsAlone);
      CHECK(counted.times() == told.times());
      CHECK(counted.leads == told.leads);
    }
  }
}

TEST_CASE("a lead of whom more is to be told goes the long way, among others who are counted") {
  Crowd crowd;
  crowd.maker.module.schema.kinds[crowd.noise].starts_sales_hold = true;
  LogMaker log = crowd.log();
  const Adder told = add_up(log, {}, Asks::EachRecord);
  const Adder counted = add_up(log, {}, Asks::Lengths);
  CHECK(counted.sums == told.sums);
  CHECK(counted.leads == told.leads);
  CHECK(counted.told_times > 0);
  CHECK(counted.told_times < told.told_times);
}

TEST_CASE("all places of some kinds are found, whatever the width") {
  std::mt19937 random(9);
  for (int round = 0; round < 500; ++round) {
    KindSet set;
    for (unsigned i = random() % 6; i > 0; --i) set.add(static_cast<std::uint16_t>(random() % 256));
    std::vector<std::uint8_t> kinds(random() % 700);
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      kinds[i] = static_cast<std::uint8_t>(random() % 256);
      if (set.has(kinds[i])) expected.push_back(static_cast<std::uint32_t>(i));
    }
    for (const VectorLevel& level : vector_levels()) {
      INFO(level.name);
      std::vector<std::uint32_t> places(kinds.size());
      places.resize(level.find_all(kinds.data(), kinds.data() + kinds.size(), set, places.data()));
      CHECK(places == expected);
    }
  }
}

TEST_CASE("looks ahead find what is near, whatever the width, and leave what is not") {
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {
    KindSet heard;
    for (unsigned i = random() % 4; i > 0; --i) heard.add(static_cast<std::uint16_t>(random() % 20));
    std::vector<std::uint8_t> kinds(1 + random() % 60);
    std::vector<Instant> instants(kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      kinds[i] = static_cast<std::uint8_t>(random() % 20);
      instants[i] = static_cast<Instant>(random() % 9);
    }
    std::vector<Look> asked(kinds.size());
    for (Look& look : asked) {
      look.event = static_cast<std::uint32_t>(random() % kinds.size());
      look.end = look.event + static_cast<std::uint32_t>(random() % (kinds.size() + 1 - look.event));
      look.until = static_cast<Instant>(random() % 10);
      if (random() % 8 != 0) look.heard = &heard;
    }
    for (const VectorLevel& level : vector_levels()) {
      INFO(level.name);
      std::vector<Look> looks = asked;
      level.look_ahead(kinds.data(), instants.data(), kinds.size(), looks);
      for (std::size_t i = 0; i < looks.size(); ++i) {
        const Look& look = looks[i];
        if (look.heard == nullptr) {
          CHECK(look.event == asked[i].event);
          continue;
        }
        std::uint32_t first = asked[i].event;
        const auto matters = [&](std::uint32_t event) {
          return instants[event] > look.until || heard.has(kinds[event]);
        };
        while (first < look.end && !matters(first)) ++first;
        CHECK((look.found || look.event == asked[i].event + kNearby));
        CHECK((look.found ? look.event == first : look.event <= first));
      }
    }
  }
}
