#include "compiler/syntax/builder.h"
#include "compiler/syntax/literals.h"

namespace nurture::syntax {

using namespace ast;

const Decl* Builder::source_decl(Parser::Source_declContext* context) {
  auto* out = tree_.make<SourceDecl>(span(context));
  out->name = name(context->name());
  Said said;
  for (auto* item : context->source_item()) {
    if (sound(item)) source_item(item, *out, said);
  }
  return out;
}

TimeFormat Builder::time_format(Parser::Time_formatContext* context) {
  TimeFormat out;
  if (!sound(context)) return out;
  auto texts = context->text();
  out.pattern = plain_text(texts[0]);
  out.pattern_span = span(texts[0]);
  if (texts.size() < 2) return out;
  out.zone = plain_text(texts[1]);
  out.zone_span = span(texts[1]);
  return out;
}

SourceRule Builder::source_rule(Parser::Source_itemContext* context) {
  SourceRule out;
  out.span = span(context);
  out.event = path(context->event_kind());
  if (context->expression()) out.when = expression(context->expression());
  for (auto* each : context->mapping()) {
    if (!sound(each)) continue;
    ColumnMapping mapping;
    mapping.property = name(each->field_name());
    mapping.value = expression(each->expression());
    mapping.time = time_format(each->time_format());
    mapping.span = span(each);
    out.properties.push_back(std::move(mapping));
  }
  return out;
}

void Builder::source_item(Parser::Source_itemContext* item, SourceDecl& out, Said& said) {
  if (item->EVENT()) {
    out.rules.push_back(source_rule(item));
    return;
  }
  if (item->OUT_WHERE()) {
    out.leave_out.push_back(expression(item->expression()));
    return;
  }
  if (item->IDENT()) {
    attribute(item, out);
    return;
  }
  if (said_twice(said, text(span_of(source_, *item->start)), item)) return;
  if (item->FORMAT()) {
    out.format = name(item->name());
  } else if (item->MISSING()) {
    for (auto* marker : item->text()) out.missing.push_back(plain_text(marker));
  } else if (item->AT()) {
    out.at = expression(item->expression());
    out.time = time_format(item->time_format());
  } else {
    (item->LEAD() ? out.lead : item->ID() ? out.row_id : out.origin) = expression(item->expression());
  }
}

/// `lead.country: Country`
void Builder::attribute(Parser::Source_itemContext* item, SourceDecl& out) {
  Name whose = name(item->IDENT());
  if (whose.text != "lead")
    diagnostics_.report(DiagnosticId::NotOneOfWords, whose.span, "\"lead\" before the \".\"", whose.text);
  ColumnMapping mapping;
  mapping.property = name(item->field_name());
  mapping.value = expression(item->expression());
  mapping.time = time_format(item->time_format());
  mapping.span = span(item);
  out.lead_attributes.push_back(std::move(mapping));
}

}  // namespace nurture::syntax
