// Jumps over events and leads that cannot matter: nobody may notice them, however wide the vectors are.
#include <algorithm>
#include <random>

#include "runtime/engine/kind_set.h"
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;

namespace {

/// Many leads, few of whom enter: by one kind of twenty, with waits over which other kinds happen.
struct Crowd {
  Maker maker;
  std::vector<std::uint16_t> kinds;
  CampaignMaker campaign;
  LogMaker log;

  Crowd() : campaign(maker, "sparse", add_kinds()), log(make()) {
    std::mt19937 random(5);
    for (int lead = 0; lead < 9'000; ++lead) {
      const std::string key = "lead" + std::to_string(lead);
      const unsigned events = random() % 120;
      Instant at = 0;
      for (unsigned i = 0; i < events; ++i) {
        at += static_cast<Instant>(random() % 48) * kHour;
        const unsigned drawn = random() % 300;
        log.event(key, at, kinds[drawn < 3 ? drawn : 3 + drawn % 17]);
      }
    }
  }

 private:
  std::uint16_t add_kinds() {
    for (int i = 0; i < 20; ++i) kinds.push_back(maker.kind("kind." + std::string(1, static_cast<char>('a' + i))));
    return kinds[0];
  }
  const Maker& make() {
    campaign->reenter = bytecode::Reenter::Always;
    const auto left = campaign.reason("left");
    bytecode::Trigger leaves = campaign.on(kinds[1]);
    leaves.body = bytecode::kNoCode;
    leaves.exit_reason = left;
    campaign->exits.push_back(leaves);
    campaign.stage("first");
    campaign.wait({0, 5, 0});
    campaign.exit("done");
    return maker;
  }
};

}  // namespace

TEST_CASE("every width of vectors finds what a loop finds") {
  std::mt19937 random(3);
  const auto levels = vector_levels();
  REQUIRE_FALSE(levels.empty());
  for (int round = 0; round < 3'000; ++round) {
    KindSet set;
    for (unsigned i = random() % 6; i > 0; --i) set.add(static_cast<std::uint16_t>(random() % 256));
    std::vector<std::uint8_t> kinds(random() % 300);
    for (std::uint8_t& kind : kinds) kind = static_cast<std::uint8_t>(random() % 256);
    const std::uint8_t* const first = kinds.data() + (kinds.empty() ? 0 : random() % kinds.size());
    const std::uint8_t* const end = kinds.data() + kinds.size();
    const std::uint8_t* const expected = std::find_if(first, end, [&](std::uint8_t kind) { return set.has(kind); });
    for (const VectorLevel& level : levels) {
      INFO(level.name);
      CHECK(level.find(first, end, set) == expected);
    }
  }
}

TEST_CASE("a set of kinds has what was added, up to the last kind") {
  for (unsigned kind = 0; kind < 256; ++kind) {
    KindSet set;
    set.add(static_cast<std::uint16_t>(kind));
    for (unsigned other = 0; other < 256; ++other) CHECK(set.has(static_cast<std::uint8_t>(other)) == (other == kind));
  }
}

TEST_CASE("any width, any number of threads, any wish of the sink: the same lines") {
  Crowd crowd;
  const auto all = crowd.log.run_named();
  auto expected = all;
  std::erase_if(expected, [](const std::string& line) { return line.find(": Began") != std::string::npos; });
  REQUIRE(only(expected, {"Exited left"}).size() > 10);
  const outcome::Kinds wanted = outcome::kAllKinds & ~outcome::kinds({outcome::Kind::Began});
  for (std::size_t level = 0; level < vector_levels().size(); ++level) {
    for (unsigned threads : {1u, 2u, 5u}) {
      RunOptions options;
      options.threads = threads;
      options.vectors = level;
      CHECK(crowd.log.run_named(options) == all);
      const auto told = crowd.log.run_wanted(options, wanted);
      CHECK(told.lines == expected);
      CHECK(told.passed_over > 3'000);
      CHECK(told.passed_over + told.done == only(all, {": Began"}).size());
    }
  }
}

TEST_CASE("a sink is told what it wants and nothing else") {
  Crowd crowd;
  const auto told = crowd.log.run_wanted({}, outcome::kinds({outcome::Kind::Exited}));
  CHECK(told.lines == only(crowd.log.run_named(), {": Exited"}));
}
