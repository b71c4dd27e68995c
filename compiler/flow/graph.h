#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/model.h"

/// Each campaign as one timed state graph: what can happen to a membership, in which order, after how long. Lints,
/// plans, drawings, coverage, explanation and lowering all read this graph.
// clang-format off: tables of rows, one a line
namespace nurture::flow {

using NodeIndex = std::uint32_t;
using EdgeIndex = std::uint32_t;
inline constexpr std::uint32_t kNoIndex = UINT32_MAX;

/// A point of a campaign. Work, Branch and Split happen at one instant; a Suspension is a State: where a membership waits.
struct Node {
  enum class Kind : std::uint8_t {
    Entry,        ///< before the first stage
    StageStart,   ///< the top of a stage's statements
    Work,         ///< one statement that can't suspend: send without deferral, hand off, assign, set, …
    SendWork,     ///< a send: may be deferred (edge to its Suspension), may take its else
    Branch,       ///< if: one edge per arm, one for none
    Split,        ///< one edge per branch
    RepeatStart,  ///< computes the first anchor
    Suspension,   ///< wait, stay, deferred send, between runs of a repeat
    Goto,         ///< leaves for a stage: edge to its StageStart
    Restart,      ///< leaves and enters anew: edge to its StageStart
    Exit,         ///< ends the membership
    TriggerBody,  ///< the top of a trigger's or handler's body
    BodyEnd,      ///< a body ran out: back to the suspension it interrupted
    MoveOn,       ///< ends the wait: edge to what follows it
    KeepWaiting,  ///< back to the suspension
  } kind;
  std::uint32_t stage = kNoIndex;         ///< kNoIndex for campaign level bodies and Entry
  const ast::Stmt* statement = nullptr;
  const ast::Trigger* trigger = nullptr;  ///< TriggerBody
  NodeIndex suspension_of = kNoIndex;     ///< for Suspension of a deferred send: its SendWork; of a repeat: its RepeatStart
  bool may_wait = true;                   ///< false inside trigger bodies and bodies that end in keep waiting: sends are detached
  Span span;
};

struct Edge {
  enum class Kind : std::uint8_t {
    Next, Arm, NoArm, BranchOf, Timer, Handler, Trigger, CampaignTrigger, Else, Deferred, Again, MoveOn, Resume, Enter,
  } kind;
  NodeIndex from = 0, to = 0;
  std::uint32_t index = 0;                ///< arm, branch, handler or trigger number
  Instant shortest = 0;                   ///< time it takes at least, nominal; 0 for everything that happens at once
  Instant longest = 0;                    ///< at most; kNever if nothing bounds it (on, when, stay)
};

struct CampaignGraph {
  std::uint32_t campaign = 0;             ///< into Model::campaigns
  std::vector<Node> nodes;                ///< 0 is Entry
  std::vector<Edge> edges;
  std::vector<std::vector<EdgeIndex>> out;  ///< per node
  std::vector<NodeIndex> stage_start;     ///< per stage
  std::vector<bool> reachable;            ///< per node, from Entry
  std::optional<Duration> longest_stay;   ///< proven, where the campaign has no `lasts at most` and no cycle without bound
};

/// Builds the graphs and reports what §5.8 and §5.9 call an error: a handler without an end, a stage's dead end, a cycle
/// without a wait, a `stay` nothing can leave, a missing `lasts at most`, what can never be reached.
std::vector<CampaignGraph> build(const sema::Model& model, Diagnostics& diagnostics);

/// For --dump=flow.
std::string dump(const CampaignGraph& graph, const sema::Model& model);

}  // namespace nurture::flow
