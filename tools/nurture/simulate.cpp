#include <fmt/format.h>

#include "runtime/experiment/assignments.h"
#include "runtime/outcome/actions.h"
#include "runtime/outcome/deliveries.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/summary.h"
#include "runtime/outcome/tee.h"
#include "tools/nurture/assumed_runs.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/run_options.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  LogOptions logs;
  RunText run;
  AssumeText assume;
  std::string actions;
  std::string format = "text";
};

/// One range's summary and, where asked for, its part of the actions file and of what a throttle delays.
struct RangeSinks {
  RangeSinks(const bytecode::Module& module, const store::Store& store, Instant horizon, outcome::Sink* actions,
             outcome::Sink* deliveries, bool assumes)
      : summary(module, horizon),
        history(module, horizon),
        unassumed(history),
        assignments(module, store, horizon),
        tee({&summary, assumes ? &unassumed : nullptr, assumes ? nullptr : &assignments, actions, deliveries}) {}
  outcome::SummarySink summary, history;
  outcome::Unassumed unassumed;
  experiment::AssignmentSink assignments;
  outcome::Tee tee;
};

outcome::ActionFormat format_of(const std::string& path) {
  return path.ends_with(".csv") ? outcome::ActionFormat::Csv : outcome::ActionFormat::Ndjson;
}

/// What the log is, for people; the other form has it in the document.
int print_log(const eventlog::ImportTotals& totals, const Options& options) {
  return options.format == "json" ? kOk : print(totals_text(totals, options.logs.rejects) + "\n");
}

/// What a run came to.
struct Simulated {
  outcome::Summary summary;
  std::optional<outcome::Summary> history;  ///< of a run that assumes: what of it is history
  std::vector<experiment::Experiment> experiments;
};

/// Of a run that assumes: what it hangs on is said at its head, and marked.
int print_assumed(const Simulated& run, const eventlog::ImportTotals& totals, const Options& options,
                  const Assuming& assuming, Host& host) {
  if (options.format == "json") {
    return print(fmt::format("{{\"log\":{},\"simulation\":{},\"assumed\":{}}}\n", totals_json(totals),
                             outcome::to_json(run.summary), assumed_json(run.summary, *run.history, assuming)));
  }
  const outcome::TextOptions look{100, host.color_out};
  return print(assumed_text(outcome::to_text(run.summary, look), outcome::to_text(*run.history, look), assuming));
}

int print_simulated(const Simulated& run, const eventlog::ImportTotals& totals, const Options& options, Host& host) {
  if (options.format == "json") {
    return print(fmt::format("{{\"log\":{},\"simulation\":{},\"experiments\":{}}}\n", totals_json(totals),
                             outcome::to_json(run.summary), experiment::to_json(run.experiments)));
  }
  const std::string compared = experiment::to_text(run.experiments, host.color_out);
  return print(outcome::to_text(run.summary, {100, host.color_out}) + (compared.empty() ? "" : "\n" + compared));
}

/// What a throttle does is known when everything is sent, and an action says when it is delivered: a run for that
/// alone.
Status settle_deliveries(const vm::BoundModule& bound, const store::Store& store, const engine::RunOptions& run,
                         outcome::Deliveries& deliveries) {
  engine::RunOptions quiet = run;
  quiet.texts = false;
  auto status = engine::run(bound, store, quiet, [&](std::size_t) { return deliveries.sink(); });
  if (status) deliveries.settle();
  return status;
}

/// The run itself, with the actions file committed.
Result<Simulated> simulate(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                           const Options& options, Host& host) {
  vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  Instant horizon = outcome::horizon_of(store, run.until);
  std::unique_ptr<ByteSink> file;
  std::unique_ptr<outcome::ActionsWriter> writer;
  outcome::Deliveries deliveries(module);
  const bool settled_before = deliveries.any() && !options.actions.empty();
  if (settled_before) {
    if (auto settled = settle_deliveries(bound, store, run, deliveries); !settled) return settled.error();
  }
  if (!options.actions.empty()) {
    auto created = host.files.create(options.actions);
    if (!created) return created.error();
    file = std::move(*created);
    writer =
        std::make_unique<outcome::ActionsWriter>(module, store, *file, format_of(options.actions),
                                                 engine::ranges(store, run), settled_before ? &deliveries : nullptr);
  }
  std::vector<std::unique_ptr<RangeSinks>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t range) {
    outcome::Sink* throttled = deliveries.any() && !settled_before ? deliveries.sink() : nullptr;
    sinks.push_back(std::make_unique<RangeSinks>(module, store, horizon, writer ? writer->sink(range) : nullptr,
                                                 throttled, run.assumed.has_value()));
    return &sinks.back()->tee;
  });
  if (!status) return status.error();
  if (deliveries.any() && !settled_before) deliveries.settle();
  if (writer) {
    if (auto finished = writer->finish(); !finished) return finished.error();
    if (auto committed = file->commit(); !committed) return committed.error();
  }
  outcome::Tally total(module), history(module);
  history.ends_missing = true;
  experiment::AssignmentSink assignments(module, store, horizon);
  for (const auto& sink : sinks) {
    total.merge(sink->summary.tally());
    if (run.assumed) history.merge(sink->history.tally());
    assignments.merge(sink->assignments);
  }
  const outcome::RunFacts facts = outcome::run_facts(module, store, run.until);
  Simulated done;
  done.summary = outcome::summarize(module, facts, store, total, &deliveries);
  if (run.assumed) done.history = outcome::summarize(module, facts, store, history);
  if (!run.assumed) done.experiments = assignments.experiments();
  return done;
}

/// Many runs: of each figure what chance makes of it.
int simulate_many(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                  const Assuming& assumed, const eventlog::ImportTotals& totals, const Options& options, Host& host) {
  const vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  auto runs = run_many(bound, store, run, assumed, host, "simulating");
  if (!runs) return fail(runs.error());
  if (options.format == "json") {
    JsonWriter json;
    ranges_json(*runs, assumed, json);
    return print(fmt::format("{{\"log\":{},\"assumed\":{}}}\n", totals_json(totals), json.text()));
  }
  return print(runs_head(module, *runs, assumed) + ranges_text(*runs, host.color_out));
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  auto run = run_options(loaded->module, options.run, options.logs.threads);
  if (!run) return fail(run.error(), kUsage);
  auto assumed = assuming(loaded->module, options.assume);
  if (!assumed) return fail(assumed.error(), kUsage);
  if (assumed->runs > 0 && !options.actions.empty()) {
    return fail(Error{"--actions writes the decisions of one run, and --runs asks for many",
                      "Leave one of them out; without --runs the first run is written."},
                kUsage);
  }
  run->assumed = assumed->first;
  run->texts = !options.actions.empty();
  auto logs = read_logs(loaded->module, options.logs, run->campaigns, host, exit_code);
  if (!logs) return exit_code;
  // It stands there while the run still goes on, unless actions are printed, which come first.
  const bool at_once = options.actions != "-";
  if (at_once && print_log(logs->totals, options) != kOk) return kTrouble;
  if (assumed->runs > 0) return simulate_many(loaded->module, logs->store, *run, *assumed, logs->totals, options, host);
  Progress progress(host, "simulating");
  run->progress = [&](std::uint64_t done) { progress.show(done, logs->store.leads.size(), "leads"); };
  auto done = simulate(loaded->module, logs->store, *run, options, host);
  if (!done) return fail(done.error());
  if (!at_once && print_log(logs->totals, options) != kOk) return kTrouble;
  const int printed = assumed->first ? print_assumed(*done, logs->totals, options, *assumed, host)
                                     : print_simulated(*done, logs->totals, options, host);
  return printed == kOk && done->summary.violated() ? kFindings : printed;
}

}  // namespace

void register_simulate(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("simulate", "Replay a programme over a log, and say what it would have done");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, a folder of them, or a .nbc").required();
  add_log_options(command, options->logs);
  add_run_options(command, options->run);
  add_assume_options(command, options->assume);
  command.add_option("--actions", options->actions,
                     "write one line per decision: .csv, else NDJSON (- is standard output)");
  add_campaign_option(command, options->run);
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  nurture simulate examples/welcome --events log.ndjson --leads leads.csv\n"
      "  nurture simulate welcome.nbc --events 'logs/*.csv.gz' --actions actions.csv --format json\n"
      "  nurture simulate welcome.nbc --events log.ndjson --assume baseline --runs 200\n\n"
      "Exit codes: 0 done; 1 the programme has errors, a property was violated, or a line was rejected under "
      "--strict;\n"
      "2 wrong command line; 3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
