#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/store/store.h"

/// From files to the store: formats, compression, source mappings, rejects, totals (§7).
namespace nurture::eventlog {

enum class RejectReason : std::uint8_t {
  NotARecord,   ///< line is not a JSON object, or the row has another number of fields than the header
  LineTooLong,  ///< longer than ImportOptions::line_limit
  BadEncoding,  ///< not UTF-8
  NoLead,
  NoInstant,
  BadInstant,       ///< with the text found
  AfterBound,       ///< later than ImportOptions::not_after (§6.4)
  NoEvent,          ///< no event name
  BadProperty,      ///< a property does not read as its type
  MissingProperty,  ///< a property that is not optional is absent
};
std::string_view reason_text(RejectReason reason);

struct Rejected {
  std::string file;
  std::uint64_t line = 0;  ///< from 1; of a quoted row, its first
  std::uint64_t byte = 0;  ///< offset of the line in the uncompressed file
  RejectReason reason{};
  std::string detail;     ///< property and text found, short
  std::string_view text;  ///< the line itself, at most 1,000 bytes
};

/// How far an import has come with the logs.
struct ImportProgress {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of the files as they lie there, packed or not
  std::uint64_t size = 0;   ///< of all of them; 0: unknown
};

struct ImportOptions {
  std::vector<std::string> logs;  ///< paths, folders, globs, or "-" for standard input; order is (path by code point)
  std::string source;             ///< name of a `source` of the module; empty: the native form
  std::string leads;              ///< lead table (CSV or NDJSON, maybe compressed), or empty
  std::string accounts;           ///< account table, or empty
  std::uint64_t line_limit = 1 << 20;   ///< bytes; a longer line is rejected, and skipped without being held in memory
  Instant not_after = kNever;           ///< events later are rejected
  std::vector<std::uint16_t> executed;  ///< campaigns that the run executes: their logged actions are superseded (§7.3)
  unsigned threads = 1;                 ///< that read; what comes out is the same for any number
  std::size_t chunk = 1 << 18;          ///< bytes that a thread reads at a time: what it looks up in them stays near
  bool for_file = false;                ///< the store is to be written: nothing is linked yet, positions are kept
  bool strict = false;                  ///< the first rejected line is an Error
  std::function<void(const Rejected&)> on_reject;       ///< called in order; may be empty
  std::function<void(const ImportProgress&)> progress;  ///< called now and then, by the thread that imports
};

/// read == applied + no_interest + repeated + superseded + rejected, always.
struct ImportTotals {
  std::uint64_t read = 0;  ///< rows or lines, blank lines and CSV headers left out
  std::uint64_t applied = 0;
  std::uint64_t no_interest = 0;  ///< kinds that the programme does not declare, rows left out
  std::uint64_t repeated = 0;     ///< same (lead, event, id, instant) as one applied (§7.2)
  std::uint64_t superseded = 0;   ///< logged actions of campaigns that this run executes (§7.3)
  std::uint64_t rejected = 0;
  std::map<RejectReason, std::uint64_t> rejected_by;
  std::map<std::string, std::uint64_t> no_interest_by;  ///< kind name, or "left out by the source"
  std::map<std::string, std::uint64_t> applied_by;      ///< kind name
  std::uint64_t exact_repeats = 0;   ///< applied rows that equal another in lead, event, instant and every property
  std::uint64_t outside_choice = 0;  ///< values outside their choice list, read as unknown (§3.1)
  std::uint64_t ties = 0;            ///< applied events with the instant of the event before, same lead
  std::uint64_t out_of_order = 0;    ///< applied rows earlier than the row before, same lead, in source order
  std::uint64_t leads_in_table = 0;
  std::uint64_t leads_in_log = 0;
  std::uint64_t leads_without_zone = 0;  ///< no valid IANA name: the program's zone is used (§6.2)
  std::uint64_t bytes = 0;               ///< uncompressed
  std::uint64_t files = 0;
  std::vector<std::string>
      warnings;  ///< "the lead table is true as of 2026-05-01, after the log begins: it leaks the future"
};

/// What a campaign logged, by what became of it: the rows are superseded where the run executes it (§7.3).
struct OriginRows {
  std::uint64_t applied = 0;
  std::uint64_t superseded = 0;
};
using Origins = std::map<std::string, OriginRows>;  ///< by name

struct Imported {
  store::Store store;
  ImportTotals totals;
  Origins origins;
};

/// Reads everything and sorts it. Errors: a file that can't be read, is a directory, damaged compression, no log at
/// all (a lead table alone will do), an unknown source, a lead table without a lead column. Each names the file and the
/// way forward. A store file (stored.h) stands in place of the logs that it was made from, alone.
Result<Imported> import(const bytecode::Module& module, FileSystem& files, const ImportOptions& options);

}  // namespace nurture::eventlog
