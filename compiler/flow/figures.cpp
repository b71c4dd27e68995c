#include "compiler/flow/figures.h"

#include <algorithm>
#include <functional>
#include <set>

#include "compiler/flow/blocks.h"
#include "compiler/flow/counting.h"

namespace nurture::flow {

namespace {

using ast::as;
using ast::NodeKind;

Count sum(const Count& a, const Count& b) { return a && b ? Count(*a + *b) : std::nullopt; }
Count smaller(const Count& a, const Count& b) { return a && b ? std::min(a, b) : a ? a : b; }
Instant later(Instant at, Instant by) { return at == kNever || by == kNever ? kNever : at + by; }

/// Which sends are counted.
struct Kind {
  std::string channel;     ///< empty: all
  bool unlimited = false;  ///< only those that no limit applies to
};

class Maker {
 public:
  Maker(const sema::Model& model, const CampaignGraph& graph, const Working& working)
      : model_(model), campaign_(model.campaigns[graph.campaign]), graph_(graph), walks_(model, working) {}
  Figures make();

 private:
  void times();
  void clock();
  Lapse at(const std::function<bool(const Node&)>& admits) const;
  void exits();
  bool is(std::uint32_t content, const Kind& kind) const;
  bool is(const ast::Send& send, const Kind& kind) const;
  void sends();
  Touches touches(const std::string& channel) const;
  void add_up(Most& all, const std::function<const Most&(const Touches&)>& of) const;
  Count count(const Counter::Counts& counts, Instant time, bool whole) const;
  Count sent(const Kind& kind, Instant time, bool whole) const;
  Count sent(const Kind& kind, Instant time, bool whole, bool streams_apart) const;
  Most most(const std::string& channel, Instant time, bool whole) const;
  Count by(const sema::Rule& rule, Instant time, bool whole) const;
  void work();
  Count done(NodeKind kind, std::string_view what) const;

  const sema::Model& model_;
  const sema::Campaign& campaign_;
  const CampaignGraph& graph_;
  Walks walks_;
  std::optional<Counter> counter_;
  std::vector<Instant> soonest_, latest_;
  std::vector<const ast::Send*> sends_;  ///< in order of the source
  std::set<std::uint32_t> streams_;      ///< that it sends from, and never the same twice
  Instant end_ = 0;                      ///< of those who are treated
  Instant slot_ = 0;                     ///< the longest that a send may lie in its slot
  Instant slack_ = 0;                    ///< where lengths in hours and in days are held against each other
  Figures result_;
};

Figures Maker::make() {
  if (walks_.too_many()) return {};
  result_.known = true;
  counter_.emplace(walks_);
  times();
  exits();
  sends();
  work();
  return std::move(result_);
}

void Maker::times() {
  soonest_ = soonest(walks_, {walks_.entry()});
  latest_ = latest(walks_);
  const auto limit = campaign_.lasts ? constant_duration(model_, campaign_.lasts->duration) : std::nullopt;
  if (limit) {
    for (Instant& each : latest_) each = std::min(each, at_most(limit));
  }
  end_ = limit ? at_most(limit) : 0;
  for (Place i = 0; i < walks_.size() && !limit; ++i) {
    if (soonest_[i] != kNever) end_ = std::max(end_, latest_[i]);
  }
  result_.stay.most = end_;
  // Who is held out stays as long as the compiler can prove.
  if (campaign_.holdout && !limit) result_.stay.most = std::max(end_, at_most(graph_.longest_stay));
  clock();
  for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
    Lapse lapse = at([&](const Node& node) { return node.kind == Node::Kind::StageStart && node.stage == i; });
    result_.stages.push_back(lapse.least == kNever ? std::nullopt : std::optional<Lapse>(lapse));
  }
}

/// Days that are counted against hours may be longer or shorter than these; an account's against those of its leads,
/// too.
void Maker::clock() {
  const auto hours = [&](const ast::Expr* length) {
    const auto constant = constant_duration(model_, length);
    return constant && constant->micros != 0;
  };
  bool any = campaign_.decl->for_account || (campaign_.lasts && hours(campaign_.lasts->duration));
  for (const Node& node : graph_.nodes) {
    if (node.kind != Node::Kind::Suspension) continue;
    if (node.statement->kind == NodeKind::Repeat) any = any || hours(as<ast::Repeat>(*node.statement).every);
    if (node.statement->kind != NodeKind::Wait) continue;
    const auto& wait = as<ast::Wait>(*node.statement);
    any =
        any || wait.window || wait.business_days || hours(wait.duration) || hours(wait.at_least) || hours(wait.at_most);
  }
  slack_ = any ? kClockChange : 0;
}

/// When the entry's ways come to such nodes; the least is kNever where none does.
Lapse Maker::at(const std::function<bool(const Node&)>& admits) const {
  Lapse lapse{kNever, 0};
  for (Place i = 0; i < walks_.size(); ++i) {
    if (soonest_[i] == kNever || !admits(graph_.nodes[walks_.node(i)])) continue;
    lapse.least = std::min(lapse.least, soonest_[i]);
    lapse.most = std::max(lapse.most, latest_[i]);
  }
  return lapse;
}

void Maker::exits() {
  const Instant end = result_.stay.most;
  const bool lasts = campaign_.lasts != nullptr;
  for (const std::string& reason : campaign_.reasons) {
    Lapse lapse = at([&](const Node& node) {
      return node.kind == Node::Kind::Exit && as<ast::ExitStmt>(*node.statement).reason.text == reason;
    });
    const auto has = [&](const ast::Clause* clause) {
      return clause && clause->reason && clause->reason.text == reason;
    };
    bool any_time = reason == "held_out" || reason == "removed" || reason == "merged";
    any_time =
        any_time || has(campaign_.while_with_sales) || std::any_of(campaign_.exits.begin(), campaign_.exits.end(), has);
    for (const sema::Goal& goal : campaign_.goals) any_time = any_time || has(goal.clause);
    if (lasts && has(campaign_.lasts)) {
      const auto length = constant_duration(model_, campaign_.lasts->duration);
      lapse = {std::min(lapse.least, length ? at_least(*length) : 0), end};
    }
    if (any_time || lapse.least == kNever) lapse = {0, end};
    result_.exits.push_back(lapse);
  }
  result_.stay.least = end;
  for (const Lapse& each : result_.exits) result_.stay.least = std::min(result_.stay.least, each.least);
}

// Sends ---------------------------------------------------------------------------------------------------------------

bool Maker::is(std::uint32_t content, const Kind& kind) const {
  const sema::Content& at = model_.contents[content];
  return (kind.channel.empty() || at.channel == kind.channel) &&
         (!kind.unlimited || at.message_class != sema::Content::Class::Marketing);
}

bool Maker::is(const ast::Send& send, const Kind& kind) const {
  const auto all = model_.contents_of(send);
  return std::any_of(all.begin(), all.end(), [&](std::uint32_t each) { return is(each, kind); });
}

void Maker::sends() {
  std::set<std::string> channels;
  for (const Node& node : graph_.nodes) {
    if (node.kind != Node::Kind::SendWork) continue;
    const auto& send = as<ast::Send>(*node.statement);
    sends_.push_back(&send);
    for (std::uint32_t each : model_.contents_of(send)) channels.insert(model_.contents[each].channel);
    slot_ = std::max(slot_, at_most(delay_of_send(model_, send).longest));
    if (send.what != ast::Send::What::NextOf) continue;
    const std::uint32_t stream = model_.find_stream(send.content.text);
    if (!model_.streams[stream].decl->again_after) streams_.insert(stream);
  }
  if (sends_.empty()) return;
  for (const std::string& channel : channels) result_.touches.push_back(touches(channel));
  Touches all = touches("");
  add_up(all.in_all, [](const Touches& each) -> const Most& { return each.in_all; });
  for (std::size_t i = 0; i < all.within.size(); ++i) {
    add_up(all.within[i], [i](const Touches& each) -> const Most& { return each.within[i]; });
  }
  result_.touches.insert(result_.touches.begin(), std::move(all));
}

/// All channels together send no more than each of them does.
void Maker::add_up(Most& all, const std::function<const Most&(const Touches&)>& of) const {
  Count together = 0;
  const sema::Rule* limit = nullptr;
  for (const Touches& channel : result_.touches) {
    together = sum(together, of(channel).either());
    if (!limit) limit = of(channel).limit;
  }
  const Count known = all.either();
  if (!together || (known && *known <= *together)) return;
  (limit ? all.limited : all.by_itself) = together;
  all.limit = limit;
}

/// Together with what the end of the membership does.
Count Maker::count(const Counter::Counts& counts, Instant time, bool whole) const {
  Count end = 0;
  if (walks_.on_exit()) end = counter_->most({*walks_.on_exit()}, 0, counts);
  if (whole) return sum(end, counter_->most({walks_.entry()}, later(time, slack_), counts));
  // Windows end before their length is over.
  return sum(end, counter_->most(walks_.anywhere(), later(time, slack_ - 1), counts));
}

/// Those that a stream gives are counted on their way, or as many as it has.
Count Maker::sent(const Kind& kind, Instant time, bool whole, bool streams_apart) const {
  const auto from_stream = [&](const ast::Send& send) {
    return send.what == ast::Send::What::NextOf && streams_.contains(model_.find_stream(send.content.text));
  };
  const auto counts = [&](const Pace& pace, bool later) {
    return pace.sent && pace.later == later && is(*pace.sent, kind) && !(streams_apart && from_stream(*pace.sent));
  };
  Count at_once = count([&](const Pace& pace) { return counts(pace, false); }, time, whole);
  // What goes out of a slot in this time was put there at most so much before it.
  Count from_slots = count([&](const Pace& pace) { return counts(pace, true); },
                           whole ? time : later(time, slot_ + kClockChange), whole);
  std::int64_t given = 0;
  for (std::uint32_t stream : streams_) {
    const auto& all = model_.streams[stream].contents;
    if (streams_apart)
      given += std::count_if(all.begin(), all.end(), [&](std::uint32_t each) { return is(each, kind); });
  }
  return sum(sum(at_once, from_slots), given);
}

Count Maker::sent(const Kind& kind, Instant time, bool whole) const {
  Count together = sent(kind, time, whole, false);
  return streams_.empty() ? together : smaller(together, sent(kind, time, whole, true));
}

/// A limit of n per D: in so much time, and what no limit applies to besides.
Count Maker::by(const sema::Rule& rule, Instant time, bool whole) const {
  const auto length = constant_duration(model_, rule.clause->duration);
  if (!length || time == kNever || at_least(*length) <= 0) return std::nullopt;
  const Instant per = at_least(*length);
  const bool hours = length->micros != 0 || (whole && slack_ != 0);
  const Instant reach = later(time, hours ? kClockChange : 0);
  const std::int64_t times = whole ? reach / per + 1 : (reach + per - 1) / per;
  return sum(times * rule.clause->number, sent({rule.channel, true}, time, whole));
}

Most Maker::most(const std::string& channel, Instant time, bool whole) const {
  Most made{sent({channel, false}, time, whole), std::nullopt, nullptr};
  const auto consider = [&](const sema::Rule& rule) {
    if (rule.clause->kind != ast::Clause::Kind::Limit) return;
    if (!rule.channel.empty() && rule.channel != channel) return;
    const Count limited = by(rule, time, whole);
    const Count best = made.either();
    if (!limited || (best && *best <= *limited)) return;
    made.limited = limited;
    made.limit = &rule;
  };
  for (const sema::Rule& rule : campaign_.rules) consider(rule);
  for (const sema::Rule& rule : model_.rules) consider(rule);
  return made;
}

Touches Maker::touches(const std::string& channel) const {
  Touches made{.channel = channel, .in_all = most(channel, end_, true), .within = {}};
  for (std::size_t i = 0; i < Touches::kWithin.size(); ++i) made.within[i] = most(channel, Touches::kWithin[i], false);
  return made;
}

// Work ----------------------------------------------------------------------------------------------------------------

Count Maker::done(NodeKind kind, std::string_view what) const {
  const auto counts = [&](const Pace& pace) {
    return pace.done && pace.done->kind == kind && (what.empty() || as<ast::Assign>(*pace.done).what.text == what);
  };
  return count(counts, end_, true);
}

void Maker::work() {
  result_.work.hand_offs = done(NodeKind::HandOff, "");
  result_.work.calls = done(NodeKind::Assign, "call");
  result_.work.tasks = done(NodeKind::Assign, "task");
}

}  // namespace

Figures figures(const sema::Model& model, const CampaignGraph& graph) {
  Diagnostics told_before;
  const Working working = build_campaign(model, graph.campaign, false, told_before);
  return Maker(model, graph, working).make();
}

}  // namespace nurture::flow
