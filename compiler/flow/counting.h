#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "compiler/flow/walks.h"

/// Shortest, longest and busiest ways.
namespace nurture::flow {

/// Per place: the least time that any way from `from` takes to it; kNever where none leads.
std::vector<Instant> soonest(const Walks& walks, const std::vector<Place>& from);
/// Per place: the most time that a way from the entry takes to it; kNever where nothing bounds it.
std::vector<Instant> latest(const Walks& walks);

/// Counts what happens on the busiest way.
class Counter {
 public:
  using Counts = std::function<bool(const Pace&)>;
  explicit Counter(const Walks& walks);

  /// The most paces that count on a way from any of `from` whose last such pace is not more than `time` after the
  /// beginning; none if nothing bounds it.
  std::optional<std::int64_t> most(const std::vector<Place>& from, Instant time, const Counts& counts) const;

 private:
  bool goes_round_at_once(const std::vector<Instant>& reached, const Counts& counts) const;

  const Walks& walks_;
  std::vector<std::uint32_t> round_;  ///< per place: which places it goes round with, in no time
};

}  // namespace nurture::flow
