#include "runtime/calendar/read.h"
#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

// Letters of a compiled piece.
constexpr char kYear = 'y', kMonth = 'M', kDayOfMonth = 'd', kHours = 'H', kMinutes = 'm', kSeconds = 's';

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Which field a letter of the pattern means, or 0.
char field_of(char letter, bool after_hour) {
  switch (letter) {
    case 'y':
      return kYear;
    case 'M':
      return kMonth;
    case 'm':
      return after_hour ? kMinutes : kMonth;
    case 'd':
      return kDayOfMonth;
    case 'h':
    case 'H':
      return kHours;
    case 's':
      return kSeconds;
    default:
      return 0;
  }
}

struct Fields {
  std::int32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t micros = 0;

  std::int32_t& of(char field) {
    switch (field) {
      case kYear:
        return year;
      case kMonth:
        return month;
      case kDayOfMonth:
        return day;
      case kHours:
        return hour;
      case kMinutes:
        return minute;
      default:
        return second;
    }
  }
};

}  // namespace

std::optional<Pattern> Pattern::compile(std::string_view text) {
  Pattern pattern;
  std::string seen;
  for (std::size_t i = 0; i < text.size();) {
    char field = field_of(text[i], seen.find(kHours) != std::string::npos);
    if (field == 0) {
      // Only the two letters that ISO 8601 itself puts between digits are literal.
      if (is_letter(text[i]) && text[i] != 'T' && text[i] != 'Z') return std::nullopt;
      pattern.pieces_.push_back({0, static_cast<std::uint8_t>(text[i++])});
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && text[end] == text[i]) ++end;
    std::size_t width = end - i;
    bool fits = field == kYear ? width == 4 : width <= 2;
    if (!fits || seen.find(field) != std::string::npos) return std::nullopt;
    seen += field;
    pattern.pieces_.push_back({field, static_cast<std::uint8_t>(width)});
    i = end;
  }
  for (char needed : {kYear, kMonth, kDayOfMonth}) {
    if (seen.find(needed) == std::string::npos) return std::nullopt;
  }
  return pattern;
}

std::optional<Local> Pattern::parse(std::string_view text) const {
  DigitReader reader(text);
  Fields fields;
  for (const Piece& piece : pieces_) {
    if (piece.letter == 0) {
      reader.literal(static_cast<char>(piece.width));
      continue;
    }
    int most = piece.letter == kYear ? 4 : 2;
    fields.of(piece.letter) = reader.number(piece.width, most);
    if (piece.letter == kSeconds && reader.peek() == '.') {  // a fraction of the second, said or not
      reader.skip();
      fields.micros = reader.fraction();
    }
  }
  if (!reader.done() || !valid_date(fields.year, fields.month, fields.day)) return std::nullopt;
  if (fields.hour > 23 || fields.minute > 59 || fields.second > 60) return std::nullopt;
  if (fields.second == 60) fields.micros = 0;  // a leap second is the next second
  std::int64_t date = days_from_civil(fields.year, fields.month, fields.day);
  std::int64_t time = fields.hour * kHour + fields.minute * kMinute + fields.second * kSecond + fields.micros;
  return time >= kDay ? Local{date + 1, time - kDay} : Local{date, time};
}

}  // namespace nurture::calendar
