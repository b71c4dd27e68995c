#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace nurture::store {

/// Calls `work(i)` for each i below `count`, in any order, on so many threads: the caller's is one of them.
template <typename Work>
void in_parallel(unsigned threads, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads && thread < count; ++thread) others.emplace_back(take);
  take();
  for (std::thread& other : others) other.join();
}

}  // namespace nurture::store
