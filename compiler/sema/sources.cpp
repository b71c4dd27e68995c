#include <algorithm>

#include "compiler/sema/expressions.h"
#include "compiler/sema/passes.h"
#include "runtime/calendar/calendar.h"

namespace nurture::sema {

namespace {

bool is_moment(TypeKind kind) { return kind == TypeKind::Date || kind == TypeKind::DateTime; }

/// Checks how one foreign log maps to events (§7).
class SourceChecker {
 public:
  SourceChecker(Context& context, Expressions& expressions, Source& source)
      : context_(context), expressions_(expressions), decl_(*source.decl) {
    scope_.source = &source;
  }

  void run();

 private:
  void required();
  void text(const ast::Expr* expr);
  void time(const ast::TimeFormat& format);
  void rule(const ast::SourceRule& rule);
  void mapping(const ast::ColumnMapping& mapping, const std::vector<Field>& fields, const std::string* kind);
  void unfilled(const ast::SourceRule& rule, const EventKind& kind);
  void unreachable();

  Context& context_;
  Expressions& expressions_;
  const ast::SourceDecl& decl_;
  Scope scope_;
};

void SourceChecker::run() {
  required();
  text(decl_.lead);
  text(decl_.at);
  time(decl_.time);
  text(decl_.row_id);
  text(decl_.origin);
  for (const ast::Expr* each : decl_.leave_out) expressions_.condition(each, scope_);
  for (const ast::SourceRule& each : decl_.rules) rule(each);
  for (const ast::ColumnMapping& each : decl_.lead_attributes) mapping(each, context_.model.lead, nullptr);
  unreachable();
}

void SourceChecker::required() {
  const ast::Name& name = decl_.name;
  if (decl_.format && decl_.format.text != "csv" && decl_.format.text != "ndjson") {
    suggest(context_.out.report(DiagnosticId::UnknownWord, decl_.format.span, decl_.format.text, "a format of logs"),
            decl_.format.text, decl_.format.span, {"csv", "ndjson"},
            "Write `format csv` or `format ndjson`, or leave it to the file.");
  }
  if (context_.incomplete(decl_.span)) return;
  if (!decl_.lead)
    context_.out.report(DiagnosticId::SourceWithoutLead, name.span, name.text).hint =
        "Name the column: `lead CustomerID`.";
  if (!decl_.at) {
    context_.out.report(DiagnosticId::SourceWithoutTime, name.span, name.text).hint =
        "Name the column and how it is written: `at InvoiceDate as \"yyyy-mm-dd hh:mm\" in \"Europe/London\"`.";
  }
  if (decl_.rules.empty() && decl_.lead_attributes.empty()) {
    context_.out.report(DiagnosticId::SourceWithoutEvent, name.span, name.text).hint =
        "Say what a row is: `event order.placed { invoice: InvoiceNo }`.";
  }
}

void SourceChecker::text(const ast::Expr* expr) {
  if (expr) expressions_.value(expr, scope_, make(TypeKind::Text, true));
}

void SourceChecker::time(const ast::TimeFormat& format) {
  if (!format.zone.empty()) check_zone(context_, format.zone, format.zone_span);
  if (format.pattern.empty()) return;
  constexpr std::string_view kFixed[] = {"rfc3339", "epoch s", "epoch ms", "epoch us"};
  if (std::find(std::begin(kFixed), std::end(kFixed), format.pattern) != std::end(kFixed)) return;
  if (calendar::Pattern::compile(format.pattern)) return;
  context_.out.report(DiagnosticId::BadTimePattern, format.pattern_span, format.pattern).hint =
      "Show it with letters, as in \"yyyy-mm-dd hh:mm:ss\" or \"d/m/yyyy\"; or write \"rfc3339\", \"epoch s\", \"epoch "
      "ms\" or \"epoch us\".";
}

void SourceChecker::rule(const ast::SourceRule& rule) {
  expressions_.condition(rule.when, scope_);
  std::uint32_t index = resolve_kind(context_, rule.event);
  if (index == kBrokenIndex) {
    for (const ast::ColumnMapping& each : rule.properties) {
      if (each.value) expressions_.infer(*each.value, scope_);
    }
    return;
  }
  const EventKind& kind = context_.model.kinds[index];
  for (std::size_t i = 0; i < rule.properties.size(); ++i) {
    const ast::Name& name = rule.properties[i].property;
    for (std::size_t before = 0; before < i; ++before) {
      if (rule.properties[before].property.text == name.text)
        context_.twice("the property", name.text, name.span, rule.properties[before].property.span);
    }
    mapping(rule.properties[i], kind.properties, &kind.name);
  }
  unfilled(rule, kind);
}

void SourceChecker::mapping(const ast::ColumnMapping& mapping, const std::vector<Field>& fields,
                            const std::string* kind) {
  const ast::Name& name = mapping.property;
  std::uint32_t index = find_field(fields, name.text);
  if (index == kNoIndex && context_.lost(name.text)) return;
  if (index == kNoIndex) {
    Diagnostic& diagnostic = kind ? context_.out.report(DiagnosticId::UnknownProperty, name.span, *kind, name.text)
                                  : context_.out.report(DiagnosticId::UnknownAttribute, name.span, "a lead", name.text);
    suggest(diagnostic, name.text, name.span, names_of(fields));
    if (mapping.value) expressions_.infer(*mapping.value, scope_);
    return;
  }
  const Type& type = fields[index].type;
  time(mapping.time);
  if (!mapping.value || type.poison()) return;
  if (type.kind == TypeKind::List) {
    context_.out.report(DiagnosticId::ColumnCannotFill, name.span, describe(known(type))).hint =
        "A column holds one value. Leave it out here.";
    return;
  }
  if (!mapping.time.pattern.empty() && !is_moment(type.kind)) {
    context_.out.report(DiagnosticId::TimeOnNoTime, mapping.time.pattern_span, name.text, describe(known(type))).hint =
        "Leave out `as …`.";
  }
  Type own = expressions_.infer(*mapping.value, scope_, type.kind == TypeKind::Choice ? &type : nullptr);
  // A column is text, and read as what the property is; a fixed value must be of that type.
  if (own.poison() || own.kind == TypeKind::Text) return;
  expressions_.value(mapping.value, scope_, maybe(type, true));
}

void SourceChecker::unfilled(const ast::SourceRule& rule, const EventKind& kind) {
  if (kind.updates_lead || context_.embedded(rule.span) || context_.incomplete(rule.span)) return;
  for (const Field& field : kind.properties) {
    bool filled = std::any_of(rule.properties.begin(), rule.properties.end(),
                              [&](const ast::ColumnMapping& each) { return each.property.text == field.name; });
    if (filled || field.type.optional || field.default_value || field.type.poison()) continue;
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::PropertyNotFilled, rule.event.span, kind.name, field.name);
    diagnostic.labels.push_back({field.span, "declared without \"?\" here"});
    diagnostic.hint =
        fmt::format("Add `{}: …`, or declare it `{}: {}?`.", field.name, field.name, word_of(field.type.kind));
  }
}

/// The first rule that fits names the event, so nothing comes after one without a condition.
void SourceChecker::unreachable() {
  for (std::size_t i = 1; i < decl_.rules.size(); ++i) {
    if (decl_.rules[i - 1].when || context_.embedded(decl_.span)) continue;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::NeverReacts, decl_.rules[i].event.span);
    diagnostic.labels.push_back({decl_.rules[i - 1].event.span, "this takes every row"});
    diagnostic.hint = "The first rule that fits is taken. Put those with `where` first.";
    return;
  }
}

}  // namespace

void check_sources(Context& context, Expressions& expressions) {
  for (Source& source : context.model.sources) SourceChecker(context, expressions, source).run();
}

}  // namespace nurture::sema
