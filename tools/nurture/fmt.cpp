#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fmt/format.h>

#include "compiler/format/diff.h"
#include "compiler/format/format.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestFile = 64u << 20;

struct Options {
  std::vector<std::string> paths;
  bool check = false;
  bool diff = false;
  std::string range;
  std::string stdin_path = "<stdin>";
};

std::optional<format::LineRange> parse_range(const std::string& text) {
  if (text.empty()) return format::LineRange{};
  format::LineRange out;
  const char* end = text.data() + text.size();
  auto [colon, bad_first] = std::from_chars(text.data(), end, out.first);
  if (bad_first != std::errc() || colon == end || *colon != ':') return std::nullopt;
  auto [rest, bad_last] = std::from_chars(colon + 1, end, out.last);
  bool in_order = out.first >= 1 && out.first <= out.last;
  if (bad_last != std::errc() || rest != end || !in_order) return std::nullopt;
  return out;
}

/// The .nurture files that the paths name, each once, in the order written.
Result<std::vector<std::string>> files_of(const std::vector<std::string>& paths, Host& host) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::vector<std::string> found{path};
    if (path != "-" && host.files.is_directory(path)) {
      auto listed = host.files.list(path);
      if (!listed) return listed.error();
      std::erase_if(*listed, [](const std::string& each) { return !each.ends_with(".nurture"); });
      found = std::move(*listed);
      if (found.empty()) return Error{fmt::format("{}: no .nurture file below it", path), ""};
    }
    for (std::string& each : found) {
      if (std::find(out.begin(), out.end(), each) == out.end()) out.push_back(std::move(each));
    }
  }
  return out;
}

Status replace(const std::string& path, const std::string& text, Host& host) {
  auto sink = host.files.create(path);
  if (!sink) return sink.error();
  if (auto written = (*sink)->write(text); !written) return written;
  return (*sink)->commit();
}

/// What could not be laid out is said with the first error, which is why.
void tell_stop(const SourceFile& source, const format::Formatted& made, const Diagnostics& found,
               const SourceManager& sources, Host& host) {
  if (made.withheld) {
    fmt::print(stderr, "nurture: {}: left as it is: its layout would not read back as the same\n", source.path());
    return;
  }
  Diagnostics first;
  for (const Diagnostic& each : found.all()) {
    bool error = info(each.id).severity == Severity::Error;
    if (!error || first.failed()) continue;
    Diagnostic& copy = first.add(each.id, each.span, each.message);
    copy.labels = each.labels;
    copy.hint = each.hint;
  }
  std::uint32_t line = source.locate(*made.stopped_at).line;
  fmt::print(stderr, "nurture: {}: from line {} on it is left as it is, because of an error:\n{}", source.path(), line,
             render_terminal(first, sources, host.color_err));
}

int lay_out(const std::string& path, const Options& options, format::LineRange range, Host& host) {
  auto text = host.files.read_file(path, kLargestFile);
  if (!text) return fail(text.error());
  SourceManager sources;
  const SourceFile& source = sources.add(path == "-" ? options.stdin_path : path, *text);
  Diagnostics found;
  format::Formatted made = format::format(source, found, range);
  found.sort();
  int code = made.stopped_at || made.withheld ? kFindings : kOk;
  if (code != kOk) tell_stop(source, made, found, sources, host);
  bool differs = made.text != *text;
  if (options.check && differs) code = kFindings;
  int shown = kOk;
  if (options.diff) {
    shown = print(format::unified_diff(*text, made.text, source.path(), source.path()));
  } else if (options.check) {
    shown = differs ? print(source.path() + "\n") : kOk;
  } else if (path == "-") {
    shown = print(made.text);
  } else if (differs) {
    if (auto written = replace(path, made.text, host); !written) return fail(written.error());
  }
  return shown != kOk ? shown : code;
}

int run(const Options& options, Host& host) {
  auto range = parse_range(options.range);
  if (!range)
    return fail({fmt::format("--range {}: no range of lines", options.range), "Write it as 10:25, both included."},
                kUsage);
  auto files = files_of(options.paths, host);
  if (!files) return fail(files.error());
  if (!options.range.empty() && files->size() != 1) return fail({"--range needs a single file", ""}, kUsage);
  int worst = kOk;
  for (const std::string& path : *files) {
    worst = std::max(worst, lay_out(path, options, *range, host));
    if (worst > kFindings) return worst;
  }
  return worst;
}

}  // namespace

void register_fmt(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("fmt", "Lay programmes out in the one way they should look");
  auto options = std::make_shared<Options>();
  command.add_option("path", options->paths, ".nurture files, folders of them, or - for standard input").required();
  command.add_flag("--check", options->check, "write nothing; list the files that would change");
  command.add_flag("--diff", options->diff, "write nothing; show what would change");
  command.add_option("--range", options->range, "only these lines of a file, such as 10:25");
  command.add_option("--stdin-path", options->stdin_path, "the name of what comes from standard input, for messages");
  command.footer(
      "Example:\n  nurture fmt my_welcome\n  nurture fmt --check --diff my_welcome\n\n"
      "A file with errors is laid out up to the first of them; the rest is left as it is.\n"
      "Exit codes: 0 all is well; 1 a file has errors, or would change under --check; 2 wrong command line;\n"
      "3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
