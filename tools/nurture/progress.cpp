#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <mutex>
#include <utility>

#include "runtime/outcome/format.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {
using Clock = std::chrono::steady_clock;
constexpr auto kQuiet = std::chrono::seconds(2);
constexpr auto kInterval = std::chrono::milliseconds(200);
}  // namespace

/// One for each thing that is being done; the outer ones wait for the inner.
struct Progress::State {
  std::string what;
  bool terminal = false;
  bool shown = false;
  Clock::time_point started = Clock::now();
  Clock::time_point next = started + kQuiet;
  State* around = nullptr;

  // Guarded by `guard`: another thread asks when the process is being stopped.
  std::uint64_t count = 0, done = 0, total = 0;
  std::string_view unit;

  static std::mutex guard;
  static State* innermost;
};
std::mutex Progress::State::guard;
Progress::State* Progress::State::innermost = nullptr;

Progress::Progress(const Host& host, std::string what) : state_(std::make_unique<State>()) {
  state_->what = std::move(what);
  state_->terminal = host.terminal_err;
  const std::lock_guard lock(State::guard);
  state_->around = std::exchange(State::innermost, state_.get());
}

Progress::~Progress() {
  if (state_->shown) std::fputs("\r\033[K", stderr);
  const std::lock_guard lock(State::guard);
  State::innermost = state_->around;
}

void Progress::show(std::uint64_t count, std::string_view unit, std::uint64_t done, std::uint64_t total) {
  {
    const std::lock_guard lock(State::guard);
    state_->count = count;
    state_->unit = unit;
    state_->done = done;
    state_->total = total;
  }
  if (!state_->terminal || Clock::now() < state_->next) return;
  state_->next = Clock::now() + kInterval;
  state_->shown = true;
  double seconds = std::chrono::duration<double>(Clock::now() - state_->started).count();
  const double rate = static_cast<double>(count) / seconds;
  std::string left;
  if (total > 0 && done > 0 && done <= total) {
    left = fmt::format(", {} %, {:.0f} s left", done * 100 / total,
                       static_cast<double>(total - done) * seconds / static_cast<double>(done));
  }
  fmt::print(stderr, "\r\033[K{}: {} {} ({} a second){}", state_->what, outcome::count_text(count), unit,
             outcome::count_text(static_cast<std::uint64_t>(rate)), left);
  std::fflush(stderr);
}

std::string Progress::doing() {
  const std::lock_guard lock(State::guard);
  const State* state = State::innermost;
  if (state == nullptr) return "";
  if (state->count == 0) return state->what;
  const bool share = state->total > 0 && state->done <= state->total;
  return fmt::format("{}, after {} {}{}", state->what, outcome::count_text(state->count), state->unit,
                     share ? fmt::format(" ({} %)", state->done * 100 / state->total) : "");
}

}  // namespace nurture::tool
