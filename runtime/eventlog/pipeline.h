#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/eventlog/batch.h"
#include "runtime/eventlog/chunk.h"

namespace nurture::eventlog {

/// Reads chunks on several threads and hands them on in their order. Cutting a chunk off its file (and unpacking it) is
/// for one thread at a time, whichever comes first; reading it for all of them; taking it for the caller's alone, which
/// reads too where there is nothing to take. A chunk is cut only when there is room for it, so what is held is bounded.
class Pipeline {
 public:
  struct Work {
    /// The next chunk; false if there is none. Called by one thread at a time.
    std::function<Result<bool>(Chunk&)> cut;
    /// Called by several threads at a time, each with a number of its own below their count; 0 is the caller.
    std::function<void(unsigned thread, const Chunk&, Batch&)> read;
    /// Called by the caller's thread, in the order of the chunks. Its error ends everything.
    std::function<Status(const Chunk&, const Batch&)> take;
  };

  Pipeline(Work work, unsigned threads);
  /// Errors: that of `take`, or of `cut` once all before has been taken.
  Status run();

 private:
  struct Part {
    Chunk chunk;
    Batch batch;
    bool ready = false;
  };

  void help(unsigned thread);
  /// Cuts and reads a chunk, if it is time for it; the lock is given back meanwhile.
  bool read_one(unsigned thread, std::unique_lock<std::mutex>& lock);
  Status take_all(std::unique_lock<std::mutex>& lock);

  Work work_;
  unsigned threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex. A part is the business of one thread between its being cut and ready, or taken.
  std::vector<Part> parts_;  // chunk n is in part n modulo their count
  std::uint64_t next_cut_ = 0, next_taken_ = 0;
  bool cutting_ = false;
  bool ended_ = false;  // nothing more is to be cut
  std::optional<Error> failed_;
};

}  // namespace nurture::eventlog
