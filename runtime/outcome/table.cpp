#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/one_line.h"

namespace nurture::outcome {
namespace {

constexpr std::size_t kGap = 2;     // between columns
constexpr std::size_t kLeast = 12;  // a wrapping column never gets narrower

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Bytes of the first `n` code points.
std::size_t bytes_of(std::string_view text, std::size_t n) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (!continues(text[i]) && n-- == 0) break;
  }
  return i;
}

}  // namespace

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return line;
}

namespace {

/// Where to break a text that may have `limit` bytes: a space, but not one before "%". 0: there is none.
std::size_t break_at(std::string_view text, std::size_t limit) {
  std::size_t cut = text.substr(0, limit + 1).rfind(' ');
  while (cut != std::string_view::npos && cut > 0 && cut + 1 < text.size() && text[cut + 1] == '%') {
    cut = text.substr(0, cut).rfind(' ');
  }
  return cut == std::string_view::npos ? 0 : cut;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (text_width(text) > width) {
    std::size_t limit = bytes_of(text, width);
    std::size_t cut = break_at(text, limit);
    lines.emplace_back(text.substr(0, cut > 0 ? cut : limit));
    text.remove_prefix(cut > 0 ? cut + 1 : limit);
  }
  lines.emplace_back(text);
  return lines;
}

std::string bold_text(std::string_view text, bool colour) {
  return colour ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
}

Table& Table::column(std::string_view heading, Align align) {
  columns_.push_back({one_line(heading), align});
  return *this;
}

Table& Table::row(std::vector<std::string> cells) {
  NURTURE_CHECK(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
  return *this;
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  std::size_t fixed = indent_;
  std::size_t wrapping = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t most = text_width(columns_[i].heading);
    for (const auto& row : rows_) most = std::max(most, text_width(row[i]));
    widths.push_back(most);
    fixed += i == 0 ? 0 : kGap;
    columns_[i].align == Align::Wrap ? ++wrapping : fixed += most;
  }
  if (wrapping == 0) return widths;
  std::size_t left = width_ > fixed ? (width_ - fixed) / wrapping : 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].align == Align::Wrap) widths[i] = std::min(widths[i], std::max(left, kLeast));
  }
  return widths;
}

std::string Table::text(bool bold) const {
  std::string out;
  std::vector<std::size_t> w = widths();
  std::vector<std::string> headings;
  for (const Column& column : columns_) headings.push_back(column.heading);
  bool any = std::any_of(headings.begin(), headings.end(), [](const std::string& h) { return !h.empty(); });
  if (any) append_row(out, headings, w, bold);
  for (const auto& row : rows_) append_row(out, row, w, false);
  return out;
}

void Table::append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& w,
                       bool bold) const {
  std::vector<std::vector<std::string>> parts;
  std::size_t lines = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    parts.push_back(columns_[i].align == Align::Wrap ? wrap(cells[i], w[i]) : std::vector<std::string>{cells[i]});
    lines = std::max(lines, parts.back().size());
  }
  for (std::size_t k = 0; k < lines; ++k) {
    std::string line(indent_, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string cell = k < parts[i].size() ? parts[i][k] : "";
      std::string pad(w[i] - std::min(w[i], text_width(cell)), ' ');
      if (i > 0) line.append(kGap, ' ');
      line += columns_[i].align == Align::Right ? pad + cell : cell + pad;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += bold_text(line, bold) + "\n";
  }
}

}  // namespace nurture::outcome
