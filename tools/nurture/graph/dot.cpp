#include <fmt/format.h>

#include "tools/nurture/graph/looks.h"
#include "tools/nurture/graph/writers.h"

namespace nurture::tool {

using picture::Arrow;
using picture::Chart;
using picture::Index;

namespace {

/// In quotes; lines are centred, or end at the left for a heading.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string quoted(const TextBlock& block, std::string_view line_end = "\\n") {
  std::string out = "\"";
  for (const TextLine& line : block.lines) {
    const std::string text = quoted(line.text);
    if (out.size() > 1 && line_end == "\\n") out += line_end;
    out += text.substr(1, text.size() - 2);
    if (line_end != "\\n") out += line_end;
  }
  return out + '"';
}

std::string_view shape_of(Shape shape) {
  switch (shape) {
    case Shape::Card:
      return "shape=box, style=\"filled,rounded\"";
    case Shape::Pill:
      return "shape=box, style=\"filled,rounded\"";
    case Shape::Hexagon:
      return "shape=hexagon, style=filled";
    case Shape::Tag:
      return "shape=cds, style=filled";
  }
  return "";
}

class Writer {
 public:
  explicit Writer(const Chart& chart) : chart_(chart), sheet_(sheet_of(chart)) {}

  std::string write() {
    out_ = fmt::format("digraph {} {{\n", quoted(chart_.name));
    out_ += fmt::format("  graph [rankdir={}, fontname=\"Helvetica\", label={}, labelloc=t, labeljust=l];\n",
                        chart_.of_programme ? "LR" : "TB", head());
    out_ += "  node [fontname=\"Helvetica\", fontsize=13, margin=\"0.15,0.08\", height=0.3];\n";
    out_ += "  edge [fontname=\"Helvetica\", fontsize=12, arrowsize=0.7, color=\"#6b7784\"];\n";
    boxes(picture::kNoIndex, "  ");
    for (Index i = 0; i < chart_.groups.size(); ++i) group(i);
    for (Index i = 0; i < chart_.arrows.size(); ++i) arrow(i);
    return std::move(out_) + "}\n";
  }

 private:
  std::string head() const {
    TextBlock block;
    add_text(block, TextLine::Style::Heading, chart_.name, 2000);
    if (!chart_.about.empty()) add_text(block, TextLine::Style::Detail, chart_.about, 700);
    if (chart_.totals) add_text(block, TextLine::Style::Detail, figures_of(*chart_.totals), 700);
    return quoted(block, "\\l");
  }

  void boxes(Index group, std::string_view indent) {
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (chart_.boxes[i].group != group) continue;
      const Look& look = look_of(chart_.boxes[i].kind);
      out_ += fmt::format("{}b{} [{}, fillcolor=\"{}\", color=\"{}\", label={}];\n", indent, i, shape_of(look.shape),
                          look.light.fill, look.light.stroke, quoted(sheet_.boxes[i]));
    }
  }

  void group(Index index) {
    out_ += fmt::format(
        "  subgraph cluster_{} {{\n    label={}; labeljust=l; style=\"rounded,filled\"; "
        "fillcolor=\"{}\"; color=\"{}\";\n",
        index, quoted(sheet_.groups[index], "\\l"), light_theme().group_fill, light_theme().group_line);
    boxes(index, "    ");
    out_ += "  }\n";
  }

  void arrow(Index index) {
    const Arrow& row = chart_.arrows[index];
    std::string attributes;
    if (!sheet_.arrows[index].empty()) attributes += fmt::format(", label={}", quoted(sheet_.arrows[index]));
    if (row.kind == Arrow::Kind::Jump) attributes += fmt::format(", style=dashed, color=\"{}\"", light_theme().jump);
    if (row.kind == Arrow::Kind::Back) attributes += ", style=dotted, constraint=false";
    if (!attributes.empty()) attributes = fmt::format(" [{}]", attributes.substr(2));
    out_ += fmt::format("  b{} -> b{}{};\n", row.from, row.to, attributes);
  }

  const Chart& chart_;
  Sheet sheet_;
  std::string out_;
};

}  // namespace

std::string dot(const Chart& chart) { return Writer(chart).write(); }

}  // namespace nurture::tool
