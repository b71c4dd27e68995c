#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/harness.h"
#include "runtime/engine/engine.h"
#include "runtime/store/store.h"

/// Programmes and logs that the replay is measured with, and what an engineer would write by hand for them.
namespace nurture::bench {

inline constexpr std::uint32_t kEventsPerLead = 50;

/// A programme, bound to a log made for it.
struct World {
  driver::Compiled compiled;
  store::Store store;
  vm::BoundModule bound;
  std::uint64_t grown = 0;  ///< bytes that the process grew by while the log was made
};

/// What the events are, by their place among the kinds that the programme declares.
struct LogShape {
  std::uint32_t leads = 200'000;
  std::uint16_t entering = 1;     ///< so many of the first kinds are what people enter by, and share one event in
  std::uint32_t one_in = 100;     ///< so many; the others share the rest
  std::int64_t minutes = 20'160;  ///< between two events of a lead, at most
};

/// A log of `kEventsPerLead` for each lead, in the form that an import gives; every property of type integer is drawn
/// from 0 to 99.
std::unique_ptr<World> make_world(const std::string& programme, const LogShape& shape);

/// Two stages, two waits, two exits; one event in a hundred enters.
std::string sparse_programme();
/// The same where nobody enters twice.
std::string sparse_once_programme();
/// Two stages, each of which listens to every kind of event with a guard.
std::string dense_programme();
/// Enters by a score, and asks what happened in the last month.
std::string history_programme();
/// 200 campaigns with a message each, under one policy; each enters by a kind of its own.
std::string many_programme();
inline constexpr std::uint16_t kCampaigns = 200;

struct Counts {
  std::uint64_t entered = 0, left = 0, bought = 0, finished = 0, active = 0;
  bool operator==(const Counts&) const = default;
  std::uint64_t sum() const { return entered * 31 + left * 7 + bought * 5 + finished * 3 + active; }
};

/// The sparse campaign, by hand: a loop that looks at every event's kind and instant.
Counts sparse_by_hand(const store::Store& store);
/// The same, but instants are only looked at inside of a membership.
Counts sparse_by_kind(const store::Store& store);
/// The same with jumps over whole vectors of kinds, across leads, to the next event that enters.
Counts sparse_with_jumps(const store::Store& store);
/// The dense campaign, by hand.
Counts dense_by_hand(const store::Store& store);

struct How {
  unsigned threads = 1;
  bool one_by_one = false;                   ///< each move is told: campaigns in flat form are stepped through, too
  const vm::BoundModule* program = nullptr;  ///< null: World::bound
};
/// The run by the engine, counting the same.
Counts simulate(const World& world, const How& how = {});

}  // namespace nurture::bench
