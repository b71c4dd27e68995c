#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/eventlog/append.h"
#include "runtime/host/append.h"
#include "runtime/host/machine.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/logs.h"

// `nurture log import`, `log compact` and `log verify`: logs as store files.

namespace nurture::tool {

void add_log_import(Command log, Host& host, int& exit_code);
void add_log_compact(Command log, Host& host, int& exit_code);
void add_log_verify(Command log, Host& host, int& exit_code);

namespace {

struct ImportCommand {
  std::string programme;
  LogOptions logs;
  std::string memory;
  std::string output;
  bool append = false;
  std::string format = "text";
};

constexpr std::uint64_t kLeastMemory = std::uint64_t{64} << 20;  ///< bytes: less than that the process itself may take

/// "512MB", "2 GB": bytes, in steps of 1,024. Nothing if it is no size.
std::optional<std::uint64_t> parse_size(std::string text) {
  std::erase(text, ' ');
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > UINT32_MAX) return std::nullopt;
  std::string unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& [name, shift] : {std::pair("kb", 10), std::pair("mb", 20), std::pair("gb", 30)}) {
    if (unit == name) return number << shift;
  }
  return std::nullopt;
}

/// What `--memory` says, else half of what the machine has.
Result<eventlog::MemoryBound> memory_bound(const std::string& asked, const std::string& output) {
  eventlog::MemoryBound memory;
  memory.bytes = host::memory_of_machine() / 2;
  if (!asked.empty()) {
    const auto size = parse_size(asked);
    if (!size) return Error{fmt::format("--memory \"{}\" is no size", asked), "Write 512MB or 2GB."};
    if (*size < kLeastMemory) {
      return Error{fmt::format("--memory {} is too little for an import", asked), "Give it 64MB or more."};
    }
    memory.bytes = *size;
  }
  memory.scratch = [output] { return host::create_scratch(output); };
  memory.resident = host::resident_memory;
  memory.trim = host::trim_memory;
  return memory;
}

void tell(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) fmt::print(stderr, "warning: {}\n", warning);
}

int print_totals(const ImportCommand& options, const eventlog::ImportTotals& totals, const std::string& more = "") {
  if (options.format == "json") return print(totals_json(totals) + "\n");
  return print(totals_text(totals, options.logs.rejects) + more);
}

int import_anew(const bytecode::Module& module, const ImportCommand& options, const eventlog::MemoryBound& memory,
                Host& host) {
  int exit_code = kOk;
  eventlog::ImportTotals totals;
  std::unique_ptr<ByteSink> sink;
  const auto write = [&](FileSystem& files, const eventlog::ImportOptions& import) -> Status {
    auto created = host.files.create(options.output);
    if (!created) return created.error();
    sink = std::move(*created);
    return eventlog::import_to_file(module, files, import, *sink, totals, memory);
  };
  if (!with_import(module, options.logs, {}, host, exit_code, write)) return exit_code;
  if (Status committed = sink->commit(); !committed) return fail(committed.error());
  tell(totals.warnings);
  return options.output == "-" ? kOk : print_totals(options, totals);
}

/// Warns of the whole store; what is printed was counted in the later log. Of whom that does not say a time zone the
/// parts before may: it is no word for people.
int append(const bytecode::Module& module, const ImportCommand& options, const eventlog::MemoryBound& memory,
           Host& host) {
  int exit_code = kOk;
  eventlog::ImportTotals totals;
  eventlog::Appending to;
  const auto write = [&](FileSystem& files, const eventlog::ImportOptions& import) -> Status {
    auto file = host::open_appender(options.output);
    if (!file) return file.error();
    auto begun = eventlog::begin_append(host.files, std::move(*file), options.output);
    if (!begun) return begun.error();
    to = std::move(*begun);
    return eventlog::append_to_file(module, files, import, to, totals, memory);
  };
  if (!with_import(module, options.logs, {}, host, exit_code, write)) return exit_code;
  if (Status committed = to.file->commit(); !committed) return fail(committed.error());
  tell(to.all.facts.totals.warnings);
  if (options.format != "json") totals.leads_without_zone = 0;
  return print_totals(options, totals,
                      fmt::format("\n{} has {} parts now; nurture log compact makes them one\n", to.path, to.parts));
}

int import(const ImportCommand& options, Host& host) {
  int exit_code = kOk;
  const auto memory = memory_bound(options.memory, options.output);
  if (!memory) return fail(memory.error(), kUsage);
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  return options.append ? append(loaded->module, options, *memory, host)
                        : import_anew(loaded->module, options, *memory, host);
}

int compact(const std::string& path, Host& host) {
  const auto memory = memory_bound("", path);
  if (!memory) return fail(memory.error());
  const auto lock = host::open_appender(path);  // nobody appends meanwhile
  if (!lock) return fail(lock.error());
  const auto view = eventlog::view_store(host.files, path);
  if (!view) return fail(view.error());
  const std::size_t count = view->images.all.size();
  if (count == 1 && !view->images.unfinished) return print(fmt::format("{}: one part already\n", path));
  auto parts = eventlog::open_parts(host.files, path);
  if (!parts) return fail(parts.error());
  auto sink = host.files.create(path);
  if (!sink) return fail(sink.error());
  store::Workspace space(memory->scratch, memory->bytes / 2, memory->resident);
  Status done = eventlog::write_joined(std::move(*parts), path, space, **sink);
  if (done) done = (*sink)->commit();
  if (!done) return fail(done.error());
  return print(fmt::format("{}: {} made one\n", path, outcome::counted(count, "part", "parts")));
}

/// All parts as they were written, as one; what is wrong was told.
std::optional<eventlog::OpenedStore> verified(const eventlog::StoreView& view, const std::string& path,
                                              const std::function<void(const Error&)>& tell) {
  std::vector<eventlog::OpenedStore> parts;
  for (const store::Image& image : view.images.all) {
    auto file = store::load(view.bytes, image, path, store::Trust::Verified, tell);
    if (!file) continue;
    auto facts = eventlog::facts_of(*file, path);
    if (!facts) {
      tell(facts.error());
    } else {
      parts.push_back({std::move(*file), std::move(*facts)});
    }
  }
  if (parts.size() < view.images.all.size()) return std::nullopt;
  auto joined = eventlog::joined(std::move(parts), path);
  if (!joined) tell(joined.error());
  return joined ? std::optional(std::move(*joined)) : std::nullopt;
}

int verify(const std::string& path, Host& host) {
  std::size_t errors = 0;
  const auto tell = [&](const Error& error) {
    ++errors;
    fmt::print(stderr, "nurture: {}\n", error.message);
  };
  if (auto seen = host.files.view(path); !seen) return fail(seen.error());
  if (!eventlog::is_store(host.files, path)) return fail(eventlog::no_store(path));
  const auto view = eventlog::view_store(host.files, path);
  if (!view) tell(view.error());
  const auto opened = view ? verified(*view, path, tell) : std::nullopt;
  if (!opened) {
    fmt::print(stderr, "nurture: {} in {}; {}\n", outcome::counted(errors, "error", "errors"), path,
               "import the log again, or take the file from a backup");
    return kTrouble;
  }
  const store::Store& store = opened->file.store;
  const std::string unfinished =
      view->images.unfinished
          ? fmt::format("{}: behind byte {} stands an append that was not finished, and belongs to nothing\n", path,
                        view->images.end)
          : "";
  return print(fmt::format("{}: {} of {}, all as written\n{}", path,
                           outcome::counted(store.events(), "event", "events"),
                           outcome::counted(store.leads.size(), "lead", "leads"), unfinished));
}

}  // namespace

void add_log_import(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("import", "Keep logs as a store, a file that is replayed without being read again");
  auto options = std::make_shared<ImportCommand>();
  command.add_option("log", options->logs.events, std::string(kReadableLogs)).required();
  command
      .add_option("--programme", options->programme,
                  "whose events, properties and attributes are kept: a .nurture file, a folder of them, or a .nbc")
      .required();
  command.add_option("-o,--output", options->output, "the store; it appears whole or not at all").required();
  command.add_flag("--append", options->append,
                   "the store is there: add this log behind what it has, none of which is read or written");
  add_reading_options(command, options->logs);
  command.add_option("--memory", options->memory,
                     "what the import may take, like 512MB; beyond that it sorts on the disk of the store (default: "
                     "half of the machine's)");
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  nurture log import 'logs/*.csv.gz' --programme examples/welcome --leads leads.csv -o log.store\n"
      "  nurture simulate examples/welcome --events log.store\n"
      "  nurture log import april.ndjson --programme examples/welcome --append -o log.store\n\n"
      "Any programme that declares the same events, properties and attributes reads the store, whatever its campaigns\n"
      "do. Exit codes: 0 written; 1 the programme has errors, or a line was rejected under --strict; 2 wrong command\n"
      "line; 3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = import(*options, host); });
}

void add_log_compact(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("compact", "Make one part of a store to which logs were appended");
  auto path = std::make_shared<std::string>();
  command.add_option("store", *path, "a file that `nurture log import` wrote").required();
  command.footer(
      "Example:\n"
      "  nurture log compact log.store\n\n"
      "It is the same store, and runs read it faster: they need not join its parts. The file is written aside and\n"
      "then takes the place of the old one. Exit codes: 0 done, or there was one part; 2 wrong command line; 3 the\n"
      "store is damaged, or a file could not be read or written.");
  command.runs([path, &host, &exit_code] { exit_code = compact(*path, host); });
}

void add_log_verify(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("verify", "Look at every byte of a store: is it what was written?");
  auto path = std::make_shared<std::string>();
  command.add_option("store", *path, "a file that `nurture log import` wrote").required();
  command.footer(
      "Example:\n"
      "  nurture log verify log.store\n\n"
      "Names every block whose checksum is wrong, with its place in the file. Nothing is written. Exit codes: 0 all\n"
      "is as written; 2 wrong command line; 3 the store is damaged, or could not be read.");
  command.runs([path, &host, &exit_code] { exit_code = verify(*path, host); });
}

}  // namespace nurture::tool
