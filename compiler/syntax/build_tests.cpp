#include "compiler/syntax/builder.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/words.h"

namespace nurture::syntax {

using namespace ast;
using Kind = TestItem::Kind;

const Decl* Builder::test_decl(Parser::Test_declContext* context) {
  auto* out = tree_.make<TestDecl>(span(context));
  out->name = plain_text(context->text());
  out->name_span = span(context->text());
  out->campaign = path(context->path());
  for (auto* each : context->test_item()) {
    if (!sound(each)) continue;
    if (each->FOR_EACH()) {
      test_rows(each, *out);
      continue;
    }
    TestItem item;
    item.span = span(each);
    test_item(each, item);
    out->items.push_back(std::move(item));
  }
  return out;
}

void Builder::test_rows(Parser::Test_itemContext* context, TestDecl& out) {
  out.tables.push_back(span(context->FOR_EACH()));
  if (!sound(context->test_rows())) return;
  for (auto* each : context->test_rows()->test_row()) {
    if (!sound(each)) continue;
    if (sound(each->record())) {
      for (auto* field : each->record()->field_name()) bare_name(field);
    }
    std::vector<RecordField> values = record(each->record());
    std::erase_if(values, [&](const RecordField& value) { return reserved(value.name); });
    out.rows.push_back({plain_text(each->text()), span(each->text()), std::move(values), span(each)});
  }
}

/// Whether the name of a row's value can never be written where it is meant.
bool Builder::reserved(const Name& name) {
  if (!is_reserved_word(name.text)) return false;
  diagnostics_.report(DiagnosticId::RowValueWord, name.span, name.text).hint =
      "Give it another name, such as `what` or `which`.";
  return true;
}

std::vector<RecordField> Builder::record(Parser::RecordContext* context) {
  std::vector<RecordField> out;
  if (!sound(context)) return out;
  auto names = context->field_name();
  auto values = context->expression();
  for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
    out.push_back({name(names[i]), expression(values[i])});
  }
  return out;
}

void Builder::test_item(Parser::Test_itemContext* context, TestItem& out) {
  if (context->GIVEN()) return given(context, out);
  if (context->ALSO()) {
    out.kind = Kind::Also;
    out.campaign = path(context->path());
    return;
  }
  if (context->EXPECT()) {
    out.kind = Kind::Expect;
    out.negated = context->NO();
    expectation(context->expectation(), out);
    if (context->OF()) out.lead = name(context->plain_name());
    if (context->expect_span()) expect_span(context->expect_span(), out);
    return;
  }
  out.kind = Kind::Event;
  if (context->AT()) out.at = test_instant(context->test_instant());
  if (context->AFTER()) out.after = test_length(context->duration());
  if (auto* event = context->test_event()) {
    out.event = test_kind(event->test_kind());
    out.fields = record(event->record());
    out.lead = name(event->plain_name());
  }
}

/// Even without a time it is an instant: the beginning of the day.
const Expr* Builder::test_instant(Parser::Test_instantContext* context) {
  if (!sound(context)) return error(span(context));
  if (context->plain_name()) return name_ref(context->plain_name());
  Span at = span(context->DATE());
  if (context->TIME()) at = join(at, span(context->TIME()));
  if (context->zone()) at = join(at, span(context->zone()));
  auto* out = tree_.make<DateTimeLit>(at);
  out->days = date(context->DATE());
  if (context->TIME()) out->time_of_day = time_of_day(context->TIME());
  zone(context->zone(), out->zone, out->zone_span);
  return out;
}

const Expr* Builder::test_length(Parser::DurationContext* context) {
  bool business = false;
  const Expr* out = duration(context, &business);
  if (!business) return out;
  diagnostics_.report(DiagnosticId::WrongType, span(context), "a length of time", "a number of business days").hint =
      "A test goes by the calendar: write how long it is, such as `4 days`.";
  return error(span(context));
}

const Expr* Builder::name_ref(Parser::Plain_nameContext* context) {
  Name written = name(context);
  auto* out = tree_.make<NameRef>(written.span);
  out->path = {{written}, written.span};
  return out;
}

Path Builder::test_kind(Parser::Test_kindContext* context) const {
  Path out;
  if (context->IDENT()) out.parts.push_back(name(context->IDENT()));
  for (auto* part : context->name()) out.parts.push_back(name(part));
  out.span = span(context);
  return out;
}

void Builder::given(Parser::Test_itemContext* context, TestItem& out) {
  if (context->LEAD() || context->ACCOUNT()) {
    out.kind = context->LEAD() ? Kind::GivenLead : Kind::GivenAccount;
    out.fields = record(context->record());
    (context->LEAD() ? out.lead : out.account) = name(context->plain_name());
  } else if (context->SPLIT()) {
    out.kind = Kind::GivenSplit;
    out.split = name(context->name(0));
    out.branch = name(context->name(1));
  } else {
    out.kind = Kind::GivenHoldout;
  }
}

void Builder::expectation(Parser::ExpectationContext* context, TestItem& out) {
  using What = TestItem::What;
  if (context->SEND())
    out.what = What::Send;
  else if (context->STAGE())
    out.what = What::Stage;
  else if (context->EXIT())
    out.what = What::Exit;
  else if (context->HAND_OFF())
    out.what = What::HandOff;
  else if (context->TAKE_BACK())
    out.what = What::TakeBack;
  else if (context->ASSIGN())
    out.what = What::Assign;
  else if (context->NOTIFY())
    out.what = What::Notify;
  else if (context->GOAL())
    out.what = What::Goal;
  else if (context->ENTRY())
    out.what = What::Entry;
  else if (context->OUTSIDE())
    out.what = What::Outside;
  else
    return score_expectation(context, out);
  std::size_t whom = 0;  // of the names, the one after `to`
  if (context->SEND()) {
    whom = context->plain_name().size() - (context->TO() ? 1 : 0);
    if (context->TO()) out.lead = name(context->plain_name(whom));
  }
  if (!context->plain_name().empty() && (!context->SEND() || whom > 0)) out.name = name(context->plain_name(0));
  if (context->stage_name()) out.name = name(context->stage_name());
  if (context->reason_name()) out.name = name(context->reason_name());
  if (context->name()) out.name = name(context->name());
}

/// `score.interest >= 60`
void Builder::score_expectation(Parser::ExpectationContext* context, TestItem& out) {
  out.what = TestItem::What::Score;
  out.name = name(context->field_name());
  auto* ref = tree_.make<NameRef>(join(span(context->IDENT()), out.name.span));
  ref->path = {{name(context->IDENT()), out.name}, ref->span};
  auto* op = static_cast<Terminal*>(context->children[3]);
  BinaryOp meant = BinaryOp::Is;
  switch (op->getSymbol()->getType()) {
    case Parser::LESS:
      meant = BinaryOp::Less;
      break;
    case Parser::LESS_EQUAL:
    case Parser::AT_MOST:
      meant = BinaryOp::LessEqual;
      break;
    case Parser::GREATER:
      meant = BinaryOp::Greater;
      break;
    case Parser::GREATER_EQUAL:
    case Parser::AT_LEAST:
      meant = BinaryOp::GreaterEqual;
      break;
  }
  const Expr* bound =
      !context->plain_name().empty() ? name_ref(context->plain_name(0)) : signed_expression(context->signed_number());
  out.condition = binary(meant, span(op), ref, bound);
}

void Builder::expect_span(Parser::Expect_spanContext* context, TestItem& out) {
  if (context->test_instant()) {
    out.when = TestItem::When::By;
    out.length = test_instant(context->test_instant());
    return;
  }
  out.when = context->WITHIN() ? TestItem::When::Within : TestItem::When::For;
  out.length = test_length(context->duration());
}

}  // namespace nurture::syntax
