#include "compiler/syntax/canonical.h"

#include <array>
#include <fmt/format.h>

#include "compiler/syntax/antlr.h"
#include "compiler/syntax/literals.h"

namespace nurture::syntax {

namespace {

bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Words that were joined to one token, with one space between them; a comment among them is not part of them.
std::string joined(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size();) {
    bool comment = written[i] == '#' || written.substr(i).starts_with("//");
    if (comment) {
      i = std::min(written.find_first_of("\r\n", i), written.size());
    } else if (space(written[i]) || written.substr(i).starts_with("\u00A0")) {
      i += space(written[i]) ? 1 : 2;
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += written[i++];
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string text_literal(std::string_view written) {
  if (!written.starts_with("“")) return std::string(written);
  Quotes quotes = quotes_of(written);
  return fmt::format("\"{}\"", written.substr(quotes.open, written.size() - quotes.open - quotes.close));
}

std::string time(std::string_view written) {
  auto micros = time_of(written);
  if (!micros) return std::string(written);
  std::string out = fmt::format("{:02}:{:02}", *micros / kHour, *micros % kHour / kMinute);
  if (*micros % kMinute) out += fmt::format(":{:02}", *micros % kMinute / kSecond);
  return out;
}

std::string date(std::string_view written) {
  std::size_t first = written.find('-');
  std::size_t second = written.rfind('-');
  auto month = whole_number(written.substr(first + 1, second - first - 1));
  auto day = whole_number(written.substr(second + 1));
  return fmt::format("{}-{:02}-{:02}", written.substr(0, first), month.value_or(0), day.value_or(0));
}

std::string percent(std::string_view written) {
  std::string out(written);
  std::erase(out, ' ');
  return out;
}

}  // namespace

std::string canonical_text(std::size_t type, std::string_view written) {
  switch (type) {
    case Parser::STRING:
      return text_literal(written);
    case Parser::SINGLE_QUOTED:
      return std::string(written);
    case Parser::TIME:
      return time(written);
    case Parser::DATE:
      return date(written);
    case Parser::PERCENT:
      return percent(written);
    case Parser::RANGE:
      return "to";
    case Parser::MINUS:
      return "-";
    case Parser::LESS_EQUAL:
      return "<=";
    case Parser::GREATER_EQUAL:
      return ">=";
    case Parser::START_OF_WEEK:
      return "start_of_week";
    case Parser::ENROLL_IN:
      return "enroll in campaign";
    case Parser::REMOVE_FROM_CAMPAIGN:
      return "remove from campaign";
  }
  return joined(written);
}

std::string canonical_weekday(std::string_view written) {
  constexpr std::array<std::string_view, 7> kNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};
  auto day = weekday_of(written);
  return std::string(day ? kNames[static_cast<std::size_t>(*day)] : written);
}

std::string canonical_unit(std::string_view number, std::string_view written) {
  auto unit = unit_of(written);
  if (!unit) return std::string(written);
  return fmt::format("{}{}", unit->name, whole_number(number) == 1 ? "" : "s");
}

}  // namespace nurture::syntax
