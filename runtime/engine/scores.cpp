// Scores (§5.10): counted from the lead's past, decaying, and when they will compare otherwise.
#include <algorithm>
#include <cmath>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/lead_past.h"
#include "runtime/vm/decay.h"

namespace nurture::engine {

using bytecode::kNone;
using vm::passes;
using vm::ScoreTest;

namespace {

/// a + b, or the nearest that 64 bits hold.
std::int64_t saturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? INT64_MIN : INT64_MAX;
}

std::uint64_t size_of(std::int64_t millionths) {
  const auto bits = static_cast<std::uint64_t>(millionths);
  return millionths < 0 ? 0 - bits : bits;
}

/// The smallest size up to that one that compares as it does; 0 compares otherwise. It is looked for near the bound
/// first.
std::uint64_t least_size(std::int64_t millionths, ScoreTest test, double bound) {
  const bool negative = millionths < 0;
  const auto alike = [&](std::uint64_t size) {
    return passes(static_cast<std::int64_t>(negative ? 0 - size : size), test, bound);
  };
  std::uint64_t other = 0, same = size_of(millionths);
  const bool is = alike(same);
  const auto look = [&](std::uint64_t size) {
    if (size > other && size < same) (alike(size) == is ? same : other) = size;
  };
  const double near = std::abs(bound) * static_cast<double>(bytecode::kScoreScale);
  if (near > 2 && near < 9e18) {
    look(static_cast<std::uint64_t>(near) - 2);
    look(static_cast<std::uint64_t>(near) + 2);
  }
  while (same - other > 1) look(other + (same - other) / 2);
  return same;
}

}  // namespace

/// The next event of these kinds at or after `from`, which then stands behind it.
bool LeadPast::step_on(PastMark& from, const PastMark& end, const KindSet& kinds, Happened& out) const {
  for (;;) {
    if (from.send < end.send && lead_.sends[from.send].before <= from.event) {
      const PastSend& send = lead_.sends[from.send++];
      if (send.kind == kNone || !kinds.has(static_cast<std::uint8_t>(send.kind))) continue;
      out = {send.kind, send.at, EventRef::kNotLogged, &send};
      return true;
    }
    if (from.event == end.event) return false;
    const bool send_left = from.send < end.send;
    const store::EventIndex stop = send_left ? std::min(end.event, lead_.sends[from.send].before) : end.event;
    while (from.event < stop) {
      const store::EventIndex event = from.event++;
      if (!kinds.has(store_.kind[event]) || !store_.visible(event, lead_.cursor)) continue;
      out = {store_.kind[event], store_.at[event], event, nullptr};
      return true;
    }
  }
}

/// `at most k times per D`: D is added forward from each time that points were given (§6.1).
bool LeadPast::granted(const bytecode::ScoreRow& row, std::vector<Instant>& grants, const Happened& what) const {
  if (row.most == 0) return true;
  std::erase_if(grants, [&](Instant until) { return until <= what.at; });
  if (grants.size() >= row.most) return false;
  grants.push_back(calendar::add(what.at, program_.duration(row.per), zone_at(what)).value_or(kNever));
  return true;
}

void LeadPast::add(const bytecode::Score& score, ScoreState& state, Instant at, std::int64_t points) const {
  const std::int64_t left = vm::decayed(state.millionths, at - state.at, score.half_life);
  state.millionths = saturated(left, points);
  if (score.cap != kNone) state.millionths = std::min(state.millionths, module_.constants[score.cap].value.bits);
  if (score.floor != kNone) state.millionths = std::max(state.millionths, module_.constants[score.floor].value.bits);
  state.at = at;
}

std::int64_t LeadPast::change_score(const vm::Frame& frame, std::uint16_t index, const std::int64_t* points) {
  count(frame, index, [](std::int64_t) {});
  ScoreState& state = lead_.scores[index];
  lead_.scored = true;
  if (points == nullptr) {
    state.millionths = 0;
    state.at = frame.now;
  } else {
    add(module_.scores[index], state, frame.now, *points);
  }
  return state.millionths;
}

std::int64_t LeadPast::value_at(std::uint16_t index, Instant at) const {
  const ScoreState& state = lead_.scores[index];
  return vm::decayed(state.millionths, at - state.at, module_.scores[index].half_life);
}

std::int64_t LeadPast::score(const vm::Frame& frame, std::uint16_t index) {
  count(frame, index, [](std::int64_t) {});
  return value_at(index, frame.now);
}

bool LeadPast::score_compares(const vm::Frame& frame, std::uint16_t index, ScoreTest test, double bound) {
  const std::int64_t now_is = score(frame, index);
  if (frame.turns != nullptr && module_.scores[index].half_life != 0) note_crossing(frame, index, now_is, test, bound);
  return passes(now_is, test, bound);
}

/// From now on the value only moves towards 0, so each comparison turns once. One with a single value turns when that
/// is reached, and again when it is left.
void LeadPast::note_crossing(const vm::Frame& frame, std::uint16_t index, std::int64_t now_is, ScoreTest test,
                             double bound) const {
  if (test == ScoreTest::Same && !passes(now_is, test, bound)) {
    test = now_is > 0 ? ScoreTest::Greater : ScoreTest::Less;
    if (!passes(now_is, test, bound)) return;
  }
  if (passes(0, test, bound) == passes(now_is, test, bound)) return;
  const ScoreState& state = lead_.scores[index];
  const auto time =
      vm::time_until_less(size_of(state.millionths), least_size(now_is, test, bound), module_.scores[index].half_life);
  Instant turn = 0;
  if (time && !__builtin_add_overflow(state.at, *time, &turn)) frame.turns_at(turn);
}

}  // namespace nurture::engine
