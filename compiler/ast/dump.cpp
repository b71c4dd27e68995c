#include "compiler/ast/dump.h"

#include <fmt/format.h>

namespace nurture::ast {

void DumpWriter::new_line() {
  if (!out_.empty()) out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void DumpWriter::open(std::string_view head) {
  new_line();
  out_ += '(';
  out_ += head;
  ++depth_;
}

void DumpWriter::close() {
  --depth_;
  out_ += ')';
}

void DumpWriter::line(std::string_view text) {
  new_line();
  out_ += text;
}

void DumpWriter::part(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  new_line();
  out_ += fmt::format("({} {})", name, value);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

namespace {

void count(std::string& out, std::int64_t n, std::string_view unit) {
  if (n == 0) return;
  if (!out.empty()) out += ' ';
  out += fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
}

}  // namespace

std::string written(const Duration& duration) {
  std::string out;
  count(out, duration.months, "month");
  count(out, duration.days, "day");
  count(out, duration.micros / kHour, "hour");
  count(out, duration.micros % kHour / kMinute, "minute");
  count(out, duration.micros % kMinute / kSecond, "second");
  return out.empty() ? "0 seconds" : out;
}

std::string written_date(std::int64_t days) {
  // Years of the proleptic Gregorian calendar that begin in March: the leap day is their last.
  std::int64_t z = days + 719'468;
  std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  std::int64_t day_of_era = z - era * 146'097;
  std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  std::int64_t m = (5 * day_of_year + 2) / 153;
  std::int64_t day = day_of_year - (153 * m + 2) / 5 + 1;
  std::int64_t month = m < 10 ? m + 3 : m - 9;
  return fmt::format("{:04}-{:02}-{:02}", year_of_era + era * 400 + (month <= 2), month, day);
}

std::string written_time(std::int64_t t) {
  std::string out = fmt::format("{:02}:{:02}", t / kHour, t % kHour / kMinute);
  if (t % kMinute) out += fmt::format(":{:02}", t % kMinute / kSecond);
  return out;
}

std::string written_days(std::uint8_t weekdays) {
  constexpr std::string_view kNames[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  std::string out;
  for (unsigned i = 0; i < 7; ++i) {
    if (weekdays >> i & 1) out += (out.empty() ? "" : " ") + std::string(kNames[i]);
  }
  return out;
}

std::string message(const Message& message) {
  if (!message.present) return {};
  std::string out = "(text";
  for (const MessagePart& part : message.parts)
    out += ' ' + (part.expression ? expr(part.expression) : quoted(part.literal));
  return out + ')';
}

std::string when(const When& when) {
  std::string out;
  auto add = [&](std::string_view text) {
    if (!out.empty()) out += ' ';
    out += text;
  };
  if (when.next) add("next");
  if (when.weekdays) add(written_days(when.weekdays));
  if (when.time) add(expr(when.time));
  if (when.target) add(expr(when.target));
  if (!when.zone.empty()) add("in " + quoted(when.zone));
  return out;
}

std::string record(const std::vector<RecordField>& fields) {
  std::string out;
  for (const RecordField& field : fields) out += fmt::format(" ({} {})", field.name.text, expr(field.value));
  return out;
}

std::string dump(const File& file) {
  DumpWriter out;
  for (const Decl* declaration : file.declarations) dump(out, declaration);
  return out.take();
}

}  // namespace nurture::ast
