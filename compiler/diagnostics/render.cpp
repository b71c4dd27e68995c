#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "compiler/diagnostics/diagnostics.h"

namespace nurture {

namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kCyan = "\x1b[1;36m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::size_t kTabWidth = 4;
/// A source line that is wider is shown only around the place in question.
constexpr std::size_t kWidest = 160;

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// A line as cells: each code point is one, a tab fills up to the next stop, a control character is a space.
struct Cells {
  std::vector<std::string> text;
  std::vector<std::size_t> of_byte;  ///< byte offset in the line → index of its cell; one more for the end

  explicit Cells(std::string_view line) {
    for (char c : line) {
      if (continuation(c) && !text.empty()) {
        of_byte.push_back(of_byte.back());
        text.back() += c;
        continue;
      }
      of_byte.push_back(text.size());
      if (c == '\t') {
        do {
          text.emplace_back(" ");
        } while (text.size() % kTabWidth != 0);
      } else {
        text.emplace_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? std::string(" ") : std::string(1, c));
      }
    }
    of_byte.push_back(text.size());
  }
};

struct Mark {
  std::size_t begin = 0, end = 0;  ///< cells
  bool primary = false;
  std::string_view text;
};

class Renderer {
 public:
  Renderer(const SourceManager& sources, bool color) : sources_(sources), color_(color) {}

  void diagnostic(const Diagnostic& d) {
    const DiagnosticInfo& row = info(d.id);
    std::string_view hue = d.severity == Severity::Error ? kRed : d.severity == Severity::Warning ? kYellow : kCyan;
    out_ +=
        paint(hue, fmt::format("{}[{}]", severity_name(d.severity), row.code)) + paint(kBold, ": " + d.message) + '\n';
    if (sources_.has(d.span.file)) places(d, hue);
    if (!d.hint.empty()) out_ += fmt::format("{} {} {}\n", gutter(""), paint(kCyan, "= hint:"), d.hint);
    out_ += '\n';
  }

  void closing(const Diagnostics& diagnostics) {
    std::size_t left_out = diagnostics.left_out();
    if (left_out)
      out_ += fmt::format("{} more error{} left out; mend these first\n", left_out, left_out == 1 ? "" : "s");
  }

  std::string take() { return std::move(out_); }

 private:
  std::string paint(std::string_view hue, std::string_view text) const {
    return color_ ? fmt::format("{}{}{}", hue, text, kReset) : std::string(text);
  }
  std::string gutter(std::string_view number) const { return fmt::format("{:>{}}", number, width_); }

  /// The source lines concerned, in order; per file a heading.
  void places(const Diagnostic& d, std::string_view hue) {
    std::map<std::uint32_t, std::vector<Mark>> lines;
    std::vector<const Label*> elsewhere;
    const SourceFile& file = sources_.file(d.span.file);
    std::map<std::uint32_t, Cells> cells;
    auto mark = [&](Span span, bool primary, std::string_view text) {
      std::uint32_t number = file.locate(span.begin).line;
      const Cells& row = cells.try_emplace(number, file.line(number)).first->second;
      std::uint32_t start = offset_of(file, number);
      auto cell = [&](std::uint32_t at) {
        return row.of_byte[std::min<std::size_t>(at - start, row.of_byte.size() - 1)];
      };
      std::size_t begin = cell(span.begin);
      lines[number].push_back({begin, std::max(begin + 1, cell(std::max(span.begin, span.end))), primary, text});
    };
    mark(d.span, true, {});
    for (const Label& label : d.labels) {
      if (label.span.file == d.span.file)
        mark(label.span, false, label.text);
      else if (sources_.has(label.span.file))
        elsewhere.push_back(&label);
    }
    width_ = std::to_string(lines.rbegin()->first).size();
    heading(file, d.span, "-->");
    block(lines, cells, hue);
    for (const Label* label : elsewhere) other_file(*label);
  }

  void other_file(const Label& label) {
    const SourceFile& file = sources_.file(label.span.file);
    std::uint32_t number = file.locate(label.span.begin).line;
    std::map<std::uint32_t, Cells> cells;
    const Cells& row = cells.try_emplace(number, file.line(number)).first->second;
    std::size_t last = row.of_byte.size() - 1;
    std::uint32_t start = offset_of(file, number);
    std::size_t begin = row.of_byte[std::min<std::size_t>(label.span.begin - start, last)];
    std::size_t end = row.of_byte[std::min<std::size_t>(std::max(label.span.begin, label.span.end) - start, last)];
    heading(file, label.span, ":::");
    block({{number, {{begin, std::max(begin + 1, end), false, label.text}}}}, cells, kBlue);
  }

  void heading(const SourceFile& file, Span span, std::string_view arrow) {
    LineColumn at = file.locate(span.begin);
    out_ += fmt::format("{}{} {}:{}:{}\n", gutter(""), paint(kBlue, arrow), file.path(), at.line, at.column);
  }

  void block(const std::map<std::uint32_t, std::vector<Mark>>& lines, const std::map<std::uint32_t, Cells>& cells,
             std::string_view hue) {
    out_ += fmt::format("{} {}\n", gutter(""), paint(kBlue, "|"));
    std::uint32_t before = 0;
    for (const auto& [number, marks] : lines) {
      if (before && number > before + 1) out_ += fmt::format("{} {}\n", gutter(""), paint(kBlue, ":"));
      before = number;
      source_line(number, cells.at(number), marks, hue);
    }
  }

  void source_line(std::uint32_t number, const Cells& cells, std::vector<Mark> marks, std::string_view hue) {
    std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
    auto [from, to] = excerpt(cells.text.size(), marks.front().begin);
    std::string shown = from ? "…" : "";
    for (std::size_t i = from; i < to; ++i) shown += cells.text[i];
    while (shown.ends_with(' ')) shown.pop_back();
    if (to < cells.text.size()) shown += "…";
    std::string bar = paint(kBlue, "|");
    out_ += fmt::format("{} {} {}\n", gutter(std::to_string(number)), bar, shown);
    std::size_t shift = from ? from - 1 : 0;
    for (const Mark& mark : marks) {
      if (mark.begin < shift || mark.begin > to) continue;
      std::size_t end = std::max(mark.begin + 1, std::min(mark.end, to));
      std::string line = std::string(end - mark.begin, mark.primary ? '^' : '-');
      if (!mark.text.empty()) line += fmt::format(" {}", mark.text);
      out_ += fmt::format("{} {} {}{}\n", gutter(""), bar, std::string(mark.begin - shift, ' '),
                          paint(mark.primary ? hue : kBlue, line));
    }
  }

  static std::pair<std::size_t, std::size_t> excerpt(std::size_t size, std::size_t place) {
    if (size <= kWidest) return {0, size};
    std::size_t from = place > kWidest / 2 ? place - kWidest / 2 : 0;
    return {from, std::min(size, from + kWidest)};
  }

  static std::uint32_t offset_of(const SourceFile& file, std::uint32_t line) {
    return static_cast<std::uint32_t>(file.line(line).data() - file.content().data());
  }

  const SourceManager& sources_;
  bool color_;
  std::size_t width_ = 1;
  std::string out_;
};

}  // namespace

std::string render_terminal(const Diagnostics& diagnostics, const SourceManager& sources, bool color) {
  Renderer renderer(sources, color);
  for (const Diagnostic& d : diagnostics.all()) renderer.diagnostic(d);
  renderer.closing(diagnostics);
  return renderer.take();
}

}  // namespace nurture
