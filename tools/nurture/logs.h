#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/eventlog.h"
#include "tools/nurture/command.h"

/// What every command that reads logs shares: its options, the rejects file, progress.
namespace nurture::tool {

struct LogOptions {
  std::vector<std::string> events;
  std::string sql;  ///< asked of databases among `events`
  std::string source;
  std::string leads;
  std::string accounts;
  std::string rejects;
  std::string not_after;
  bool strict = false;
  unsigned threads = 0;  ///< 0: as many as the machine has cores
};
/// What may be named where logs are read.
inline constexpr std::string_view kReadableLogs =
    "files, folders, globs, - for standard input; NDJSON or CSV, plain, .gz or .zst; Parquet files, DuckDB and SQLite "
    "databases";
/// `--sql`.
void add_sql_option(Command command, std::string& sql);
void add_log_options(Command command, LogOptions& options, bool events_needed = true);
/// Those but `--events`.
void add_reading_options(Command command, LogOptions& options);

/// What reads logs, from files among which databases are logs too.
using ReadLogs = std::function<Status(FileSystem& files, const eventlog::ImportOptions&)>;

/// Does `read` with the options for the import that they ask for, writes the rejects file, shows progress. False on
/// failure: `exit_code` is set and what happened is printed.
bool with_import(const bytecode::Module& module, const LogOptions& options, const std::vector<std::uint16_t>& campaigns,
                 Host& host, int& exit_code, const ReadLogs& read);

/// Reads the logs for a run of these campaigns (RunOptions::campaigns), writes the rejects file, shows progress. On
/// failure `exit_code` is set and what happened is printed.
std::optional<eventlog::Imported> read_logs(const bytecode::Module& module, const LogOptions& options,
                                            const std::vector<std::uint16_t>& campaigns, Host& host, int& exit_code);

/// How many threads `--threads` means; 0 are all cores.
unsigned thread_count(unsigned asked);

/// The campaigns that such a run executes.
std::vector<std::uint16_t> executed_campaigns(const bytecode::Module& module,
                                              const std::vector<std::uint16_t>& campaigns);

/// The lead of that key, or an Error that says which one is near.
Result<store::LeadIndex> find_lead(const store::Store& store, const std::string& key);
/// The account as a member: of a programme with campaigns for accounts.
Result<store::LeadIndex> find_account(const store::Store& store, const std::string& key);

/// What was read and what became of it, as text; the sum is spelled out.
std::string totals_text(const eventlog::ImportTotals& totals, const std::string& rejects);
std::string totals_json(const eventlog::ImportTotals& totals);

/// An instant from the command line: a date (its first instant), "2026-03-05 10:00" in the zone, or RFC 3339.
std::optional<Instant> parse_instant(const std::string& text, const calendar::Zone* zone);

/// `--until`: kNever if it was not given.
Result<Instant> parse_until(const std::string& text, const calendar::Zone* zone, std::string_view option = "--until");

/// A line on a terminal that says what is being done; nothing anywhere else, and nothing in the first two seconds. The
/// last one made goes first.
class Progress {
 public:
  Progress(const Host& host, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// `done` of `total` (0: unknown), counted in `unit`s.
  void show(std::uint64_t done, std::uint64_t total, std::string_view unit) { show(done, unit, done, total); }
  /// The same where another measure than what is counted says how much is left.
  void show(const eventlog::ImportProgress& progress) { show(progress.rows, "rows", progress.bytes, progress.size); }
  /// What the process is doing just now and how far it has come, for any thread: "reading, after 1,200 rows"; or "".
  static std::string doing();

 private:
  void show(std::uint64_t count, std::string_view unit, std::uint64_t done, std::uint64_t total);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nurture::tool
