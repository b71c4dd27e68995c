#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"

/// What several lints ask of a programme: what counts as a raised hand and as a no of sales, what each campaign sends
/// and whom it listens to, and which way leads from one point of it to another.
namespace nurture::practice {

using flow::EdgeIndex;
using flow::NodeIndex;
using Kinds = std::vector<bool>;  ///< by event kind

/// A send, with what it may send.
struct Sent {
  NodeIndex node = 0;
  const ast::Send* statement = nullptr;
  std::vector<std::uint32_t> contents;  ///< all of a stream, or of `first permitted of`; in order, each once
  bool marketing = false;               ///< at least one of them is
};

/// Where a membership listens.
struct Listener {
  enum class Where : std::uint8_t { Exit, Campaign, Stage, Handler } where{};
  const ast::Trigger* trigger = nullptr;
  NodeIndex body = flow::kNoIndex;  ///< kNoIndex for an exit, which has none
};

/// What one campaign does, in the order of its graph's nodes.
struct Doings {
  std::vector<Sent> sends;
  std::vector<NodeIndex> hand_offs, assigns;
  std::vector<Listener> listeners;  ///< exits first
  bool sends_marketing = false;
};

class Facts {
 public:
  Facts(const sema::Model& model, const std::vector<flow::CampaignGraph>& graphs);

  /// Asking to be called: the kinds of the event group "raised_hand"; without one, what leads do that is called
  /// "….requested".
  Kinds raised_hand;
  Kinds speaks;   ///< a raised hand, and whatever else a lead tells us in person: an answer, a booking
  Kinds rejects;  ///< sales says no: answers the hand-off and ends the hold
  Kinds consent;  ///< takes leave, or cannot be reached: nothing that shows interest
  Kinds entered;  ///< some campaign is entered by it, or by a `when` that asks for it
  bool any_raised_hand = false;
  std::string raising_a_hand;     ///< what an author would write for it
  std::string saying_no;          ///< the same of `rejects`; empty if there is none
  std::vector<Doings> campaigns;  ///< in the order of Model::campaigns

  /// The kinds that an event or a group stands for; none for an empty reference.
  const std::vector<std::uint32_t>& kinds(const ast::EventRef& event) const;
  /// Whether some kind of it is among these.
  bool any(const ast::EventRef& event, const Kinds& among) const;
  /// Whether there is one and every kind of it is among these.
  bool all(const ast::EventRef& event, const Kinds& among) const;
  /// Whether a condition asks for such events in the past, itself or in a segment.
  bool asks_for(const ast::Expr& condition, const Kinds& among) const;
  /// Whether such an event can make it true.
  bool waits_for(const ast::Expr& condition, const Kinds& among) const;

 private:
  void name_kinds();
  void find_entries();
  Doings doings(const flow::CampaignGraph& graph) const;

  const sema::Model& model_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> kinds_;  ///< by the name of an event or a group
};

/// Every part of a condition, those of the segments it names included; `negated` tells whether the condition asks for
/// the contrary. The `where` of a question about the past is none of its parts.
void for_each_part(const sema::Model& model, const ast::Expr& condition,
                   const std::function<void(const ast::Expr&, bool negated)>& visit);

/// What a search found, per node: the edge by which it came there first.
struct Reached {
  static constexpr EdgeIndex kStart = flow::kNoIndex - 1;
  std::vector<EdgeIndex> by;  ///< kNoIndex: not reached
  bool has(NodeIndex node) const { return by[node] != flow::kNoIndex; }
};
/// The nodes that can be reached from these along edges that `follow` admits; the starts are among them.
Reached reach(const flow::CampaignGraph& graph, const std::vector<NodeIndex>& from,
              const std::function<bool(const flow::Edge&)>& follow);

/// Whether what comes next along this edge comes at the same instant, and not by a trigger.
bool at_once(const flow::CampaignGraph& graph, const flow::Edge& edge);
/// Whether this edge is taken because something happened: a handler, a trigger of the stage or of the campaign.
bool reacts(const flow::Edge& edge);

/// The first hand-off that comes at once after this point, or kNoIndex.
NodeIndex hand_off_after(const flow::CampaignGraph& graph, const Doings& doings, NodeIndex from);

/// The stage where an entry begins.
NodeIndex start_of(const sema::Campaign& campaign, const flow::CampaignGraph& graph, const ast::Clause& entry);

/// A time as people say it: "2 days", "4 hours", "1 day 2 hours".
std::string spoken(Instant length);

}  // namespace nurture::practice
