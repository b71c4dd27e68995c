#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/flow/blocks.h"
#include "compiler/practice/watches.h"

// Thresholds that one visit reaches, or nobody. Practice, rule 23.

namespace nurture::practice {

namespace {

using ast::BinaryOp;
using flow::CampaignGraph;
using flow::Node;
using sema::Campaign;

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

}  // namespace

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

}  // namespace nurture::practice
