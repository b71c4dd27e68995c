#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/value.h"
#include "runtime/calendar/calendar.h"

/// How figures, times and tables look to people.
namespace nurture::outcome {

std::string count_text(std::uint64_t n);                          ///< 1,234,567
std::string share_text(std::uint64_t part, std::uint64_t whole);  ///< 12.3 %; of nothing: –
std::string money_text(std::int64_t ten_thousandths);             ///< 1,234.50, to the nearest hundredth
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);  ///< "1 lead", "2,000 leads"
/// "2 days 3 h", "3 h 20 min", "4 min", "12 s": two units at most, rounded to the smaller.
std::string duration_text(std::int64_t micros);
std::string score_text(std::int64_t millionths);                 ///< 60, 59.999999
std::string day_text(std::int64_t date);                         ///< 5 Mar 2026
std::string weekday_text(std::int64_t date);                     ///< Thu 5 Mar 2026
std::string clock_text(Instant at, const calendar::Zone* zone);  ///< Thu 5 Mar 2026 10:00
/// 2026-03-05T10:00:00-05:00; microseconds only where not zero.
std::string local_with_offset(Instant at, const calendar::Zone* zone);
/// The first day (days since 1970-01-01) of the week of an instant; `starts_on` as Module::week_starts_on.
std::int64_t week_of(Instant at, const calendar::Zone* zone, std::uint8_t starts_on);
std::string iso_week_text(std::int64_t monday);  ///< 2026-W10

/// Columns on a terminal, by code points. `text` columns take what is left of the width and wrap.
class Table {
 public:
  enum class Align : std::uint8_t { Left, Right, Wrap };
  explicit Table(unsigned width, unsigned indent = 2) : width_(width), indent_(indent) {}

  Table& column(std::string_view heading, Align align = Align::Right);
  Table& row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// Headings (if any is not empty), then the rows; `bold` marks the headings for a terminal.
  std::string text(bool bold = false) const;

 private:
  struct Column {
    std::string heading;
    Align align;
  };
  std::vector<std::size_t> widths() const;
  void append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                  bool bold) const;

  unsigned width_;
  unsigned indent_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::size_t text_width(std::string_view text);  ///< code points
/// Lines of at most `width` code points, broken at spaces; a longer word is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
std::string bold_text(std::string_view text, bool colour);

}  // namespace nurture::outcome
