#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;

const Decl* Builder::scenario(Parser::Scenario_declContext* context) {
  auto* out = tree_.make<ScenarioDecl>(span(context));
  out->name = name(context->name());
  for (auto* rule : context->scenario_rule()) {
    if (sound(rule)) out->rules.push_back(assumed_rule(rule));
  }
  return out;
}

AssumedRule Builder::assumed_rule(Parser::Scenario_ruleContext* context) {
  using Cause = AssumedRule::Cause;
  AssumedRule out;
  out.span = span(context);
  auto* cause = context->assumed_cause();
  out.cause = cause->SEND() ? Cause::Send : cause->HAND_OFF() ? Cause::HandOff : Cause::Reaction;
  if (cause->name()) out.of = name(cause->name());
  if (cause->event_kind()) out.event = path(cause->event_kind());
  out.head = join(out.span, context->expression() ? span(context->expression()) : span(cause));
  if (context->expression()) out.condition = expression(context->expression());
  for (auto* child : context->children) {
    if (auto* alone = dynamic_cast<Parser::ReactionContext*>(child)) {
      reaction(alone, out, AssumedReaction::kAlone);
    } else if (auto* several = dynamic_cast<Parser::AlternativesContext*>(child); sound(several)) {
      const auto group = static_cast<std::uint32_t>(out.groups.size());
      out.groups.push_back(span(several->ONE_OF()));
      for (auto* each : several->reaction()) reaction(each, out, group);
    }
  }
  return out;
}

void Builder::reaction(Parser::ReactionContext* context, AssumedRule& rule, std::uint32_t group) {
  if (!sound(context)) return;
  AssumedReaction out;
  out.span = span(context);
  out.group = group;
  out.kind = path(context->event_kind());
  out.record = record(context->record());
  out.by_machine = context->MACHINE();
  if (out.by_machine) out.by_machine_span = join(span(context->BY()), span(context->MACHINE()));
  out.rate = percent(context->PERCENT());
  out.rate_span = span(context->PERCENT());
  out.within = duration(context->duration());
  for (auto* option : context->reaction_option()) {
    if (sound(option)) reaction_option(option, out);
  }
  rule.reactions.push_back(std::move(out));
}

void Builder::reaction_option(Parser::Reaction_optionContext* context, AssumedReaction& out) {
  if (!context->TIMES()) {
    const Span from = context->PERCENT() ? span(context->PERCENT()) : span(context->plain_name());
    out.delay.push_back({delay_share(context), duration(context->duration()), join(from, span(context))});
    return;
  }
  const Span times = join(span(context->TIMES()), span(context));
  if (out.tires_within) {
    auto& twice = diagnostics_.report(DiagnosticId::SaidTwice, times, "times");
    twice.labels.push_back({out.tires_span, "the first one is here"});
    twice.hint = "Keep one of them.";
    return;
  }
  out.tires = percent(context->PERCENT());
  out.tires_span = times;
  out.tires_channel = name(context->name());
  out.tires_within = duration(context->duration());
}

/// `10%`, or `half`.
std::int64_t Builder::delay_share(Parser::Reaction_optionContext* context) {
  if (context->PERCENT()) return percent(context->PERCENT());
  const Name word = name(context->plain_name());
  if (word.text != "half") {
    auto& other =
        diagnostics_.report(DiagnosticId::NotOneOfWords, word.span, "a share such as \"10%\", or \"half\"", word.text);
    other.hint = "It is written `half by 5 hours` or `90% by 2 days`.";
  }
  return 50 * kPercentScale;
}

}  // namespace nurture::syntax
