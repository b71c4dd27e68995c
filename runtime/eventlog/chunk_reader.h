#pragma once

#include <memory>

#include "runtime/eventlog/batch.h"
#include "runtime/eventlog/mapper.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {

/// Turns chunks of a log into batches. Each thread has one of its own; what comes out depends on the chunk alone.
class ChunkReader {
 public:
  /// `source`: null for the native form. `watched`: keep what every row says. Error: a time format of the source.
  static Result<std::unique_ptr<ChunkReader>> make(const bytecode::Module& module, const bytecode::SourceSpec* source,
                                                   const ImportOptions& options, bool watched);

  const Mapper& mapper() const { return *mapper_; }
  /// `batch` is emptied first; its memory is used again.
  void read(const Chunk& chunk, Batch& batch);

 private:
  ChunkReader(const ImportOptions& options, bool watched) : options_(options), watched_(watched) {}

  void take();
  void apply();
  void reject(const RecordPlace& place, RejectReason reason, std::string detail);

  const ImportOptions& options_;
  bool watched_;
  Batch batch_;  // the mapper's texts go here; it changes places with that of the caller
  std::unique_ptr<Mapper> mapper_;
  std::unique_ptr<RecordReader> csv_, ndjson_;
  std::optional<Row> row_;
  Mapped mapped_;
};

}  // namespace nurture::eventlog
