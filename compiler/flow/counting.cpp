#include "compiler/flow/counting.h"

#include <algorithm>
#include <queue>

namespace nurture::flow {

namespace {

/// Of more no use is made: nothing bounds it then.
constexpr std::int64_t kMostCounted = 1'000;

using Reached = std::vector<Instant>;

/// Spreads out from what is known already, over the paces that `admits`.
template <typename Admits>
void spread(const Walks& walks, Reached& reached, const Admits& admits) {
  using Entry = std::pair<Instant, Place>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> next;
  for (Place i = 0; i < reached.size(); ++i) {
    if (reached[i] != kNever) next.emplace(reached[i], i);
  }
  while (!next.empty()) {
    const auto [at, place] = next.top();
    next.pop();
    if (at != reached[place]) continue;
    for (const Pace& pace : walks.from(place)) {
      if (!admits(pace) || at + pace.least >= reached[pace.to]) continue;
      reached[pace.to] = at + pace.least;
      next.emplace(reached[pace.to], pace.to);
    }
  }
}

Reached at_beginning(const Walks& walks, const std::vector<Place>& from) {
  Reached reached(walks.size(), kNever);
  for (Place place : from) reached[place] = 0;
  return reached;
}

/// The places in an order in which each comes after all that lead to it, unless a way leads round.
std::vector<Place> backwards(const Walks& walks, const std::function<bool(const Pace&)>& admits) {
  std::vector<Place> done;
  std::vector<bool> seen(walks.size(), false);
  std::vector<std::pair<Place, std::size_t>> stack;
  for (Place root = 0; root < walks.size(); ++root) {
    if (seen[root]) continue;
    seen[root] = true;
    stack.emplace_back(root, 0);
    while (!stack.empty()) {
      auto& [place, at] = stack.back();
      const auto& paces = walks.from(place);
      if (at == paces.size()) {
        done.push_back(place);
        stack.pop_back();
        continue;
      }
      const Pace& pace = paces[at++];
      if (!admits(pace) || seen[pace.to]) continue;
      seen[pace.to] = true;
      stack.emplace_back(pace.to, 0);
    }
  }
  return done;
}

}  // namespace

std::vector<Instant> soonest(const Walks& walks, const std::vector<Place>& from) {
  Reached reached = at_beginning(walks, from);
  spread(walks, reached, [](const Pace&) { return true; });
  return reached;
}

std::vector<Instant> latest(const Walks& walks) {
  const auto forward = [](const Pace& pace) { return !pace.back; };
  std::vector<Place> order = backwards(walks, forward);
  std::reverse(order.begin(), order.end());
  std::vector<std::size_t> rank(walks.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  std::vector<Instant> result(walks.size(), 0);
  const Reached reached = soonest(walks, {walks.entry()});
  for (Place place : order) {
    if (reached[place] == kNever) continue;
    for (const Pace& pace : walks.from(place)) {
      if (pace.back) continue;
      // A way round: whatever lies behind it may come arbitrarily late.
      if (rank[pace.to] <= rank[place]) return std::vector<Instant>(walks.size(), kNever);
      const bool bounded = result[place] != kNever && pace.most != kNever;
      result[pace.to] = bounded ? std::max(result[pace.to], result[place] + pace.most) : kNever;
    }
  }
  return result;
}

/// Kosaraju: backwards in the order of leaving, each place takes along what leads to it.
Counter::Counter(const Walks& walks) : walks_(walks), round_(walks.size(), kNoIndex) {
  const auto at_once = [](const Pace& pace) { return pace.least == 0; };
  std::vector<std::vector<Place>> into(walks.size());
  for (Place i = 0; i < walks.size(); ++i) {
    for (const Pace& pace : walks.from(i)) {
      if (at_once(pace)) into[pace.to].push_back(i);
    }
  }
  std::vector<Place> order = backwards(walks, at_once);
  for (std::size_t i = order.size(); i-- > 0;) {
    if (round_[order[i]] != kNoIndex) continue;
    std::vector<Place> todo{order[i]};
    round_[order[i]] = order[i];
    while (!todo.empty()) {
      const Place place = todo.back();
      todo.pop_back();
      for (Place before : into[place]) {
        if (round_[before] != kNoIndex) continue;
        round_[before] = order[i];
        todo.push_back(before);
      }
    }
  }
}

bool Counter::goes_round_at_once(const Reached& reached, const Counts& counts) const {
  for (Place i = 0; i < walks_.size(); ++i) {
    if (reached[i] == kNever) continue;
    for (const Pace& pace : walks_.from(i)) {
      if (pace.least == 0 && round_[i] == round_[pace.to] && counts(pace)) return true;
    }
  }
  return false;
}

/// Layer by layer: when a place can be reached at the earliest with so many behind it.
std::optional<std::int64_t> Counter::most(const std::vector<Place>& from, Instant time, const Counts& counts) const {
  if (goes_round_at_once(soonest(walks_, from), counts)) return std::nullopt;
  Reached reached = at_beginning(walks_, from);
  for (std::int64_t counted = 0; counted < kMostCounted; ++counted) {
    spread(walks_, reached, [&](const Pace& pace) { return !counts(pace); });
    Reached next(walks_.size(), kNever);
    bool more = false;
    for (Place i = 0; i < walks_.size(); ++i) {
      if (reached[i] == kNever) continue;
      for (const Pace& pace : walks_.from(i)) {
        if (!counts(pace) || reached[i] + pace.least > time) continue;
        next[pace.to] = std::min(next[pace.to], reached[i] + pace.least);
        more = true;
      }
    }
    if (!more) return counted;
    reached = std::move(next);
  }
  return std::nullopt;
}

}  // namespace nurture::flow
