#include <algorithm>
#include <optional>

#include "compiler/flow/blocks.h"
#include "compiler/practice/sends.h"
#include "runtime/calendar/calendar.h"

namespace nurture::practice {

namespace {

constexpr Duration kGivesUpAfter{0, 7, 0};  // §5.5

/// A point in time that a message is about, and how long before it a lead comes to the message.
struct Ahead {
  Duration by;
  Span span;
};

std::optional<Ahead> ahead_of(const sema::Model& model, const ast::Expr* target, Span span) {
  const auto* shift = ast::try_as<ast::DateShift>(target);
  if (!shift || !shift->before) return std::nullopt;
  const std::optional<Duration> by = flow::constant_duration(model, shift->amount);
  if (!by || by->nominal() <= 0) return std::nullopt;
  return Ahead{*by, span};
}

/// Whether anything could hold a message of this channel back.
class Holders {
 public:
  explicit Holders(const sema::Model& model) : model_(model) {
    hold_ =
        std::any_of(model.kinds.begin(), model.kinds.end(), [](const auto& kind) { return kind.starts_sales_hold; });
  }

  bool any(const sema::Campaign& campaign, const std::string& channel) const {
    if (hold_ &&
        (!campaign.while_with_sales || campaign.while_with_sales->with_sales != ast::Clause::SalesForm::Continue))
      return true;
    auto holds = [&](const sema::Rule& rule) {
      using Kind = ast::Clause::Kind;
      const Kind kind = rule.clause->kind;
      return (kind == Kind::SendOnlyIn || kind == Kind::Limit || kind == Kind::Quiet) &&
             rule.governs == sema::Rule::Governs::Sends && (rule.channel.empty() || rule.channel == channel);
    };
    return std::any_of(campaign.rules.begin(), campaign.rules.end(), holds) ||
           std::any_of(model_.rules.begin(), model_.rules.end(), holds);
  }

 private:
  const sema::Model& model_;
  bool hold_ = false;
};

/// The messages that a lead comes to at once from a node.
std::vector<bool> straight_after(const flow::CampaignGraph& graph, NodeIndex from) {
  Search search;
  search.follow = [](const flow::Edge& edge) {
    return !is_reaction(edge) && edge.kind != flow::Edge::Kind::Else && edge.kind != flow::Edge::Kind::Deferred;
  };
  search.ends = [&](NodeIndex at) {
    const flow::Node::Kind kind = graph.nodes[at].kind;
    return kind == flow::Node::Kind::Suspension || kind == flow::Node::Kind::SendWork;
  };
  const std::vector<Instant> times = least_times(graph, {from}, search);
  std::vector<bool> found(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) found[i] = times[i] != kNever;
  return found;
}

class Dated {
 public:
  Dated(const Review& review, const Holders& holders, const flow::CampaignGraph& graph)
      : review_(review),
        holders_(holders),
        graph_(graph),
        campaign_(review.model.campaigns[graph.campaign]),
        sends_(review.facts.campaigns[graph.campaign].sends) {}

  void run() {
    std::erase_if(sends_, [&](const Sent& at) { return !can_be_late(at); });
    if (sends_.empty()) return;
    for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
      const auto* wait = ast::try_as<ast::Wait>(graph_.nodes[i].statement);
      if (graph_.nodes[i].kind != flow::Node::Kind::Suspension || !graph_.reachable[i] || !wait) continue;
      if (auto ahead = ahead_of(review_.model, wait->until.target, wait->until.span)) look(i, *ahead);
    }
  }

 private:
  /// Held back at all, and for longer than the programme's own words say.
  bool can_be_late(const Sent& at) const {
    if (at.statement->now_or_skip || at.contents.empty() || !graph_.reachable[at.node]) return false;
    const sema::Content& content = review_.model.contents[at.contents.front()];
    return content.message_class != sema::Content::Class::Transactional && holders_.any(campaign_, content.channel);
  }

  void look(NodeIndex wait, const Ahead& ahead) {
    const std::vector<bool> next = straight_after(graph_, wait);
    for (const Sent& at : sends_) {
      const std::optional<Duration> own = flow::constant_duration(review_.model, at.statement->for_up_to);
      if (next[at.node] && own.value_or(kGivesUpAfter).nominal() > ahead.by.nominal()) report(at, ahead);
    }
  }

  void report(const Sent& at, const Ahead& ahead) {
    auto home = sema::about(review_.diagnostics, campaign_);
    const ast::Name& name = at.statement->content;
    const Span span = named(*at.statement);
    Diagnostic& said = review_.diagnostics.report(DiagnosticId::SentPastItsDate, span,
                                                  review_.model.contents[at.contents.front()].name);
    said.labels.push_back({ahead.span, "it goes out so long before its date"});
    const std::string time = calendar::format_duration(ahead.by);
    said.hint =
        fmt::format("What is held back goes out up to {} later. Say how long it is worth sending: `for up to {}`.",
                    calendar::format_duration(
                        flow::constant_duration(review_.model, at.statement->for_up_to).value_or(kGivesUpAfter)),
                    time);
    if (at.statement->for_up_to) {
      said.edits.push_back({at.statement->for_up_to->span, time});
    } else if (name) {
      said.edits.push_back({{span.file, span.end, span.end}, " for up to " + time});
    }
  }

  const Review& review_;
  const Holders& holders_;
  const flow::CampaignGraph& graph_;
  const sema::Campaign& campaign_;
  std::vector<Sent> sends_;
};

}  // namespace

/// Practice, rule 24: what is about a date comes before it, or not at all.
void sent_past_its_date(const Review& review) {
  const Holders holders(review.model);
  for (const flow::CampaignGraph& graph : review.graphs) Dated(review, holders, graph).run();
}

}  // namespace nurture::practice
