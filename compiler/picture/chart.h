#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"

/// A campaign, or all campaigns of a programme, as a flow chart that people read: few boxes, in the words of the
/// language. What it looks like on paper is the business of `writers.h`.
namespace nurture::picture {

using Index = std::uint32_t;
inline constexpr Index kNoIndex = UINT32_MAX;
using Count = std::uint64_t;

/// How long something took those who did it.
struct Times {
  Count count = 0;
  std::int64_t median = 0;  ///< microseconds
};

struct Box {
  enum class Kind : std::uint8_t {
    Entry,      ///< how somebody comes in
    HeldOut,    ///< who is in it and gets nothing
    Send,       ///< a message
    Wait,       ///< time passes: wait, stay
    Choice,     ///< if, split
    Repeat,     ///< the top of a loop
    People,     ///< work for people: hand off, take back, assign, notify
    Change,     ///< what is written down: attributes, scores, audiences
    Elsewhere,  ///< other campaigns: enroll in, remove from
    Trigger,    ///< something that may happen at any time
    Exit,       ///< the end of a membership
    Campaign,   ///< in the picture of a programme
  } kind{};
  std::vector<std::string> lines;  ///< one statement each, not broken into lines yet
  std::string detail;              ///< said in smaller letters: a subject
  Index group = kNoIndex;
  Span span;                            ///< where it is written
  std::vector<flow::NodeIndex> stands;  ///< for these nodes of the state graph, the first of them first
  std::string reason;                   ///< Exit
  // After a replay
  std::optional<Count> reached;  ///< how often
  std::optional<Count> inside;   ///< how many were there at its end; only of what takes time
};

struct Arrow {
  enum class Kind : std::uint8_t {
    Next,      ///< what follows
    Jump,      ///< out of a trigger, from wherever the member was
    Back,      ///< of a handler: it goes on waiting
    Relation,  ///< between campaigns
  } kind{};
  Index from = 0, to = 0;
  std::string label;  ///< on which condition; empty: always
  Span span;
  Instant shortest = 0, longest = 0;    ///< time that it takes at least and at most; kNever: nothing bounds it
  std::vector<flow::EdgeIndex> stands;  ///< for these edges of the state graph, in the order in which they are taken
  std::vector<std::vector<flow::EdgeIndex>> others;  ///< and for these, which lead the same way
  // After a replay
  std::optional<Count> count;
  std::optional<Times> took;
};

/// Boxes that belong together.
struct Group {
  enum class Kind : std::uint8_t {
    Stage,
    Anytime,    ///< what may happen in every stage
    Leaving,    ///< what ends a membership in whichever stage
    AtTheEnd,   ///< `on exit`
    Exclusive,  ///< campaigns of which a lead is in one at a time
  } kind{};
  std::string name;
  std::string about;  ///< what is written above it
  Span span;
  // After a replay
  std::optional<Count> entered, inside;
  std::optional<Times> stayed;
};

/// Memberships of a replay, held-out ones included: entered = inside + those who left.
struct Totals {
  struct Left {
    std::string reason;
    Count count = 0;
  };
  Count entered = 0, inside = 0;
  Count held_out = 0;      ///< of those entered
  std::vector<Left> left;  ///< in the order of the campaign's reasons; those that nobody left for are left out
  Times stay;
};

struct Chart {
  std::string name;
  bool of_programme = false;       ///< its boxes are campaigns
  std::string about;               ///< what is written above it
  std::vector<std::string> facts;  ///< what holds of the whole: audience, limits, how often one may come back
  Span span;
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
  std::vector<Group> groups;
  std::optional<Totals> totals;
};

class Traffic;

/// Of a campaign of a programme without errors; with what a replay did, where there was one.
Chart chart_of(const sema::Unit& unit, const flow::CampaignGraph& graph, const Traffic* traffic = nullptr);

/// The campaigns of a programme and what they have to do with each other. `totals`: per campaign, or empty.
Chart overview_of(const sema::Unit& unit, const std::vector<Totals>& totals = {});

/// What part of those who came to the box before it took an arrow; none where that is not known, or no part: the top of
/// a loop counts how often it was begun.
std::optional<double> share_of(const Arrow& arrow, const Chart& chart);

/// "wait": the stable name of a kind in machine output, and of its looks.
std::string_view word_of(Box::Kind kind);
std::string_view word_of(Arrow::Kind kind);
std::string_view word_of(Group::Kind kind);
/// What the colour of a kind means, for a legend: "message".
std::string_view meaning_of(Box::Kind kind);

}  // namespace nurture::picture
