#include <fmt/format.h>
#include <map>
#include <set>

#include "runtime/base/json.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/assumed_runs.h"

// How figures that hang on assumptions look: in one run, and in many.
namespace nurture::tool {

namespace {

/// Nothing in any run, nor in history: not worth a line.
bool is_empty(const FigureRange& range) {
  return range.known == 0 || (!range.hangs && range.mean == 0 && range.figure.unit == outcome::Unit::Number);
}

/// A line without the blanks that tables put between their columns.
std::string squeezed(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  return out;
}

template <typename Use>
void each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    use(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

/// Begins a campaign, or a part of it: nothing stands beside it that could be counted.
bool is_heading(std::string_view line) {
  if (line.starts_with("─")) return true;
  const bool words = line.size() > 2 && line.starts_with("  ") && line[2] >= 'A' && line[2] <= 'Z';
  return words && line.back() != '.' && line.find_first_of("0123456789") == std::string_view::npos;
}

}  // namespace

/// Lines are compared within their part of the text.
std::string assumed_text(const std::string& run, const std::string& history, const Assuming& assuming) {
  std::set<std::pair<std::string, std::string>> known;
  std::string part;
  each_line(history, [&](std::string_view line) {
    if (is_heading(line)) part = squeezed(line);
    known.emplace(part, squeezed(line));
  });
  std::string out, rest;
  bool marked = false;
  part.clear();
  each_line(run, [&](std::string_view line) {
    if (is_heading(line)) part = squeezed(line);
    const bool counts = line.starts_with("  ") && line.find_first_of("0123456789") != std::string_view::npos;
    const bool mark = counts && !known.contains({part, squeezed(line)});
    marked |= mark;
    rest += mark ? "~" + std::string(line.substr(1)) : std::string(line);
    rest += '\n';
  });
  out = assuming_head(assuming) + "\n";
  out += marked ? "Lines marked ~ count something that hangs on it; in all others there is history alone.\n\n"
                : "Nothing here hangs on it.\n\n";
  return out + rest;
}

std::string assumed_json(const outcome::Summary& run, const outcome::Summary& history, const Assuming& assuming) {
  std::map<std::tuple<std::string, std::string, std::string>, outcome::Figure> known;
  for (outcome::Figure& each : outcome::figures(history))
    known[{each.campaign, each.group, each.name}] = std::move(each);
  JsonWriter json;
  json.begin_object().member("scenario", assuming.words).key("figures").begin_array();
  for (const outcome::Figure& each : outcome::figures(run)) {
    const auto before = known.find({each.campaign, each.group, each.name});
    const bool is_known = before != known.end() && before->second.known;
    if (is_known == each.known && (!is_known || before->second.value == each.value)) continue;
    json.begin_object();
    if (!each.campaign.empty()) json.member("campaign", each.campaign);
    json.member("group", each.group).member("figure", each.name).member("unit", outcome::unit_word(each.unit));
    json.key("value");
    each.known ? json.value(each.value) : json.null();
    json.key("history");
    is_known ? json.value(before->second.value) : json.null();
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string runs_head(const bytecode::Module& module, const FigureRuns& runs, const Assuming& assuming) {
  return fmt::format(
      "{}, simulated {}\n\n{}\nFigures marked ~ hang on it: the mean of all runs, and the range in which 95 % of them "
      "lie. "
      "The range is what\nchance makes of it if the scenario is right; whether it is right, it does not say. All other "
      "figures "
      "are history.\n",
      outcome::name_of(module, module.name), outcome::counted(runs.runs(), "time", "times"), assuming_head(assuming));
}

std::string ranges_text(const FigureRuns& runs, bool colour, bool difference) {
  const auto figure_text = [&](double value, outcome::Unit unit, bool mean = false) {
    const bool points = difference && unit == outcome::Unit::Share;  // "% more" would be something else
    return points ? outcome::figure_text(value * 100, outcome::Unit::Number, true) + " points"
                  : outcome::figure_text(value, unit, mean);
  };
  std::string out, campaign = "\n", group;
  std::unique_ptr<outcome::Table> table;
  const auto flush = [&] {
    if (table && !table->empty()) out += table->text(colour);
    table.reset();
  };
  for (const FigureRange& range : runs.ranges()) {
    const outcome::Figure& figure = range.figure;
    if (is_empty(range) || (difference && range.low == 0 && range.high == 0 && range.mean == 0)) continue;
    if (figure.campaign != campaign || figure.group != group) {
      flush();
      if (figure.campaign != campaign && !figure.campaign.empty())
        out += fmt::format("\n{}\n", outcome::bold_text("Campaign " + figure.campaign, colour));
      campaign = figure.campaign;
      group = figure.group;
      table = std::make_unique<outcome::Table>(100, 4);
      table->column("", outcome::Table::Align::Left).column("history").column("mean").column("2.5 %").column("97.5 %");
      out += fmt::format("\n  {}\n", outcome::bold_text(group, colour));
    }
    const bool counted = figure.known || figure.unit == outcome::Unit::Number;
    const std::string history = counted ? figure_text(figure.value, figure.unit) : "–";
    if (range.hangs) {
      table->row({"~ " + figure.name, history, figure_text(range.mean, figure.unit, true),
                  figure_text(range.low, figure.unit), figure_text(range.high, figure.unit)});
    } else {
      table->row({"  " + figure.name, history, "", "", ""});
    }
  }
  flush();
  return out;
}

void ranges_json(const FigureRuns& runs, const Assuming& assuming, JsonWriter& json) {
  json.begin_object().member("assumed", assuming.words).member("runs", runs.runs()).key("figures").begin_array();
  for (const FigureRange& range : runs.ranges()) {
    const outcome::Figure& figure = range.figure;
    json.begin_object();
    if (!figure.campaign.empty()) json.member("campaign", figure.campaign);
    json.member("group", figure.group).member("figure", figure.name).member("unit", outcome::unit_word(figure.unit));
    json.member("assumed", range.hangs).key("history");
    figure.known ? json.value(figure.value) : json.null();
    json.member("runs", range.known);
    if (range.known > 0) json.member("mean", range.mean).member("low", range.low).member("high", range.high);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace nurture::tool
