#include "compiler/sema/types.h"

#include <algorithm>

namespace nurture::sema {

namespace {

struct Row {
  TypeKind kind;
  std::string_view word;   ///< in a declaration
  std::string_view plain;  ///< in a sentence
};
constexpr Row kRows[] = {
    {TypeKind::Text, "text", "a text"},
    {TypeKind::Integer, "integer", "a whole number"},
    {TypeKind::Number, "number", "a number"},
    {TypeKind::Decimal, "decimal", "a decimal"},
    {TypeKind::Boolean, "boolean", "a yes or no"},
    {TypeKind::Date, "date", "a date"},
    {TypeKind::Time, "time", "a time of day"},
    {TypeKind::DateTime, "datetime", "a date with time"},
    {TypeKind::Duration, "duration", "a length of time"},
    {TypeKind::Percent, "percent", "a percentage"},
    {TypeKind::Choice, "choice", "a choice"},
    {TypeKind::List, "list", "a list"},
    {TypeKind::Content, "content", "a content"},
};
const Row& row(TypeKind kind) { return kRows[static_cast<std::size_t>(kind)]; }

bool share_a_value(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& value) { return std::find(b.begin(), b.end(), value) != b.end(); });
}

}  // namespace

Type make(TypeKind kind, bool optional) {
  Type type;
  type.kind = kind;
  type.optional = optional;
  return type;
}

Type list_of(const Type& item) {
  if (item.poison()) return item;
  Type type = make(TypeKind::List);
  type.element = item.kind;
  type.choices = item.choices;
  return type;
}

Type item_of(const Type& list) {
  if (list.poison()) return list;
  Type type = make(list.element);
  type.choices = list.choices;
  return type;
}

Type known(Type type) {
  type.optional = false;
  return type;
}

Type maybe(Type type, bool optional) {
  type.optional = optional;
  return type;
}

std::optional<TypeKind> kind_named(std::string_view word) {
  for (const Row& each : kRows) {
    if (each.word == word) return each.kind;
  }
  return std::nullopt;
}

std::string_view word_of(TypeKind kind) { return row(kind).word; }

std::string alternatives(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  std::size_t shown = std::min(words.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += '"' + words[i] + '"';
  }
  if (shown < words.size()) text += fmt::format(" or one of {} more", words.size() - shown);
  return text;
}

std::string describe(const Type& type) {
  if (type.poison()) return "something unclear";
  if (type.special == Type::Special::BareChoice) return "a list of words";
  std::string text(type.kind == TypeKind::List ? "a list of " + std::string(word_of(type.element))
                                               : row(type.kind).plain);
  if (!type.optional) return text;
  return "an optional" + text.substr(text.find(' '));
}

bool has_order(TypeKind kind) {
  switch (kind) {
    case TypeKind::Text:
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
      return true;
    case TypeKind::Boolean:
    case TypeKind::Choice:
    case TypeKind::List:
    case TypeKind::Content:
      return false;
  }
  return false;
}

bool is_number(TypeKind kind) {
  return kind == TypeKind::Integer || kind == TypeKind::Number || kind == TypeKind::Decimal;
}

bool is_textual(TypeKind kind) {
  return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content;
}

bool alike(const Type& a, const Type& b) {
  if (a.poison() || b.poison()) return true;
  if (a.kind != b.kind) return false;
  if (a.kind == TypeKind::Choice) return share_a_value(a.choices, b.choices);
  if (a.kind == TypeKind::List) return alike(item_of(a), item_of(b));
  return true;
}

}  // namespace nurture::sema
