#include "tools/nurture/diff_report.h"

#include <fmt/format.h>

#include "compiler/format/diff.h"
#include "runtime/base/json.h"
#include "runtime/outcome/format.h"

namespace nurture::tool {

namespace {

using compare::Change;

constexpr unsigned kWidth = 100;
constexpr std::size_t kTextLines = 20;  // of a long text that is shown

char mark(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::Added:
      return '+';
    case Change::Kind::Removed:
      return '-';
    case Change::Kind::Changed:
      return '~';
    case Change::Kind::Moved:
      return '>';
    case Change::Kind::Renamed:
      return '=';
  }
  return ' ';
}

std::string_view word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::Added:
      return "added";
    case Change::Kind::Removed:
      return "removed";
    case Change::Kind::Changed:
      return "changed";
    case Change::Kind::Moved:
      return "moved";
    case Change::Kind::Renamed:
      return "renamed";
  }
  return "";
}

std::string place_of(const Version& version, Span span) {
  if (span.end == span.begin) return {};
  const SourceFile& file = version.checked.unit->sources.file(span.file);
  return fmt::format("{}:{}", file.path(), file.locate(span.begin).line);
}

/// Where it stands now, or where it stood.
std::string place_of(const VersionsDiff& diff, const Change& change) {
  std::string place = place_of(diff.after, change.after_at);
  return place.empty() ? place_of(diff.before, change.before_at) : place;
}

/// What something shared reaches, the campaigns or what is assumed; empty where the change is a campaign's own.
std::string reach(const Change& change) {
  if (change.about.starts_with("campaign ")) return {};
  if (change.everywhere) return "reaches every campaign";
  constexpr std::string_view kScenario = "scenario ";
  if (change.about.starts_with(kScenario))
    return fmt::format("reaches runs with `--assume {}`, and nothing else", change.about.substr(kScenario.size()));
  if (change.campaigns.empty()) return "reaches no campaign";
  return fmt::format("reaches {}", fmt::join(change.campaigns, ", "));
}

/// The lines of a long text that are others, each with its sign.
std::vector<std::string> other_lines(const Change& change) {
  std::vector<std::string> lines;
  if (!change.long_text) return lines;
  const std::string diff = format::unified_diff(change.before, change.after, "before", "after");
  constexpr std::size_t kHeader = 2;
  std::size_t number = 0;
  for (std::size_t at = 0; at < diff.size(); ++number) {
    const std::size_t end = std::min(diff.find('\n', at), diff.size());
    const std::string line = diff.substr(at, end - at);
    at = end + 1;
    if (number < kHeader) continue;
    if (line.starts_with('+') || line.starts_with('-')) lines.push_back(line);
  }
  if (lines.size() > kTextLines) {
    const std::size_t more = lines.size() - kTextLines;
    lines.resize(kTextLines);
    lines.push_back(fmt::format("… and {}", outcome::counted(more, "line", "lines")));
  }
  return lines;
}

std::string headline(const VersionsDiff& diff) {
  if (diff.comparison.changes.empty()) return "nothing has changed in meaning";
  return outcome::counted(diff.comparison.changes.size(), "change in meaning", "changes in meaning");
}

// Text ----------------------------------------------------------------------------------------------------------------

void add_text(std::string& out, const VersionsDiff& diff, const Change& change) {
  std::string text = compare::sentence(change);
  if (const std::string place = place_of(diff, change); !place.empty()) text += fmt::format(" ({})", place);
  bool first = true;
  for (const std::string& line : outcome::wrap(text, kWidth - 4)) {
    out += first ? fmt::format("{} {}\n", mark(change.kind), line) : fmt::format("    {}\n", line);
    first = false;
  }
  for (const std::string& line : other_lines(change)) out += "    " + line + "\n";
  if (const std::string where = reach(change); !where.empty()) {
    for (const std::string& line : outcome::wrap(where, kWidth - 4)) out += "    " + line + "\n";
  }
}

// Markdown ------------------------------------------------------------------------------------------------------------

/// What Markdown would take for its own is escaped, but for code.
std::string escaped(const std::string& text) {
  std::string out;
  bool code = false;
  for (char c : text) {
    if (c == '`') code = !code;
    if (!code && (c == '|' || c == '*' || c == '_' || c == '<' || c == '[')) out += '\\';
    out += c;
  }
  return out;
}

void add_markdown(std::string& out, const VersionsDiff& diff, const Change& change) {
  std::string text = escaped(compare::sentence(change));
  const std::size_t about = escaped(change.about).size();
  out += fmt::format("- **{}**{}", text.substr(0, about), text.substr(about));
  if (const std::string place = place_of(diff, change); !place.empty()) out += fmt::format(" ({})", escaped(place));
  if (const std::string where = reach(change); !where.empty()) out += "; " + escaped(where);
  out += '\n';
  const std::vector<std::string> lines = other_lines(change);
  if (lines.empty()) return;
  out += "\n  ```diff\n";
  for (const std::string& line : lines) out += "  " + line + "\n";
  out += "  ```\n\n";
}

// JSON ----------------------------------------------------------------------------------------------------------------

void add_names(JsonWriter& json, std::string_view key, const std::vector<std::string>& names) {
  json.key(key).begin_array();
  for (const std::string& each : names) json.value(each);
  json.end_array();
}

void add_json(JsonWriter& json, const VersionsDiff& diff, const Change& change) {
  json.begin_object().member("kind", word(change.kind)).member("about", change.about);
  add_names(json, "path", change.path);
  json.member("what", change.what).member("sentence", compare::sentence(change));
  if (!change.before.empty()) json.member("before", change.before);
  if (!change.after.empty()) json.member("after", change.after);
  if (const std::string place = place_of(diff.before, change.before_at); !place.empty()) json.member("was_at", place);
  if (const std::string place = place_of(diff.after, change.after_at); !place.empty()) json.member("at", place);
  json.member("everywhere", change.everywhere);
  add_names(json, "campaigns", change.campaigns);
  json.end_object();
}

}  // namespace

std::string diff_text(const VersionsDiff& diff, bool colour) {
  std::string out = outcome::bold_text(fmt::format("{} → {}", diff.before.shown, diff.after.shown), colour);
  out += ": " + headline(diff) + "\n";
  if (!diff.comparison.changes.empty()) out += "\n";
  for (const Change& each : diff.comparison.changes) add_text(out, diff, each);
  if (!diff.figures.empty()) {
    out += "\n" + outcome::bold_text("What it can do to a person at most", colour) + "\n";
    outcome::Table table(kWidth);
    table.column("campaign", outcome::Table::Align::Left).column("", outcome::Table::Align::Left);
    table.column("before").column("after");
    for (const FigureChange& each : diff.figures) table.row({each.campaign, each.what, each.before, each.after});
    out += table.text();
  }
  return diff.log ? out + "\n" + log_text(*diff.log, colour) : out;
}

std::string diff_markdown(const VersionsDiff& diff) {
  std::string out =
      fmt::format("## {} → {}\n\n{}\n", escaped(diff.before.shown), escaped(diff.after.shown), headline(diff));
  if (!diff.comparison.changes.empty()) out += "\n";
  for (const Change& each : diff.comparison.changes) add_markdown(out, diff, each);
  if (!diff.figures.empty())
    out += "\n### What it can do to a person at most\n\n| campaign | | before | after |\n|---|---|---:|---:|\n";
  for (const FigureChange& each : diff.figures)
    out += fmt::format("| {} | {} | {} | {} |\n", escaped(each.campaign), each.what, each.before, each.after);
  return diff.log ? out + "\n" + log_markdown(*diff.log) : out;
}

std::string diff_json(const VersionsDiff& diff) {
  JsonWriter json(JsonWriter::Layout::Indented);
  json.begin_object().member("before", diff.before.shown).member("after", diff.after.shown);
  json.key("changes").begin_array();
  for (const Change& each : diff.comparison.changes) add_json(json, diff, each);
  json.end_array().key("figures").begin_array();
  for (const FigureChange& each : diff.figures) {
    json.begin_object().member("campaign", each.campaign).member("what", each.what);
    json.member("before", each.before).member("after", each.after).end_object();
  }
  json.end_array();
  if (diff.log) {
    json.key("log");
    log_json(*diff.log, json);
  }
  json.end_object();
  return std::move(json).take() + '\n';
}

}  // namespace nurture::tool
