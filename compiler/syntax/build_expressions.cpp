#include <algorithm>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/literals.h"

namespace nurture::syntax {

using namespace ast;

namespace {

bool is_literal(const Expr* e) {
  switch (e->kind) {
    case NodeKind::TextLit:
    case NodeKind::IntegerLit:
    case NodeKind::NumberLit:
    case NodeKind::PercentLit:
    case NodeKind::DateLit:
    case NodeKind::TimeLit:
    case NodeKind::DateTimeLit:
    case NodeKind::DurationLit:
      return true;
    default:
      return false;
  }
}

/// `x is v`, `x is not v` or a list of them that was made of alternatives: what can take one more.
struct Choice {
  const Expr* value = nullptr;
  std::vector<const Expr*> among;
  bool negated = false;
  bool ignoring_case = false;
};
std::optional<Choice> choice_of(const Expr* e) {
  if (const auto* test = try_as<InTest>(e)) {
    const auto* list = try_as<ListLit>(test->list);
    if (list) return Choice{test->value, list->items, test->negated, test->ignoring_case};
  }
  const auto* b = try_as<Binary>(e);
  if (!b || (b->op != BinaryOp::Is && b->op != BinaryOp::IsNot)) return std::nullopt;
  return Choice{b->left, {b->right}, b->op == BinaryOp::IsNot, b->ignoring_case};
}

}  // namespace

const Expr* Builder::error(Span at, std::vector<const Expr*> partial) {
  auto* out = tree_.make<ErrorExpr>(at);
  out->partial = std::move(partial);
  return out;
}

/// Keeps the tree as shallow as the limit says; those who walk it descend the stack.
const Expr* Builder::checked(const Expr* made, std::initializer_list<const Expr*> below) {
  std::uint32_t height = 0;
  for (const Expr* e : below) {
    std::size_t at = e ? e->id - first_id_ : height_.size();
    if (at < height_.size()) height = std::max(height, height_[at]);
  }
  std::size_t at = made->id - first_id_;
  if (at >= height_.size()) height_.resize(std::max(at + 1, height_.size() * 2));
  height_[at] = height + 1;
  if (height + 1 <= limits_.max_nesting) return made;
  if (!too_deep_) {
    diagnostics_.report(DiagnosticId::TooDeep, made->span, limits_.max_nesting).hint =
        "A part of it can be a segment or a let; \"in [a, b, c]\" is short for many times \"or\".";
  }
  too_deep_ = true;
  return error(made->span);
}

const Expr* Builder::binary(BinaryOp op, Span op_span, const Expr* left, const Expr* right, bool ignoring_case) {
  auto* out = tree_.make<Binary>(join(left->span, right->span));
  out->op = op;
  out->left = left;
  out->right = right;
  out->ignoring_case = ignoring_case;
  out->op_span = op_span;
  return checked(out, {left, right});
}

const Expr* Builder::lone(Parser::Lone_expressionContext* context) { return expression(context->expression()); }

/// Down the layers of an expression for as long as there is one child each: the atom, if there is nothing else to it.
Parser::AtomContext* Builder::lone_atom(Context* context) {
  while (context->getRuleIndex() != Parser::RuleAtom) {
    if (context->children.size() != 1 || context->exception) return nullptr;
    // Every layer above the atom holds contexts of rules only, if it holds one child.
    context = static_cast<Context*>(context->children[0]);
  }
  return static_cast<Parser::AtomContext*>(context);
}

const Expr* Builder::expression(Parser::ExpressionContext* context) {
  if (!context) return error({source_.id(), 0, 0});
  if (auto* only = lone_atom(context)) return atom(only);
  auto parts = context->conjunction();
  if (parts.empty()) return error(span(context));
  std::vector<const Expr*> operands;
  for (auto* part : parts) operands.push_back(conjunction(part));
  const Expr* out = operands[0];
  for (std::size_t i = 1; i < operands.size(); ++i) {
    auto* op = dynamic_cast<Terminal*>(context->children[2 * i - 1]);
    Span at = span(op);
    if (op && op->getSymbol()->getType() == Parser::OR_SIGN) report_written(DiagnosticId::SignWritten, at, "or");
    const Expr* list = bare_alternative(out, operands[i], at);
    out = list ? list : binary(BinaryOp::Or, at, out, operands[i]);
  }
  return out;
}

const Expr* Builder::conjunction(Parser::ConjunctionContext* context) {
  if (auto* only = lone_atom(context)) return atom(only);
  auto parts = context->negation();
  if (parts.empty()) return error(span(context));
  const Expr* out = negation(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto* op = dynamic_cast<Terminal*>(context->children[2 * i - 1]);
    Span at = span(op);
    if (op && op->getSymbol()->getType() == Parser::AND_SIGN) report_written(DiagnosticId::SignWritten, at, "and");
    const Expr* right = negation(parts[i]);
    const Expr* list = bare_alternative(out, right, at);
    out = list ? list : binary(BinaryOp::And, at, out, right);
  }
  return out;
}

/// `role is not "champion" or "sponsor"`: the literal after `or` was meant as one more value of the comparison before
/// it, which is a list; null if this is not such a case.
const Expr* Builder::bare_alternative(const Expr* left, const Expr* right, Span op) {
  if (!is_literal(right)) return nullptr;
  const Expr* last = left;
  if (const auto* b = try_as<Binary>(left); b && (b->op == BinaryOp::Or || b->op == BinaryOp::And)) last = b->right;
  auto choice = choice_of(last);
  if (!choice) return nullptr;
  choice->among.push_back(right);
  auto* list = tree_.make<ListLit>(join(choice->among.front()->span, right->span));
  list->items = choice->among;
  auto* test = tree_.make<InTest>(join(last->span, right->span));
  test->value = choice->value;
  test->list = list;
  test->negated = choice->negated;
  test->ignoring_case = choice->ignoring_case;
  std::string items;
  for (const Expr* item : choice->among) items += (items.empty() ? "" : ", ") + written(item->span);
  std::string better = fmt::format("{} [{}]", choice->negated ? "not in" : "in", items);
  auto& d = diagnostics_.report(DiagnosticId::BareAlternative, right->span, text(op), text(right->span));
  d.hint = fmt::format("Did you mean \"{}\"?", better);
  d.edits.push_back({{op.file, choice->value->span.end, right->span.end}, " " + better});
  if (last == left) return test;
  const auto& joined = as<Binary>(*left);
  return binary(joined.op, joined.op_span, joined.left, test);
}

const Expr* Builder::negation(Parser::NegationContext* context) {
  const Expr* out = comparison(context->comparison());
  for (auto it = context->children.rbegin(); it != context->children.rend(); ++it) {
    auto* sign = dynamic_cast<Terminal*>(*it);
    if (!sign) continue;
    Span at = span(sign);
    if (sign->getSymbol()->getType() == Parser::NOT_SIGN) report_written(DiagnosticId::SignWritten, at, "not");
    auto* negated = tree_.make<Unary>(join(at, out->span));
    negated->op = UnaryOp::Not;
    negated->operand = out;
    out = checked(negated, {out});
  }
  return out;
}

const Expr* Builder::comparison(Parser::ComparisonContext* context) {
  if (!context || !context->sum()) return error(span(context));
  const Expr* left = sum(context->sum());
  auto comparators = context->comparator();
  if (comparators.empty()) return left;
  const Expr* out = comparator(left, comparators[0]);
  // `where url starts with "/a" in last 30 days`: the call around takes the length off again.
  bool in_last = in_call_ && comparators.size() == 2 && comparators[1]->IN_LAST() && !comparators[1]->NOT();
  if (in_last) return comparator(out, comparators[1]);
  if (comparators.size() > 1) {
    auto& d = diagnostics_.report(DiagnosticId::ChainedComparison, span(comparators[1]));
    d.labels.push_back({out->span, "this is a comparison already"});
    d.hint = "Write two conditions and join them with \"and\", or use \"between … and …\".";
  }
  return out;
}

const Expr* Builder::sum(Parser::SumContext* context) {
  if (auto* only = lone_atom(context)) return atom(only);
  auto parts = context->product();
  if (parts.empty()) return error(span(context));
  const Expr* out = product(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto* op = dynamic_cast<Terminal*>(context->children[2 * i - 1]);
    bool plus = op && op->getSymbol()->getType() == Parser::PLUS;
    out = binary(plus ? BinaryOp::Add : BinaryOp::Subtract, span(op), out, product(parts[i]));
  }
  return out;
}

const Expr* Builder::product(Parser::ProductContext* context) {
  auto parts = context->fallback();
  if (parts.empty()) return error(span(context));
  const Expr* out = fallback(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto* op = dynamic_cast<Terminal*>(context->children[2 * i - 1]);
    bool star = op && op->getSymbol()->getType() == Parser::STAR;
    out = binary(star ? BinaryOp::Multiply : BinaryOp::Divide, span(op), out, fallback(parts[i]));
  }
  return out;
}

/// `else` binds tightest, so in `1 day before lead.renewal_on else 2026-05-01` it belongs to the date.
const Expr* Builder::fallback(Parser::FallbackContext* context) {
  auto parts = context->primary();
  if (parts.empty()) return error(span(context));
  const Expr* out = primary(parts[0]);
  const auto* shift = parts.size() > 1 ? try_as<DateShift>(out) : nullptr;
  if (shift) out = shift->target;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto* op = dynamic_cast<Terminal*>(context->children[2 * i - 1]);
    out = binary(BinaryOp::Else, span(op), out, primary(parts[i]));
  }
  if (!shift) return out;
  auto* moved = tree_.make<DateShift>(join(shift->span, out->span));
  moved->amount = shift->amount;
  moved->before = shift->before;
  moved->target = out;
  return checked(moved, {out});
}

const Expr* Builder::primary(Parser::PrimaryContext* context) {
  const Expr* out = atom(context->atom());
  auto signs = context->MINUS();
  for (auto it = signs.rbegin(); it != signs.rend(); ++it) {
    auto* negated = tree_.make<Unary>(join(span(*it), out->span));
    negated->op = UnaryOp::Negate;
    negated->operand = out;
    out = checked(negated, {out});
  }
  return out;
}

}  // namespace nurture::syntax
