#include "compiler/practice/readiness.h"

#include <algorithm>
#include <array>

#include "compiler/sema/walk.h"

namespace nurture::practice {

namespace {

using ast::BinaryOp;
using ast::NodeKind;
using sema::Symbol;

bool contains_one_of(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

const Symbol* symbol_of(const sema::Model& model, const ast::Expr& expr) {
  if (expr.kind != NodeKind::NameRef) return nullptr;
  auto found = model.symbols.find(expr.id);
  return found == model.symbols.end() ? nullptr : &found->second;
}

/// Attributes in which sales keeps how serious a lead is.
bool tells_plans(std::string_view attribute) {
  return contains_one_of(attribute, {"timeframe", "budget", "ready", "qualified", "score", "grade", "intent"});
}

bool named_for_readiness(std::string_view segment) {
  return contains_one_of(segment, {"ready", "hot", "qualified", "mql", "keen"});
}

bool asks_of_the_past(const ast::Expr& part) {
  if (const auto* past = ast::try_as<ast::Aggregate>(&part)) return past->function.text != "none";
  return part.kind == NodeKind::ContentPast || part.kind == NodeKind::VisitsOf || part.kind == NodeKind::WasInCampaign;
}

/// An attribute with a choice of values, a yes or no, or a number.
bool is_finding(const sema::Model& model, const ast::Expr& part, const Symbol& symbol) {
  if (symbol.kind != Symbol::Kind::LeadAttribute && symbol.kind != Symbol::Kind::AccountAttribute) return false;
  const TypeKind kind = model.type_of(part).kind;
  return kind == TypeKind::Choice || kind == TypeKind::Boolean || kind == TypeKind::Integer ||
         kind == TypeKind::Number || kind == TypeKind::Decimal;
}

std::optional<Threshold> threshold(const sema::Model& model, const ast::Binary& compared) {
  bool above = compared.op == BinaryOp::GreaterEqual || compared.op == BinaryOp::Greater;
  if (!above && compared.op != BinaryOp::Less && compared.op != BinaryOp::LessEqual) return std::nullopt;
  const ast::Expr *score = compared.left, *points = compared.right;
  const Symbol* symbol = symbol_of(model, *score);
  if (!symbol || symbol->kind != Symbol::Kind::Score) {
    std::swap(score, points);
    above = !above;
    symbol = symbol_of(model, *score);
  }
  if (!symbol || symbol->kind != Symbol::Kind::Score) return std::nullopt;
  const std::optional<double> number = number_of(model, points);
  if (!number) return std::nullopt;
  return Threshold{symbol->index, above, *number, &compared};
}

void from_band(const sema::Model& model, const ast::Between& band, bool negated, std::vector<Threshold>& out) {
  const Symbol* symbol = symbol_of(model, *band.value);
  if (!symbol || symbol->kind != Symbol::Kind::Score) return;
  if (auto low = number_of(model, band.low)) out.push_back({symbol->index, !negated, *low, &band});
  if (auto high = number_of(model, band.high)) out.push_back({symbol->index, negated, *high, &band});
}

/// A form says in its name what it asks for.
bool asks_to_talk(const ast::Expr& where) {
  if (const auto* text = ast::try_as<ast::TextLit>(&where)) {
    std::string lower = text->value;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return contains_one_of(lower, {"demo", "contact", "quote", "talk", "sales", "call", "consult", "trial", "offer"});
  }
  bool found = false;
  sema::for_each_child(where, [&](const ast::Expr& part) { found = found || asks_to_talk(part); });
  return found;
}

}  // namespace

std::optional<double> number_of(const sema::Model& model, const ast::Expr* expr) {
  if (!expr) return std::nullopt;
  const std::optional<sema::ConstantValue> value = sema::constant_of(model, *expr);
  if (!value || !value->value.known) return std::nullopt;
  if (value->type.kind == TypeKind::Number) return value->value.number();
  if (value->type.kind == TypeKind::Integer) return static_cast<double>(value->value.bits);
  return std::nullopt;
}

bool tells_ready(const sema::Model& model, const ast::Expr& condition) {
  bool found = false;
  for_each_part(model, condition, [&](const ast::Expr& part, bool negated) {
    if (found || negated) return;
    found = asks_of_the_past(part);
    const Symbol* symbol = symbol_of(model, part);
    if (!symbol) return;
    if (symbol->kind == Symbol::Kind::Score) found = true;
    if (symbol->kind == Symbol::Kind::Segment) found = named_for_readiness(model.segments[symbol->index].name);
    if (symbol->kind == Symbol::Kind::LeadAttribute) found = tells_plans(model.lead[symbol->index].name);
  });
  return found;
}

bool decides(const sema::Model& model, const ast::Expr& condition) {
  bool found = false;
  for_each_part(model, condition, [&](const ast::Expr& part, bool) {
    const Symbol* symbol = symbol_of(model, part);
    found = found || part.kind == NodeKind::Aggregate || asks_of_the_past(part) ||
            (symbol && (symbol->kind == Symbol::Kind::Score || symbol->kind == Symbol::Kind::Segment ||
                        is_finding(model, part, *symbol)));
  });
  return found;
}

bool is_request(const Facts& facts, const ast::EventRef& event) {
  if (facts.all(event, facts.speaks)) return true;
  return event.where && event.kind.parts.back().text == "submitted" && asks_to_talk(*event.where);
}

bool enters_ready(const sema::Model& model, const Facts& facts, const ast::Clause& entry) {
  if (entry.event && is_request(facts, entry.event)) return true;
  return (entry.condition && tells_ready(model, *entry.condition)) ||
         (entry.condition2 && tells_ready(model, *entry.condition2));
}

std::vector<Threshold> thresholds(const sema::Model& model, const ast::Expr& condition) {
  std::vector<Threshold> out;
  for_each_part(model, condition, [&](const ast::Expr& part, bool negated) {
    if (const auto* band = ast::try_as<ast::Between>(&part)) from_band(model, *band, negated, out);
    const auto* compared = ast::try_as<ast::Binary>(&part);
    if (!compared) return;
    if (std::optional<Threshold> found = threshold(model, *compared)) {
      found->from_below = found->from_below != negated;
      out.push_back(*found);
    }
  });
  return out;
}

std::vector<Asked> segments_asked(const sema::Model& model, const ast::Expr& condition) {
  std::vector<Asked> out;
  for_each_part(model, condition, [&](const ast::Expr& part, bool negated) {
    const Symbol* symbol = symbol_of(model, part);
    if (!negated && symbol && symbol->kind == Symbol::Kind::Segment) out.push_back({symbol->index, &part});
  });
  return out;
}

}  // namespace nurture::practice
