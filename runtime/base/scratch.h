#pragma once

#include <memory>
#include <string_view>

#include "runtime/base/io.h"

namespace nurture {

/// What was written to a Scratch.
class ScratchView : public FileView {
 public:
  /// Nothing of it is needed just now: what the machine can give again takes no memory until it is looked at.
  virtual void release() const {}
};

/// Bytes written from front to back and then looked at: what does not fit into memory. Nothing of them remains, however
/// the process ends.
class Scratch {
 public:
  virtual ~Scratch() = default;
  virtual Status write(std::string_view bytes) = 0;
  /// All that was written; it lives as long as the view. Nothing is written afterwards.
  virtual Result<std::shared_ptr<const ScratchView>> view() = 0;
};

/// Writes to a scratch as to a file.
class ScratchSink final : public ByteSink {
 public:
  explicit ScratchSink(Scratch& scratch) : scratch_(scratch) {}
  Status write(std::string_view bytes) override { return scratch_.write(bytes); }
  Status commit() override { return Done{}; }

 private:
  Scratch& scratch_;
};

/// In memory, where there is enough of it.
std::unique_ptr<Scratch> memory_scratch();

}  // namespace nurture
