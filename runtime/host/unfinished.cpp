#include "runtime/host/unfinished.h"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace nurture::host {

Unfinished& Unfinished::of_process() {
  static auto* all = new Unfinished;  // outlives every thread that may still write
  return *all;
}

void Unfinished::begin(const std::string& temporary) {
  const std::lock_guard lock(mutex_);
  temporaries_.insert(temporary);
}

void Unfinished::drop(const std::string& temporary) {
  const std::lock_guard lock(mutex_);
  temporaries_.erase(temporary);
}

int Unfinished::finish(const std::string& temporary, const std::string& target) {
  const std::lock_guard lock(mutex_);
  if (std::rename(temporary.c_str(), target.c_str()) != 0) return errno;
  temporaries_.erase(temporary);
  finished_.push_back(target);
  return 0;
}

std::vector<std::string> Unfinished::abandon() {
  mutex_.lock();
  for (const std::string& temporary : temporaries_) ::unlink(temporary.c_str());
  return finished_;
}

}  // namespace nurture::host
