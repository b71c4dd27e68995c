#include "tools/nurture/stop.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <thread>
#include <unistd.h>

#include "runtime/host/unfinished.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {

std::array<int, 2> signals;  // a pipe: from the handler, which may do almost nothing, to a thread that may do all

void hand_over(int signal) {
  const int before = errno;
  const auto number = static_cast<char>(signal);
  [[maybe_unused]] const ssize_t written = ::write(signals[1], &number, 1);
  // Who writes into a closed pipe has nothing left to do, and would only report it as an error.
  if (signal == SIGPIPE) {
    for (;;) ::pause();
  }
  errno = before;
}

void say(const std::vector<std::string>& finished) {
  const std::string doing = Progress::doing();
  fmt::print(stderr, "nurture: stopped{}; {}\n", doing.empty() ? "" : " while " + doing,
             finished.empty() ? "no file was written" : fmt::format("written: {}", fmt::join(finished, ", ")));
}

void wait_for_one() {
  char number = 0;
  while (::read(signals[0], &number, 1) != 1) {
    if (errno != EINTR) return;
  }
  const std::vector<std::string> finished = host::Unfinished::of_process().abandon();
  if (number != SIGPIPE) say(finished);
  ::_exit(128 + number);
}

}  // namespace

void tidy_up_when_stopped() {
  if (::pipe2(signals.data(), O_CLOEXEC) != 0) return;
  std::thread(wait_for_one).detach();
  struct sigaction action{};
  action.sa_handler = hand_over;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct sigaction before{};
    // Whoever started us with a signal ignored, as nohup does, meant it.
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace nurture::tool
