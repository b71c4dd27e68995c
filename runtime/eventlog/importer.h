#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/eventlog/batch.h"
#include "runtime/eventlog/chunk_reader.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/log_file.h"
#include "runtime/eventlog/reader.h"
#include "runtime/eventlog/stored.h"
#include "runtime/store/builder.h"
#include "runtime/store/join.h"

namespace nurture::eventlog {

/// What stops a strict import.
Error strict_error(const Rejected& reject);

/// What people should be told of a log, by what was counted of it and by its span.
std::vector<std::string> warnings_of(const ImportTotals& totals, const Since& since, const Span& span);

/// Leads of all parts without a valid zone. `attribute`: Since::zone_attribute.
std::uint64_t leads_without_zone(store::Join& join, std::uint16_t attribute);

/// Sees every row that could be read as an event, of interest or not. For `log inspect`.
class RowObserver {
 public:
  virtual ~RowObserver() = default;
  virtual void row(const Batch::Seen& row) = 0;
};

/// One import, from paths to the store.
class Importer {
 public:
  Importer(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, RowObserver* observer);
  Result<Imported> run();
  /// Into a file. What is counted and told stands in `facts` afterwards; `rejects`: those of it, as bytes, once all are
  /// told.
  Status run_to(ByteSink& sink, StoredFacts& facts, const MemoryBound& memory, store::Workspace& space,
                store::Spool<char>& rejects);
  /// Of what was read.
  const Span& span() const { return span_; }

 private:
  struct TableColumns;

  /// All that is read, in parts where it is too much for one.
  Status read();
  Status spill_if_full();
  Status spill();
  store::Store build(store::BuildFacts& facts);

  Result<std::vector<std::string>> paths() const;
  Status choose_source();
  Status make_readers();
  Status read_logs(const std::vector<std::string>& paths);
  std::uint64_t size_of(const std::vector<std::string>& paths) const;
  Result<bool> cut(const std::vector<std::string>& paths, Chunk& chunk);
  Status take(const Chunk& chunk, const Batch& batch);
  Status reject(const Chunk& chunk, const Batch::Reject& reject);
  void expect_rows(const Batch& batch);
  void add_leads(const Batch& batch);
  void add_lists(const Batch& batch);
  /// A value of the batch at hand in the numbers of the store to be.
  Value in_store(Value value, TypeKind type) const;
  Status add_rows(const Chunk& chunk, const Batch& batch);

  Status read_leads();
  Status read_accounts();
  Status table_row_rejected(const RecordPlace& place, const std::string& path, RejectReason reason, std::string detail);
  Status read_table(const std::string& path, const char* key, const std::vector<bytecode::Field>& fields,
                    const std::function<Status(const Row&, const RecordPlace&, TableColumns&)>& use);
  Status lead_row(const Row& row, const RecordPlace& place, TableColumns& columns, Instant& as_of);
  /// Sets each attribute that the row gives; rejects the row at the first that does not read.
  Status set_attributes(const Row& row, const RecordPlace& place, TableColumns& columns, const std::string& path,
                        const std::vector<bytecode::Field>& fields,
                        const std::function<void(std::uint16_t, Value)>& set);

  void set_defaults();
  void count(const store::BuildFacts& facts);
  void count_zones(const store::Store& store);
  Since since() const;
  void warn();

  const bytecode::Module& module_;
  FileSystem& files_;
  const ImportOptions& options_;
  RowObserver* observer_;

  const bytecode::SourceSpec* source_ = nullptr;
  std::vector<std::uint16_t> row_attributes_;  // lead attributes that every row of the source carries
  bool has_ids_ = false;
  std::optional<store::Builder> builder_;              // always there; emptied in place
  const MemoryBound* memory_ = nullptr;                // of an import into a file
  store::Workspace* space_ = nullptr;                  // where parts go
  std::vector<store::LogPart> parts_;                  // that did not fit
  std::vector<std::unique_ptr<ChunkReader>> readers_;  // one a thread
  std::optional<LogFile> file_;                        // the log at hand
  std::size_t next_file_ = 0;
  ImportTotals totals_;

  // What the batch at hand calls by its own numbers, in those of the store to be.
  std::vector<TextId> texts_;
  std::vector<ListId> lists_;
  std::vector<std::uint32_t> leads_;

  std::uint64_t lines_ = 0;                                  // of the log at hand, before the chunk at hand
  std::uint64_t bytes_before_ = 0;                           // of the logs before
  std::uint64_t packed_before_ = 0, packed_ = 0, size_ = 0;  // as the files lie there; how much that is of all
  std::vector<std::uint64_t> applied_by_;                    // per kind
  Span span_;
  Origins origins_;
  std::uint64_t table_rows_rejected_ = 0;
  std::string first_table_reject_;
  Instant as_of_ = INT64_MIN;
};

}  // namespace nurture::eventlog
