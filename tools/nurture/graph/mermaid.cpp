#include <cctype>
#include <fmt/format.h>

#include "tools/nurture/graph/looks.h"
#include "tools/nurture/graph/writers.h"

namespace nurture::tool {

using picture::Arrow;
using picture::Chart;
using picture::Index;

namespace {

/// What means something to Mermaid, to the HTML or to the Markdown inside a label goes as its number.
std::string escaped(std::string_view text) {
  constexpr std::string_view kSpecial = "\"#;&<>`*~|\\";
  const auto in_word = [&](std::size_t at) {
    return at > 0 && at + 1 < text.size() && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0 &&
           std::isalnum(static_cast<unsigned char>(text[at + 1])) != 0;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool special = kSpecial.find(text[i]) != std::string_view::npos || (text[i] == '_' && !in_word(i));
    out += special ? fmt::format("#{};", static_cast<int>(text[i])) : std::string(1, text[i]);
  }
  return out;
}

/// "1. x" and "- x" would be lists.
std::string line_of(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const std::size_t mark = digits == std::string_view::npos ? text.size() : digits;
  if (mark >= text.size() || std::string_view(".-+").find(text[mark]) == std::string_view::npos) return escaped(text);
  return fmt::format("{}#{};{}", escaped(text.substr(0, mark)), static_cast<int>(text[mark]),
                     escaped(text.substr(mark + 1)));
}

std::string quoted(const TextBlock& block) {
  std::string out = "\"";
  for (const TextLine& line : block.lines) {
    if (out.size() > 1) out += "<br/>";
    out += line_of(line.text);
  }
  return out + '"';
}

/// Around a label.
std::pair<std::string_view, std::string_view> brackets_of(Shape shape) {
  switch (shape) {
    case Shape::Card:
      return {"[", "]"};
    case Shape::Pill:
      return {"([", "])"};
    case Shape::Hexagon:
      return {"{{", "}}"};
    case Shape::Tag:
      return {">", "]"};
  }
  return {};
}

class Writer {
 public:
  explicit Writer(const Chart& chart) : chart_(chart), sheet_(sheet_of(chart)) {}

  std::string write() {
    out_ = fmt::format("flowchart {}\n", chart_.of_programme ? "LR" : "TB");
    boxes(picture::kNoIndex, "  ");
    for (Index i = 0; i < chart_.groups.size(); ++i) {
      out_ += fmt::format("  subgraph g{}[{}]\n", i, quoted(sheet_.groups[i]));
      boxes(i, "    ");
      out_ += "  end\n";
    }
    for (Index i = 0; i < chart_.arrows.size(); ++i) arrow(i);
    for (picture::Box::Kind kind : kinds_in(chart_)) {
      const Look& look = look_of(kind);
      // Its text is dark whatever the theme of the page: the fill is light.
      out_ += fmt::format("  classDef k_{} fill:{},stroke:{},color:{}\n", word_of(kind), look.light.fill,
                          look.light.stroke, light_theme().ink);
    }
    return std::move(out_);
  }

 private:
  void boxes(Index group, std::string_view indent) {
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (chart_.boxes[i].group != group) continue;
      const auto kind = chart_.boxes[i].kind;
      const auto [open, close] = brackets_of(look_of(kind).shape);
      out_ += fmt::format("{}b{}{}{}{}:::k_{}\n", indent, i, open, quoted(sheet_.boxes[i]), close, word_of(kind));
    }
  }

  void arrow(Index index) {
    const Arrow& row = chart_.arrows[index];
    const std::string_view line = row.kind == Arrow::Kind::Next || row.kind == Arrow::Kind::Relation ? "-->" : "-.->";
    const TextBlock& label = sheet_.arrows[index];
    const std::string text = label.empty() ? "" : fmt::format("|{}|", quoted(label));
    out_ += fmt::format("  b{} {}{} b{}\n", row.from, line, text, row.to);
  }

  const Chart& chart_;
  Sheet sheet_;
  std::string out_;
};

}  // namespace

std::string mermaid(const Chart& chart) { return Writer(chart).write(); }

}  // namespace nurture::tool
