#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/eventlog/stored.h"
#include "runtime/host/machine.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/logs.h"

// `nurture log import` and `log verify`: logs as store files.

namespace nurture::tool {

void add_log_import(Command log, Host& host, int& exit_code);
void add_log_verify(Command log, Host& host, int& exit_code);

namespace {

struct ImportCommand {
  std::string programme;
  LogOptions logs;
  std::string memory;
  std::string output;
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
Result<eventlog::MemoryBound> memory_bound(const ImportCommand& options) {
  eventlog::MemoryBound memory;
  memory.bytes = host::memory_of_machine() / 2;
  if (!options.memory.empty()) {
    const auto size = parse_size(options.memory);
    if (!size) return Error{fmt::format("--memory \"{}\" is no size", options.memory), "Write 512MB or 2GB."};
    if (*size < kLeastMemory) {
      return Error{fmt::format("--memory {} is too little for an import", options.memory), "Give it 64MB or more."};
    }
    memory.bytes = *size;
  }
  memory.scratch = [beside = options.output] { return host::create_scratch(beside); };
  memory.resident = host::resident_memory;
  memory.trim = host::trim_memory;
  return memory;
}

int import(const ImportCommand& options, Host& host) {
  int exit_code = kOk;
  const auto memory = memory_bound(options);
  if (!memory) return fail(memory.error(), kUsage);
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  eventlog::ImportTotals totals;
  std::unique_ptr<ByteSink> sink;
  const auto write = [&](FileSystem& files, const eventlog::ImportOptions& import) -> Status {
    auto created = host.files.create(options.output);
    if (!created) return created.error();
    sink = std::move(*created);
    return eventlog::import_to_file(loaded->module, files, import, *sink, totals, *memory);
  };
  if (!with_import(loaded->module, options.logs, {}, host, exit_code, write)) return exit_code;
  if (Status committed = sink->commit(); !committed) return fail(committed.error());
  for (const std::string& warning : totals.warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (options.output == "-") return kOk;
  return print(options.format == "json" ? totals_json(totals) + "\n" : totals_text(totals, options.logs.rejects));
}

int verify(const std::string& path, Host& host) {
  auto view = host.files.view(path);
  if (!view) return fail(view.error());
  if (!store::is_store((*view)->bytes())) {
    return fail(eventlog::no_store(path));
  }
  std::size_t errors = 0;
  const auto tell = [&](const Error& error) {
    ++errors;
    fmt::print(stderr, "nurture: {}\n", error.message);
  };
  const auto file = store::load(std::move(*view), path, store::Trust::Verified, tell);
  if (!file) {
    fmt::print(stderr, "nurture: {} in {}; {}\n", outcome::counted(errors, "error", "errors"), path,
               "import the log again, or take the file from a backup");
    return kTrouble;
  }
  if (const auto facts = eventlog::facts_of(*file, path); !facts) return fail(facts.error());
  return print(fmt::format("{}: {} of {}, all as written\n", path,
                           outcome::counted(file->store.events(), "event", "events"),
                           outcome::counted(file->store.leads.size(), "lead", "leads")));
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
  add_reading_options(command, options->logs);
  command.add_option("--memory", options->memory,
                     "what the import may take, like 512MB; beyond that it sorts on the disk of the store (default: "
                     "half of the machine's)");
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  nurture log import 'logs/*.csv.gz' --programme examples/welcome --leads leads.csv -o log.store\n"
      "  nurture simulate examples/welcome --events log.store\n\n"
      "Any programme that declares the same events, properties and attributes reads the store, whatever its campaigns\n"
      "do. Exit codes: 0 written; 1 the programme has errors, or a line was rejected under --strict; 2 wrong command\n"
      "line; 3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = import(*options, host); });
}

void add_log_verify(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("verify", "Look at every byte of a store: is it what was written?");
  auto path = std::make_shared<std::string>();
  command.add_option("store", *path, "a file that `nurture log import` wrote").required();
  command.footer(
      "Example:\n"
      "  nurture log verify log.store\n\n"
      "Names every block whose checksum is wrong, with its place in the file. Nothing is written. Exit codes: 0 all "
      "is\n"
      "as written; 2 wrong command line; 3 the store is damaged, or could not be read.");
  command.runs([path, &host, &exit_code] { exit_code = verify(*path, host); });
}

}  // namespace nurture::tool
