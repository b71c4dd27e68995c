#include <algorithm>
#include <map>

#include "compiler/sema/bodies.h"
#include "compiler/sema/entries.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"
#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

constexpr std::size_t kMostWhens = 64;
constexpr std::int64_t kMostAtOnce = 1000;

using Kind = ast::Clause::Kind;

/// Checks the clauses of one campaign, then its bodies.
class CampaignChecker {
 public:
  CampaignChecker(Context& context, Expressions& expressions, CampaignNames& names)
      : context_(context), expressions_(expressions), names_(names), campaign_(*names.campaign) {
    scope_.campaign = &names;
    scope_.entry = &names.entering;
    if (campaign_.decl->for_account) scope_.of_accounts = campaign_.name;
    outside_.of_accounts = scope_.of_accounts;
  }

  void run();

 private:
  void collect();
  void clause(const ast::Clause& clause);
  void once(const ast::Clause*& slot, const ast::Clause& clause, std::string_view what);
  void enter(const ast::Clause& clause);
  void key(const ast::Clause& clause);
  void key_of(const ast::Clause& clause, const ast::Clause& entry, std::uint32_t kind);
  void goal(const ast::Clause& clause);
  void worth(const ast::Clause& clause, const Scope& scope);
  void exit(const ast::Clause& clause);
  void of_policy(const ast::Clause& clause, std::string_view what) {
    context_.out.report(DiagnosticId::ClauseMisplaced, head_line(context_, clause.span), what, "a policy").hint =
        fmt::format("It holds for all campaigns: `policy house_rules {{ {} … }}`.", what);
  }
  void count_whens() const;
  void never_reacts();

  Context& context_;
  Expressions& expressions_;
  CampaignNames& names_;
  Campaign& campaign_;
  Scope scope_;
  Scope outside_;  ///< of a lead or account that is not in it
  std::map<std::string, Span, std::less<>> goal_names_, stage_names_;
  const ast::Clause* priority_ = nullptr;
  bool any_enter_ = false;
};

void CampaignChecker::once(const ast::Clause*& slot, const ast::Clause& clause, std::string_view what) {
  if (!slot) {
    slot = &clause;
    return;
  }
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::ClauseTwice, head_line(context_, clause.span), what);
  diagnostic.labels.push_back({head_line(context_, slot->span), "the first one is here"});
  diagnostic.hint = "Keep one of them.";
}

/// The tables of the model first, so that every check sees all of them.
void CampaignChecker::collect() {
  for (const ast::Clause& each : campaign_.decl->clauses) {
    switch (each.kind) {
      case Kind::Audience:
        campaign_.audience.push_back(&each);
        break;
      case Kind::Exclude:
        campaign_.exclude.push_back(&each);
        break;
      case Kind::Enter:
        any_enter_ = true;
        campaign_.entries.push_back(&each);
        break;
      case Kind::Reenter:
        once(campaign_.reenter, each, "reenter");
        break;
      case Kind::OneMembershipPer:
        once(campaign_.key, each, "one membership per");
        break;
      case Kind::LastsAtMost:
        once(campaign_.lasts, each, "lasts at most");
        break;
      case Kind::Holdout:
        once(campaign_.holdout, each, "holdout");
        break;
      case Kind::WhileWithSales:
        once(campaign_.while_with_sales, each, "while with sales");
        break;
      case Kind::Priority:
        once(priority_, each, "priority");
        break;
      case Kind::Owner:
        once(campaign_.owner, each, "owner");
        break;
      case Kind::Version:
        once(campaign_.version, each, "version");
        break;
      case Kind::Overdue:
        once(campaign_.overdue, each, "overdue");
        break;
      case Kind::OnEdit:
        once(campaign_.on_edit, each, "on edit");
        break;
      case Kind::Status:
        once(campaign_.status, each, "status");
        break;
      case Kind::Goal:
        if (each.name) {
          auto [at, fresh] = goal_names_.try_emplace(each.name.text, each.name.span);
          if (!fresh) context_.twice("the goal", each.name.text, each.name.span, at->second);
        }
        campaign_.goals.push_back({each.name.text, &each});
        break;
      case Kind::ExitOn:
        campaign_.exits.push_back(&each);
        break;
      case Kind::TriggerClause:
        campaign_.triggers.push_back(&each);
        break;
      case Kind::Stage:
        if (each.name) {
          auto [at, fresh] = stage_names_.try_emplace(each.name.text, each.name.span);
          if (!fresh) context_.twice("the stage", each.name.text, each.name.span, at->second);
        }
        campaign_.stages.push_back({each.name.text, &each});
        break;
      case Kind::OnExit:
        once(campaign_.on_exit, each, "on exit");
        break;
      case Kind::ExclusiveIn:
        once(campaign_.exclusive, each, "exclusive in");
        break;
      case Kind::Active:
        once(campaign_.active, each, "active");
        break;
      case Kind::SendOnlyIn:
      case Kind::Limit:
      case Kind::Follow:
      case Kind::Never:
      case Kind::Quiet:
      case Kind::SalesHold:
      case Kind::Throttle:
        break;
    }
  }
}

void CampaignChecker::run() {
  const ast::CampaignDecl& decl = *campaign_.decl;
  collect();
  for (const ast::Clause& each : decl.clauses) clause(each);
  bool complete = !context_.incomplete(decl.span);
  if (!any_enter_ && complete) {
    context_.out.report(DiagnosticId::NoEnter, decl.name.span, campaign_.name).hint =
        "Say what brings a lead in: `enter on form.submitted where form is \"guide\"`.";
  }
  if (campaign_.stages.empty() && complete) {
    context_.out.report(DiagnosticId::NoStage, decl.name.span, campaign_.name).hint =
        "A lead is always in a stage: `stage start { … }`.";
  }
  check_bodies(context_, expressions_, names_, scope_);
  count_whens();
  never_reacts();
}

void CampaignChecker::clause(const ast::Clause& clause) {
  switch (clause.kind) {
    case Kind::Audience:
    case Kind::Exclude:
      return expressions_.condition(clause.condition, outside_);
    case Kind::Enter:
      return enter(clause);
    case Kind::Reenter:
      expressions_.duration(clause.duration, Scope{}, true);
      return;
    case Kind::OneMembershipPer:
      return key(clause);
    case Kind::LastsAtMost:
      expressions_.duration(clause.duration, Scope{}, true);
      return;
    case Kind::Holdout:
      return check_holdout(context_, clause);
    case Kind::Goal:
      return goal(clause);
    case Kind::ExitOn:
      return exit(clause);
    case Kind::Priority:
      if (clause.number < INT32_MIN || clause.number > INT32_MAX) {
        context_.out.report(DiagnosticId::BadCount, clause.number_span, "a priority", INT32_MIN, INT32_MAX);
      }
      return;
    case Kind::TriggerClause:
    case Kind::Stage:
    case Kind::OnExit:
    case Kind::ExclusiveIn:
    case Kind::Owner:
    case Kind::Version:
    case Kind::WhileWithSales:
    case Kind::OnEdit:
    case Kind::Status:
      return;
    case Kind::Overdue:
      expressions_.duration(clause.duration, Scope{}, true);
      return;
    case Kind::SendOnlyIn:
    case Kind::Limit: {
      Rule rule;
      rule.clause = &clause;
      rule.owner = campaign_.name;
      check_sending_rule(context_, expressions_, rule);
      campaign_.rules.push_back(std::move(rule));
      return;
    }
    case Kind::Active:
      for (const ast::Expr* date : {clause.target, clause.target2}) {
        if (date) constant_value(context_, expressions_, *date, {make(TypeKind::Date), make(TypeKind::DateTime)});
      }
      return;
    case Kind::Follow:
      return;
    case Kind::Never:
      return of_policy(clause, "never");
    case Kind::Quiet:
      return of_policy(clause, "quiet hours");
    case Kind::SalesHold:
      return of_policy(clause, "sales hold");
    case Kind::Throttle:
      return of_policy(clause, "throttle");
  }
}

void CampaignChecker::enter(const ast::Clause& clause) {
  Scope scope = outside_;  // no membership yet: nothing is remembered, and the entering event is the event at hand
  scope.event = kind_at_hand(context_, clause.event);
  Entries(context_, expressions_, campaign_).check(clause, scope);
  if (!clause.name || stage_names_.contains(clause.name.text) || context_.lost(clause.name.text)) return;
  std::vector<std::string_view> names;
  for (const Stage& each : campaign_.stages) names.push_back(each.name);
  suggest(context_.out.report(DiagnosticId::UnknownStage, clause.name.span, campaign_.name, clause.name.text),
          clause.name.text, clause.name.span, names, fmt::format("Add it: `stage {} {{ … }}`.", clause.name.text));
}

void CampaignChecker::key(const ast::Clause& clause) {
  if (&clause != campaign_.key || !clause.name) return;
  if (campaign_.decl->for_account) {
    context_.out
        .report(DiagnosticId::AboutOneLead, head_line(context_, clause.span), "`one membership per`", campaign_.name)
        .hint = "An account has one membership: write it for leads, or leave it out.";
    return;
  }
  if (clause.has_number && (clause.number < 1 || clause.number > kMostAtOnce)) {
    context_.out.report(DiagnosticId::BadCount, clause.number_span, "the number of memberships at once", 1,
                        kMostAtOnce);
  }
  campaign_.key_property.assign(context_.model.kinds.size(), kNoIndex);
  campaign_.key_type = poison();
  for (const ast::Clause* entry : campaign_.entries) {
    if (entry->entry != ast::Clause::EntryForm::On) continue;
    for (std::uint32_t kind : context_.model.kinds_of(entry->event.kind.text())) key_of(clause, *entry, kind);
  }
  if (campaign_.key_type.poison()) return;
  for (std::size_t kind = 0; kind < context_.model.kinds.size(); ++kind) {
    const std::vector<Field>& fields = context_.model.kinds[kind].properties;
    std::uint32_t index = find_field(fields, clause.name.text);
    if (index != kNoIndex && alike(fields[index].type, campaign_.key_type)) campaign_.key_property[kind] = index;
  }
}

void CampaignChecker::key_of(const ast::Clause& clause, const ast::Clause& entry, std::uint32_t kind) {
  const std::vector<Field>& fields = context_.model.kinds[kind].properties;
  std::uint32_t index = find_field(fields, clause.name.text);
  if (index == kNoIndex && context_.lost(clause.name.text)) return;
  if (index == kNoIndex) {
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::KeyNotDeclared, entry.event.kind.span,
                                                 context_.model.kinds[kind].name, clause.name.text);
    diagnostic.labels.push_back({clause.name.span, "memberships are told apart by this"});
    suggest(diagnostic, clause.name.text, clause.name.span, names_of(fields),
            "Only events that carry the key may enter such a campaign.");
    return;
  }
  Type type = known(fields[index].type);
  if (type.poison()) return;
  if (type.kind == TypeKind::List || type.kind == TypeKind::Number || type.kind == TypeKind::Duration) {
    context_.out
        .report(DiagnosticId::KeyType, clause.name.span, clause.name.text, fmt::format("it is {}", describe(type)))
        .hint = "A key is a text, a whole number, a date or a choice.";
  } else if (campaign_.key_type.poison()) {
    campaign_.key_type = type;
  } else if (campaign_.key_type.kind != type.kind) {
    context_.out
        .report(DiagnosticId::KeyType, clause.name.span, clause.name.text,
                fmt::format("it is {} in one event and {} in another", describe(campaign_.key_type), describe(type)))
        .hint = "Declare it with one type in every event that enters.";
  }
}

void CampaignChecker::goal(const ast::Clause& clause) {
  expressions_.duration(clause.duration, Scope{}, true);
  Scope scope = scope_;
  if (clause.event) {
    scope.event = kind_at_hand(context_, clause.event);
    check_event(context_, expressions_, clause.event, clause.id, scope);
    if (clause.target) worth(clause, scope);
    return;
  }
  expressions_.condition(clause.condition, scope);
  check_watched(context_, clause.condition);
  const auto refuse = [&](bool written, std::string_view what, Span span) {
    if (!written) return;
    context_.out.report(DiagnosticId::GoalOption, span, what).hint =
        "It belongs to a goal that an event reaches: `goal won: opportunity.won`.";
  };
  refuse(clause.target != nullptr, "worth", clause.target ? clause.target->span : clause.span);
  refuse(static_cast<bool>(clause.reason), "then exit", clause.reason.span);
  refuse(clause.of_send, "of send", head_line(context_, clause.span));
}

/// Of money: a decimal, or whole units.
void CampaignChecker::worth(const ast::Clause& clause, const Scope& scope) {
  const Type money = make(TypeKind::Decimal);
  Type own = expressions_.infer(*clause.target, scope, &money);
  if (own.poison() || own.kind == TypeKind::Decimal) return;
  if (own.kind == TypeKind::Integer || own.kind == TypeKind::Number) {
    Type wanted = money;
    wanted.optional = own.optional;
    expressions_.value(clause.target, scope, wanted);
    return;
  }
  context_.out.report(DiagnosticId::WrongType, clause.target->span, "an amount of money, a decimal",
                      describe(known(own)));
}

void CampaignChecker::exit(const ast::Clause& clause) {
  const ast::Trigger& trigger = clause.trigger;
  Scope scope = scope_;
  if (trigger.silence) return check_silence(context_, expressions_, trigger, scope);
  scope.event = kind_at_hand(context_, trigger.event);
  if (trigger.event) check_event(context_, expressions_, trigger.event, trigger.id, scope);
  expressions_.condition(trigger.condition, scope);
  check_watched(context_, trigger.condition);
}

void CampaignChecker::count_whens() const {
  std::size_t whens = 0;
  auto count = [&](const ast::Trigger& trigger) { whens += trigger.condition ? 1 : 0; };
  auto handlers = [&](const ast::Block& block) {
    for_each_statement(block, [&](const ast::Stmt& each) {
      const auto* wait = ast::try_as<ast::Wait>(&each);
      if (!wait) return;
      std::for_each(wait->handlers.begin(), wait->handlers.end(), count);
      whens += waits_for_condition(context_.model, *wait) ? 1 : 0;
    });
  };
  for (const ast::Clause& each : campaign_.decl->clauses) {
    count(each.trigger);
    handlers(each.trigger.body);
    for (const ast::Trigger& trigger : each.triggers) {
      count(trigger);
      handlers(trigger.body);
    }
    handlers(each.body);
  }
  if (whens <= kMostWhens) return;
  context_.out.report(DiagnosticId::TooManyWhens, campaign_.decl->name.span, campaign_.name, whens, kMostWhens).hint =
      "Join conditions with `or`, or make two campaigns of it.";
}

void CampaignChecker::never_reacts() {
  std::vector<const ast::Trigger*> exits;
  std::vector<ast::Trigger> triggers;
  for (const ast::Clause* each : campaign_.exits) exits.push_back(&each->trigger);
  for (const ast::Clause* each : campaign_.triggers) triggers.push_back(each->trigger);
  warn_never_reacts(context_, exits, triggers);
  for (const Stage& stage : campaign_.stages) warn_never_reacts(context_, exits, stage.clause->triggers);
}

/// Whether every event that `b` would react to has been taken by `a`.
bool covers(const Context& context, const ast::EventRef& a, const ast::EventRef& b) {
  if (!a || !b) return false;
  std::vector<std::uint32_t> of_a = context.model.kinds_of(a.kind.text());
  std::vector<std::uint32_t> of_b = context.model.kinds_of(b.kind.text());
  if (of_b.empty() || !std::includes(of_a.begin(), of_a.end(), of_b.begin(), of_b.end())) return false;
  if (a.of_content && a.of_content.text != b.of_content.text) return false;
  if (b.including_machine && !a.including_machine) return false;
  return !a.where || (b.where && context.written(a.where->span) == context.written(b.where->span));
}

/// `of x`: every kind must say which content it is about.
void check_content_of(Context& context, const ast::EventRef& event, std::uint32_t index) {
  if (!event.of_content) return;
  for (std::uint32_t kind : kinds_of(context.model, index)) {
    const EventKind& row = context.model.kinds[kind];
    if (row.content_property != kNoIndex) continue;
    context.out.report(DiagnosticId::NoContentProperty, event.of_content.span, row.name).hint =
        fmt::format("Leave out `of {}`.", event.of_content.text);
    return;
  }
  resolve_content(context, event.of_content);
}

void check_machine(Context& context, const ast::EventRef& event, std::uint32_t index) {
  std::vector<std::uint32_t> kinds = kinds_of(context.model, index);
  bool marked = std::any_of(kinds.begin(), kinds.end(),
                            [&](std::uint32_t kind) { return context.model.kinds[kind].machine_property != kNoIndex; });
  if (!event.including_machine || marked) return;
  Diagnostic& diagnostic =
      context.out.report(DiagnosticId::NoMachineMark, event.span, event_name(context.model, index));
  bool group = index >= context.model.kinds.size();
  Span declared =
      group ? context.model.groups[index - context.model.kinds.size()].span : context.model.kinds[index].span;
  diagnostic.labels.push_back({declared, group ? "declared here" : "declared without `unless machine` here"});
  diagnostic.hint = "Leave out `including machine`.";
}

}  // namespace

void check_of_and_machine(Context& context, const ast::EventRef& event, std::uint32_t index) {
  check_content_of(context, event, index);
  check_machine(context, event, index);
}

std::uint32_t check_listened(Context& context, Expressions& expressions, const ast::EventRef& event,
                             const Scope& scope) {
  std::uint32_t index = resolve_event(context, event.kind);
  if (index != kBrokenIndex) check_of_and_machine(context, event, index);
  expressions.condition(event.where, scope);
  return index;
}

std::uint32_t check_event(Context& context, Expressions& expressions, const ast::EventRef& event, ast::NodeId id,
                          const Scope& scope) {
  std::uint32_t index = check_listened(context, expressions, event, scope);
  Symbol symbol;
  if (index != kBrokenIndex) {
    symbol.kind = Symbol::Kind::EventKindName;
    symbol.index = index;
  }
  context.model.symbols[id] = symbol;
  return index;
}

void warn_never_reacts(Context& context, const std::vector<const ast::Trigger*>& earlier,
                       const std::vector<ast::Trigger>& later) {
  std::vector<const ast::Trigger*> before = earlier;
  for (const ast::Trigger& trigger : later) {
    for (const ast::Trigger* each : before) {
      if (!covers(context, each->event, trigger.event) || context.embedded(trigger.span)) continue;
      Diagnostic& diagnostic = context.out.report(DiagnosticId::NeverReacts, trigger.span);
      diagnostic.labels.push_back({each->span, "this comes first"});
      diagnostic.hint = "The first that matches takes the event. Put the special case above the general one.";
      break;
    }
    before.push_back(&trigger);
  }
}

void check_campaigns(Context& context, Expressions& expressions) {
  for (const std::unique_ptr<CampaignNames>& names : context.campaigns) {
    Diagnostics::About about_it = about(context.out, *names->campaign);
    CampaignChecker(context, expressions, *names).run();
  }
}

}  // namespace nurture::sema
