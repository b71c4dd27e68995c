#include <algorithm>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// A message that is read, and that could say how to answer it: a text of 160 signs or an advertisement can't.
bool could_offer(const sema::Content& content) {
  return content.message_class == sema::Content::Class::Marketing &&
         (content.channel == "email" || content.channel == "letter");
}

/// Asks, reminds or bills: the reader's next step is another one.
bool wants_something_else(const sema::Content& content) {
  return !content.decl->asks.empty() || has_tag(content, "survey") || has_tag(content, "reminder") ||
         has_tag(content, "invoice");
}

}  // namespace

/// Practice, rule 2: every message lets the lead say "I am ready to buy".
void no_offer(const Review& review) {
  const std::vector<bool> sent = sent_by_any(review);
  std::vector<const sema::Content*> without;
  bool any_offers = false;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const sema::Content& content = review.model.contents[i];
    if (!sent[i] || !could_offer(content)) continue;
    any_offers = any_offers || content.decl->offers;
    if (!content.decl->offers && !wants_something_else(content)) without.push_back(&content);
  }
  // Where none offers anything, the reason is one, and so is the finding.
  const std::size_t others = without.size() - (without.empty() ? 0 : 1);
  if (!any_offers && others > 0) without.resize(1);
  for (const sema::Content* content : without) {
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::NoOffer, content->decl->name.span, content->channel, content->name);
    said.hint = "Give it a way to answer, and say so: `offers sales_conversation`.";
    if (!any_offers && others > 0)
      said.hint += fmt::format(" So should the other {}.", counted(static_cast<std::int64_t>(others), "message"));
  }
}

namespace {

bool is_about(const sema::Model& model, const ast::Expr& condition, const std::string& content) {
  return any_part(model, condition, [&](const ast::Expr& part) {
    if (const auto* past = ast::try_as<ast::ContentPast>(&part)) return past->content.text == content;
    const auto* asked = ast::try_as<ast::Aggregate>(&part);
    return asked && asked->event.of_content.text == content;
  });
}

bool is_about(const sema::Model& model, const ast::Trigger& trigger, const std::string& content) {
  if (trigger.event.of_content.text == content) return true;
  return trigger.condition && is_about(model, *trigger.condition, content);
}

/// The ways in one campaign from a message to the same again.
class Twice {
 public:
  Twice(const Review& review, const flow::CampaignGraph& graph)
      : review_(review),
        graph_(graph),
        campaign_(review.model.campaigns[graph.campaign]),
        of_some_(sends_of_some(campaign_)) {}

  void run() {
    std::vector<Sent> sends = review_.facts.campaigns[graph_.campaign].sends;
    std::erase_if(sends, [&](const Sent& at) {
      return at.statement->what != ast::Send::What::Content || at.statement->to_leads || !graph_.reachable[at.node] ||
             !at.marketing || has_tag(review_.model.contents[at.contents.front()], "reminder");
    });
    for (const Sent& first : sends) {
      for (const Sent& second : sends) {
        if (second.contents == first.contents && &second != &first) report_pair(first, second);
      }
      report_round(first);
    }
  }

 private:
  /// Whoever took up the content goes another way here: what comes is for the others, a reminder.
  bool sorts_out(NodeIndex at, const std::string& content) const {
    const flow::Node& node = graph_.nodes[at];
    if (node.kind == flow::Node::Kind::Restart) return true;
    if (const auto* branch = ast::try_as<ast::If>(node.statement)) {
      return std::any_of(branch->arms.begin(), branch->arms.end(),
                         [&](const ast::IfArm& arm) { return is_about(review_.model, *arm.condition, content); });
    }
    if (node.kind != flow::Node::Kind::Suspension) return false;
    auto asks = [&](const ast::Trigger& trigger) { return is_about(review_.model, trigger, content); };
    const auto* wait = ast::try_as<ast::Wait>(node.statement);
    if (wait && std::any_of(wait->handlers.begin(), wait->handlers.end(), asks)) return true;
    if (node.stage == flow::kNoIndex) return false;
    const auto& triggers = campaign_.stages[node.stage].clause->triggers;
    return std::any_of(triggers.begin(), triggers.end(), asks);
  }

  bool leads(const Sent& first, NodeIndex to, bool by_itself) const {
    const std::string& content = first.statement->content.text;
    Search search;
    search.follow = [&](const flow::Edge& edge) {
      const bool not_sent = edge.from == first.node && edge.kind == flow::Edge::Kind::Else;
      return !not_sent && !(by_itself && is_reaction(edge)) && edge.kind != flow::Edge::Kind::Resume;
    };
    search.ends = [&](NodeIndex at) { return at == to || sorts_out(at, content); };
    search.cost = [](const flow::Edge&) { return Instant{1}; };
    std::vector<NodeIndex> starts;
    for (flow::EdgeIndex e : graph_.out[first.node]) {
      if (search.follow(graph_.edges[e])) starts.push_back(graph_.edges[e].to);
    }
    std::erase_if(starts, [&](NodeIndex at) { return sorts_out(at, content); });
    return least_times(graph_, starts, search)[to] != kNever;
  }

  void report_pair(const Sent& first, const Sent& second) {
    if (of_some_.contains(first.statement) && of_some_.contains(second.statement)) return;
    if (!reported_.insert(second.statement).second) return;
    if (!leads(first, second.node, false)) {
      reported_.erase(second.statement);
      return;
    }
    Diagnostic& said = report(second);
    said.labels.push_back({named(*first.statement), "it goes out here before"});
    said.hint = "Send something new; or, to remind only those who did not read it, ask first: `if not opened(" +
                second.statement->content.text + ") { … }`.";
  }

  void report_round(const Sent& at) {
    if (reported_.contains(at.statement) || of_some_.contains(at.statement) || !leads(at, at.node, true)) return;
    reported_.insert(at.statement);
    report(at).hint = "Send from a stream, which gives each lead the next it has not had: `send next of library`.";
  }

  Diagnostic& report(const Sent& at) {
    auto home = sema::about(review_.diagnostics, campaign_);
    return review_.diagnostics.report(DiagnosticId::ContentTwice, at.statement->content.span,
                                      at.statement->content.text);
  }

  const Review& review_;
  const flow::CampaignGraph& graph_;
  const sema::Campaign& campaign_;
  std::unordered_set<const ast::Stmt*> of_some_;
  std::unordered_set<const ast::Stmt*> reported_;
};

}  // namespace

/// Practice, rule 7: content runs out, and a lead notices when it comes round again.
void content_twice(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) Twice(review, graph).run();
}

}  // namespace nurture::practice
