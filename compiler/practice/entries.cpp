#include <algorithm>
#include <array>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

using EntryForm = ast::Clause::EntryForm;

/// A condition about what a lead does: its past, its scores, what it opened. Not about who it is.
bool asks_behaviour(const sema::Model& model, const ast::Expr& condition) {
  return any_part(model, condition, [&](const ast::Expr& part) {
    switch (part.kind) {
      case ast::NodeKind::Aggregate:
      case ast::NodeKind::ContentPast:
      case ast::NodeKind::DaysSince:
      case ast::NodeKind::WithSales:
      case ast::NodeKind::VisitsOf:
      case ast::NodeKind::WasInCampaign:
        return true;
      default:
        break;
    }
    auto symbol = model.symbols.find(part.id);
    return symbol != model.symbols.end() && symbol->second.kind == sema::Symbol::Kind::Score;
  });
}

bool branches_on_behaviour(const sema::Model& model, const sema::Campaign& campaign) {
  bool found = false;
  for_each_statement(campaign, [&](const ast::Stmt& statement) {
    const auto* wait = ast::try_as<ast::Wait>(&statement);
    found = found || (wait && sema::waits_for_condition(model, *wait));
    const auto* branch = ast::try_as<ast::If>(&statement);
    if (!branch) return;
    for (const ast::IfArm& arm : branch->arms) found = found || asks_behaviour(model, *arm.condition);
  });
  return found;
}

bool reacts_to_anything(const Review& review, std::uint32_t index) {
  const sema::Campaign& campaign = review.model.campaigns[index];
  const Facts& facts = review.facts;
  const auto& listeners = facts.campaigns[index].listeners;
  const bool listens = std::any_of(listeners.begin(), listeners.end(), [&](const Listener& each) {
    return each.where != Listener::Where::Exit || !facts.all(each.trigger->event, facts.consent);
  });
  const bool goal_ends = std::any_of(campaign.goals.begin(), campaign.goals.end(),
                                     [](const sema::Goal& goal) { return static_cast<bool>(goal.clause->reason); });
  return listens || goal_ends || campaign.removed || branches_on_behaviour(review.model, campaign);
}

/// Several messages; those of a `repeat` count as several.
bool sends_several(const Review& review, std::uint32_t index) {
  const auto& sends = review.facts.campaigns[index].sends;
  if (sends.size() >= 2) return true;
  bool repeated = false;
  for_each_statement(review.model.campaigns[index], [&](const ast::Stmt& statement) {
    repeated = repeated || statement.kind == ast::NodeKind::Repeat;
  });
  return repeated && !sends.empty();
}

bool enters_by_dates(const sema::Campaign& campaign) {
  return !campaign.entries.empty() && std::all_of(campaign.entries.begin(), campaign.entries.end(),
                                                  [](const auto* entry) { return entry->entry == EntryForm::Dated; });
}

}  // namespace

/// Practice, rule 8: not a newsletter on a timer.
void reacts_to_nothing(const Review& review) {
  for (std::uint32_t i = 0; i < review.model.campaigns.size(); ++i) {
    const sema::Campaign& campaign = review.model.campaigns[i];
    if (!review.facts.campaigns[i].sends_marketing || !sends_several(review, i) || enters_by_dates(campaign) ||
        reacts_to_anything(review, i))
      continue;
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::ReactsToNothing, campaign.decl->name.span, campaign.name);
    const std::string hand = review.facts.any_raised_hand ? "demo.requested" : "email.clicked";
    said.hint = "Listen to what a lead does: a trigger, `on " + hand +
                " { … }`, a wait with handlers, or an `if` that asks what was opened or clicked.";
  }
}

namespace {

/// What so many do that it tells nothing: a look at a page, a change of the record, any of many signs of life.
bool is_broad(const Review& review, const ast::EventRef& event) {
  static constexpr std::array<std::string_view, 4> kBroad{"page.viewed", "lead.updated", "email.opened",
                                                          "email.delivered"};
  const auto& kinds = review.facts.kinds(event);
  if (kinds.size() >= 5) return true;
  return kinds.size() == 1 &&
         std::find(kBroad.begin(), kBroad.end(), review.model.kinds[kinds.front()].name) != kBroad.end();
}

bool takes_everybody(const Review& review, const ast::Clause& entry) {
  if (entry.condition || entry.condition2 || entry.event.where) return false;
  if (entry.entry == EntryForm::Every || entry.entry == EntryForm::Once) return true;
  return entry.entry == EntryForm::On && !entry.event.of_content && is_broad(review, entry.event);
}

/// Whether a lead may get something before anything is asked about it.
bool sends_without_asking(const Review& review, const flow::CampaignGraph& graph) {
  const Reached reached = reach(graph, {0}, [&](const flow::Edge& edge) {
    const flow::Node::Kind kind = graph.nodes[edge.from].kind;
    return !is_reaction(edge) && kind != flow::Node::Kind::Branch && kind != flow::Node::Kind::SendWork;
  });
  const auto& sends = review.facts.campaigns[graph.campaign].sends;
  return std::any_of(sends.begin(), sends.end(), [&](const Sent& sent) {
    return sent.marketing && reached.has(sent.node) && !sent.statement->to_leads_where;
  });
}

}  // namespace

/// Practice, rule 8: not the whole database blasted with one case study.
void everybody_enters(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) {
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    if (!campaign.audience.empty() || !campaign.exclude.empty() || !sends_without_asking(review, graph)) continue;
    for (const ast::Clause* entry : campaign.entries) {
      if (!takes_everybody(review, *entry)) continue;
      auto home = sema::about(review.diagnostics, campaign);
      Diagnostic& said = review.diagnostics.report(DiagnosticId::EverybodyEnters, entry->span, campaign.name);
      said.hint = "Say whom it is for: `audience lead.role in [champion, decision_maker]`, or an `if` at the entry.";
      break;
    }
  }
}

namespace {

/// A reason to leave that means: not now, so later.
bool means_later(std::string reason) {
  std::replace(reason.begin(), reason.end(), ' ', '_');
  static constexpr std::array<std::string_view, 11> kWords{"not_now", "recycled",   "recycle",    "later",
                                                           "timing",  "bad_timing", "wrong_time", "not_ready",
                                                           "not_yet", "postponed",  "no_budget"};
  return std::find(kWords.begin(), kWords.end(), reason) != kWords.end() || reason.ends_with("_later") ||
         reason.starts_with("not_now");
}

struct LaterExit {
  ast::Name reason;
  Span span;
};

/// Whether an event is only listened to where its reason means "not now".
bool says_later(const sema::Model& model, const ast::Trigger& trigger) {
  if (!trigger.event.where) return false;
  return any_part(model, *trigger.event.where, [&](const ast::Expr& part) {
    const auto* binary = ast::try_as<ast::Binary>(&part);
    if (!binary || binary->op != ast::BinaryOp::Is) return false;
    auto value = sema::constant_of(model, *binary->right);
    return value && means_later(value->text);
  });
}

/// The first way out by which somebody leaves who may want to come back.
std::optional<LaterExit> later_exit(const Review& review, std::uint32_t index) {
  const sema::Campaign& campaign = review.model.campaigns[index];
  for (const ast::Clause* clause : campaign.exits) {
    if (means_later(clause->reason.text) || says_later(review.model, clause->trigger))
      return LaterExit{clause->reason, clause->span};
  }
  std::optional<LaterExit> found;
  for_each_statement(campaign, [&](const ast::Stmt& statement) {
    const auto* exit = ast::try_as<ast::ExitStmt>(&statement);
    if (exit && !found && means_later(exit->reason.text)) found = LaterExit{exit->reason, exit->reason.span};
  });
  if (found) return found;
  for (const Listener& each : review.facts.campaigns[index].listeners) {
    if (!says_later(review.model, *each.trigger)) continue;
    for (const ast::Stmt* statement : each.trigger->body.statements) {
      const auto* exit = ast::try_as<ast::ExitStmt>(statement);
      if (exit) return LaterExit{exit->reason, each.trigger->span};
    }
  }
  return std::nullopt;
}

/// Nobody comes twice by such an entry, whatever `reenter` says.
bool happens_once(const ast::Clause& entry) {
  return entry.entry == EntryForm::Once || (entry.entry == EntryForm::On && entry.event.kind.text() == "lead.created");
}

/// Campaigns that somebody leaves to be taken up by another, by name: they send people on, or are asked for later.
std::unordered_set<std::string> taken_up(const Review& review) {
  std::unordered_set<std::string> found;
  auto look = [&](const ast::Expr* condition) {
    if (!condition) return;
    any_part(review.model, *condition, [&](const ast::Expr& part) {
      if (const auto* was = ast::try_as<ast::WasInCampaign>(&part)) found.insert(was->campaign.text());
      return false;
    });
  };
  for (const sema::Campaign& campaign : review.model.campaigns) {
    for (const ast::Clause* clause : campaign.audience) look(clause->condition);
    for (const ast::Clause* clause : campaign.entries) look(clause->condition), look(clause->condition2);
    if (!campaign.enrolls_in.empty()) found.insert(campaign.name);
  }
  return found;
}

}  // namespace

/// Practice, rule 16: say how a lead is reintroduced.
void never_again(const Review& review) {
  const std::unordered_set<std::string> taken = taken_up(review);
  for (std::uint32_t i = 0; i < review.model.campaigns.size(); ++i) {
    const sema::Campaign& campaign = review.model.campaigns[i];
    const bool never = !campaign.reenter || campaign.reenter->reenter == ast::Clause::ReenterForm::Never;
    const bool once = std::all_of(campaign.entries.begin(), campaign.entries.end(),
                                  [](const ast::Clause* entry) { return happens_once(*entry); });
    if (!never || once || campaign.key || taken.contains(campaign.name)) continue;
    const std::optional<LaterExit> exit = later_exit(review, i);
    if (!exit) continue;
    const Span place = campaign.reenter ? campaign.reenter->span : campaign.decl->name.span;
    Diagnostic& said = review.diagnostics.report(DiagnosticId::NeverAgain, place, exit->reason.text);
    said.labels.push_back({exit->span, "whoever leaves here may want to come back"});
    said.hint = "Say when: `reenter after 90 days`.";
    if (!campaign.reenter) said.hint = "Without `reenter`, nobody enters twice. " + said.hint;
  }
}

}  // namespace nurture::practice
