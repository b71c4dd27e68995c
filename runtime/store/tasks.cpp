#include "runtime/store/tasks.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace nurture::store {

std::optional<Error> Tasks::run(const std::function<void(const Error&)>& found) {
  std::vector<std::vector<Error>> errors(checks_.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < checks_.size(); i = next++) errors[i] = checks_[i]();
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min(cores, checks_.size()); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  std::optional<Error> first;
  for (const auto& of_check : errors) {
    for (const Error& error : of_check) {
      if (!first) first = error;
      if (found) found(error);
    }
  }
  return first;
}

}  // namespace nurture::store
