#include <algorithm>
#include <fmt/format.h>

#include "tools/nurture/command.h"
#include "tools/nurture/graph/album.h"
#include "tools/nurture/graph/observe.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/report/assumed.h"
#include "tools/nurture/report/document.h"
#include "tools/nurture/report/page.h"
#include "tools/nurture/report/replay.h"
#include "tools/nurture/run_options.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  LogOptions logs;
  RunText run;
  AssumeText assume;
  std::string by;
  std::vector<std::string> leads;
  std::string format = "html";
  std::string output;
};

/// As a shell takes it for one word.
std::string word(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The command that makes the same report; threads and where it goes change nothing in it.
std::string command_text(const Options& options) {
  std::string out = "nurture report " + word(options.programme) + " --events";
  for (const std::string& each : options.logs.events) out += " " + word(each);
  for (const auto& [name, value] :
       {std::pair("--source", options.logs.source), std::pair("--leads", options.logs.leads),
        std::pair("--accounts", options.logs.accounts), std::pair("--not-after", options.logs.not_after),
        std::pair("--until", options.run.until), std::pair("--deployed-at", options.run.deployed_at),
        std::pair("--assume", options.assume.scenario), std::pair("--seed", options.assume.seed),
        std::pair("--by", options.by)}) {
    if (!value.empty()) out += fmt::format(" {} {}", name, word(value));
  }
  for (const std::string& lead : options.leads) out += " --lead " + word(lead);
  if (options.format == "json") out += " --format json";
  return out;
}

report::Flow flow_of(const std::string& name, const picture::Chart& chart, const sema::Unit& unit) {
  auto svg = svg_of(chart, unit);
  if (svg) return {name, std::move(*svg), ""};
  return {name, "", svg.error().message + ". " + svg.error().hint};
}

std::vector<report::Flow> flows_of(const Album& album, const sema::Unit& unit) {
  std::vector<report::Flow> flows;
  if (album.overview) flows.push_back(flow_of("", *album.overview, unit));
  for (const picture::Chart& chart : album.campaigns) flows.push_back(flow_of(chart.name, chart, unit));
  return flows;
}

Result<std::vector<store::LeadIndex>> asked_for(const Options& options, const store::Store& store) {
  std::vector<store::LeadIndex> leads;
  for (const std::string& key : options.leads) {
    auto lead = find_lead(store, key);
    if (!lead) return lead.error();
    if (std::find(leads.begin(), leads.end(), *lead) == leads.end()) leads.push_back(*lead);
  }
  return leads;
}

/// A programme, its log and how it is run.
struct Subject {
  const driver::Checked& checked;
  const bytecode::Module& module;
  eventlog::Imported& log;
  const engine::RunOptions& run;
  const Assuming& assuming;
};

/// What a run, or its history, shows of itself.
struct Shown {
  std::string simulation, review;
  std::vector<picture::Observed> observed;
  std::vector<report::SourceText> sources;
};

Shown shown_of(const Subject& subject, const report::Seen& seen) {
  const sema::Unit& unit = *subject.checked.unit;
  Shown out;
  out.simulation = outcome::to_json(seen.summary);
  out.review = review::to_json({subject.module, seen.summary, seen.tally, seen.counts, subject.log.store,
                                seen.breakdown ? &*seen.breakdown : nullptr});
  out.observed = observed_in(unit, subject.module, {seen.tally, seen.passages, seen.summary});
  out.sources = report::source_with_counts(subject.checked, subject.module, out.observed, seen.summary);
  return out;
}

Result<std::string> assumed_of(const Subject& subject, const report::Seen& history, const Shown& all) {
  const Shown before = shown_of(subject, history);
  return report::assumed_figures(subject.assuming.words,
                                 {{"simulation", all.simulation, before.simulation},
                                  {"review", all.review, before.review},
                                  {"sources", report::to_json(all.sources), report::to_json(before.sources)}});
}

/// What the pictures of a run that assumes say above them.
void say_what_is_assumed(Album& album, const Assuming& assuming) {
  if (!assuming.first) return;
  const std::string fact = fmt::format("Assumed ({}): numbers count what follows from it, too.", assuming.words);
  if (album.overview) album.overview->facts.push_back(fact);
  for (picture::Chart& chart : album.campaigns) chart.facts.push_back(fact);
}

Result<report::Document> document_of(const Subject& subject, const report::Replayed& replayed,
                                     const std::vector<store::LeadIndex>& leads, const Options& options, Host& host) {
  report::Document out;
  out.version = NURTURE_VERSION;
  out.command = command_text(options);
  out.log = totals_json(subject.log.totals);
  out.experiments = experiment::to_json(replayed.experiments);
  Shown shown = shown_of(subject, replayed.all);
  if (replayed.history) {
    auto assumed = assumed_of(subject, *replayed.history, shown);
    if (!assumed) return assumed.error();
    out.assumed = std::move(*assumed);
  }
  findings::LevelFinder levels(host.files, host.working_folder);
  auto project = levels.of(options.programme);
  if (!project) return project.error();
  out.capacity = (*project)->capacity();
  Album album = album_of(subject.checked, shown.observed);
  say_what_is_assumed(album, subject.assuming);
  out.flows = flows_of(album, *subject.checked.unit);
  out.simulation = std::move(shown.simulation);
  out.review = std::move(shown.review);
  out.sources = std::move(shown.sources);
  auto stories = report::tell_stories(subject.module, subject.log.store, subject.run, subject.assuming.words, leads,
                                      replayed.all.counts.sample);
  if (!stories) return stories.error();
  out.stories = std::move(*stories);
  return out;
}

Status write_whole(const std::string& path, const std::string& text, Host& host) {
  auto sink = host.files.create(path);
  if (!sink) return sink.error();
  if (auto written = (*sink)->write(text); !written) return written;
  return (*sink)->commit();
}

int deliver(const report::Document& document, const std::string& title, const Options& options, Host& host) {
  std::string text = report::to_json(document);
  if (options.format == "html") {
    auto page = report::page_of(title, text);
    if (!page) return fail(page.error());
    text = std::move(*page);
  }
  if (options.output.empty() || options.output == "-") return print(text);
  auto written = write_whole(options.output, text, host);
  return written ? kOk : fail(written.error());
}

/// From the log on.
int report_on(const driver::Checked& checked, const bytecode::Module& module, const report::By& by,
              engine::RunOptions& run, const Assuming& assuming, const Options& options, Host& host) {
  int exit_code = kOk;
  auto log = read_logs(module, options.logs, {}, host, exit_code);
  if (!log) return exit_code;
  auto leads = asked_for(options, log->store);
  if (!leads) return fail(leads.error(), kUsage);
  Progress progress(host, "simulating");
  run.progress = [&](std::uint64_t done) { progress.show(done, log->store.leads.size(), "leads"); };
  auto groups = report::groups_of(by, options.programme, checked, module, log->store, run, host.files);
  if (!groups) return fail(groups.error(), kUsage);
  auto replayed = report::replay(module, log->store, run, options.by, groups->get());
  if (!replayed) return fail(replayed.error());
  auto document = document_of({checked, module, *log, run, assuming}, *replayed, *leads, options, host);
  if (!document) return fail(document.error());
  return deliver(*document, checked.unit->model.program.name, options, host);
}

int run(const Options& options, Host& host) {
  if (options.format == "html") {
    if (auto page = report::page_of("", "{}"); !page) return fail(page.error());
    if (options.output.empty())
      return fail({"say where the report goes", "-o report.html writes it there; -o - prints it."}, kUsage);
  }
  int exit_code = kOk;
  auto checked = check_programme(options.programme, host, exit_code);
  if (!checked) return exit_code;
  auto compiled = driver::compile(*checked);
  if (!compiled) return fail(compiled.error(), kFindings);
  auto run = run_options(compiled->module, options.run, options.logs.threads);
  if (!run) return fail(run.error(), kUsage);
  auto assumed = assuming(compiled->module, options.assume);
  if (!assumed) return fail(assumed.error(), kUsage);
  run->assumed = assumed->first;
  auto by = report::find_by(options.by, checked->unit->model, compiled->module);
  if (!by) return fail(by.error(), kUsage);
  return report_on(*checked, compiled->module, *by, *run, *assumed, options, host);
}

}  // namespace

void register_report(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("report", "Replay a programme over a log, and draw what came of it as one page");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, or a folder of them").required();
  add_log_options(command, options->logs);
  command.add_option("-o,--output", options->output, "write to this file (- is standard output)");
  command.add_option("--by", options->by, "break the figures down by this segment, or attribute of the lead");
  command.add_option("--lead", options->leads, "tell the story of this lead too (may be repeated)");
  add_run_options(command, options->run);
  add_assumption_option(command, options->assume);
  command.add_option("--format", options->format, "html for people, json: exactly the data that the page shows")
      .one_of({"html", "json"})
      .shows_default();
  command.footer(
      "Examples:\n"
      "  nurture report examples/welcome --events log.ndjson --leads leads.csv -o report.html\n"
      "  nurture report examples/welcome --events 'logs/*.csv.gz' --by country -o report.html\n"
      "  nurture report examples/welcome --events log.ndjson --lead lead-7@example.com -o report.html\n"
      "  nurture report examples/welcome --events log.ndjson --format json -o report.json\n"
      "  nurture report examples/before_launch --events log.ndjson --assume baseline --until 2026-12-31 -o "
      "report.html\n\n"
      "The page is one file that opens without a network. docs/report.md says how to read it.\n\n"
      "Exit codes: 0 written; 1 the programme has errors, or a line was rejected under --strict; 2 wrong command "
      "line;\n"
      "3 a file could not be read or written, or this nurture was built without the page.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
