// Figures and names as the language writes them.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/one_line.h"
#include "tools/nurture/fit_report.h"

namespace nurture::tool {

using bytecode::kNone;

std::string value_text(const Learned& learned, const bytecode::Type& type, Value value) {
  if (type.kind == TypeKind::Boolean) return value.truth() ? "true" : "false";
  std::string quoted = "\"";
  for (char c : learned.store.texts.at(value.text())) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string reaction_words(const Learned& learned, const fit::Reaction& reaction) {
  const bytecode::EventKind& kind = learned.module.schema.kinds[reaction.kind];
  std::string words = learned.module.strings[kind.name];
  if (reaction.by_machine) words += " by a machine";
  std::string_view before = " with ";
  for (const auto& [property, value] : reaction.record) {
    if (property == kind.machine_property) continue;
    const bytecode::Field& field = kind.properties[property];
    words += fmt::format("{}{} {}", before, learned.module.strings[field.name], value_text(learned, field.type, value));
    before = " and ";
  }
  return words;
}

std::string causes_words(const Learned& learned, const fit::Cause& cause, const fit::Rule& rule) {
  std::string words = "hand-offs";
  if (!cause.hand_off()) {
    words = rule.content == kNone ? "sends by " + learned.module.strings[cause.channel]
                                  : fmt::format("sends of {}", outcome::content_name(learned.module, rule.content));
  }
  if (!rule.segment.known) return words;
  const bytecode::Field& by = learned.module.schema.lead[learned.options.by];
  return fmt::format("{} to leads with {} {}", words, learned.module.strings[by.name],
                     value_text(learned, by.type, rule.segment));
}

bool can_be_written(const Learned& learned, const fit::Rule& rule) {
  if (!rule.segment.known) return true;
  if (learned.module.schema.lead[learned.options.by].type.kind == TypeKind::Boolean) return true;
  const std::string_view text = learned.store.texts.at(rule.segment.text());
  return outcome::one_line(text) == text;
}

std::string length_text(double micros) {
  constexpr std::int64_t kSeconds = 10 * kMinute;  // below, to the second
  constexpr std::int64_t kMinutes = 2 * kDay;      // below, to the minute; above, to the hour
  const double unit = micros < kSeconds ? kSecond : micros < kMinutes ? kMinute : kHour;
  const auto rounded = std::max<std::int64_t>(kSecond, std::llround(micros / unit) * static_cast<std::int64_t>(unit));
  const std::int64_t days = rounded / kDay;
  std::string text = days == 0 ? "" : fmt::format("{} {}", days, days == 1 ? "day" : "days");
  if (rounded % kDay == 0) return text;
  if (days > 0) text += ' ';
  return text + calendar::format_duration({0, 0, rounded % kDay});
}

std::string rate_text(double share) {
  if (share <= 0) return "0%";
  constexpr double kLeast = 0.0001;  // per cent
  const double percent = share * 100;
  const int digits = std::clamp(2 - static_cast<int>(std::floor(std::log10(percent))), 0, 4);
  std::string text = fmt::format("{:.{}f}", std::max(percent, kLeast), digits);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + "%";
}

}  // namespace nurture::tool
