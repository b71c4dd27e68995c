#include "compiler/ir/pools.h"

#include <algorithm>
#include <cctype>

namespace nurture::ir {

using bytecode::kNone;

Pools::Pools(bytecode::Module& module, const SourceManager& sources) : module_(module), sources_(sources) { text(""); }

std::uint16_t Pools::checked(std::size_t index, std::string_view what) {
  if (index < kNone) return static_cast<std::uint16_t>(index);
  if (overflow_.empty()) overflow_ = what;
  return 0;
}

bytecode::StringIndex Pools::text(std::string_view text) {
  auto [found, fresh] = texts_.try_emplace(std::string(text), 0);
  if (fresh) {
    found->second = checked(module_.strings.size(), "different texts");
    module_.strings.emplace_back(text);
  }
  return found->second;
}

bytecode::PlaceIndex Pools::place(Span span) {
  auto [found, fresh] = places_.try_emplace({span.file, span.begin}, 0);
  if (fresh) {
    found->second = checked(module_.places.size(), "statements");
    const SourceFile& file = sources_.file(span.file);
    LineColumn at = file.locate(span.begin);
    module_.places.push_back({text(file.path()), at.line, at.column});
  }
  return found->second;
}

std::uint16_t Pools::history(bytecode::HistorySite site) {
  module_.histories.push_back(std::move(site));
  return checked(module_.histories.size() - 1, "questions about the past");
}

std::uint16_t Pools::lead_query(bytecode::LeadQuery query) {
  module_.lead_queries.push_back(query);
  return checked(module_.lead_queries.size() - 1, "questions about the leads of an account");
}

bytecode::Type Pools::type(const sema::Type& type) {
  bytecode::Type made{type.kind, type.optional, type.element, kNone};
  if (type.choices.empty()) return made;
  bytecode::ChoiceSet set;
  for (const std::string& choice : type.choices) set.values.push_back(text(choice));
  auto& sets = module_.schema.choice_sets;
  auto found = std::find(sets.begin(), sets.end(), set);
  made.choices = checked(static_cast<std::size_t>(found - sets.begin()), "lists of choices");
  if (found == sets.end()) sets.push_back(std::move(set));
  return made;
}

Value Pools::encode(const sema::ConstantValue& constant) {
  switch (constant.type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return Value::of(text(constant.text));
    case TypeKind::List: {
      std::vector<Value> items;
      for (const sema::ConstantValue& item : constant.items) items.push_back(encode(item));
      auto found = std::find(module_.lists.begin(), module_.lists.end(), items);
      auto index = static_cast<std::size_t>(found - module_.lists.begin());
      if (found == module_.lists.end()) module_.lists.push_back(std::move(items));
      return Value::of(checked(index, "lists"));
    }
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
      return constant.value;
  }
  return constant.value;
}

std::uint16_t Pools::constant(const sema::ConstantValue& value) {
  bytecode::Type made = type(value.type);
  made.optional = false;
  return constant(made, encode(value));
}

std::uint16_t Pools::duration(const Duration& value) {
  bytecode::Type made;
  made.kind = TypeKind::Duration;
  return constant(made, Value::of_duration(value));
}

std::uint16_t Pools::constant(const bytecode::Type& type, Value value) {
  auto [found, fresh] =
      constants_.try_emplace({type.kind, type.element, type.choices, value.bits, value.aux, value.known}, 0);
  if (fresh) {
    found->second = checked(module_.constants.size(), "different values");
    module_.constants.push_back({type, value});
  }
  return found->second;
}

std::string written_in_one_line(std::string_view text) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool comment = !quote && (c == '#' || (c == '/' && i + 1 < text.size() && text[i + 1] == '/'));
    if (comment) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      continue;
    }
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) quote = quote ? 0 : c;
    bool space = std::isspace(static_cast<unsigned char>(c));
    if (!space) {
      out += c;
    } else if (!out.empty() && (quote || out.back() != ' ')) {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace nurture::ir
