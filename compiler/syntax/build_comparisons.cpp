#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;

namespace {

/// `empty`, `null`: what other languages call unknown.
bool means_unknown(const Expr* e) {
  const auto* ref = try_as<NameRef>(e);
  return ref && ref->path.parts.size() == 1 &&
         (ref->path.parts[0].text == "empty" || ref->path.parts[0].text == "null");
}

}  // namespace

/// What follows `is`, `=` or `!=`, if it is a value.
const Expr* Builder::equality(const Expr* left, Parser::ComparatorContext* context, bool negated, Span op) {
  const Expr* right = sum(context->sum(0));
  if (means_unknown(right)) {
    Span at = join(op, right->span);
    report_written(DiagnosticId::EmptyWritten, at, negated ? "is known" : "is unknown");
    auto* test = tree_.make<KnownTest>(join(left->span, right->span));
    test->value = left;
    test->unknown = !negated;
    return checked(test, {left});
  }
  return binary(negated ? BinaryOp::IsNot : BinaryOp::Is, op, left, right, context->IGNORING_CASE());
}

const Expr* Builder::is_comparator(const Expr* left, Parser::ComparatorContext* context) {
  bool negated = context->NOT();
  Span at = join(left->span, span(context));
  if (context->KNOWN() || context->UNKNOWN()) {
    auto* test = tree_.make<KnownTest>(at);
    test->value = left;
    test->unknown = (context->UNKNOWN() != nullptr) != negated;
    return checked(test, {left});
  }
  if (context->WITH_SALES()) {
    const auto* ref = try_as<NameRef>(left);
    const bool account = ref && ref->path.text() == "account";
    if (!ref || (ref->path.text() != "lead" && !account)) {
      diagnostics_.report(DiagnosticId::ExpectedFound, left->span, "\"lead\"", " before \"is with sales\"",
                          '"' + written(left->span) + '"');
    }
    auto* test = tree_.make<WithSales>(at);
    test->negated = negated;
    test->of_account = account;
    return test;
  }
  Span op = span(context->IS());
  if (negated) op = join(op, span(context->NOT()));
  if (!context->sum(0)) return error(at, {left});
  if (context->IN() || context->ONE_OF()) {
    Span wrong = join(op, span(context->IN() ? context->IN() : context->ONE_OF()));
    report_written(DiagnosticId::OneOfWritten, wrong, negated ? "not in" : "in");
    return in_test(left, sum(context->sum(0)), negated, context);
  }
  if (context->AT_LEAST() || context->AT_MOST()) return bound(left, context, op);
  return equality(left, context, negated, op);
}

/// `at least 60`, `is not at most 60`: the signs `>=` and `<=` in words.
const Expr* Builder::bound(const Expr* left, Parser::ComparatorContext* context, Span op) {
  BinaryOp meant = context->AT_LEAST() ? BinaryOp::GreaterEqual : BinaryOp::LessEqual;
  const Expr* out = binary(meant, op, left, sum(context->sum(0)));
  if (!context->NOT()) return out;
  auto* negated = tree_.make<Unary>(out->span);
  negated->op = UnaryOp::Not;
  negated->operand = out;
  return checked(negated, {out});
}

const Expr* Builder::in_test(const Expr* left, const Expr* list, bool negated, Parser::ComparatorContext* context) {
  auto* test = tree_.make<InTest>(join(left->span, list->span));
  test->value = left;
  test->list = list;
  test->negated = negated;
  test->ignoring_case = context->IGNORING_CASE();
  return checked(test, {left, list});
}

const Expr* Builder::comparator(const Expr* left, Parser::ComparatorContext* context) {
  Span at = join(left->span, span(context));
  if (context->exception) return error(at, {left});
  if (context->IS()) return is_comparator(left, context);
  if (context->IN()) return in_test(left, sum(context->sum(0)), context->NOT(), context);
  if (context->IN_LAST()) return in_last(left, context);
  if (context->WITHIN_NEXT()) {
    auto* test = tree_.make<WithinNext>(at);
    test->value = left;
    test->length = duration(context->duration());
    return checked(test, {left});
  }
  if (context->BETWEEN()) {
    auto* test = tree_.make<Between>(at);
    test->value = left;
    test->low = sum(context->sum(0));
    test->high = sum(context->sum(1));
    return checked(test, {left, test->low, test->high});
  }
  return signed_comparator(left, context);
}

/// `was in campaign as reason in last D` is one test; anything else `in last D` asks for an instant.
const Expr* Builder::in_last(const Expr* left, Parser::ComparatorContext* context) {
  Span at = join(left->span, span(context));
  const Expr* length = duration(context->duration());
  if (const auto* was = try_as<WasInCampaign>(left); was && !context->NOT()) {
    auto* test = tree_.make<WasInCampaign>(at);
    test->campaign = was->campaign;
    test->reason = was->reason;
    test->last = length;
    return test;
  }
  auto* test = tree_.make<InLast>(at);
  test->value = left;
  test->length = length;
  test->negated = context->NOT();
  return checked(test, {left});
}

const Expr* Builder::signed_comparator(const Expr* left, Parser::ComparatorContext* context) {
  Span op = {source_.id(), span(context).begin, static_cast<std::uint32_t>(context->start->getStopIndex() + 1)};
  switch (context->start->getType()) {
    case Parser::EQ:
    case Parser::EQ_EQ:
    case Parser::EQUALS:
    case Parser::NOT_EQ: {
      bool negated = context->start->getType() == Parser::NOT_EQ;
      std::size_t before = diagnostics_.all().size();
      const Expr* out = equality(left, context, negated, op);
      // `= null` has its own answer.
      if (diagnostics_.all().size() == before || out->kind != NodeKind::KnownTest) {
        report_written(negated ? DiagnosticId::NotEqualWritten : DiagnosticId::EqualsWritten, op,
                       negated ? "is not" : "is");
      }
      return out;
    }
    case Parser::AT_LEAST:
    case Parser::AT_MOST:
      return bound(left, context, op);
  }
  const Expr* right = sum(context->sum(0));
  switch (context->start->getType()) {
    case Parser::LESS:
      return binary(BinaryOp::Less, op, left, right);
    case Parser::LESS_EQUAL:
      return binary(BinaryOp::LessEqual, op, left, right);
    case Parser::GREATER:
      return binary(BinaryOp::Greater, op, left, right);
    case Parser::GREATER_EQUAL:
      return binary(BinaryOp::GreaterEqual, op, left, right);
    case Parser::STARTS_WITH:
      return binary(BinaryOp::StartsWith, op, left, right, context->IGNORING_CASE());
    case Parser::ENDS_WITH:
      return binary(BinaryOp::EndsWith, op, left, right, context->IGNORING_CASE());
    case Parser::CONTAINS:
      return binary(BinaryOp::Contains, op, left, right, context->IGNORING_CASE());
    case Parser::MATCHES:
      return binary(BinaryOp::Matches, op, left, right, context->IGNORING_CASE());
  }
  return error(join(left->span, span(context)), {left, right});
}

}  // namespace nurture::syntax
