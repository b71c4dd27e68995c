#include <algorithm>

#include "compiler/sema/bodies.h"
#include "compiler/sema/expressions.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"

namespace nurture::sema {

namespace {

constexpr std::size_t kMostAsks = 64;  ///< attributes that one content may ask for

std::vector<Field>& owner_of(Model& model, std::uint32_t owner) {
  return owner == 0 ? model.lead : owner == 1 ? model.account : model.kinds[owner - 2].properties;
}

void check_default(Context& context, Expressions& expressions, const DefaultValue& each) {
  std::vector<Field>& fields = owner_of(context.model, each.owner);
  std::uint32_t index = find_field(fields, each.field);
  if (index == kNoIndex) return;
  Field& field = fields[index];
  Scope scope;
  scope.constant = true;
  if (!expressions.value(each.value, scope, field.type)) return;
  field.default_value = constant_of(context.model, *each.value);
  if (!field.default_value) {
    bool date = each.value->kind == ast::NodeKind::DateLit;
    Diagnostic& diagnostic =
        context.out.report(DiagnosticId::NotAConstant, each.value->span, context.written(each.value->span));
    diagnostic.hint = date ? "A date alone begins at another instant in every zone. Add the time: `2026-01-01 00:00`."
                           : "Write the value itself.";
  } else if (field.name == "timezone" && each.value->kind == ast::NodeKind::TextLit) {
    check_zone(context, field.default_value->text, each.value->span);
  }
}

void check_answers(Context& context, Content& content) {
  const ast::ContentDecl& decl = *content.decl;
  const ast::Name& word = decl.message_class;
  if (decl.answers) {
    content.message_class = Content::Class::Answers;
    content.answers = kinds_of(context.model, resolve_event(context, decl.answers));
  } else if (word.text == "transactional") {
    content.message_class = Content::Class::Transactional;
  } else if (word && word.text != "marketing") {
    suggest(context.out.report(DiagnosticId::UnknownWord, word.span, word.text, "a class of messages"), word.text,
            word.span, {"marketing", "transactional"},
            "Write `class marketing`, `class transactional`, or `class answers demo.requested`.");
  }
}

/// `for` names one of the values of lead.buying_stage, where the programme has that attribute.
void check_for_stage(Context& context, const ast::Name& stage) {
  std::uint32_t index = find_field(context.model.lead, "buying_stage");
  if (!stage || index == kNoIndex) return;
  const Type& type = context.model.lead[index].type;
  if (type.kind != TypeKind::Choice ||
      std::find(type.choices.begin(), type.choices.end(), stage.text) != type.choices.end())
    return;
  Diagnostic& diagnostic =
      context.out.report(DiagnosticId::NotAValue, stage.span, stage.text, alternatives(type.choices));
  suggest(diagnostic, stage.text, stage.span, {type.choices.begin(), type.choices.end()},
          "`for` names the buying stage that it serves.");
}

void check_asks(Context& context, const ast::ContentDecl& decl) {
  auto most = static_cast<std::int64_t>(std::min(decl.asks.size(), kMostAsks));
  if (!decl.asks.empty() && (decl.asks_up_to < 1 || decl.asks_up_to > most || decl.asks.size() > kMostAsks))
    context.out.report(DiagnosticId::BadCount, decl.asks.back().span, "the number of things it may ask for", 1, most);
  for (const ast::Name& each : decl.asks) {
    if (find_field(context.model.lead, each.text) != kNoIndex) continue;
    suggest(context.out.report(DiagnosticId::UnknownAttribute, each.span, "a lead", each.text), each.text, each.span,
            names_of(context.model.lead), "`asks` names attributes of the lead that it may ask for.");
  }
}

void check_content(Context& context, Expressions& expressions, std::uint32_t index) {
  Content& content = context.model.contents[index];
  const ast::ContentDecl& decl = *content.decl;
  // `entry.` in a message is of whatever enters the campaigns that send it; of content that none sends, nothing is
  // known.
  static const std::vector<std::uint32_t> kAnything{kBrokenIndex};
  auto sent = context.sent_after.find(index);
  Scope scope;
  scope.entry = sent == context.sent_after.end() ? &kAnything : &sent->second;
  expressions.message(decl.subject, scope);
  expressions.message(content.body, scope);
  for (const ast::Expr* sender : {decl.from, decl.reply_to}) {
    if (sender) expressions.value(sender, scope, make(TypeKind::Text));
  }
  check_answers(context, content);
  check_for_stage(context, decl.for_stage);
  check_asks(context, decl);
  for (std::size_t i = 0; i < decl.variants.size(); ++i) {
    expressions.condition(decl.variants[i].condition, scope);
    expressions.message(decl.variants[i].subject, scope);
    expressions.message(content.variant_bodies[i], scope);
  }
  for (const ast::Expr* date : {decl.available_from, decl.available_until}) {
    if (date) constant_value(context, expressions, *date, {make(TypeKind::Date)});
  }
  if (content.channel != "email" || decl.subject.present || context.embedded(decl.span)) return;
  context.out.report(DiagnosticId::NoSubject, decl.name.span, content.name).hint = "Add `subject \"…\"`.";
}

}  // namespace

void check_declarations(Context& context, Expressions& expressions) {
  fill_empty_cells(context, expressions);
  for (std::uint32_t i = 0; i < context.model.lets.size(); ++i) expressions.let_type(i);
  for (const DefaultValue& each : context.defaults) check_default(context, expressions, each);
  context.model.program.sales_hold_max = expressions.duration(context.sales_hold, Scope{}, true);
  for (std::uint32_t i = 0; i < context.model.segments.size(); ++i) expressions.segment(i);
}

void check_contents(Context& context, Expressions& expressions) {
  for (std::uint32_t i = 0; i < context.model.contents.size(); ++i) check_content(context, expressions, i);
}

void warn_unused(Context& context) {
  const Model& model = context.model;
  for (std::uint32_t i = 0; i < model.contents.size(); ++i) {
    const ast::Name& name = model.contents[i].decl->name;
    if (context.own(name.span) && !context.used_contents.contains(i)) {
      context.out.report(DiagnosticId::UnusedContent, name.span, name.text).hint =
          fmt::format("Write `send {}` where it belongs, or take it out.", name.text);
    }
  }
  for (std::uint32_t i = 0; i < model.segments.size(); ++i) {
    const ast::Name& name = model.segments[i].decl->name;
    if (context.own(name.span) && !context.used_segments.contains(i)) {
      context.out.report(DiagnosticId::UnusedSegment, name.span, name.text).hint =
          "Use it in a condition, or take it out.";
    }
  }
  for (std::uint32_t i = 0; i < model.scores.size(); ++i) {
    const ast::Name& name = model.scores[i].decl->name;
    if (context.own(name.span) && !context.used_scores.contains(i)) {
      context.out.report(DiagnosticId::UnusedScore, name.span, name.text).hint =
          fmt::format("Ask for it: `when score.{} >= 60`; or take it out.", name.text);
    }
  }
  for (std::uint32_t i = 0; i < model.lets.size(); ++i) {
    const ast::Name& name = model.lets[i].decl->name;
    if (context.own(name.span) && !context.used_lets.contains(i) && !model.lets[i].type) {
      context.out.report(DiagnosticId::UnusedLet, name.span, name.text).hint =
          "Use it where the value is written now, or take it out.";
    }
  }
}

void analyze(Unit& unit, const Library& library, FileSystem& files) {
  Context context(unit);
  close_uses(context, library, files);
  compose(context);
  declare(context);
  read_bodies(context, files);
  read_tables(context, files);
  prepare_campaigns(context);
  Expressions expressions(context);
  check_arguments(context);
  check_declarations(context, expressions);
  check_scores(context, expressions);
  check_windows(context, files);
  check_policies(context, expressions);
  check_campaigns(context, expressions);
  check_properties(context, expressions);
  check_scenarios(context, expressions);
  check_contents(context, expressions);
  check_sources(context, expressions);
  check_tests(context, expressions);
  // A programme without campaigns is a module for others, which will use what it declares.
  if (!unit.diagnostics.failed() && !unit.model.campaigns.empty()) warn_unused(context);
  unit.diagnostics.sort();
}

}  // namespace nurture::sema
