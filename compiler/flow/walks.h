#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "compiler/flow/builder.h"

/// All ways that a membership can take, for questions of how long and how often. Times are as the calendar counts them:
/// a day is 24 hours, whatever the clocks do meanwhile.
namespace nurture::flow {

using Place = std::uint32_t;  ///< a vertex of Walks

/// One step of a way.
struct Pace {
  Place to = 0;
  Instant least = 0;                ///< it takes so long at least
  Instant most = 0;                 ///< and at most; kNever: nothing bounds it
  bool back = false;                ///< of a body to the suspension it interrupted, whose time runs on
  const ast::Send* sent = nullptr;  ///< what may have gone out, or been put in a slot to go out later
  bool later = false;               ///< it is in a slot: it goes out while the way goes on, or never
  const ast::Stmt* done = nullptr;  ///< the statement begun at its end
};

/// The graph of one campaign with each run of each `repeat` as a part of its own and each trigger's body once for each
/// suspension that it may interrupt: a way through it takes time, and comes back to where it was.
class Walks {
 public:
  Walks(const sema::Model& model, const Working& working);

  /// There are too many places to look at: nothing is said then.
  bool too_many() const { return too_many_; }
  std::size_t size() const { return nodes_.size(); }
  NodeIndex node(Place place) const { return nodes_[place].node; }
  const std::vector<Pace>& from(Place place) const { return paces_[place]; }

  Place entry() const { return 0; }
  /// Where any part of a way may begin: what was before is not known.
  const std::vector<Place>& anywhere() const { return anywhere_; }
  /// The body of `on exit`, which every membership runs as it ends.
  std::optional<Place> on_exit() const { return on_exit_; }

 private:
  /// Run of a repeat that a place is in.
  struct Turn {
    std::uint16_t run = 0;
    bool whole = false;  ///< the way has been in it since its anchor
    auto operator<=>(const Turn&) const = default;
  };
  struct At {
    NodeIndex node = 0;
    Place interrupted = kNoIndex;  ///< in a trigger's body: what goes on behind it
    std::vector<Turn> turns{};     ///< of the repeats around the node, from the outside
    auto operator<=>(const At&) const = default;
  };

  void look_around();
  bool matters(NodeIndex body) const;
  void measure_repeats();
  void explore();
  void expand(Place from);
  void follow(Place from, const At& at, const Edge& edge);
  void come_back(Place from, Place to);
  std::optional<At> after(Place from, const At& at, const Edge& edge) const;
  Instant least(const At& at, const Edge& edge) const;
  bool is_pause_of_repeat(NodeIndex node) const;
  bool is_top_of_on_exit(NodeIndex node) const;

  const sema::Model& model_;
  const Working& working_;
  const CampaignGraph& graph_;
  std::vector<std::vector<NodeIndex>> around_;  ///< per node: the repeats it is in, from the outside
  std::vector<bool> matters_;                   ///< per top of a trigger's body
  std::vector<Instant> gap_;                    ///< per repeat: what lies between its runs beside its body
  std::vector<At> nodes_;
  std::vector<std::vector<Pace>> paces_;
  std::vector<Place> anywhere_;
  std::optional<Place> on_exit_;
  std::function<Place(const At&)> place_;  ///< while exploring
  bool too_many_ = false;
};

/// As the calendar counts: the fewest, and the most, that a length can come to (a month is 28 to 31 days).
Instant at_least(const Duration& length);
Instant at_most(const Bound& length);

}  // namespace nurture::flow
