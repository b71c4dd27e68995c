#include <fmt/format.h>

#include "tools/nurture/command.h"
#include "tools/nurture/graph/album.h"
#include "tools/nurture/graph/observe.h"
#include "tools/nurture/graph/writers.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/run_options.h"

namespace nurture::tool {

namespace {

using picture::Chart;

struct Options {
  std::string programme;
  std::string campaign;
  std::string format;
  std::string output;
  LogOptions logs;
  RunText run;
};

/// A picture and the name of its file in a folder.
struct Drawing {
  std::string name;
  std::string text;
};

/// No campaign can be called so.
constexpr std::string_view kOverview = "all-campaigns";

std::string_view ending_of(std::string_view format) {
  if (format == "mermaid") return "mmd";
  return format;
}

/// As asked for, or by the name of the file.
Result<std::string> format_of(const Options& options) {
  if (!options.format.empty()) return options.format;
  const std::size_t dot = options.output.rfind('.');
  const std::size_t slash = options.output.rfind('/');
  const bool ends = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  const std::string ending = ends ? options.output.substr(dot + 1) : "svg";
  if (ending == "svg" || ending == "dot" || ending == "json") return ending;
  if (ending == "gv") return std::string("dot");
  if (ending == "mmd" || ending == "mermaid") return std::string("mermaid");
  return Error{fmt::format("what \"{}\" is to hold cannot be told from its name", options.output),
               "Add --format svg, dot, mermaid or json."};
}

Result<std::uint32_t> find_campaign(const sema::Model& model, const std::string& name) {
  const std::uint32_t found = model.find_campaign(name);
  if (found != sema::kNoIndex) return found;
  std::vector<std::string_view> names;
  for (const sema::Campaign& each : model.campaigns) names.push_back(each.name);
  return Error{fmt::format("there is no campaign \"{}\" in this programme", name), did_you_mean(name, names)};
}

/// What a replay of the logs shows; nothing where none was asked for. On failure `exit_code` is set.
std::vector<picture::Observed> observed(const Options& options, const driver::Checked& checked, Host& host,
                                        int& exit_code) {
  auto compiled = driver::compile(checked);
  if (!compiled) return exit_code = fail(compiled.error(), kFindings), std::vector<picture::Observed>{};
  const bytecode::Module& module = compiled->module;
  auto run = run_options(module, options.run, options.logs.threads);
  if (!run) return exit_code = fail(run.error(), kUsage), std::vector<picture::Observed>{};
  auto logs = read_logs(module, options.logs, {}, host, exit_code);
  if (!logs) return {};
  Progress progress(host, "simulating");
  run->progress = [&](std::uint64_t done) { progress.show(done, logs->store.leads.size(), "leads"); };
  auto seen = observe(*checked.unit, module, logs->store, *run);
  if (!seen) return exit_code = fail(seen.error()), std::vector<picture::Observed>{};
  return std::move(*seen);
}

Result<std::string> drawn(const Chart& chart, const std::string& format, const sema::Unit& unit) {
  if (format == "dot") return dot(chart);
  if (format == "mermaid") return mermaid(chart);
  return svg_of(chart, unit);
}

/// All of an album, each whole.
Result<std::vector<Drawing>> draw_all(const Album& album, const std::string& format, const sema::Unit& unit) {
  std::vector<Drawing> drawings;
  const auto add = [&](std::string_view name, const Chart& chart) -> Status {
    auto text = drawn(chart, format, unit);
    if (!text) return text.error();
    drawings.push_back({fmt::format("{}.{}", name, ending_of(format)), std::move(*text)});
    return Done{};
  };
  if (album.overview) {
    if (auto added = add(kOverview, *album.overview); !added) return added.error();
  }
  for (const Chart& each : album.campaigns) {
    if (auto added = add(each.name, each); !added) return added.error();
  }
  return drawings;
}

/// Every file appears whole, and none where one cannot be written.
Status write_into(const std::string& folder, const std::vector<Drawing>& drawings, Host& host) {
  std::vector<std::unique_ptr<ByteSink>> sinks;
  for (const Drawing& each : drawings) {
    auto sink = host.files.create(fmt::format("{}/{}", folder, each.name));
    if (!sink) return sink.error();
    if (auto written = (*sink)->write(each.text); !written) return written;
    sinks.push_back(std::move(*sink));
  }
  for (auto& sink : sinks) {
    if (auto committed = sink->commit(); !committed) return committed;
  }
  return Done{};
}

int write_one(const std::string& path, const std::string& text, Host& host) {
  if (path.empty() || path == "-") return print(text);
  auto sink = host.files.create(path);
  if (!sink) return fail(sink.error());
  if (auto written = (*sink)->write(text); !written) return fail(written.error());
  if (auto committed = (*sink)->commit(); !committed) return fail(committed.error());
  return kOk;
}

std::string whole_json(const Album& album, const sema::Unit& unit) {
  Charts charts{unit.model.program.name, album.overview ? &*album.overview : nullptr, {}};
  for (const Chart& each : album.campaigns) charts.campaigns.push_back(&each);
  return graph_json(charts, unit);
}

int draw(const Options& options, const std::string& format, const Album& album, const sema::Unit& unit, Host& host) {
  const bool folder = !options.output.empty() && host.files.is_directory(options.output);
  if (format == "json") {
    const std::string path = folder ? fmt::format("{}/{}.json", options.output, kOverview) : options.output;
    return write_one(path, whole_json(album, unit), host);
  }
  if (folder) {
    auto drawings = draw_all(album, format, unit);
    if (!drawings) return fail(drawings.error());
    auto written = write_into(options.output, *drawings, host);
    return written ? kOk : fail(written.error());
  }
  auto text = drawn(album.overview ? *album.overview : album.campaigns.front(), format, unit);
  if (!text) return fail(text.error());
  const int code = write_one(options.output, *text, host);
  if (code == kOk && album.overview)
    fmt::print(stderr, "{} campaigns: this is the picture of all. --campaign NAME draws one, -o FOLDER each.\n",
               album.campaigns.size());
  return code;
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  const auto format = format_of(options);
  if (!format) return fail(format.error(), kUsage);
  auto checked = check_programme(options.programme, host, exit_code);
  if (!checked) return exit_code;
  const sema::Model& model = checked->unit->model;
  if (model.campaigns.empty())
    return fail({"there is no campaign in this programme", "Nothing is to be drawn."}, kFindings);
  std::uint32_t only = sema::kNoIndex;
  if (!options.campaign.empty()) {
    const auto found = find_campaign(model, options.campaign);
    if (!found) return fail(found.error(), kUsage);
    only = *found;
  }
  std::vector<picture::Observed> seen;
  if (!options.logs.events.empty()) {
    seen = observed(options, *checked, host, exit_code);
    if (seen.empty()) return exit_code;
  }
  return draw(options, *format, album_of(*checked, seen, only), *checked->unit, host);
}

}  // namespace

void register_graph(Command app, Host& host, int& exit_code) {
  Command command =
      app.add_command("graph", "Draw a campaign as a flow chart, with the figures of a log if there is one");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, or a folder of them").required();
  command.add_option("--campaign", options->campaign, "draw only this one");
  command
      .add_option("--format", options->format, "svg, dot, mermaid or json (default: by the name of the file, else svg)")
      .one_of({"svg", "dot", "mermaid", "json"});
  command.add_option("-o,--output", options->output,
                     "write to this file; into a folder that is there, a file for each campaign and one for all");
  add_log_options(command, options->logs, false);
  add_run_options(command, options->run, "with --events: ");
  command.footer(
      "Examples:\n"
      "  nurture graph examples/welcome -o welcome.svg\n"
      "  nurture graph examples/score_handoff --campaign keep_in_touch --format mermaid\n"
      "  nurture graph examples/welcome --events log.ndjson --leads leads.csv -o welcome.svg\n"
      "  nurture graph campaigns/ --format svg -o pictures/\n\n"
      "With --events, each box says how many came there and each arrow how many took it, what share of those at the "
      "box\n"
      "before that is, and after how long half of them did. A programme of several campaigns has a picture of how "
      "they\n"
      "feed each other, too.\n\n"
      "Exit codes: 0 drawn; 1 the programme has errors, or a line was rejected under --strict; 2 wrong command line;\n"
      "3 a file could not be read or written, or the picture could not be laid out.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
