#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "compiler/practice/lints.h"

/// What a campaign says where, and how long the ways between its statements take.
namespace nurture::practice {

/// Per content: whether any campaign sends it.
std::vector<bool> sent_by_any(const Review& review);
bool has_tag(const sema::Content& content, std::string_view tag);
/// The one channel of all that it may send; empty where there are several.
std::string channel_of(const sema::Model& model, const Sent& sent);
/// What is sent, as it is named.
Span named(const ast::Send& send);
/// Those inside an arm of an `if` or a `split`: not everybody gets them.
std::unordered_set<const ast::Stmt*> sends_of_some(const sema::Campaign& campaign);
/// Every statement of a campaign, those of its triggers and of `on exit` included.
void for_each_statement(const sema::Campaign& campaign, const std::function<void(const ast::Stmt&)>& visit);
/// Whether something holds for a part of a condition, or of a segment that it names.
bool any_part(const sema::Model& model, const ast::Expr& condition, const std::function<bool(const ast::Expr&)>& is);
/// Where a way goes on because the lead, or somebody else, did something.
bool is_reaction(const flow::Edge& edge);

/// Least times from `starts` along the edges that `follow` admits, by what an edge costs; kNever where none leads.
/// Nothing is followed beyond a node that `ends` a way.
struct Search {
  std::function<bool(const flow::Edge&)> follow;
  std::function<bool(NodeIndex)> ends = [](NodeIndex) { return false; };
  std::function<Instant(const flow::Edge&)> cost = [](const flow::Edge& edge) { return edge.shortest; };
};
std::vector<Instant> least_times(const flow::CampaignGraph& graph, const std::vector<NodeIndex>& starts,
                                 const Search& search);

/// "3 messages", "1 message".
std::string counted(std::int64_t n, std::string_view what);

}  // namespace nurture::practice
