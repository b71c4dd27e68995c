#pragma once

#include <string>

#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/eventlog/stored.h"

/// From a store back to a log and its tables, in the native form (docs/store.md).
namespace nurture::eventlog {

/// Where the parts go. CSV if the name ends in .csv, else NDJSON.
struct ExportFiles {
  std::string log;
  std::string leads;     ///< empty: none, an Error if the store knows of its leads what no event says
  std::string accounts;  ///< empty: none, an Error if the store knows anything of accounts that its leads do not say
};

/// Rows that stand for what the store has not kept: no programme declares them, and they make the log as long as it
/// was.
inline constexpr const char* kSpanEvent = "nurture.span";

/// Writes every event of the store in the order of the log from which it came, and the tables. What is imported from
/// them is the same store but for what the import counts. All files appear, or none but by a failure between two of
/// them. Errors: what the form or the native form cannot say, a file that can't be written.
Status export_log(const store::StoreFile& file, const StoredFacts& facts, FileSystem& files, const ExportFiles& to);

}  // namespace nurture::eventlog
