#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/mapper.h"
#include "runtime/store/builder.h"

namespace nurture::eventlog {

/// Where a row without a kind stands among what is of no interest.
inline constexpr std::string_view kLeftOut = "left out by the source";
inline constexpr std::string_view kNoRule = "no rule of the source";

/// Sees every row that could be read as an event, of interest or not. For `log inspect`.
class RowObserver {
 public:
  virtual ~RowObserver() = default;
  virtual void row(const Mapped& row) = 0;
};

/// One import, from paths to the store.
class Importer {
 public:
  Importer(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, RowObserver* observer);
  Result<Imported> run();

 private:
  struct TableColumns;

  Result<std::vector<std::string>> paths() const;
  Status choose_mapper();
  Status read_log(const std::string& path);
  Status take(const RecordPlace& place, const std::string& path);
  Status apply(const RecordPlace& place, const std::string& path);
  Status reject(const RecordPlace& place, const std::string& path, RejectReason reason, const std::string& detail);
  void of_no_interest(std::string_view what);
  std::uint32_t number_of(std::string_view lead);

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

  Imported finish();
  void set_defaults();
  void count_zones(const store::Store& store);
  void warn_of_span();
  void warn_of_nothing();

  const bytecode::Module& module_;
  FileSystem& files_;
  const ImportOptions& options_;
  RowObserver* observer_;

  const bytecode::SourceSpec* source_ = nullptr;
  std::unique_ptr<store::Builder> builder_;
  std::unique_ptr<Mapper> mapper_;
  Mapped mapped_;
  ImportTotals totals_;

  std::vector<std::uint64_t> applied_by_;  // per kind
  std::unordered_map<std::string, std::uint64_t> no_interest_by_;
  std::string no_interest_key_;
  std::vector<bool> in_log_, in_table_;  // per lead number
  Instant first_ = kNever, last_ = INT64_MIN, last_but_one_ = INT64_MIN;
  std::uint64_t bytes_before_ = 0;  // of the files read so far
  std::uint64_t table_rows_rejected_ = 0;
  std::string first_table_reject_;
  Instant as_of_ = INT64_MIN;
};

}  // namespace nurture::eventlog
