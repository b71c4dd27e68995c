#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <set>

#include "compiler/picture/chart.h"
#include "compiler/sema/walk.h"

namespace nurture::picture {

using ast::as;
using ast::NodeKind;

namespace {

class Overview {
 public:
  Overview(const sema::Unit& unit, const std::vector<Totals>& totals) : model_(unit.model), totals_(totals) {}

  Chart build() {
    chart_.name = model_.program.name;
    chart_.of_programme = true;
    for (Index i = 0; i < model_.campaigns.size(); ++i) campaign(i);
    for (Index i = 0; i < model_.campaigns.size(); ++i) requests(i);
    for (Index i = 0; i < model_.campaigns.size(); ++i) conditions(i);
    for (auto& [pair, whys] : whys_) {
      Arrow made;
      made.kind = Arrow::Kind::Relation;
      made.from = pair.first;
      made.to = pair.second;
      made.label = fmt::format("{}", fmt::join(whys.words, ", "));
      made.span = whys.span;
      chart_.arrows.push_back(std::move(made));
    }
    return std::move(chart_);
  }

 private:
  struct Whys {
    std::vector<std::string> words;
    Span span;
  };

  void campaign(Index index);
  void requests(Index index);
  void conditions(Index index);
  void relate(Index from, Index to, std::string why, Span span);
  void look(Index reader, const ast::Expr& expr, std::set<const ast::Expr*>& seen);
  void for_each_statement(const sema::Campaign& campaign, const std::function<void(const ast::Stmt&)>& visit) const;

  const sema::Model& model_;
  const std::vector<Totals>& totals_;
  Chart chart_;
  std::map<std::string, std::vector<std::pair<Index, Span>>> changers_;  ///< who changes what
  std::map<std::pair<Index, Index>, Whys> whys_;
};

void Overview::campaign(Index index) {
  const sema::Campaign& row = model_.campaigns[index];
  Box box;
  box.kind = Box::Kind::Campaign;
  box.lines.push_back(row.name);
  box.detail = row.made_from ? row.made_from->doc : row.decl->doc;
  box.span = row.made_from ? row.made_from->name.span : row.decl->name.span;
  if (row.exclusive) {
    const std::string& name = row.exclusive->name.text;
    auto found =
        std::find_if(chart_.groups.begin(), chart_.groups.end(), [&](const Group& g) { return g.name == name; });
    if (found == chart_.groups.end()) {
      Group made;
      made.kind = Group::Kind::Exclusive;
      made.name = name;
      made.span = row.exclusive->span;
      found = chart_.groups.insert(found, std::move(made));
    }
    box.group = static_cast<Index>(found - chart_.groups.begin());
  }
  if (index < totals_.size()) {
    box.reached = totals_[index].entered;
    box.inside = totals_[index].inside;
  }
  chart_.boxes.push_back(std::move(box));
}

void Overview::relate(Index from, Index to, std::string why, Span span) {
  if (from == to || to == sema::kNoIndex) return;
  Whys& whys = whys_[{from, to}];
  if (whys.words.empty()) whys.span = span;
  if (std::find(whys.words.begin(), whys.words.end(), why) == whys.words.end()) whys.words.push_back(std::move(why));
}

void Overview::for_each_statement(const sema::Campaign& campaign,
                                  const std::function<void(const ast::Stmt&)>& visit) const {
  for (const sema::Stage& stage : campaign.stages) {
    sema::for_each_statement(stage.clause->body, visit);
    for (const ast::Trigger& trigger : stage.clause->triggers) sema::for_each_statement(trigger.body, visit);
  }
  for (const ast::Clause* clause : campaign.triggers) sema::for_each_statement(clause->trigger.body, visit);
  if (campaign.on_exit) sema::for_each_statement(campaign.on_exit->body, visit);
}

/// What it asks of others, and what it changes.
void Overview::requests(Index index) {
  const auto asked_of = [&](const ast::Stmt& stmt) {
    const auto found = model_.symbols.find(stmt.id);
    return found == model_.symbols.end() ? sema::kNoIndex : found->second.index;
  };
  const auto changes = [&](const std::string& what, Span span) { changers_[what].emplace_back(index, span); };
  for_each_statement(model_.campaigns[index], [&](const ast::Stmt& stmt) {
    switch (stmt.kind) {
      case NodeKind::Enroll:
        return relate(index, asked_of(stmt), "enrolls", stmt.span);
      case NodeKind::RemoveFrom:
        return relate(index, asked_of(stmt), "removes", stmt.span);
      case NodeKind::SetStmt:
        return changes(as<ast::SetStmt>(stmt).target.text(), stmt.span);
      case NodeKind::AddScore:
        return changes("score." + as<ast::AddScore>(stmt).target.parts.back().text, stmt.span);
      case NodeKind::ResetScore:
        return changes("score." + as<ast::ResetScore>(stmt).target.parts.back().text, stmt.span);
      default:
        return;
    }
  });
}

/// Who may come in, and on what condition who is in it leaves or goes elsewhere.
void Overview::conditions(Index index) {
  const sema::Campaign& row = model_.campaigns[index];
  std::set<const ast::Expr*> seen;
  const auto ask = [&](const ast::Expr* expr) {
    if (expr) look(index, *expr, seen);
  };
  for (const auto* clauses : {&row.audience, &row.exclude, &row.entries, &row.exits, &row.triggers}) {
    for (const ast::Clause* clause : *clauses) {
      ask(clause->condition);
      ask(clause->condition2);
      ask(clause->trigger.condition);
      ask(clause->target);
    }
  }
  for (const sema::Stage& stage : row.stages) {
    for (const ast::Trigger& trigger : stage.clause->triggers) ask(trigger.condition);
  }
}

void Overview::look(Index reader, const ast::Expr& expr, std::set<const ast::Expr*>& seen) {
  if (!seen.insert(&expr).second) return;
  std::string what;
  if (const auto* was = ast::try_as<ast::WasInCampaign>(&expr)) {
    const std::uint32_t other = model_.find_campaign(was->campaign.text());
    relate(other, reader, "after exit as " + was->reason.text, expr.span);
  }
  if (expr.kind == NodeKind::NameRef) {
    const auto found = model_.symbols.find(expr.id);
    if (found != model_.symbols.end()) {
      const sema::Symbol& symbol = found->second;
      if (symbol.kind == sema::Symbol::Kind::Segment)
        look(reader, *model_.segments[symbol.index].decl->condition, seen);
      if (symbol.kind == sema::Symbol::Kind::LeadAttribute) what = "lead." + model_.lead[symbol.index].name;
      if (symbol.kind == sema::Symbol::Kind::Score) what = "score." + model_.scores[symbol.index].name;
    }
  }
  if (const auto by = changers_.find(what); by != changers_.end()) {
    for (const auto& [changer, span] : by->second) relate(changer, reader, what, span);
  }
  sema::for_each_child(expr, [&](const ast::Expr& child) { look(reader, child, seen); });
}

}  // namespace

Chart overview_of(const sema::Unit& unit, const std::vector<Totals>& totals) { return Overview(unit, totals).build(); }

}  // namespace nurture::picture
