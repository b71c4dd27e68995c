#include "compiler/flow/guards.h"

#include "compiler/flow/guard_hours.h"
#include "compiler/flow/guard_limits.h"
#include "compiler/flow/guard_races.h"
#include "compiler/flow/guard_walk.h"

namespace nurture::flow {

namespace {

/// Of the first whose condition holds: none of those above has taken all that it asks for.
void review_variants(const sema::Model& model, const sema::Content& content, const Judge& judge,
                     Diagnostics& diagnostics) {
  Places places;
  Conditions conditions(model, places);
  Facts rest = Facts::anything();
  for (const ast::ContentVariant& variant : content.decl->variants) {
    if (!variant.condition) continue;
    const auto verdict = judge.condition(variant.condition, conditions);
    if (verdict == Judge::Verdict::Always) return;
    const Facts here = conditions.both(rest, conditions.when(*variant.condition, true));
    if (verdict == Judge::Verdict::Depends && here.never()) {
      Diagnostic& said = diagnostics.report(DiagnosticId::ArmShadowed, variant.condition->span);
      said.labels.push_back({content.decl->variants.front().span, "the first variant that fits is taken"});
      said.hint = "Put the special case above the general one, or leave it out.";
    }
    rest = conditions.both(rest, conditions.when(*variant.condition, false));
  }
}

/// Conditions that belong to no campaign.
void review_shared(const sema::Model& model, const Judge& judge, Diagnostics& diagnostics) {
  Places places;
  Conditions conditions(model, places);
  for (const sema::Segment& segment : model.segments) judge.condition(segment.decl->condition, conditions);
  for (const sema::Score& score : model.scores) {
    for (const ast::ScoreRow& row : score.decl->rows) judge.condition(row.event.where, conditions);
  }
  for (const sema::Rule& rule : model.rules) {
    judge.condition(rule.clause->condition, conditions);
    for (const auto* events : {&rule.clause->after, &rule.clause->until}) {
      for (const ast::EventRef& each : *events) judge.condition(each.where, conditions);
    }
  }
  for (const sema::Property& property : model.properties) judge.condition(property.decl->condition, conditions);
  for (const sema::Source& source : model.sources) {
    Places columns;
    Conditions of_source(model, columns);
    for (const ast::SourceRule& rule : source.decl->rules) judge.condition(rule.when, of_source);
  }
  for (const sema::Content& content : model.contents) review_variants(model, content, judge, diagnostics);
}

}  // namespace

void review_guards(const sema::Model& model, const std::vector<CampaignGraph>& graphs, Diagnostics& diagnostics) {
  review_shared(model, Judge(model, diagnostics), diagnostics);
  for (const CampaignGraph& graph : graphs) {
    Diagnostics::About about = sema::about(diagnostics, model.campaigns[graph.campaign]);
    GuardWalk(model, graph, diagnostics).run();
    review_hours(model, graph, diagnostics);
    review_limits(model, graph, diagnostics);
  }
  review_races(model, diagnostics);
}

}  // namespace nurture::flow
