#include <fmt/format.h>

#include "runtime/vm/vm.h"

namespace nurture::vm {
namespace {

/// A count of 1/scale with at least `least` and at most `most` places (scale is 10^most): 12.5 -> "12.50".
std::string fixed(std::int64_t bits, std::int64_t scale, std::size_t least, std::size_t most) {
  const bool negative = bits < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(bits) : static_cast<std::uint64_t>(bits);
  const auto unit = static_cast<std::uint64_t>(scale);
  std::string places = fmt::format("{:0{}}", size % unit, most);
  while (places.size() > least && places.back() == '0') places.pop_back();
  return fmt::format("{}{}{}{}", negative ? "-" : "", size / unit, places.empty() ? "" : ".", places);
}

std::string format_list(Value value, const bytecode::Type& type, const TextPool& texts, const ListPool& lists,
                        const calendar::Zone* zone) {
  bytecode::Type item_type = type;
  item_type.kind = type.element;
  std::string joined;
  for (Value item : lists.at(static_cast<ListId>(value.bits))) {
    if (!joined.empty()) joined += ", ";
    joined += format_value(item, item_type, texts, lists, zone);
  }
  return joined;
}

}  // namespace

std::string format_value(Value value, const bytecode::Type& type, const TextPool& texts, const ListPool& lists,
                         const calendar::Zone* zone) {
  if (!value.known) return {};
  switch (type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return std::string(texts.at(value.text()));
    case TypeKind::Integer:
      return fmt::format("{}", value.bits);
    case TypeKind::Number:
      return fmt::format("{}", value.number());
    case TypeKind::Decimal:
      return fixed(value.bits, kDecimalScale, 2, 4);
    case TypeKind::Boolean:
      return value.bits != 0 ? "yes" : "no";
    case TypeKind::Date:
      return calendar::format_date(value.bits);
    case TypeKind::Time:
      return calendar::format_time(value.bits);
    case TypeKind::DateTime:
      return calendar::format_local(value.bits, zone != nullptr ? zone : calendar::utc());
    case TypeKind::Duration:
      return calendar::format_duration(value.duration());
    case TypeKind::Percent:
      return fixed(value.bits, kPercentScale, 0, 4) + "%";
    case TypeKind::List:
      return format_list(value, type, texts, lists, zone);
  }
  return {};
}

std::string render(const Frame& frame, const bytecode::Campaign* campaign, const bytecode::Message& message) {
  std::string text;
  const BoundModule& program = *frame.program;
  for (const bytecode::MessagePart& part : message) {
    if (part.expression == bytecode::kNoCode) {
      text += program.module->strings[part.literal];
    } else {
      const Value value = evaluate(frame, campaign, part.expression);
      text += format_value(value, part.type, *program.texts, *program.lists, frame.zone);
    }
  }
  return text;
}

}  // namespace nurture::vm
