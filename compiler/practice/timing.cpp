#include <algorithm>
#include <array>
#include <map>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// Whether somebody arrives by it: a lead does something, or is new, or has just bought. Not what comes of a deal.
bool arrives(const sema::EventKind& kind) {
  if (kind.starts_sales_hold || kind.ends_sales_hold || kind.answers_hand_off) return false;
  if (kind.actor == sema::EventKind::Actor::Lead) return true;
  static constexpr std::array<std::string_view, 5> kNew{".created", ".added", ".started", ".bought", ".signed"};
  return std::any_of(kNew.begin(), kNew.end(), [&](std::string_view word) { return kind.name.ends_with(word); });
}

/// Something that a lead or a colleague notices; a webhook or another campaign may do such a thing.
bool is_touch(const flow::Node& node) {
  if (node.kind == flow::Node::Kind::SendWork) return true;
  if (node.kind != flow::Node::Kind::Work) return false;
  const ast::NodeKind kind = node.statement->kind;
  return kind == ast::NodeKind::HandOff || kind == ast::NodeKind::Assign || kind == ast::NodeKind::CallWebhook ||
         kind == ast::NodeKind::Enroll;
}

/// What a lead who enters gets first if nobody does anything more.
struct FirstTouch {
  NodeIndex node = flow::kNoIndex;
  Instant after = kNever;
};

FirstTouch first_touch(const flow::CampaignGraph& graph, NodeIndex start) {
  Search search;
  search.follow = [](const flow::Edge& edge) { return !is_reaction(edge); };
  search.ends = [&](NodeIndex at) { return is_touch(graph.nodes[at]); };
  const std::vector<Instant> times = least_times(graph, {start}, search);
  FirstTouch found;
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    if (is_touch(graph.nodes[i]) && times[i] < found.after) found = {i, times[i]};
  }
  return found;
}

/// What each campaign does first, for each way in.
class Firsts {
 public:
  explicit Firsts(const Review& review) : review_(review) {
    for (const flow::CampaignGraph& graph : review.graphs) look(graph);
  }

  void report() {
    for (const Way& way : ways_) {
      if (way.touch.after <= kDay || way.touch.node == flow::kNoIndex || answered(way)) continue;
      report(way);
    }
  }

 private:
  struct Way {
    const flow::CampaignGraph* graph;
    const ast::Clause* entry;
    FirstTouch touch;
  };

  void look(const flow::CampaignGraph& graph) {
    const sema::Campaign& campaign = review_.model.campaigns[graph.campaign];
    // Whom another campaign sends has been spoken to.
    if (graph.stage_start.empty() || campaign.enrolled) return;
    std::map<NodeIndex, FirstTouch> per_start;
    for (const ast::Clause* entry : campaign.entries) {
      if (entry->entry != ast::Clause::EntryForm::On) continue;
      const NodeIndex start = start_of(campaign, graph, *entry);
      if (!per_start.contains(start)) per_start[start] = first_touch(graph, start);
      ways_.push_back({&graph, entry, per_start[start]});
      if (per_start[start].after > kDay) continue;
      for (std::uint32_t kind : kinds(*entry)) answered_.resize(std::max<std::size_t>(answered_.size(), kind + 1));
      for (std::uint32_t kind : kinds(*entry)) answered_[kind] = true;
    }
  }

  std::vector<std::uint32_t> kinds(const ast::Clause& entry) const {
    return review_.model.kinds_of(entry.event.kind.text());
  }

  /// Nobody arrives by it, or another campaign speaks to whoever does.
  bool answered(const Way& way) const {
    std::vector<std::uint32_t> all = kinds(*way.entry);
    return std::all_of(all.begin(), all.end(), [&](std::uint32_t kind) {
      return !arrives(review_.model.kinds[kind]) || (kind < answered_.size() && answered_[kind]);
    });
  }

  void report(const Way& way) {
    auto home = sema::about(review_.diagnostics, review_.model.campaigns[way.graph->campaign]);
    const flow::Node& node = way.graph->nodes[way.touch.node];
    const auto* send = ast::try_as<ast::Send>(node.statement);
    Diagnostic& said = review_.diagnostics.report(DiagnosticId::FirstTouchLate, send ? named(*send) : node.span,
                                                  spoken(way.touch.after));
    said.labels.push_back({way.entry->span, "a lead enters here"});
    said.hint = "Answer within the day, while the lead remembers what it did; the rest can wait.";
  }

  const Review& review_;
  std::vector<Way> ways_;
  std::vector<bool> answered_;  ///< per kind of event: some campaign speaks within a day to whom it brings
};

}  // namespace

/// Practice, rule 14: the first hours are those in which a lead is most interested.
void first_touch_late(const Review& review) { Firsts(review).report(); }

namespace {

/// A limit of one message a day, or of fewer, on this channel.
const sema::Rule* daily_limit(const sema::Model& model, const sema::Campaign& campaign, const std::string& channel) {
  auto holds = [&](const sema::Rule& rule) {
    if (rule.clause->kind != ast::Clause::Kind::Limit || rule.clause->number != 1) return false;
    return (rule.channel.empty() || rule.channel == channel) && rule.governs == sema::Rule::Governs::Sends;
  };
  for (const std::vector<sema::Rule>* rules : {&campaign.rules, &model.rules}) {
    for (const sema::Rule& rule : *rules) {
      if (holds(rule)) return &rule;
    }
  }
  return nullptr;
}

/// Messages of one campaign that always come within a day of one another.
class SameDay {
 public:
  SameDay(const Review& review, const flow::CampaignGraph& graph)
      : review_(review),
        graph_(graph),
        campaign_(review.model.campaigns[graph.campaign]),
        of_some_(sends_of_some(campaign_)) {
    for (const Sent& at : review.facts.campaigns[graph.campaign].sends) {
      if (at.marketing && graph.reachable[at.node] && !at.statement->to_leads) sends_.push_back(at);
    }
  }

  void run() {
    for (const Sent& first : sends_) {
      const Search search = on_from(first);
      const std::vector<Instant> times = least_times(graph_, {first.node}, search);
      for (const Sent& second : sends_) {
        const bool again = first.node == second.node;
        const Instant time = again ? round(first.node, times, search) : times[second.node];
        if (time < kDay && may_be_both(first, second) && reported_.insert(second.statement).second)
          report(first, second);
      }
    }
  }

 private:
  /// Goes on until the next message; what an edge costs is the time after which a lead has taken it for sure.
  Search on_from(const Sent& first) const {
    Search search;
    search.follow = [node = first.node](const flow::Edge& edge) {
      const bool not_sent = edge.from == node && edge.kind != flow::Edge::Kind::Next;
      return !not_sent && !is_reaction(edge) && edge.kind != flow::Edge::Kind::Resume &&
             edge.kind != flow::Edge::Kind::Deferred;
    };
    search.ends = [this](NodeIndex at) { return graph_.nodes[at].kind == flow::Node::Kind::SendWork; };
    search.cost = [](const flow::Edge& edge) { return edge.longest; };
    return search;
  }

  /// From a message back to the same.
  Instant round(NodeIndex node, const std::vector<Instant>& times, const Search& search) const {
    Instant least = kNever;
    for (const flow::Edge& edge : graph_.edges) {
      if (edge.to != node || times[edge.from] == kNever || search.ends(edge.from) || !search.follow(edge)) continue;
      const Instant cost = search.cost(edge);
      if (cost != kNever) least = std::min(least, times[edge.from] + cost);
    }
    return least;
  }

  /// Which of two that some get a lead gets is not known: the conditions may exclude each other.
  bool may_be_both(const Sent& first, const Sent& second) const {
    if (of_some_.contains(first.statement) && of_some_.contains(second.statement)) return false;
    const std::string channel = channel_of(review_.model, first);
    return !channel.empty() && channel == channel_of(review_.model, second);
  }

  void report(const Sent& first, const Sent& second) {
    auto home = sema::about(review_.diagnostics, campaign_);
    Diagnostic& said = review_.diagnostics.report(DiagnosticId::TwoOnOneDay, named(*second.statement));
    if (&first != &second) said.labels.push_back({named(*first.statement), "the one before"});
    said.hint = &first == &second ? "Let some days pass from one to the next: `repeat every 1 week`."
                                  : "Let some days pass between them: `wait 3 days`.";
    const sema::Rule* limit = daily_limit(review_.model, campaign_, channel_of(review_.model, second));
    if (!limit) return;
    said.labels.push_back({limit->clause->span, "this holds the second one back"});
    said.hint = "Write the pause that you mean, `wait 3 days`: so far only the limit keeps them apart.";
  }

  const Review& review_;
  const flow::CampaignGraph& graph_;
  const sema::Campaign& campaign_;
  std::unordered_set<const ast::Stmt*> of_some_;
  std::unordered_set<const ast::Stmt*> reported_;
  std::vector<Sent> sends_;
};

}  // namespace

/// Practice, rule 24: not two messages on one day.
void two_on_one_day(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) SameDay(review, graph).run();
}

}  // namespace nurture::practice
