#include "runtime/eventlog/convert.h"

#include <simdjson.h>

namespace nurture::eventlog {
namespace {

using bytecode::Type;

Converted known_or_bad(std::optional<std::int64_t> bits) {
  if (!bits) return {{}, true, false};
  return {Value::of(*bits), false, false};
}

/// The items of a list: of a JSON array, or of a CSV field with semicolons between them.
std::optional<std::vector<Cell>> list_items(const Cell& cell, std::vector<std::string>& storage) {
  std::vector<Cell> items;
  if (cell.kind != Cell::Kind::List && !cell.text.starts_with('[')) {
    for (std::size_t begin = 0; begin <= cell.text.size();) {
      std::size_t end = std::min(cell.text.find(';', begin), cell.text.size());
      std::string_view item = cell.text.substr(begin, end - begin);
      while (item.starts_with(' ')) item.remove_prefix(1);
      while (item.ends_with(' ')) item.remove_suffix(1);
      items.push_back({Cell::Kind::Text, item});
      begin = end + 1;
    }
    return items;
  }
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(simdjson::padded_string(cell.text)).get(array) != simdjson::SUCCESS) return std::nullopt;
  storage.reserve(array.size());
  for (simdjson::dom::element element : array) {
    std::string_view text;
    bool is_text = element.get(text) == simdjson::SUCCESS;
    storage.push_back(is_text ? std::string(text) : simdjson::minify(element));
    items.push_back({element.is_null() ? Cell::Kind::Null : Cell::Kind::Text, storage.back()});
  }
  return items;
}

}  // namespace

Result<TimeReader> TimeReader::compile(std::string_view pattern, std::string_view zone,
                                       const calendar::Zone* default_zone) {
  const calendar::Zone* in = zone.empty() ? default_zone : calendar::find_zone(zone);
  if (!in) return Error{"there is no time zone \"" + std::string(zone) + "\" on this machine", "install tzdata"};
  if (pattern.empty()) return native(in);
  if (pattern == "rfc3339") return TimeReader(Kind::Rfc3339, in);
  struct Epoch {
    std::string_view name;
    EpochUnit unit;
  };
  for (Epoch epoch : {Epoch{"epoch s", EpochUnit::Seconds}, Epoch{"epoch ms", EpochUnit::Millis},
                      Epoch{"epoch us", EpochUnit::Micros}}) {
    if (pattern != epoch.name) continue;
    TimeReader reader(Kind::Epoch, in);
    reader.unit_ = epoch.unit;
    return reader;
  }
  TimeReader reader(Kind::Pattern, in);
  reader.pattern_ = calendar::Pattern::compile(pattern);
  if (reader.pattern_) return reader;
  return Error{"\"" + std::string(pattern) + "\" is not a time format",
               "write it like \"yyyy-mm-dd hh:mm:ss\" or \"d/m/yyyy h:mm\", or \"rfc3339\", \"epoch s\", \"epoch ms\""};
}

std::optional<Instant> TimeReader::instant(std::string_view text) const {
  switch (kind_) {
    case Kind::Native:
      // Four digits of a year and a hyphen, or it is a number.
      if (text.size() > 4 && text[4] == '-') {
        if (auto at = calendar::parse_rfc3339(text)) return at;
      }
      return parse_epoch(text, EpochUnit::ByMagnitude);
    case Kind::Rfc3339:
      return calendar::parse_rfc3339(text);
    case Kind::Epoch:
      return parse_epoch(text, unit_);
    case Kind::Pattern: {
      auto local = pattern_->parse(text);
      if (!local) return std::nullopt;
      return calendar::from_local(local->date, local->time_of_day, zone_);
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> TimeReader::date(std::string_view text) const {
  if (kind_ == Kind::Pattern) {
    auto local = pattern_->parse(text);
    return local ? std::optional(local->date) : std::nullopt;
  }
  if (kind_ == Kind::Native) return calendar::parse_date(text);
  auto at = instant(text);
  return at ? std::optional(calendar::to_local(*at, zone_).date) : std::nullopt;
}

Converted Converter::text_value(const Cell& cell, const Type& type) {
  if (type.kind != TypeKind::Choice || type.choices == bytecode::kNone) {
    return {Value::of_text(pools_.text(cell.text)), false, false};
  }
  for (bytecode::StringIndex choice : module_.schema.choice_sets[type.choices].values) {
    const std::string& text = module_.strings[choice];
    if (text == cell.text) return {Value::of_text(pools_.text(text)), false, false};
  }
  return {{}, false, true};
}

Converted Converter::list_value(const Cell& cell, const Type& type, const TimeReader& time) {
  std::vector<std::string> storage;
  auto items = list_items(cell, storage);
  if (!items) return {{}, true, false};
  Type element{type.element, true, TypeKind::Text, type.choices};
  std::vector<Value> values;
  Converted result;
  for (const Cell& item : *items) {
    Converted one = convert(item, element, time);
    if (one.bad) return one;
    result.outside_choice |= one.outside_choice;
    if (one.value.known) values.push_back(one.value);
  }
  result.value = Value::of(pools_.list(std::move(values), type.element));
  return result;
}

Converted Converter::convert(const Cell& cell, const Type& type, const TimeReader& time) {
  if (cell.kind == Cell::Kind::Null) return {};
  if (cell.kind == Cell::Kind::List && type.kind != TypeKind::List) return {{}, true, false};
  switch (type.kind) {
    case TypeKind::Text:
    case TypeKind::Content:
    case TypeKind::Choice:
      return text_value(cell, type);
    case TypeKind::Integer:
      return known_or_bad(parse_integer(cell.text));
    case TypeKind::Number: {
      auto number = parse_number(cell.text);
      return number ? Converted{Value::of_number(*number), false, false} : Converted{{}, true, false};
    }
    case TypeKind::Decimal:
      return known_or_bad(parse_scaled(cell.text, 4, Rounding::HalfToEven));
    case TypeKind::Boolean: {
      auto truth = parse_boolean(cell.text);
      return truth ? Converted{Value::of_bool(*truth), false, false} : Converted{{}, true, false};
    }
    case TypeKind::Date:
      return known_or_bad(time.date(cell.text));
    case TypeKind::Time:
      return known_or_bad(calendar::parse_time_of_day(cell.text));
    case TypeKind::DateTime:
      return known_or_bad(time.instant(cell.text));
    case TypeKind::Duration:
      return known_or_bad(parse_exact_duration(cell.text));
    case TypeKind::Percent:
      return known_or_bad(parse_percent(cell.text));
    case TypeKind::List:
      return list_value(cell, type, time);
  }
  return {{}, true, false};
}

Value Converter::constant(std::uint16_t index) {
  auto text_id = [&](Value value) {
    return Value::of_text(pools_.text(module_.strings[static_cast<std::size_t>(value.bits)]));
  };
  auto is_text = [](TypeKind kind) {
    return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content;
  };
  const bytecode::Constant& constant = module_.constants[index];
  if (!constant.value.known) return {};
  if (is_text(constant.type.kind)) return text_id(constant.value);
  if (constant.type.kind != TypeKind::List) return constant.value;
  std::vector<Value> items = module_.lists[static_cast<std::size_t>(constant.value.bits)];
  if (is_text(constant.type.element)) {
    for (Value& item : items) item = item.known ? text_id(item) : item;
  }
  return Value::of(pools_.list(std::move(items), constant.type.element));
}

std::string expected_text(const bytecode::Module& module, const Type& type) {
  switch (type.kind) {
    case TypeKind::Text:
      return "a text";
    case TypeKind::Integer:
      return "a whole number";
    case TypeKind::Number:
      return "a number";
    case TypeKind::Decimal:
      return "an amount like 12.50";
    case TypeKind::Boolean:
      return "true or false";
    case TypeKind::Date:
      return "a date like 2026-03-05";
    case TypeKind::Time:
      return "a time like 09:30";
    case TypeKind::DateTime:
      return "an instant like 2026-03-05T09:30:00Z";
    case TypeKind::Duration:
      return "a length of time like \"90 minutes\"";
    case TypeKind::Percent:
      return "a percentage";
    case TypeKind::Choice: {
      std::string text = "one of";
      if (type.choices == bytecode::kNone) return "a choice";
      for (bytecode::StringIndex value : module.schema.choice_sets[type.choices].values) {
        text += (text.size() > 6 ? ", " : " ") + module.strings[value];
      }
      return text;
    }
    case TypeKind::List:
      return "a list";
    case TypeKind::Content:
      return "the name of a content";
  }
  return "";
}

}  // namespace nurture::eventlog
