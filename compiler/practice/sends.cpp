#include "compiler/practice/sends.h"

#include <algorithm>
#include <queue>

#include "compiler/sema/walk.h"

namespace nurture::practice {

std::vector<bool> sent_by_any(const Review& review) {
  std::vector<bool> sent(review.model.contents.size(), false);
  for (const Doings& campaign : review.facts.campaigns) {
    for (const Sent& each : campaign.sends) {
      for (std::uint32_t content : each.contents) sent[content] = true;
    }
  }
  return sent;
}

bool has_tag(const sema::Content& content, std::string_view tag) {
  const auto& tags = content.decl->tags;
  return std::any_of(tags.begin(), tags.end(), [&](const ast::Name& each) { return each.text == tag; });
}

std::string channel_of(const sema::Model& model, const Sent& sent) {
  if (sent.contents.empty()) return "";
  const std::string& first = model.contents[sent.contents.front()].channel;
  const bool one = std::all_of(sent.contents.begin(), sent.contents.end(),
                               [&](std::uint32_t content) { return model.contents[content].channel == first; });
  return one ? first : "";
}

Span named(const ast::Send& send) { return send.content ? send.content.span : send.span; }

namespace {

/// The bodies of a campaign that stand in no other.
void for_each_body(const sema::Campaign& campaign, const std::function<void(const ast::Block&)>& visit) {
  for (const ast::Clause* clause : campaign.triggers) visit(clause->trigger.body);
  for (const sema::Stage& stage : campaign.stages) {
    for (const ast::Trigger& trigger : stage.clause->triggers) visit(trigger.body);
    visit(stage.clause->body);
  }
  if (campaign.on_exit) visit(campaign.on_exit->body);
}

}  // namespace

void for_each_statement(const sema::Campaign& campaign, const std::function<void(const ast::Stmt&)>& visit) {
  for_each_body(campaign, [&](const ast::Block& body) { sema::for_each_statement(body, visit); });
}

std::unordered_set<const ast::Stmt*> sends_of_some(const sema::Campaign& campaign) {
  std::unordered_set<const ast::Stmt*> found;
  for_each_statement(campaign, [&](const ast::Stmt& statement) {
    if (statement.kind != ast::NodeKind::If && statement.kind != ast::NodeKind::SplitStmt) return;
    sema::for_each_block(statement, [&](const ast::Block& arm, bool) {
      sema::for_each_statement(arm, [&](const ast::Stmt& inner) {
        if (inner.kind == ast::NodeKind::Send) found.insert(&inner);
      });
    });
  });
  return found;
}

bool any_part(const sema::Model& model, const ast::Expr& condition, const std::function<bool(const ast::Expr&)>& is) {
  bool found = false;
  for_each_part(model, condition, [&](const ast::Expr& part, bool) { found = found || is(part); });
  return found;
}

bool is_reaction(const flow::Edge& edge) { return reacts(edge) || edge.kind == flow::Edge::Kind::MoveOn; }

std::vector<Instant> least_times(const flow::CampaignGraph& graph, const std::vector<NodeIndex>& starts,
                                 const Search& search) {
  std::vector<Instant> least(graph.nodes.size(), kNever);
  using Visit = std::pair<Instant, NodeIndex>;
  std::priority_queue<Visit, std::vector<Visit>, std::greater<>> next;
  for (NodeIndex start : starts) {
    least[start] = 0;
    next.emplace(0, start);
  }
  while (!next.empty()) {
    auto [time, at] = next.top();
    next.pop();
    const bool beginning = time == 0 && std::find(starts.begin(), starts.end(), at) != starts.end();
    if (time > least[at] || (!beginning && search.ends(at))) continue;
    for (flow::EdgeIndex e : graph.out[at]) {
      const flow::Edge& edge = graph.edges[e];
      if (!search.follow(edge)) continue;
      const Instant cost = search.cost(edge);
      if (cost == kNever || time + cost >= least[edge.to]) continue;
      least[edge.to] = time + cost;
      next.emplace(time + cost, edge.to);
    }
  }
  return least;
}

std::string counted(std::int64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

}  // namespace nurture::practice
