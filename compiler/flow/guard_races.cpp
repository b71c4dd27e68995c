#include "compiler/flow/guard_races.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "compiler/flow/conditions.h"
#include "compiler/sema/walk.h"

namespace nurture::flow {

namespace {

using ast::as;
using ast::NodeKind;
using ast::try_as;

/// What a campaign does at the instant of an event.
struct Answer {
  std::uint32_t campaign = 0;
  const ast::EventRef* event = nullptr;
  Span span;                           ///< of the entry or trigger
  const ast::Clause* entry = nullptr;  ///< none: a trigger
  const ast::Stmt* act = nullptr;      ///< hands off, or sends the first message; if any
  std::vector<const ast::SetStmt*> sets;
};

/// More pairs than this are not held against each other: a check stays quick however many campaigns there are. Most
/// pairs are apart by what they hear of the event, which costs little to see.
constexpr int kMostPairs = 3000;
constexpr int kMostLooks = 50'000;

class Races {
 public:
  Races(const sema::Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {}
  void run();

 private:
  void collect(std::uint32_t index);
  void at_once(const sema::Campaign& campaign, const ast::Block& block, Answer& answer, int depth) const;
  void answers(std::uint32_t kind, const std::vector<std::size_t>& rows);
  void both_act(std::uint32_t kind, const Answer& a, const Answer& b);
  void asks_what_is_set(std::uint32_t kind, const Answer& setter, const Answer& asker);
  void sets();
  void contested(const std::vector<std::pair<std::uint32_t, const ast::SetStmt*>>& rows);

  bool apart(std::uint32_t a, std::uint32_t b) const;
  std::vector<Facts> heard_of(std::uint32_t kind, const std::vector<std::size_t>& rows, Places& places) const;
  Facts members(std::uint32_t campaign, Conditions& conditions) const;
  Facts heard(std::uint32_t kind, const Answer& answer, Conditions& conditions) const;
  /// Whether some lead surely meets both: what is not known of other campaigns is not part of it.
  static bool meet(const Facts& facts, const Places& places);
  bool asks(std::uint32_t campaign, const std::string& attribute) const;

  const sema::Model& model_;
  Diagnostics& diagnostics_;
  std::vector<Answer> answers_;
  std::map<std::string, std::vector<std::pair<std::uint32_t, const ast::SetStmt*>>> sets_;
  std::set<std::uint32_t> told_;  ///< campaigns of which it was said that another answers, too
  int compared_ = 0, looked_at_ = 0;
};

void Races::run() {
  if (model_.campaigns.size() < 2) return;
  for (std::uint32_t i = 0; i < model_.campaigns.size(); ++i) collect(i);
  std::map<std::uint32_t, std::vector<std::size_t>> by_kind;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    for (std::uint32_t kind : model_.kinds_of(answers_[i].event->kind.text())) by_kind[kind].push_back(i);
  }
  for (const auto& [kind, rows] : by_kind) answers(kind, rows);
  sets();
}

/// Up to the first time that passes, and the first question that may have either answer.
void Races::at_once(const sema::Campaign& campaign, const ast::Block& block, Answer& answer, int depth) const {
  for (const ast::Stmt* each : block.statements) {
    if (const auto* set = try_as<ast::SetStmt>(each)) answer.sets.push_back(set);
    if (each->kind == NodeKind::HandOff && !answer.act) answer.act = each;
    if (const auto* send = try_as<ast::Send>(each)) {
      const std::uint32_t content = model_.find_content(send->content.text);
      const bool marketing = send->what == ast::Send::What::Content && content != sema::kNoIndex &&
                             model_.contents[content].message_class == sema::Content::Class::Marketing;
      if (marketing && !answer.act && !send->to_leads) answer.act = each;
      if (!send->now_or_skip) return;
    }
    if (const auto* going = try_as<ast::GoTo>(each); going && depth < 2) {
      for (const sema::Stage& stage : campaign.stages) {
        if (stage.name == going->stage.text) at_once(campaign, stage.clause->body, answer, depth + 1);
      }
    }
    const bool goes_on = each->kind == NodeKind::SetStmt || each->kind == NodeKind::HandOff ||
                         each->kind == NodeKind::Send || each->kind == NodeKind::Notify ||
                         each->kind == NodeKind::Assign || each->kind == NodeKind::Remember ||
                         each->kind == NodeKind::AddScore || each->kind == NodeKind::AudienceChange;
    if (!goes_on) return;
  }
}

void Races::collect(std::uint32_t index) {
  const sema::Campaign& campaign = model_.campaigns[index];
  if (campaign.status || campaign.decl->for_account || campaign.stages.empty()) return;
  const auto add = [&](Answer answer, const ast::Block& block) {
    at_once(campaign, block, answer, 0);
    if (answer.act || !answer.sets.empty() || answer.entry) answers_.push_back(std::move(answer));
  };
  for (const ast::Clause* entry : campaign.entries) {
    if (!entry->event) continue;
    const ast::Clause* first = campaign.stages.front().clause;
    for (const sema::Stage& stage : campaign.stages) {
      if (entry->name && stage.name == entry->name.text) first = stage.clause;
    }
    add({index, &entry->event, entry->span, entry, nullptr, {}}, first->body);
  }
  const auto triggers = [&](const ast::Trigger& trigger) {
    if (trigger.event) add({index, &trigger.event, trigger.span, nullptr, nullptr, {}}, trigger.body);
  };
  for (const ast::Clause* each : campaign.triggers) triggers(each->trigger);
  const auto look = [&](const ast::Block& block) {
    sema::for_each_statement(block, [&](const ast::Stmt& stmt) {
      const auto* set = try_as<ast::SetStmt>(&stmt);
      if (set && set->value) sets_[set->target.parts.back().text].emplace_back(index, set);
    });
  };
  for (const ast::Clause* each : campaign.triggers) look(each->trigger.body);
  for (const sema::Stage& stage : campaign.stages) {
    look(stage.clause->body);
    for (const ast::Trigger& trigger : stage.clause->triggers) look(trigger.body);
  }
}

/// No lead is in both at once.
bool Races::apart(std::uint32_t a, std::uint32_t b) const {
  const sema::Campaign &x = model_.campaigns[a], &y = model_.campaigns[b];
  if (a == b || (x.active && y.active)) return true;
  return x.exclusive && y.exclusive && x.exclusive->name.text == y.exclusive->name.text;
}

Facts Races::members(std::uint32_t campaign, Conditions& conditions) const {
  const sema::Campaign& row = model_.campaigns[campaign];
  Facts made = Facts::anything();
  for (const ast::Clause* each : row.audience) made = conditions.both(made, conditions.when(*each->condition, true));
  for (const ast::Clause* each : row.exclude) made = conditions.both(made, conditions.when(*each->condition, false));
  for (const ast::Clause* each : row.exits) {
    if (each->trigger.condition) made = conditions.both(made, conditions.when(*each->trigger.condition, false));
  }
  return made;
}

Facts Races::heard(std::uint32_t kind, const Answer& answer, Conditions& conditions) const {
  Facts made = conditions.both(members(answer.campaign, conditions), conditions.heard(*answer.event, kind));
  const bool asked = answer.entry && answer.entry->condition;
  return asked ? conditions.both(made, conditions.when(*answer.entry->condition, true)) : made;
}

bool Races::meet(const Facts& facts, const Places& places) {
  return std::any_of(facts.boxes().begin(), facts.boxes().end(), [&](const Box& box) {
    return std::none_of(box.begin(), box.end(), [&](const auto& row) { return places[row.first].of_campaigns; });
  });
}

/// What each of them hears of events of the kind, whoever does them.
std::vector<Facts> Races::heard_of(std::uint32_t kind, const std::vector<std::size_t>& rows, Places& places) const {
  std::vector<Facts> out;
  for (std::size_t row : rows) {
    const Answer& answer = answers_[row];
    Conditions conditions(model_, places, model_.campaigns[answer.campaign].name);
    out.push_back(conditions.heard(*answer.event, kind));
  }
  return out;
}

void Races::answers(std::uint32_t kind, const std::vector<std::size_t>& rows) {
  if (rows.size() < 2) return;
  Places places;
  const std::vector<Facts> heard = heard_of(kind, rows, places);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const Answer &a = answers_[rows[i]], &b = answers_[rows[j]];
      if (apart(a.campaign, b.campaign) || ++looked_at_ > kMostLooks) continue;
      if (both(heard[i], heard[j], places).never() || ++compared_ > kMostPairs) continue;
      both_act(kind, a, b);
      asks_what_is_set(kind, a, b);
    }
  }
}

/// One event brings a lead into both, and both hand it to sales, or both begin with a message. Where a campaign that
/// the lead is in already listens to a raised hand as well, the second hand-off rings nobody (§5.7).
void Races::both_act(std::uint32_t kind, const Answer& a, const Answer& b) {
  if (!a.act || !b.act || a.act->kind != b.act->kind || told_.contains(b.campaign)) return;
  if (!a.entry || !b.entry) return;
  if (a.act->kind == NodeKind::Send) {
    const auto channel = [&](const Answer& answer) {
      return model_.contents[model_.find_content(as<ast::Send>(*answer.act).content.text)].channel;
    };
    if (channel(a) != channel(b)) return;
  }
  Places places;
  Conditions of_a(model_, places, model_.campaigns[a.campaign].name),
      of_b(model_, places, model_.campaigns[b.campaign].name);
  if (!meet(of_a.both(heard(kind, a, of_a), heard(kind, b, of_b)), places)) return;
  told_.insert(b.campaign);
  Diagnostic& said = diagnostics_.report(DiagnosticId::TwoRace, b.span, model_.campaigns[a.campaign].name,
                                         model_.campaigns[b.campaign].name);
  said.labels.push_back({a.span, "the same event"});
  said.labels.push_back({a.act->span, "what the one does"});
  if (b.act->span != a.act->span) said.labels.push_back({b.act->span, "what the other does"});
  said.hint = "Let one of them answer: tell their audiences apart, or put both in one group with `exclusive in`.";
}

/// The one that comes first has set it when the other asks.
void Races::asks_what_is_set(std::uint32_t kind, const Answer& setter, const Answer& asker) {
  if (!asker.entry) return;
  for (const ast::SetStmt* set : setter.sets) {
    if (!set->value || !sema::constant_of(model_, *set->value)) continue;
    Places places;
    Conditions of_a(model_, places, "a"), of_b(model_, places, "b");
    const Facts before = heard(kind, setter, of_a), wanted = heard(kind, asker, of_b);
    const Facts both = of_a.both(before, wanted), after = of_a.both(of_a.after_set(before, *set), wanted);
    // Whoever the first answers is turned away by the second only because of what the first has set.
    if (!meet(both, places) || !after.never()) continue;
    const ast::Expr* asked = asker.entry->condition;
    for (const auto* clauses :
         {&model_.campaigns[asker.campaign].audience, &model_.campaigns[asker.campaign].exclude}) {
      for (const ast::Clause* each : *clauses) asked = asked ? asked : each->condition;
    }
    const std::string name = set->target.text();
    Diagnostic& said = diagnostics_.report(DiagnosticId::ReadAfterSet, asked ? asked->span : asker.span, name,
                                           model_.campaigns[setter.campaign].name);
    said.labels.push_back({set->span, "set at the same event, before this is asked"});
    said.hint =
        "\"" + model_.campaigns[setter.campaign].name +
        "\" comes first, so whoever it answers does not enter here. Give this one the higher priority, or ask for "
        "something else.";
    return;
  }
}

// Attributes ----------------------------------------------------------------------------------------------------------

void Races::sets() {
  for (const auto& [name, rows] : sets_) {
    if (rows.size() > 1 && rows.front().first != rows.back().first) contested(rows);
  }
}

void Races::contested(const std::vector<std::pair<std::uint32_t, const ast::SetStmt*>>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const auto& [a, first] = rows[i];
      const auto& [b, second] = rows[j];
      if (apart(a, b) || ++compared_ > kMostPairs) continue;
      const auto x = sema::constant_of(model_, *first->value), y = sema::constant_of(model_, *second->value);
      if (!x || !y || (x->text == y->text && x->value == y->value)) continue;
      const std::string& name = first->target.parts.back().text;
      if (first->span == second->span || asks(a, name) || asks(b, name)) continue;  // the same: of one template
      Places places;
      Conditions of_a(model_, places, "a"), of_b(model_, places, "b");
      if (!meet(of_a.both(members(a, of_a), members(b, of_b)), places)) continue;
      Diagnostic& said = diagnostics_.report(DiagnosticId::AttributeContested, second->span, second->target.text(),
                                             model_.campaigns[a].name);
      said.labels.push_back({first->span, "set to something else"});
      said.hint = "A lead in both keeps what was set last. Let one of them set it, or ask what it is before.";
      return;
    }
  }
}

/// Whether a campaign looks at an attribute anywhere: what it sets is then a decision.
bool Races::asks(std::uint32_t campaign, const std::string& attribute) const {
  bool found = false;
  std::set<std::uint32_t> segments;
  const std::function<void(const ast::Expr&)> visit = [&](const ast::Expr& expr) {
    auto symbol = model_.symbols.find(expr.id);
    if (expr.kind == NodeKind::NameRef && symbol != model_.symbols.end()) {
      const sema::Symbol& at = symbol->second;
      const bool segment = at.kind == sema::Symbol::Kind::Segment && segments.insert(at.index).second;
      if (segment) visit(*model_.segments[at.index].decl->condition);
      found = found || (at.kind == sema::Symbol::Kind::LeadAttribute && model_.lead[at.index].name == attribute);
    }
    sema::for_each_child(expr, visit);
  };
  sema::for_each_question(model_.campaigns[campaign].decl->clauses, {.condition = visit});
  return found;
}

}  // namespace

void review_races(const sema::Model& model, Diagnostics& diagnostics) { Races(model, diagnostics).run(); }

}  // namespace nurture::flow
