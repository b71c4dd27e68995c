#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "runtime/engine/engine.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/fit_report.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  LogOptions logs;
  std::string by;
  std::vector<std::string> hand_offs;
  unsigned within = 30;
  std::string name = "learned";
  std::string output = "-";
  std::string format = "text";
};

/// "country" or "lead.country", of a type whose values can be told apart.
Result<std::uint16_t> find_attribute(const bytecode::Module& module, std::string name) {
  if (name.starts_with("lead.")) name.erase(0, 5);
  std::vector<std::string_view> names;
  for (std::uint16_t i = 0; i < module.schema.lead.size(); ++i) {
    const bytecode::Field& field = module.schema.lead[i];
    names.emplace_back(module.strings[field.name]);
    if (names.back() != name) continue;
    const TypeKind kind = field.type.kind;
    if (kind == TypeKind::Choice || kind == TypeKind::Text || kind == TypeKind::Boolean) return i;
    return Error{fmt::format("--by {}: leads are told apart by a choice, a text or a boolean, and this is none", name),
                 ""};
  }
  return Error{fmt::format("--by {}: leads of this programme have no such attribute", name), did_you_mean(name, names)};
}

Result<std::uint16_t> find_kind(const bytecode::Module& module, const std::string& name) {
  std::vector<std::string_view> names;
  for (std::uint16_t i = 0; i < module.schema.kinds.size(); ++i) {
    names.emplace_back(module.strings[module.schema.kinds[i].name]);
    if (names.back() == name) return i;
  }
  return Error{fmt::format("--hand-off {}: this programme declares no such event", name), did_you_mean(name, names)};
}

/// A name that the language takes without quotes.
bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<fit::Options> fit_options(const Options& options, const bytecode::Module& module) {
  fit::Options fit;
  if (!is_name(options.name)) {
    return Error{fmt::format("--name \"{}\" is not a name", options.name), "Letters, digits and _ make a name."};
  }
  fit.window = options.within * kDay;
  fit.threads = thread_count(options.logs.threads);
  if (!options.by.empty()) {
    auto attribute = find_attribute(module, options.by);
    if (!attribute) return attribute.error();
    fit.by = *attribute;
  }
  for (const std::string& name : options.hand_offs) {
    auto kind = find_kind(module, name);
    if (!kind) return kind.error();
    fit.hand_off_kinds.push_back(*kind);
  }
  return fit;
}

/// Notes when leads are handed off.
class HandOffSink : public outcome::Sink {
 public:
  explicit HandOffSink(const store::Store& store) : store_(store) {}
  void on(const outcome::Outcome& o) override {
    if (!store_.is_account(o.lead)) found.push_back({o.lead, o.at});
  }
  outcome::Kinds wants() const override { return outcome::kinds({outcome::Kind::HandedOff}); }

  std::vector<fit::HandOff> found;

 private:
  const store::Store& store_;
};

/// Those that the programme makes in a replay of the log.
Result<std::vector<fit::HandOff>> replayed_hand_offs(const vm::BoundModule& bound, const store::Store& store,
                                                     const Options& options, Host& host) {
  Progress progress(host, "replaying for hand-offs");
  engine::RunOptions run;
  run.threads = thread_count(options.logs.threads);
  run.progress = [&](std::uint64_t done) { progress.show(done, store.leads.size(), "leads"); };
  std::vector<std::unique_ptr<HandOffSink>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    sinks.push_back(std::make_unique<HandOffSink>(store));
    return sinks.back().get();
  });
  if (!status) return status.error();
  std::vector<fit::HandOff> all;
  for (const auto& sink : sinks) all.insert(all.end(), sink->found.begin(), sink->found.end());
  std::sort(all.begin(), all.end());
  return all;
}

/// All of the log: what a campaign logged itself is what there is to learn from.
std::optional<eventlog::Imported> read_history(const bytecode::Module& module, const Options& options, Host& host,
                                               int& exit_code) {
  std::optional<eventlog::Imported> out;
  const auto read = [&](FileSystem& files, const eventlog::ImportOptions& import) -> Status {
    eventlog::ImportOptions all = import;
    all.executed.clear();
    auto imported = eventlog::import(module, files, all);
    if (!imported) return imported.error();
    out = std::move(*imported);
    return Done{};
  };
  if (!with_import(module, options.logs, {}, host, exit_code, read)) return std::nullopt;
  for (const std::string& warning : out->totals.warnings) fmt::print(stderr, "warning: {}\n", warning);
  return out;
}

/// Why nothing can be learned from this log at all; nothing where something can.
std::optional<Error> nothing_to_learn(const Learned& learned) {
  fit::Count known = 0;
  fit::Count causes = 0;
  fit::Count followed = 0;
  fit::Count reactions = 0;
  for (const fit::Cause& cause : learned.fit.causes) {
    causes += cause.causes;
    known += cause.causes - cause.foreign;
    for (const fit::Line& line : cause.rules.back().lines) {
      followed = std::max(followed, line.rate.evidence.causes);
      reactions += line.rate.evidence.reactions;
    }
  }
  const auto& foreign = learned.fit.foreign;
  if (causes == 0 && foreign.empty()) {
    return Error{
        "nothing was sent in this log, and nobody handed off: there is nothing to learn from",
        "A send is an event that is declared `records send`, such as email.sent. `nurture log inspect` says what "
        "the log holds."};
  }
  if (known == 0) {
    return Error{foreign.empty()
                     ? std::string("no send in this log says which content it is")
                     : fmt::format("no send in this log is of a content of this programme; the most frequent is "
                                   "\"{}\"",
                                   learned.store.texts.at(foreign[0].first)),
                 "Contents are found by their names: declare those of the log, or map them in a `source`."};
  }
  if (followed == 0) {
    return Error{"the log ends within an hour of what was sent: no reaction can be waited for",
                 "It needs to go on for some days after the sends."};
  }
  if (reactions == 0) {
    return Error{fmt::format("nothing in this log is a reaction to its {}: there is nothing to learn",
                             outcome::counted(known, "send or hand-off", "sends and hand-offs")),
                 "A reaction is an event that names the content, such as email.opened, or one that leads do on the "
                 "channel, such as email.unsubscribed. `nurture log inspect` says what the log holds."};
  }
  return std::nullopt;
}

Status write_file(const std::string& path, std::string_view text, Host& host) {
  auto file = host.files.create(path);
  if (!file) return file.error();
  if (Status written = (*file)->write(text); !written) return written;
  return (*file)->commit();
}

/// What was learned goes to the file or to standard output; beside a file, standard output says what the log was.
int tell(const Learned& learned, const eventlog::ImportTotals& totals, const Options& options, Host& host) {
  for (const std::string& each : fit_warnings(learned)) fmt::print(stderr, "warning: {}\n", each);
  const std::string text = options.format == "json"
                               ? fmt::format("{{\"log\":{},\"fit\":{}}}\n", totals_json(totals), learned_json(learned))
                               : scenario_text(learned);
  if (options.output == "-") return print(text);
  if (Status written = write_file(options.output, text, host); !written) return fail(written.error());
  return print(totals_text(totals, options.logs.rejects));
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  const bytecode::Module& module = loaded->module;
  auto fit = fit_options(options, module);
  if (!fit) return fail(fit.error(), kUsage);
  auto log = read_history(module, options, host, exit_code);
  if (!log) return exit_code;
  const vm::BoundModule bound = vm::bind(module, log->store.texts, log->store.lists);
  if (options.hand_offs.empty()) {
    auto hand_offs = replayed_hand_offs(bound, log->store, options, host);
    if (!hand_offs) return fail(hand_offs.error());
    fit->hand_offs = std::move(*hand_offs);
  }
  Progress progress(host, "learning");
  fit->progress = [&](fit::Count done) { progress.show(done, log->store.lead_count(), "leads"); };
  const fit::Fit learned = fit::learn(module, log->store, *fit);
  const Learned all{module,
                    log->store,
                    learned,
                    *fit,
                    options.name,
                    options.hand_offs.empty() ? "those that the programme makes when it is replayed over the log"
                                              : fmt::format("the log's {}", fmt::join(options.hand_offs, ", "))};
  if (auto nothing = nothing_to_learn(all)) return fail(*nothing, kFindings);
  return tell(all, log->totals, options, host);
}

}  // namespace

void register_fit(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("fit", "Learn from a log how people react, and write it as a scenario");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, a folder of them, or a .nbc").required();
  add_log_options(command, options->logs);
  command.add_option("-o,--output", options->output,
                     "the scenario, a .nurture file (default: standard output); it appears whole or not at all");
  command.add_option("--name", options->name, "what the scenario is called (default: learned)");
  command.add_option("--by", options->by, "a lead attribute whose values react differently: a choice, text or boolean");
  command.add_option("--within", options->within, "days that a reaction is waited for at most (default: 30)")
      .between(1, 365);
  command.add_option("--hand-off", options->hand_offs,
                     "an event of the log that is a hand-off to sales (may be repeated; default: those that the "
                     "programme makes when it is replayed)");
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  nurture fit examples/welcome --events log.ndjson --leads leads.csv -o examples/welcome/learned.nurture\n"
      "  nurture fit welcome.nbc --events 'logs/*.csv.gz' --by country --format json\n\n"
      "Exit codes: 0 learned; 1 the programme has errors, the log has nothing to learn from, or a line was rejected "
      "under\n"
      "--strict; 2 wrong command line; 3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
