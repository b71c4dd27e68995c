#include "tools/nurture/graph/sheet.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "tools/nurture/graph/looks.h"
#include "tools/nurture/graph/text.h"

namespace nurture::tool {

using outcome::count_text;
using picture::Arrow;
using picture::Box;
using picture::Chart;
using picture::Group;
using Style = TextLine::Style;

namespace {

// In pixels
constexpr double kBoxText = 196;
constexpr double kCampaignText = 240;
constexpr double kArrowText = 152;
constexpr double kGroupText = 420;
constexpr double kMargin = 12;
constexpr double kPoint = 14;  ///< of a hexagon or a tag, at each side that has one

/// Arrows out of it, without those that go back.
std::size_t ways_out(const Chart& chart, picture::Index box) {
  return static_cast<std::size_t>(
      std::count_if(chart.arrows.begin(), chart.arrows.end(), [&](const Arrow& arrow) { return arrow.from == box; }));
}

double margin_of(Box::Kind kind) {
  return look_of(kind).shape == Shape::Card ? kMargin : kMargin + kPoint / (look_of(kind).shape == Shape::Pill ? 3 : 1);
}

TextBlock block_of(const Box& box) {
  TextBlock block;
  const double width = box.kind == Box::Kind::Campaign ? kCampaignText : kBoxText;
  const Style style = box.kind == Box::Kind::Campaign ? Style::Heading : Style::Main;
  for (const std::string& line : box.lines) add_text(block, style, line, width);
  if (!box.detail.empty()) add_text(block, Style::Detail, box.detail, width);
  if (const std::string figures = figures_of(box); !figures.empty()) add_text(block, Style::Figure, figures, width);
  return block;
}

}  // namespace

double size_of(Style style) {
  switch (style) {
    case Style::Main:
      return 13;
    case Style::Detail:
    case Style::Figure:
      return 12;
    case Style::Heading:
      return 15;
  }
  return 13;
}

double height_of(Style style) { return size_of(style) + 4; }

double widened(Style style) {
  constexpr double kBold = 1.07;
  return size_of(style) * (style == Style::Heading || style == Style::Figure ? kBold : 1);
}

void add_text(TextBlock& block, Style style, std::string_view text, double width) {
  const double size = widened(style);
  for (std::string& line : wrap(text, width, size)) {
    block.width = std::max(block.width, width_of(line, size));
    block.height += height_of(style);
    block.lines.push_back({style, std::move(line)});
  }
}

Sheet sheet_of(const Chart& chart) {
  Sheet sheet;
  for (const Box& box : chart.boxes) {
    sheet.boxes.push_back(block_of(box));
    const TextBlock& block = sheet.boxes.back();
    sheet.widths.push_back(std::max(block.width, 40.0) + 2 * margin_of(box.kind));
    sheet.heights.push_back(block.height + (box.kind == Box::Kind::Wait ? 8 : 14));
  }
  for (const Arrow& arrow : chart.arrows) {
    TextBlock block;
    add_text(block, Style::Detail, arrow.label, kArrowText);
    for (const std::string& line : figures_of(arrow, chart)) add_text(block, Style::Figure, line, kArrowText);
    sheet.arrows.push_back(std::move(block));
  }
  for (const Group& group : chart.groups) {
    TextBlock block;
    const std::string name = group.kind == Group::Kind::Exclusive ? "one at a time: " + group.name : group.name;
    add_text(block, Style::Heading, name, kGroupText);
    if (const std::string text = figures_of(group); !text.empty()) add_text(block, Style::Figure, text, kGroupText);
    sheet.groups.push_back(std::move(block));
  }
  return sheet;
}

// Figures -------------------------------------------------------------------------------------------------------------

std::string figures_of(const Box& box) {
  if (!box.reached) return {};
  std::string text = count_text(*box.reached);
  if (box.inside && *box.inside > 0) text += fmt::format(", {} there now", count_text(*box.inside));
  return text;
}

std::vector<std::string> figures_of(const Arrow& arrow, const Chart& chart) {
  const std::optional<picture::Count> from = chart.boxes[arrow.from].reached;
  const bool only = ways_out(chart, arrow.from) == 1;
  if (!arrow.count || (only && arrow.count == from && !arrow.took)) return {};
  std::string text = count_text(*arrow.count);
  if (picture::share_of(arrow, chart) && !only) text += fmt::format(" ({})", outcome::share_text(*arrow.count, *from));
  if (arrow.took && arrow.took->median > 0 && arrow.shortest != arrow.longest)
    return {text + ",", "after " + outcome::duration_text(arrow.took->median)};
  return {text};
}

std::string figures_of(const Group& group) {
  if (!group.entered) return {};
  std::string text = fmt::format("{} came here", count_text(*group.entered));
  if (group.inside && *group.inside > 0) text += fmt::format(", {} there now", count_text(*group.inside));
  if (group.stayed && group.stayed->median > 0)
    text += fmt::format("; half stayed {} or less", outcome::duration_text(group.stayed->median));
  return text;
}

std::string figures_of(const picture::Totals& totals) {
  std::string text = fmt::format("{} came in", count_text(totals.entered));
  if (totals.held_out > 0) text += fmt::format(", {} of them held out", count_text(totals.held_out));
  text += fmt::format("; {} still in it", count_text(totals.inside));
  picture::Count out = 0;
  std::vector<std::string> reasons;
  for (const auto& left : totals.left) {
    out += left.count;
    reasons.push_back(fmt::format("{} {}", count_text(left.count), left.reason));
  }
  text += fmt::format("; {} left", count_text(out));
  if (!reasons.empty()) text += fmt::format(": {}", fmt::join(reasons, ", "));
  if (totals.stay.count > 0)
    text += fmt::format("; half of those stayed {} or less", outcome::duration_text(totals.stay.median));
  return text;
}

}  // namespace nurture::tool
