#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/flow/blocks.h"
#include "compiler/practice/lints.h"
#include "compiler/practice/readiness.h"

// Scores that decide: at the edge, in one visit, never, on the way down. Practice, rule 23.

namespace nurture::practice {

namespace {

using ast::BinaryOp;
using ast::NodeKind;
using flow::CampaignGraph;
using flow::Edge;
using flow::Node;
using sema::Campaign;

/// A condition that moves leads when it turns true: a `when`, or an entry by one.
struct Watch {
  const CampaignGraph& graph;
  const Doings& doings;
  const ast::Expr* condition;
  const ast::Trigger* trigger;  ///< or
  const ast::Clause* entry;
  NodeIndex to;  ///< its body, or the stage entered
};

std::vector<Watch> watches(const Review& review, const CampaignGraph& graph) {
  std::vector<Watch> out;
  const Doings& doings = review.facts.campaigns[graph.campaign];
  const Campaign& campaign = review.model.campaigns[graph.campaign];
  for (const Listener& each : doings.listeners) {
    if (each.trigger->condition && each.body != flow::kNoIndex)
      out.push_back({graph, doings, each.trigger->condition, each.trigger, nullptr, each.body});
  }
  for (const ast::Clause* entry : campaign.entries) {
    if (entry->entry == ast::Clause::EntryForm::WhenTrue && entry->condition && !graph.stage_start.empty())
      out.push_back({graph, doings, entry->condition, nullptr, entry, start_of(campaign, graph, *entry)});
  }
  return out;
}

std::string points_of(const sema::Model& model, const Threshold& threshold) {
  return fmt::format("{} points of \"{}\"", threshold.points, model.scores[threshold.score].name);
}

const Threshold* first_from_below(const std::vector<Threshold>& all) {
  auto found = std::find_if(all.begin(), all.end(), [](const Threshold& each) { return each.from_below; });
  return found == all.end() ? nullptr : &*found;
}

// W1402 ---------------------------------------------------------------------------------------------------------------

bool resets(const sema::Model& model, const Node& node, std::uint32_t score) {
  const auto* reset = ast::try_as<ast::ResetScore>(node.statement);
  return reset && reset->target.parts.back().text == model.scores[score].name;
}

/// What comes within the day after a hand-off, as long as the points stay.
Reached soon_after(const Review& review, const CampaignGraph& graph, NodeIndex hand_off, std::uint32_t score) {
  return reach(graph, {hand_off}, [&](const Edge& edge) {
    return !resets(review.model, graph.nodes[edge.from], score) &&
           (edge.kind != Edge::Kind::Timer || edge.shortest < kDay);
  });
}

bool sends_in_stage(const Watch& watch, std::uint32_t stage) {
  return std::any_of(watch.doings.sends.begin(), watch.doings.sends.end(),
                     [&](const Sent& sent) { return sent.marketing && watch.graph.nodes[sent.node].stage == stage; });
}

/// Whether the same trigger waits for the lead again where it is nurtured on.
bool waits_again(const Watch& watch, const Reached& reached, NodeIndex hand_off) {
  for (const Edge& edge : watch.graph.edges) {
    const Node& node = watch.graph.nodes[edge.from];
    if (edge.to != watch.to || !reacts(edge) || node.kind != Node::Kind::Suspension || !reached.has(edge.from))
      continue;
    if (node.stage != watch.graph.nodes[hand_off].stage && sends_in_stage(watch, node.stage)) return true;
  }
  return false;
}

/// Whether the lead leaves and the same entry stands open.
bool enters_again(const Campaign& campaign, const Watch& watch, const Reached& reached) {
  if (!campaign.reenter || campaign.reenter->reenter != ast::Clause::ReenterForm::Always) return false;
  for (NodeIndex i = 0; i < watch.graph.nodes.size(); ++i) {
    if (reached.has(i) && watch.graph.nodes[i].kind == Node::Kind::Exit) return true;
  }
  return false;
}

bool minds_rejection(const Review& review, const Campaign& campaign, const Watch& watch) {
  const auto minds = [&](const ast::Expr* condition) {
    return condition && review.facts.asks_for(*condition, review.facts.rejects);
  };
  if (minds(watch.condition)) return true;
  if (!watch.entry) return false;
  const auto clause_minds = [&](const ast::Clause* clause) { return minds(clause->condition); };
  return minds(watch.entry->condition2) ||
         std::any_of(campaign.audience.begin(), campaign.audience.end(), clause_minds) ||
         std::any_of(campaign.exclude.begin(), campaign.exclude.end(), clause_minds);
}

void look_for_edge(const Review& review, const Watch& watch) {
  const Campaign& campaign = review.model.campaigns[watch.graph.campaign];
  if (watch.trigger && watch.trigger->becomes_true) return;
  const std::vector<Threshold> all = thresholds(review.model, *watch.condition);
  const Threshold* threshold = first_from_below(all);
  if (!threshold || minds_rejection(review, campaign, watch)) return;
  const NodeIndex hand_off = hand_off_after(watch.graph, watch.doings, watch.to);
  if (hand_off == flow::kNoIndex) return;
  const Reached reached = soon_after(review, watch.graph, hand_off, threshold->score);
  if (watch.trigger ? !waits_again(watch, reached, hand_off) : !enters_again(campaign, watch, reached)) return;
  Diagnostic& said =
      review.diagnostics.report(DiagnosticId::NoHysteresis, watch.condition->span, points_of(review.model, *threshold));
  said.labels.push_back({watch.graph.nodes[hand_off].span, "to sales"});
  said.hint = fmt::format(
      "Let the points be spent: `reset score.{}` where sales gives the lead back; or ask `none(sales.rejected in last "
      "60 "
      "days)`{}.",
      review.model.scores[threshold->score].name, watch.entry ? ", or say `reenter after 60 days`" : "");
}

// W1403 ---------------------------------------------------------------------------------------------------------------

constexpr double kPagesOfAVisit = 20;

/// What a person, or a robot that passes for one, does many times a minute.
bool comes_in_numbers(const Review& review, const ast::EventRef& event) {
  const auto& kinds = review.facts.kinds(event);
  return std::any_of(kinds.begin(), kinds.end(), [&](std::uint32_t kind) {
    const std::string& name = review.model.kinds[kind].name;
    return name.ends_with(".viewed") || name.ends_with(".visited") || name.starts_with("page.");
  });
}

bool is_capped(const Review& review, const ast::ScoreRow& row) {
  const std::optional<Duration> per = flow::constant_duration(review.model, row.per);
  return row.at_most > 0 && per && per->nominal() >= kHour;
}

void look_for_one_visit(const Review& review, const Threshold& threshold) {
  const sema::Score& score = review.model.scores[threshold.score];
  for (const ast::ScoreRow& row : score.decl->rows) {
    const std::optional<double> points = number_of(review.model, row.points);
    if (!points || *points <= 0 || is_capped(review, row) || !comes_in_numbers(review, row.event)) continue;
    const double times = std::ceil(threshold.points / *points);
    if (times > kPagesOfAVisit) continue;
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::OneVisit, row.event.span, points_of(review.model, threshold));
    said.labels.push_back(
        {threshold.at->span, times > 1 ? fmt::format("{} of these are enough", times) : "one of these is enough"});
    said.hint = "Count it only so often: `at most 3 times per 1 day`.";
    return;
  }
}

// W1404 ---------------------------------------------------------------------------------------------------------------

struct Most {
  double points = 0;  ///< infinity: no bound
  Label why;
};

/// All that a row can add up to: so many in each period, each worth less the longer ago it was.
double most_of_row(const Review& review, const sema::Score& score, const ast::ScoreRow& row) {
  const std::optional<double> points = number_of(review.model, row.points);
  if (points && *points <= 0) return 0;
  const std::optional<Duration> per = flow::constant_duration(review.model, row.per);
  const std::optional<Duration> half = flow::constant_duration(review.model, score.decl->halves_every);
  if (!points || row.at_most == 0 || !per || !half || half->nominal() <= 0) return HUGE_VAL;
  const double kept = std::exp2(-static_cast<double>(per->nominal()) / static_cast<double>(half->nominal()));
  return static_cast<double>(row.at_most) * *points / (1 - kept);
}

/// The scores that a campaign adds to.
std::set<std::string> added_to(const Review& review) {
  std::set<std::string> out;
  for (const CampaignGraph& graph : review.graphs) {
    for (const Node& node : graph.nodes) {
      if (const auto* add = ast::try_as<ast::AddScore>(node.statement)) out.insert(add->target.parts.back().text);
    }
  }
  return out;
}

Most most(const Review& review, const sema::Score& score, const std::set<std::string>& added) {
  Most out{0, {score.decl->name.span, "no event adds points to it"}};
  for (const ast::ScoreRow& row : score.decl->rows) out.points += most_of_row(review, score, row);
  if (added.contains(score.name)) out.points = HUGE_VAL;
  if (out.points > 0)
    out.why = {score.decl->name.span, fmt::format("its events come to {:.0f} points at most", std::floor(out.points))};
  const std::optional<double> cap = number_of(review.model, score.decl->cap);
  if (cap && *cap < out.points) out = {*cap, {score.decl->cap->span, "it is never more than this"}};
  if (const std::optional<double> floor = number_of(review.model, score.decl->floor))
    out.points = std::max(out.points, *floor);
  return out;
}

bool in_reach(const Most& most, const Threshold& threshold) {
  const auto* compared = ast::try_as<ast::Binary>(threshold.at);
  const bool strictly = compared && (compared->op == BinaryOp::Greater || compared->op == BinaryOp::Less);
  return strictly ? threshold.points < most.points : threshold.points <= most.points;
}

/// Every condition of a campaign, and those of the segments.
std::vector<const ast::Expr*> conditions(const Review& review) {
  std::vector<const ast::Expr*> out;
  const auto add = [&](const ast::Expr* condition) {
    if (condition) out.push_back(condition);
  };
  for (const sema::Segment& segment : review.model.segments) add(segment.decl->condition);
  for (const CampaignGraph& graph : review.graphs) {
    const Campaign& campaign = review.model.campaigns[graph.campaign];
    for (const auto* clauses : {&campaign.entries, &campaign.audience, &campaign.exclude}) {
      for (const ast::Clause* clause : *clauses) {
        add(clause->condition);
        add(clause->condition2);
      }
    }
    for (const Listener& each : review.facts.campaigns[graph.campaign].listeners) add(each.trigger->condition);
    for (const Node& node : graph.nodes) {
      if (node.kind != Node::Kind::Branch) continue;
      for (const ast::IfArm& arm : ast::as<ast::If>(*node.statement).arms) add(arm.condition);
    }
  }
  return out;
}

// W1405 ---------------------------------------------------------------------------------------------------------------

/// The parts of a condition that must all hold.
void conjuncts(const sema::Model& model, const ast::Expr& expr, std::vector<const ast::Expr*>& out) {
  const auto* both = ast::try_as<ast::Binary>(&expr);
  if (both && both->op == BinaryOp::And) {
    conjuncts(model, *both->left, out);
    return conjuncts(model, *both->right, out);
  }
  auto found = expr.kind == NodeKind::NameRef ? model.symbols.find(expr.id) : model.symbols.end();
  if (found != model.symbols.end() && found->second.kind == sema::Symbol::Kind::Segment)
    return conjuncts(model, *model.segments[found->second.index].decl->condition, out);
  out.push_back(&expr);
}

bool is_comparison(const ast::Expr& expr) {
  const auto* binary = ast::try_as<ast::Binary>(&expr);
  return expr.kind == NodeKind::Between || (binary && binary->op >= BinaryOp::Is && binary->op <= BinaryOp::Matches);
}

/// Asks for something that happened of late: then it is not the passing of time that makes it true.
bool asks_lately(const sema::Model& model, const ast::Expr& expr) {
  bool found = false;
  for_each_part(model, expr, [&](const ast::Expr& part, bool) {
    const auto* past = ast::try_as<ast::Aggregate>(&part);
    found = found || (past && past->since == ast::Since::Last && past->function.text != "none");
  });
  return found;
}

/// The upper ends that a condition sets to a score that decays; `lower` tells whether it sets a lower one as well.
struct Ceiling {
  Threshold threshold;
  bool lower = false;
};
void ceilings(const sema::Model& model, const ast::Expr& expr, std::vector<Ceiling>& out) {
  const auto* either = ast::try_as<ast::Binary>(&expr);
  if (either && either->op == BinaryOp::Or) {
    ceilings(model, *either->left, out);
    return ceilings(model, *either->right, out);
  }
  std::vector<const ast::Expr*> parts;
  conjuncts(model, expr, parts);
  std::vector<Threshold> all;
  for (const ast::Expr* part : parts) {
    if (asks_lately(model, *part)) return;
    if (!is_comparison(*part)) continue;
    for (const Threshold& each : thresholds(model, *part)) all.push_back(each);
  }
  for (const Threshold& each : all) {
    if (each.from_below || !model.scores[each.score].decays) continue;
    const bool lower = std::any_of(
        all.begin(), all.end(), [&](const Threshold& other) { return other.from_below && other.score == each.score; });
    out.push_back({each, lower});
  }
}

/// Whether it only takes the lead out.
bool only_leaves(const Watch& watch) {
  if (watch.entry) return false;
  const Reached reached = reach(watch.graph, {watch.to}, [&](const Edge& edge) { return at_once(watch.graph, edge); });
  for (NodeIndex i = 0; i < watch.graph.nodes.size(); ++i) {
    const Node::Kind kind = watch.graph.nodes[i].kind;
    if (reached.has(i) && kind != Node::Kind::TriggerBody && kind != Node::Kind::Exit && kind != Node::Kind::Work)
      return false;
  }
  return true;
}

void look_for_cooling(const Review& review, const Watch& watch) {
  std::vector<Ceiling> found;
  ceilings(review.model, *watch.condition, found);
  if (found.empty()) return;
  const bool to_sales = hand_off_after(watch.graph, watch.doings, watch.to) != flow::kNoIndex;
  for (const Ceiling& each : found) {
    if (!to_sales && (!each.lower || only_leaves(watch))) continue;
    const sema::Score& score = review.model.scores[each.threshold.score];
    Diagnostic& said = review.diagnostics.report(DiagnosticId::CoolingCounts, each.threshold.at->span);
    said.labels.push_back({score.decl->halves_every->span, "it cools down by itself"});
    said.hint = fmt::format(
        "Ask for the lower end only, `score.{} >= …`, and let a higher one lead away before; or ask for something that "
        "just happened as well: `and any(activity in last 7 days)`.",
        score.name);
    return;
  }
}

void for_each_watch(const Review& review, void (*look)(const Review&, const Watch&)) {
  for (const CampaignGraph& graph : review.graphs) {
    auto about = sema::about(review.diagnostics, review.model.campaigns[graph.campaign]);
    for (const Watch& watch : watches(review, graph)) look(review, watch);
  }
}

}  // namespace

/// Practice, rule 23: a lead at a threshold does not go to sales with every click.
void no_hysteresis(const Review& review) { for_each_watch(review, look_for_edge); }

/// Practice, rule 23: one visit makes nobody ready.
void one_visit(const Review& review) {
  std::set<std::uint32_t> looked_at;
  for (const CampaignGraph& graph : review.graphs) {
    for (const Watch& watch : watches(review, graph)) {
      if (hand_off_after(graph, watch.doings, watch.to) == flow::kNoIndex) continue;
      for (const Threshold& each : thresholds(review.model, *watch.condition)) {
        if (each.from_below && each.points > 0 && looked_at.insert(each.score).second) look_for_one_visit(review, each);
      }
    }
  }
}

/// Practice, rule 23: a threshold that nobody reaches is no threshold.
void never_reached(const Review& review) {
  std::vector<std::optional<Most>> known(review.model.scores.size());
  const std::set<std::string> added = added_to(review);
  std::set<const ast::Expr*> said;
  for (const ast::Expr* condition : conditions(review)) {
    for (const Threshold& each : thresholds(review.model, *condition)) {
      const sema::Score& score = review.model.scores[each.score];
      if (!each.from_below || each.points <= 0 || said.contains(each.at)) continue;
      if (!known[each.score]) known[each.score] = most(review, score, added);
      if (in_reach(*known[each.score], each)) continue;
      said.insert(each.at);
      Diagnostic& found = review.diagnostics.report(DiagnosticId::NeverReached, each.at->span, score.name,
                                                    fmt::format("{}", each.points));
      found.labels.push_back(known[each.score]->why);
      found.hint = "Ask for fewer points, or let what leads do give more.";
    }
  }
}

/// Practice, rule 23: cooling down through a band is not warming up into it.
void cooling_counts(const Review& review) { for_each_watch(review, look_for_cooling); }

}  // namespace nurture::practice
