#include "tools/nurture/palette.h"

#include <algorithm>
#include <fmt/format.h>

#include "compiler/sema/walk.h"
#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"

namespace nurture::tool {

namespace {

using sema::ConstantValue;
using sema::Symbol;

std::string json_text(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// Nothing for what no log says as a plain value.
std::vector<std::string> json_of(const ConstantValue& constant) {
  const std::int64_t bits = constant.value.bits;
  switch (constant.type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return {json_text(constant.text)};
    case TypeKind::Integer:
      return {std::to_string(bits), std::to_string(bits + 1), std::to_string(bits - 1)};
    case TypeKind::Number:
      return {fmt::format("{}", constant.value.number()), fmt::format("{}", constant.value.number() + 1)};
    case TypeKind::Decimal:
      return {std::to_string(bits / kDecimalScale), std::to_string(bits / kDecimalScale + 1)};
    case TypeKind::Boolean:
      return {bits ? "true" : "false"};
    case TypeKind::Date:
      return {json_text(calendar::format_date(bits))};
    case TypeKind::DateTime:
      return {json_text(calendar::format_utc(bits))};
    case TypeKind::Time:
    case TypeKind::Duration:
    case TypeKind::Percent:
    case TypeKind::List:
      return {};
  }
  return {};
}

class Collector {
 public:
  explicit Collector(const sema::Model& model) : model_(model) {}

  Palette run() {
    for (const sema::Segment& segment : model_.segments) condition(segment.decl->condition);
    for (const sema::Score& score : model_.scores) {
      for (const ast::ScoreRow& row : score.decl->rows) event(row.event);
    }
    for (const sema::Content& content : model_.contents) {
      for (const ast::ContentVariant& variant : content.decl->variants) condition(variant.condition);
    }
    for (const sema::Campaign& campaign : model_.campaigns) {
      sema::for_each_question(campaign.decl->clauses, {[&](const ast::Expr& expr) { condition(&expr); },
                                                       [&](const ast::EventRef& event) { heard(event); }});
    }
    return std::move(palette_);
  }

 private:
  void event(const ast::EventRef& event) {
    heard(event);
    condition(event.where);
  }

  void heard(const ast::EventRef& event) {
    for (std::uint32_t kind : model_.kinds_of(event.kind.text())) {
      Palette::Values& values = palette_.events[kind];
      if (event.of_content) add(values["content"], {json_text(event.of_content.text)});
    }
  }

  void condition(const ast::Expr* expr) {
    if (!expr) return;
    if (const auto* binary = ast::try_as<ast::Binary>(expr)) {
      compare(*binary->left, *binary->right);
      compare(*binary->right, *binary->left);
    } else if (const auto* in = ast::try_as<ast::InTest>(expr)) {
      compare(*in->value, *in->list);
    } else if (const auto* between = ast::try_as<ast::Between>(expr)) {
      compare(*between->value, *between->low);
      compare(*between->value, *between->high);
    } else if (const auto* known = ast::try_as<ast::KnownTest>(expr)) {
      values(*known->value, plain(model_.type_of(*known->value)));
    } else if (const auto* lookup = ast::try_as<ast::Lookup>(expr)) {
      values(*lookup->key, keys(*lookup));
    } else if (ast::try_as<ast::NameRef>(expr) && model_.type_of(*expr).kind == TypeKind::Boolean) {
      values(*expr, {"true", "false"});
    } else if (const auto* past = ast::try_as<ast::Aggregate>(expr)) {
      event(past->event);
    } else if (const auto* leads = ast::try_as<ast::LeadsQuery>(expr)) {
      condition(leads->where);
    }
    sema::for_each_child(*expr, [&](const ast::Expr& child) { condition(&child); });
  }

  /// Something of that type, where all that matters is that it is known.
  static std::vector<std::string> plain(const sema::Type& type) {
    if (type.kind == TypeKind::Text) return {"\"something\""};
    if (type.kind == TypeKind::Choice && !type.choices.empty()) return {json_text(type.choices.front())};
    return {};
  }

  /// What a table can be asked for: its first keys.
  std::vector<std::string> keys(const ast::Lookup& lookup) const {
    constexpr std::size_t kMost = 12;
    std::vector<std::string> out;
    auto cell = model_.cells.find(lookup.id);
    if (cell == model_.cells.end()) return out;
    const sema::Table& table = model_.tables[cell->second.table];
    if (table.key == sema::kNoIndex) return out;
    for (const auto& row : table.rows) {
      if (out.size() < kMost && row[table.key]) add(out, json_of(*row[table.key]));
    }
    return out;
  }

  /// What is compared with the same for everybody.
  void compare(const ast::Expr& name, const ast::Expr& with) {
    auto constant = sema::constant_of(model_, with);
    if (!constant) return;
    if (constant->type.kind != TypeKind::List) return values(name, json_of(*constant));
    for (const ConstantValue& item : constant->items) values(name, json_of(item));
  }

  /// Takes them for what a plain name stands for; anything else is nobody's to give.
  void values(const ast::Expr& name, const std::vector<std::string>& values) {
    auto symbol = model_.symbols.find(name.id);
    if (!ast::try_as<ast::NameRef>(&name) || symbol == model_.symbols.end()) return;
    const Symbol& stands_for = symbol->second;
    if (stands_for.kind == Symbol::Kind::LeadAttribute) {
      add(palette_.lead[model_.lead[stands_for.index].name], values);
    } else if (stands_for.kind == Symbol::Kind::AccountAttribute) {
      add(palette_.account[model_.account[stands_for.index].name], values);
    } else if (stands_for.kind == Symbol::Kind::EventProperty || stands_for.kind == Symbol::Kind::EntryProperty) {
      if (stands_for.event_kind != sema::kNoIndex) property(stands_for.event_kind, stands_for.index, values);
      for (const auto& [kind, index] : stands_for.alternatives) property(kind, index, values);
    }
  }

  /// Of a group of kinds, what its symbol names is in `alternatives`.
  void property(std::uint32_t kind, std::uint32_t index, const std::vector<std::string>& values) {
    if (kind >= model_.kinds.size() || index >= model_.kinds[kind].properties.size()) return;
    add(palette_.events[kind][model_.kinds[kind].properties[index].name], values);
  }

  static void add(std::vector<std::string>& to, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
    }
  }

  const sema::Model& model_;
  Palette palette_;
};

}  // namespace

Palette palette_of(const sema::Model& model) { return Collector(model).run(); }

}  // namespace nurture::tool
