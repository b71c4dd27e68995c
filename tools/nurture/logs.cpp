#include "tools/nurture/logs.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <thread>

#include "compiler/diagnostics/diagnostics.h"
#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/database/database_files.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::tool {

namespace {

constexpr std::string_view kRejects = "nurture-rejects.ndjson";

/// The rejects file: made at the first rejected line, so that a clean log leaves none.
class Rejects {
 public:
  Rejects(std::string path, Host& host) : path_(std::move(path)), host_(host) {}

  void add(const eventlog::Rejected& rejected) {
    if (path_ == "none" || failed_) return;
    if (!sink_ && !open()) return;
    JsonWriter line;
    line.begin_object().member("file", rejected.file).member("line", rejected.line).member("byte", rejected.byte);
    line.member("reason", eventlog::reason_text(rejected.reason)).member("detail", rejected.detail);
    line.member("text", rejected.text).end_object();
    buffer_ += line.text();
    buffer_ += '\n';
    if (buffer_.size() > (1u << 20)) flush();
  }

  /// Makes the file appear; the first failure of all is the answer.
  Status finish() {
    if (sink_ && !failed_) flush();
    if (failed_) return *failed_;
    return sink_ ? sink_->commit() : Status(Done{});
  }

  const std::string& path() const { return path_; }

 private:
  bool open() {
    auto created = host_.files.create(path_);
    if (!created)
      failed_ = created.error();
    else
      sink_ = std::move(*created);
    return !failed_;
  }
  void flush() {
    if (auto written = sink_->write(buffer_); !written) failed_ = written.error();
    buffer_.clear();
  }

  std::string path_;
  Host& host_;
  std::unique_ptr<ByteSink> sink_;
  std::string buffer_;
  std::optional<Error> failed_;
};

bool set_bound(const LogOptions& options, const bytecode::Module& module, eventlog::ImportOptions& import,
               int& exit_code) {
  if (options.not_after.empty()) return true;
  auto bound = parse_instant(options.not_after, outcome::programme_zone(module));
  if (!bound)
    exit_code = fail({fmt::format("--not-after \"{}\" is not a date or an instant", options.not_after),
                      "Write 2026-03-05 or 2026-03-05T10:00:00Z."},
                     kUsage);
  import.not_after = bound.value_or(kNever);
  return bound.has_value();
}

using outcome::count_text;

void append_line(std::string& out, std::uint64_t count, std::string_view what) {
  if (count > 0) out += fmt::format("  {:>13}  {}\n", count_text(count), what);
}

}  // namespace

void add_sql_option(Command command, std::string& sql) {
  command.add_option("--sql", sql,
                     "what to read from a database: one SELECT; the rows of a Parquet file are called `log`");
}

void add_log_options(Command command, LogOptions& options, bool events_needed) {
  Option events = command.add_option("--events,-e", options.events,
                                     fmt::format("logs: {}; or one store of `nurture log import`", kReadableLogs));
  if (events_needed) events.required();
  add_reading_options(command, options);
}

void add_reading_options(Command command, LogOptions& options) {
  add_sql_option(command, options.sql);
  command.add_option("--source", options.source,
                     "the `source` of the programme that describes these logs (else nurture's own form)");
  command.add_option("--leads", options.leads, "the lead table: CSV or NDJSON with a column `lead`");
  command.add_option("--accounts", options.accounts, "the account table: CSV or NDJSON with a column `account`");
  command.add_option("--rejects", options.rejects,
                     fmt::format("where rejected lines go (default {}; `none` to drop them)", kRejects));
  command.add_option("--not-after", options.not_after, "reject events later than this date or instant");
  command.add_flag("--strict", options.strict, "stop at the first rejected line");
  command.add_option("--threads", options.threads,
                     "how many (default: all cores); the result is the same for any number");
}

unsigned thread_count(unsigned asked) { return asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency()); }

std::vector<std::uint16_t> executed_campaigns(const bytecode::Module& module,
                                              const std::vector<std::uint16_t>& campaigns) {
  std::vector<std::uint16_t> executed;
  for (std::uint16_t i = 0; i < module.campaigns.size(); ++i) {
    if (engine::executes(module, campaigns, i)) executed.push_back(i);
  }
  return executed;
}

bool with_import(const bytecode::Module& module, const LogOptions& options, const std::vector<std::uint16_t>& campaigns,
                 Host& host, int& exit_code, const ReadLogs& read) {
  Rejects rejects(options.rejects.empty() ? std::string(kRejects) : options.rejects, host);
  Progress progress(host, "reading");
  eventlog::ImportOptions import;
  import.logs = options.events;
  import.source = options.source;
  import.leads = options.leads;
  import.accounts = options.accounts;
  import.executed = executed_campaigns(module, campaigns);
  import.strict = options.strict;
  import.threads = thread_count(options.threads);
  import.on_reject = [&](const eventlog::Rejected& rejected) { rejects.add(rejected); };
  import.progress = [&](const eventlog::ImportProgress& made) { progress.show(made); };
  if (!set_bound(options, module, import, exit_code)) return false;
  database::DatabaseFiles files(host.files, {options.sql, {options.leads, options.accounts}, import.threads});
  if (Status done = read(files, import); !done) {
    exit_code = fail(done.error(), options.strict ? kFindings : kTrouble);
    return false;
  }
  if (auto finished = rejects.finish(); !finished) {
    exit_code = fail(finished.error());
    return false;
  }
  return true;
}

std::optional<eventlog::Imported> read_logs(const bytecode::Module& module, const LogOptions& options,
                                            const std::vector<std::uint16_t>& campaigns, Host& host, int& exit_code) {
  std::optional<eventlog::Imported> out;
  const bool read = with_import(module, options, campaigns, host, exit_code,
                                [&](FileSystem& files, const eventlog::ImportOptions& import) -> Status {
                                  auto imported = eventlog::import(module, files, import);
                                  if (!imported) return imported.error();
                                  out = std::move(*imported);
                                  return Done{};
                                });
  if (!read) return std::nullopt;
  for (const std::string& warning : out->totals.warnings) fmt::print(stderr, "warning: {}\n", warning);
  return out;
}

namespace {

/// Among the members from `first` to `last`, which are in the order of their keys.
Result<store::LeadIndex> find_member(const store::Store& store, std::size_t first, std::size_t last,
                                     const std::string& key, std::string_view what) {
  const auto begin = store.leads.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = store.leads.begin() + static_cast<std::ptrdiff_t>(last);
  auto found = std::lower_bound(begin, end, key,
                                [&](TextId lead, const std::string& wanted) { return store.texts.at(lead) < wanted; });
  if (found != end && store.texts.at(*found) == key) {
    return static_cast<store::LeadIndex>(found - store.leads.begin());
  }
  std::vector<std::string_view> keys;
  for (auto lead = begin; lead != end; ++lead) keys.push_back(store.texts.at(*lead));
  std::string_view near = closest(key, keys);
  return Error{fmt::format("there is no {0} \"{1}\" in this log or its {0} table", what, key),
               near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near)};
}

}  // namespace

Result<store::LeadIndex> find_lead(const store::Store& store, const std::string& key) {
  return find_member(store, 0, store.lead_count(), key, "lead");
}

Result<store::LeadIndex> find_account(const store::Store& store, const std::string& key) {
  if (store.account_members == 0) {
    return Error{"no campaign of this programme is for accounts, so there is no account's story to tell",
                 "`--lead` tells that of a lead"};
  }
  return find_member(store, store.lead_count(), store.leads.size(), key, "account");
}

std::string totals_text(const eventlog::ImportTotals& totals, const std::string& rejects) {
  std::string out = fmt::format("The log: {} of {}\n\n", outcome::counted(totals.read, "row", "rows"),
                                outcome::counted(totals.files, "file", "files"));
  append_line(out, totals.applied, "applied");
  append_line(out, totals.no_interest, "of no interest (kinds that the programme does not declare, rows left out)");
  append_line(out, totals.repeated, "superseded: repeats of an id at the same instant");
  append_line(out, totals.superseded, "superseded: actions of campaigns that this run executes");
  append_line(out, totals.rejected,
              fmt::format("rejected{}",
                          rejects == "none" ? "" : ", kept in " + (rejects.empty() ? std::string(kRejects) : rejects)));
  for (const auto& [reason, count] : totals.rejected_by)
    append_line(out, count, fmt::format("    {}", eventlog::reason_text(reason)));
  out += "\n";
  append_line(out, totals.leads_in_log, "leads with events");
  append_line(out, totals.leads_in_table, "leads in the table");
  append_line(out, totals.leads_without_zone, "leads without a time zone of their own: the programme's is used");
  append_line(out, totals.ties, "events at the instant of the lead's event before");
  append_line(out, totals.out_of_order, "rows earlier than the lead's row before");
  append_line(out, totals.exact_repeats, "applied rows that repeat another exactly");
  append_line(out, totals.outside_choice, "values outside their choice, read as unknown");
  return out;
}

namespace {

void json_counts(JsonWriter& json, std::string_view name, const std::map<std::string, std::uint64_t>& counts) {
  json.key(name).begin_object();
  for (const auto& [key, count] : counts) json.member(key, count);
  json.end_object();
}

}  // namespace

std::string totals_json(const eventlog::ImportTotals& totals) {
  JsonWriter json;
  json.begin_object();
  json.member("files", totals.files)
      .member("bytes", totals.bytes)
      .member("read", totals.read)
      .member("applied", totals.applied);
  json.member("no_interest", totals.no_interest)
      .member("repeated", totals.repeated)
      .member("superseded", totals.superseded);
  json.member("rejected", totals.rejected).key("rejected_by").begin_object();
  for (const auto& [reason, count] : totals.rejected_by) json.member(eventlog::reason_text(reason), count);
  json.end_object();
  json_counts(json, "applied_by", totals.applied_by);
  json_counts(json, "no_interest_by", totals.no_interest_by);
  json.member("exact_repeats", totals.exact_repeats).member("outside_choice", totals.outside_choice);
  json.member("ties", totals.ties).member("out_of_order", totals.out_of_order);
  json.member("leads_in_log", totals.leads_in_log).member("leads_in_table", totals.leads_in_table);
  json.member("leads_without_zone", totals.leads_without_zone).end_object();
  return std::move(json).take();
}

std::optional<Instant> parse_instant(const std::string& text, const calendar::Zone* zone) {
  if (auto instant = calendar::parse_rfc3339(text)) return instant;
  if (text.size() < 10) return std::nullopt;
  auto date = calendar::parse_date(std::string_view(text).substr(0, 10));
  auto time = text.size() > 11 ? calendar::parse_time_of_day(std::string_view(text).substr(11))
                               : std::optional<std::int64_t>(0);
  if (!date || !time || (text.size() > 10 && text[10] != ' ' && text[10] != 'T') || text.size() == 11)
    return std::nullopt;
  return calendar::from_local(*date, *time, zone);
}

Result<Instant> parse_until(const std::string& text, const calendar::Zone* zone, std::string_view option) {
  if (text.empty()) return kNever;
  if (auto until = parse_instant(text, zone)) return *until;
  return Error{fmt::format("{} \"{}\" is not a date or an instant", option, text),
               "Write 2026-03-05 or 2026-03-05T10:00:00Z."};
}

}  // namespace nurture::tool
