#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/picture/chart.h"

/// Which way the memberships of a replay took through a state graph.
namespace nurture::picture {

/// Where something is written; what a replay records by.
struct Spot {
  FileId file = 0;
  std::uint32_t line = 0, column = 0;
  auto operator<=>(const Spot&) const = default;
};
Spot spot_of(const sema::Unit& unit, Span span);

/// Something that a replay records of memberships that are not held out.
struct Record {
  enum class Kind : std::uint8_t {
    Entered,       ///< detail: which entry, or kEnrolled; no spot
    StageEntered,  ///< detail: stage; no spot
    StageLeft,     ///< spot: the statement or clause that led out; detail: stage
    Fired,         ///< spot: a trigger, handler or exit
    Began,         ///< spot: a suspension that is no deferred send
    TimeRanOut,    ///< spot: likewise
    Answered,      ///< spot: likewise; detail: which handler, or behind all of them the condition waited for
    Drew,          ///< spot: a split; detail: branch
    Did,           ///< spot: a statement
    Asked,         ///< spot: a send
    NotSent,       ///< spot: a send that ended without a message and went on; detail: kExhausted or 0
    Stopped,       ///< spot: a send that never came to an end: cancelled, or pending at the horizon
    Exited,        ///< spot: what ended it; detail: reason
    Inside,        ///< spot: the suspension that it was in at the horizon; detail: stage
  } kind{};
  Spot spot;
  std::int64_t detail = 0;
  auto operator<=>(const Record&) const = default;
};
inline constexpr std::int64_t kEnrolled = -1;
inline constexpr std::int64_t kExhausted = 1;

/// How often, and how long it took: StageLeft since the stage was entered, TimeRanOut and Answered since the wait
/// began, Did of a send that was held back since it was first asked, Exited since the entry.
struct Recorded {
  Count count = 0;
  Times took;
};

/// What a replay recorded of a campaign.
struct Observed {
  std::map<Record, Recorded> records;
  std::map<std::string, Count> exits;  ///< per reason, held-out ones included
  std::map<std::string, Count> exits_held_out;
  Totals totals;
  Count inside_held_out = 0;
};

/// How many took each edge, as far as what was recorded tells: what goes into a node comes out of it.
class Traffic {
 public:
  Traffic(const sema::Unit& unit, const flow::CampaignGraph& graph, Observed observed);

  std::optional<Count> reached(flow::NodeIndex node) const { return nodes_[node]; }
  std::optional<Count> taken(flow::EdgeIndex edge) const { return edges_[edge]; }
  /// How long those who took it had been waiting; none where it takes no time.
  std::optional<Times> took(flow::EdgeIndex edge) const;
  Count inside(flow::NodeIndex suspension) const;

  Count count(Record::Kind kind, Span span, std::int64_t detail = 0) const;
  Count in_all(Record::Kind kind, Spot spot) const;  ///< whatever the detail
  Recorded of(const Record& record) const;
  const Observed& observed() const { return observed_; }
  /// Where what was recorded contradicts itself, in words; empty unless something is wrong.
  std::vector<std::string> contradictions() const;

 private:
  /// What goes into a node, or comes out of it, sums to what the node counts, but for those whom it kept.
  struct Equation {
    flow::NodeIndex node = 0;
    std::vector<flow::EdgeIndex> edges;
    Count kept = 0;
  };
  void observe_nodes();
  void observe_edges();
  void observe_send(flow::NodeIndex node);
  Count entered(const flow::Edge& edge) const;
  Recorded condition_came_true(const flow::Node& suspension) const;
  void write_equations();
  void solve();
  bool solve(const Equation& equation);
  bool counts_in(const flow::Edge& edge) const;
  bool passes_all(flow::NodeIndex node) const;
  bool a_when_comes_first(flow::NodeIndex stage_start) const;
  bool may_be_over_at_once(flow::NodeIndex node) const;
  bool is_pause_of_send(flow::NodeIndex node) const;

  const sema::Unit& unit_;
  const flow::CampaignGraph& graph_;
  Observed observed_;
  std::vector<std::optional<Count>> nodes_, edges_;
  std::vector<Equation> equations_;
};

}  // namespace nurture::picture
