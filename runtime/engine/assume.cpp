// What people are assumed to do about what this run sends and hands off (§7.5).
#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "runtime/engine/unit.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::Cause;
using outcome::Remark;

namespace {

/// The next of those that are to come is on top of the heap; of one instant, the one that was caused first.
constexpr std::greater<std::pair<Instant, std::uint32_t>> kLatestFirst{};

}  // namespace

void Replay::begin_assumed() {
  if (unit_ == nullptr) assumed_->clear();
  past_.assume(*assumed_);
  LeadAssumed& own = lead_.assumed;
  own.coming.clear();
  own.made = 0;
  own.touches.clear();
  std::fill(own.sends.begin(), own.sends.end(), 0);
  std::fill(own.hand_offs.begin(), own.hand_offs.end(), 0);
  for (TiringChannel& channel : own.channels) {
    channel.counted = {lead_.begin, 0};
    channel.logged.clear();
    channel.of_run.clear();
  }
}

/// An event like those of the log, but that it changes no attributes and nobody turns out to be another by it.
void Replay::assumed_step(std::uint32_t number) {
  auto& coming = lead_.assumed.coming;
  if (!coming.empty() && coming.front().second == number) {
    std::pop_heap(coming.begin(), coming.end(), kLatestFirst);
    coming.pop_back();
  }
  const AssumedEvent event = assumed_->events[number];
  const bytecode::AssumedReaction& reaction = *event.line->code;
  const EventRef ref{reaction.kind, EventRef::kAssumed | number};
  begin_step(event.at, Cause{Cause::Kind::Assumed, number, &reaction, event.content, event.of});
  step_.event = ref;
  remark(Remark::Kind::EventRead, nullptr, 0, ref.kind);
  if (!lead_.loaded) load_attributes();
  apply_changes(lead_.cursor);
  past_.happened(number);
  at_hand(ref);
  if (options_.scores) count_scores(ref.kind);
  if (event.of == lead_.index) {
    outcome_of(Kind::Reacted, reaction.place).a = reaction.kind;
    put();
    sets_off(event);
  }
  offer_event(ref);
  settle();
  end_step();
}

// Causes --------------------------------------------------------------------------------------------------------------

/// A send of this run.
void Replay::sets_off(Member& m, std::uint16_t content) {
  const std::int64_t touch = for_ == store::kNoLead ? ++m.sends : touch_of_account(m);
  const std::uint32_t nth = ++lead_.assumed.sends[content];
  const std::vector<std::uint32_t>& blocks = program_.assumed->of_content[content];
  if (blocks.empty()) return;
  assume({&blocks, fmt::format("send {} {}", module().strings[module().contents[content].name], nth), content, touch,
          true});
}

/// A hand-off of this run.
void Replay::sets_off(Member& m) {
  const std::uint32_t nth = ++lead_.assumed.hand_offs[m.campaign];
  ++m.hand_offs;
  const std::vector<std::uint32_t>& blocks = program_.assumed->of_hand_off;
  if (blocks.empty()) return;
  assume({&blocks, fmt::format("hand off {} {}", module().strings[plan_of(m).code->name], nth), kNone, m.hand_offs});
}

/// A reaction that is assumed itself: a person's. What a machine does leads to nothing.
void Replay::sets_off(const AssumedEvent& reaction) {
  if (reaction.line->code->by_machine) return;
  const std::vector<std::uint32_t>& blocks = program_.assumed->of_kind[reaction.line->code->kind];
  if (!blocks.empty()) assume({&blocks, reaction.cause, reaction.content, reaction.touch});
}

/// How often that membership of the account has sent to this lead.
std::int64_t Replay::touch_of_account(const Member& m) {
  auto& touches = lead_.assumed.touches;
  const auto found = std::find_if(touches.begin(), touches.end(), [&](const AccountTouches& each) {
    return each.account == for_ && each.campaign == m.campaign && each.ordinal == m.ordinal;
  });
  if (found != touches.end()) return ++found->times;
  touches.push_back({for_, m.campaign, m.ordinal, 1});
  return 1;
}

// What follows from them ----------------------------------------------------------------------------------------------

/// Of each reaction the first rule decides whose condition holds and that speaks of it.
void Replay::assume(const Set& set) {
  const AssumedPlan& plan = *program_.assumed;
  decided_.assign(plan.identities, false);
  AssumedDraws draws(plan, store_.texts.at(store_.leads[lead_.index]), set.cause);
  for (const std::uint32_t index : *set.blocks) {
    const AssumedBlock& block = plan.blocks[index];
    if (!fulfils_rule(block.code->condition, set.touch)) continue;
    for (const AssumedLine& line : block.lines) {
      if (decided_[line.identity]) continue;
      decided_[line.identity] = true;
      if (line.rate == 0) continue;
      assumed_->since = std::min(assumed_->since, step_.now);
      if (draws.reacts(line, tiring_sends(line, set))) expect(line, set, draws);
    }
  }
}

/// As conditions of the member's own campaigns see it now, without a membership: no event is at hand.
bool Replay::fulfils_rule(bytecode::Pc condition, std::int64_t touch) {
  if (condition == bytecode::kNoCode) return true;
  vm::Frame frame = frame_;
  frame.slots = no_slots_.data();
  frame.entered_at = frame.wait_start = step_.now;
  frame.entry_kind = frame.event_kind = kNone;
  frame.entry = frame.event = nullptr;
  frame.touch = touch;
  if (program_.of_accounts) frame.lead = nobody_.data();
  const Member* const focused = past_.focused();
  past_.focus(nullptr);
  const bool holds = vm::holds(frame, nullptr, condition);
  past_.focus(focused);
  return holds;
}

/// Before this one.
std::uint64_t Replay::tiring_sends(const AssumedLine& line, const Set& set) {
  if (line.channel == kNone) return 0;
  const std::uint64_t sends = past_.sends_since(line.channel, step_.now - line.code->tires_within);
  const auto& strings = module().strings;
  const bool counted = set.send && strings[module().contents[set.content].channel] == strings[line.code->tires_channel];
  return counted ? sends - 1 : sends;
}

/// It happens, if it happens before the horizon.
void Replay::expect(const AssumedLine& line, const Set& set, AssumedDraws& draws) {
  const std::int64_t delay = draws.delay(line);
  if (delay > horizon_ - step_.now) return;
  if (lead_.assumed.made >= kMostAssumed) return too_many_assumed();
  ++lead_.assumed.made;
  AssumedEvent event;
  event.at = step_.now + delay;
  event.of = lead_.index;
  event.line = &line;
  event.content = set.content;
  if (set.content != kNone) event.content_name = program_.bound->strings[module().contents[set.content].name];
  event.touch = set.touch;
  if (!program_.assumed->of_kind[line.code->kind].empty()) event.cause = draws.cause_of(line);
  auto& coming = lead_.assumed.coming;
  coming.emplace_back(event.at, static_cast<std::uint32_t>(assumed_->events.size()));
  std::push_heap(coming.begin(), coming.end(), kLatestFirst);
  assumed_->events.push_back(std::move(event));
}

void Replay::too_many_assumed() {
  if (!ok()) return;
  error_ = fmt::format("scenario {}: what follows from reactions does not come to an end for \"{}\"",
                       module().strings[module().scenarios[options_.assumed->scenario].name],
                       store_.texts.at(store_.leads[lead_.index]));
  hint_ = "Reactions that cause ever more reactions: lower the rates of those that lead back to themselves.";
}

/// The other lead is this one from here on: what it is still to do, and how often it was sent what.
void Replay::unite_assumed(Replay& other) {
  LeadAssumed& mine = lead_.assumed;
  LeadAssumed& theirs = other.lead_.assumed;
  for (const auto& each : theirs.coming) {
    assumed_->events[each.second].of = lead_.index;
    mine.coming.push_back(each);
    std::push_heap(mine.coming.begin(), mine.coming.end(), kLatestFirst);
  }
  theirs.coming.clear();
  mine.made += theirs.made;
  for (std::size_t i = 0; i < mine.sends.size(); ++i) mine.sends[i] += theirs.sends[i];
  for (std::size_t i = 0; i < mine.hand_offs.size(); ++i) mine.hand_offs[i] += theirs.hand_offs[i];
  for (const AccountTouches& each : theirs.touches) {
    const auto own = std::find_if(mine.touches.begin(), mine.touches.end(), [&](const AccountTouches& other_each) {
      return other_each.account == each.account && other_each.campaign == each.campaign &&
             other_each.ordinal == each.ordinal;
    });
    own == mine.touches.end() ? mine.touches.push_back(each) : void(own->times += each.times);
  }
}

/// Whether what is assumed answers, as answers_in_time asks.
bool Replay::answers_assumed(const bytecode::Content& content, Instant since) const {
  for (auto send = lead_.sends.rbegin(); send != lead_.sends.rend() && send->at >= since; ++send) {
    if (send->assumed == PastSend::kLogged || assumed_->events[send->assumed].line->code->by_machine) continue;
    if (std::find(content.answers.begin(), content.answers.end(), send->kind) != content.answers.end()) return true;
  }
  return false;
}

// Sends that tire -----------------------------------------------------------------------------------------------------

std::uint64_t LeadPast::sends_since(std::uint16_t channel, Instant after) {
  count_sends(channel);
  const TiringChannel& row = lead_.assumed.channels[channel];
  const auto later = [after](const std::vector<Instant>& list) {
    return static_cast<std::uint64_t>(list.end() - std::upper_bound(list.begin(), list.end(), after));
  };
  return later(row.logged) + later(row.of_run);
}

/// Takes in what the log has said since it was asked last.
void LeadPast::count_sends(std::uint16_t channel) {
  TiringChannel& row = lead_.assumed.channels[channel];
  const std::string& name = module_.strings[program_.assumed->channels[channel]];
  const PastMark end = here();
  Happened what;
  while (step_on(row.counted, end, program_.send_kinds, what)) {
    if (what.send != nullptr || !is_own(what)) continue;
    const bytecode::StringIndex of = channel_of(what);
    if (of != kNone && module_.strings[of] == name) row.logged.push_back(what.at);
  }
}

/// It happened to the lead itself, and not to a colleague; to an account all of it does.
bool LeadPast::is_own(const Happened& what) const {
  return program_.of_accounts || store_.actor.empty() || store_.actor[what.event] == lead_.index;
}

/// That of a content of this programme, else the one that its event is named by.
bytecode::StringIndex LeadPast::channel_of(const Happened& what) {
  const std::uint16_t property = module_.schema.kinds[what.kind].content_property;
  show(what);
  const Value named = property == kNone ? Value{} : cells_.at(property);
  const auto content = named.known ? program_.content_named.find(named.text()) : program_.content_named.end();
  return content == program_.content_named.end() ? program_.channel_of_kind[what.kind]
                                                 : module_.contents[content->second].channel;
}

/// Before the pasts become one.
void LeadPast::unite_sends(LeadPast& other) {
  for (std::uint16_t i = 0; i < lead_.assumed.channels.size(); ++i) {
    count_sends(i);
    other.count_sends(i);
    TiringChannel& mine = lead_.assumed.channels[i];
    const TiringChannel& theirs = other.lead_.assumed.channels[i];
    const auto join = [](std::vector<Instant>& list, const std::vector<Instant>& others) {
      const auto middle = list.insert(list.end(), others.begin(), others.end());
      std::inplace_merge(list.begin(), middle, list.end());
    };
    join(mine.logged, theirs.logged);
    join(mine.of_run, theirs.of_run);
  }
}

}  // namespace nurture::engine
