#include "runtime/eventlog/pipeline.h"

#include <algorithm>
#include <thread>

namespace nurture::eventlog {

Pipeline::Pipeline(Work work, unsigned threads)
    : work_(std::move(work)), threads_(std::max(1u, threads)), parts_(threads_ == 1 ? 1 : threads_ * std::size_t{2}) {}

Status Pipeline::run() {
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads_; ++thread) others.emplace_back([this, thread] { help(thread); });
  std::unique_lock lock(mutex_);
  Status taken = take_all(lock);
  ended_ = true;
  changed_.notify_all();
  lock.unlock();
  for (std::thread& other : others) other.join();
  return taken;
}

void Pipeline::help(unsigned thread) {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (!read_one(thread, lock)) changed_.wait(lock);
  }
}

bool Pipeline::read_one(unsigned thread, std::unique_lock<std::mutex>& lock) {
  if (ended_ || cutting_ || next_cut_ - next_taken_ == parts_.size()) return false;
  Part& part = parts_[next_cut_ % parts_.size()];
  cutting_ = true;
  lock.unlock();
  auto found = work_.cut(part.chunk);
  lock.lock();
  cutting_ = false;
  if (!found) failed_ = found.error();
  const bool more = found.ok() && *found;
  if (more) ++next_cut_;
  ended_ = ended_ || !more;
  changed_.notify_all();
  if (!more) return true;
  lock.unlock();
  work_.read(thread, part.chunk, part.batch);
  lock.lock();
  part.ready = true;
  changed_.notify_all();
  return true;
}

Status Pipeline::take_all(std::unique_lock<std::mutex>& lock) {
  while (true) {
    Part& part = parts_[next_taken_ % parts_.size()];
    if (part.ready) {
      lock.unlock();
      Status taken = work_.take(part.chunk, part.batch);
      lock.lock();
      if (!taken) return taken;
      part.ready = false;
      ++next_taken_;
      changed_.notify_all();
    } else if (!read_one(0, lock)) {
      if (ended_ && !cutting_ && next_taken_ == next_cut_) break;
      changed_.wait(lock);
    }
  }
  if (failed_) return *failed_;
  return Done{};
}

}  // namespace nurture::eventlog
