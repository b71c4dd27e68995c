#include <chrono>
#include <cstdio>
#include <fmt/format.h>

#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {
using Clock = std::chrono::steady_clock;
constexpr auto kQuiet = std::chrono::seconds(2);
constexpr auto kInterval = std::chrono::milliseconds(200);
}  // namespace

struct Progress::State {
  std::string what;
  Clock::time_point started = Clock::now();
  Clock::time_point next = started + kQuiet;
  bool shown = false;
};

Progress::Progress(const Host& host, std::string what) {
  if (!host.terminal_err) return;
  state_ = std::make_unique<State>();
  state_->what = std::move(what);
}

Progress::~Progress() {
  if (state_ && state_->shown) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::uint64_t count, std::string_view unit, std::uint64_t done, std::uint64_t total) {
  if (!state_ || Clock::now() < state_->next) return;
  state_->next = Clock::now() + kInterval;
  state_->shown = true;
  double seconds = std::chrono::duration<double>(Clock::now() - state_->started).count();
  const double rate = static_cast<double>(count) / seconds;
  std::string left;
  if (total > 0 && done > 0 && done <= total) {
    left = fmt::format(", {} %, {:.0f} s left", done * 100 / total,
                       static_cast<double>(total - done) * seconds / static_cast<double>(done));
  }
  fmt::print(stderr, "\r\033[K{}: {} {} ({:.0f} a second){}", state_->what, count, unit, rate, left);
  std::fflush(stderr);
}

}  // namespace nurture::tool
