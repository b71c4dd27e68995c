#include "runtime/engine/unit.h"

#include <algorithm>
#include <iterator>

namespace nurture::engine {

Unit::Unit(const Program& leads, const Program& accounts, const store::Store& store, Instant horizon)
    : leads_(leads), accounts_(accounts), store_(store), horizon_(horizon) {}

Status Unit::run(std::size_t unit, outcome::Sink& sink) {
  const auto first = store_.unit_members.begin() + store_.unit_begin[unit];
  const auto last = store_.unit_members.begin() + store_.unit_begin[unit + 1];
  if (std::none_of(first, last, [this](store::LeadIndex member) { return asked_for(member); })) return Done{};
  sit_down(unit, sink);
  if (seats_.size() == 1) return seats_.front().replay->run(*first, sink);
  while (!to_come_.empty()) {
    const Moment next = *to_come_.begin();
    play(next);
    for (store::LeadIndex member : moved_) {
      const Replay& replay = *seated(member);
      if (!replay.ok()) return Error{replay.error_, replay.hint_};
      look_ahead(seat_of(member));
    }
    moved_.clear();
  }
  return stand_up(unit, sink);
}

bool Unit::asked_for(store::LeadIndex member) const {
  const auto& asked = leads_.options->leads;
  return asked.empty() || std::binary_search(asked.begin(), asked.end(), member);
}

/// In this log, be it after the horizon.
bool Unit::becomes_another(store::LeadIndex member) const {
  return !store_.merged_into.empty() && store_.merged_into[member] != store::kNoLead;
}

/// The nth of its kind, from the pools, which grow to the largest unit.
Replay& Unit::replay_of(bool account, std::size_t nth) {
  auto& pool = account ? account_pool_ : lead_pool_;
  if (nth == pool.size()) {
    pool.push_back(std::make_unique<Replay>(account ? accounts_ : leads_, store_, horizon_));
  }
  return *pool[nth];
}

/// One whose outcomes alone are asked for tells them as they happen, together with what a tracer hears.
void Unit::sit_down(std::size_t unit, outcome::Sink& sink) {
  std::vector<store::LeadIndex> members(store_.unit_members.begin() + store_.unit_begin[unit],
                                        store_.unit_members.begin() + store_.unit_begin[unit + 1]);
  const auto shown = std::count_if(members.begin(), members.end(), [this](auto member) { return asked_for(member); });
  std::sort(members.begin(), members.end());
  seats_.clear();
  to_come_.clear();
  stirred_.clear();
  merging_.clear();
  std::copy_if(members.begin(), members.end(), std::back_inserter(merging_),
               [this](store::LeadIndex member) { return becomes_another(member); });
  clock_ = Clock{};
  assumed_.clear();
  std::size_t accounts = 0;
  while (kept_.size() < members.size()) kept_.push_back(std::make_unique<Kept>());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool account = store_.is_account(members[i]);
    Replay& replay = replay_of(account, account ? accounts++ : i - accounts);
    seats_.push_back({&replay, {}, false});
    replay.unit_ = members.size() == 1 ? nullptr : this;
    replay.assumed_ = members.size() == 1 ? &replay.own_assumed_ : &assumed_;
    replay.shown_ = asked_for(members[i]);
    replay.begun_ = replay.joined_ = replay.gone_ = replay.disturbed_ = false;
    replay.chain_ = 0;
    replay.account_asks_ = (accounts_.asks_leads || accounts_.hands_off) && !account;
    replay.lead_.account_index = store::kNoAccount;
    if (members.size() == 1) return;
    kept_[i]->begin(replay.shown_);
    replay.tell(replay.shown_ && shown == 1 ? sink : *kept_[i]);
    replay.begin_lead(members[i]);
    look_ahead(i);
  }
}

/// Finds what the member does next.
void Unit::look_ahead(std::size_t at) {
  Seat& seat = seats_[at];
  if (seat.waits) to_come_.erase(seat.next);
  seat.next = Moment{};
  seat.next.seat = at;
  seat.waits = find_next(*seat.replay, seat.next);
  if (seat.waits) to_come_.insert(seat.next);
}

bool Unit::find_next(const Replay& replay, Moment& next) const {
  const LeadState& lead = replay.lead_;
  if (replay.gone_) return false;
  if (!replay.begun_) {
    next.at = store_.lead_created[lead.index];
    return next.at <= horizon_ && next.at != kNever;
  }
  const store::EventIndex event = replay.next_event(replay.due_.at);
  if (replay.due_.at <= horizon_ && (event == lead.end || replay.due_.at < store_.at[event])) {
    next.at = replay.due_.at;
    if (replay.due_.kind == TimerKind::Assumed) {
      next.phase = Moment::Phase::Event;
      next.position = kAfterLog + replay.due_.slot;
      return true;
    }
    next.phase = replay.due_.kind == TimerKind::Claim ? Moment::Phase::Claim : Moment::Phase::Timer;
    return true;
  }
  if (event == lead.end) return false;
  next.at = store_.at[event];
  next.phase = Moment::Phase::Event;
  next.position = store_.position[event];
  next.copied = store_.actor[event] != lead.index;
  next.event = event;
  return true;
}

/// One moment, the steps of everyone whose log has the same event, and all that follows from them at that instant.
void Unit::play(const Moment& first) {
  ++chain_;
  const bool timer = first.phase >= Moment::Phase::Timer;
  clock_ = {first.at, timer ? INT64_MAX : first.position};
  Moment next = first;
  do {
    to_come_.erase(next);
    seats_[next.seat].waits = false;
    step(next);
    if (to_come_.empty()) break;
    next = *to_come_.begin();
  } while (first.phase == Moment::Phase::Event && next.phase == first.phase && next.at == first.at &&
           next.position == first.position);
  settle();
}

void Unit::step(const Moment& moment) {
  Replay& replay = *seats_[moment.seat].replay;
  if (moment.phase == Moment::Phase::Event && moment.position >= kAfterLog) {
    return assumed(replay, static_cast<std::uint32_t>(moment.position - kAfterLog));
  }
  const std::uint32_t before = replay.lead_.account_index;
  replay.chain_ = chain_;
  stirred_.erase(replay.lead_.index);
  switch (moment.phase) {
    case Moment::Phase::Begin:
      replay.begin_in_unit(moment.at);
      break;
    case Moment::Phase::Event:
      replay.lead_.cursor = moment.event;
      replay.event_step(moment.event);
      break;
    case Moment::Phase::Timer:
      replay.advance();
      replay.timer_step(replay.due_);
      break;
    case Moment::Phase::Claim:
      replay.timer_step(replay.due_);
      moved_.insert(replay.lead_.index);
      return;  // no step: nothing follows from it
  }
  stepped(replay, before);
}

/// A step of the lead, then of its account; or of the account alone. Events of accounts are not assumed.
void Unit::assumed(Replay& by, std::uint32_t number) {
  assumed_for(by, number);
  if (by.program_.of_accounts) return;
  Replay* const account = account_of(by);
  if (account != nullptr && account->begun_) assumed_for(*account, number);
}

void Unit::assumed_for(Replay& member, std::uint32_t number) {
  if (!member.ok()) return;
  const std::uint32_t before = member.lead_.account_index;
  member.chain_ = chain_;
  stirred_.erase(member.lead_.index);
  member.advance();
  member.assumed_step(number);
  stepped(member, before);
}

/// A member has taken a step: what its account's campaigns ask of it may be another now.
void Unit::stepped(Replay& replay, std::uint32_t account_before) {
  const LeadState& lead = replay.lead_;
  moved_.insert(lead.index);
  while (replay.ok() && replay.due_.goes_on) replay.timer_step(replay.due_);
  if (!replay.account_asks_) return;
  Replay* const held = lead.account_index == account_before ? nullptr : account_of(replay);
  if (held != nullptr && held->begun_ && held->lead_.hold.held) held->hold_lead(replay, replay.step_.cause);
  if (!accounts_.asks_leads) return;
  for (std::uint32_t account : {account_before, lead.account_index}) {
    Replay* const asking = account == store::kNoAccount ? nullptr : seated(store_.member_of(account));
    if (asking != nullptr && asking->begun_) changed_for(*asking, replay.step_.changed);
  }
}

/// Its step is spared where neither what happened nor the instant can turn one of its conditions.
void Unit::changed_for(Replay& account, bool changed) {
  if (changed || account.turns_at_ <= clock_.at) stir(account);
}

void Unit::stir(Replay& replay) {
  replay.disturbed_ = true;
  stirred_.insert(replay.lead_.index);
}

/// Members in which something happened without a step of their own: leads in the order of keys, then accounts, until
/// nothing follows any more. All of it counts as one step of each (§5.2), so it comes to an end.
void Unit::settle() {
  while (!stirred_.empty()) {
    Replay& replay = *seated(*stirred_.begin());
    stirred_.erase(stirred_.begin());
    if (!replay.ok()) return;
    const std::uint32_t before = replay.lead_.account_index;
    replay.follow();
    stepped(replay, before);
  }
}

/// The end of the run for all, then what each has to tell, in the order of keys.
Status Unit::stand_up(std::size_t unit, outcome::Sink& sink) {
  clock_ = {horizon_, INT64_MAX};
  for (const Seat& seat : seats_) {
    if (seat.replay->begun_) seat.replay->advance();
  }
  for (const Seat& seat : seats_) {
    if (seat.replay->begun_) seat.replay->finish_lead();
  }
  for (std::uint32_t i = store_.unit_begin[unit]; i < store_.unit_begin[unit + 1]; ++i) {
    const store::LeadIndex member = store_.unit_members[i];
    if (!becomes_another(member)) tell(member, sink);
  }
  return Done{};
}

/// Those who became this one are told right before it, in the order of keys too.
void Unit::tell(store::LeadIndex member, outcome::Sink& sink) const {
  for (store::LeadIndex other : merging_) {
    if (store_.merged_into[other] == member) tell(other, sink);
  }
  if (!asked_for(member)) return;
  for (const outcome::Outcome& outcome : kept_[seat_of(member)]->outcomes) sink.on(outcome);
  sink.lead_done(member);
  if (assumed_.since != kNever) sink.hangs(member);
}

/// From here on the lead is another: nothing happens to it any more, and its account has one lead less.
void Unit::left(Replay& lead) {
  lead.gone_ = true;
  stirred_.erase(lead.lead_.index);
  moved_.insert(lead.lead_.index);
  Replay* const account = lead.account_asks_ ? account_of(lead) : nullptr;
  if (account != nullptr && account->begun_) stir(*account);
}

std::size_t Unit::seat_of(store::LeadIndex member) const {
  const auto found = std::lower_bound(seats_.begin(), seats_.end(), member, [](const Seat& seat, store::LeadIndex x) {
    return seat.replay->lead_.index < x;
  });
  const bool here = found != seats_.end() && found->replay->lead_.index == member;
  return here ? static_cast<std::size_t>(found - seats_.begin()) : seats_.size();
}

Replay* Unit::seated(store::LeadIndex member) const {
  const std::size_t seat = seat_of(member);
  return seat == seats_.size() ? nullptr : seats_[seat].replay;
}

Replay* Unit::account_of(Replay& lead) const {
  const std::uint32_t account = store_.account_members == 0 ? store::kNoAccount : lead.account_now();
  return account == store::kNoAccount ? nullptr : seated(store_.member_of(account));
}

/// What a lead is sent is part of its account's log too.
void Unit::sent_to(Replay& lead, std::uint16_t content) {
  Replay* const account = account_of(lead);
  if (account == nullptr || !account->begun_) return;
  account->advance();
  account->past_.sent(content, lead.step_.now);
  const std::uint16_t kind = accounts_.recorded_as[content];
  changed_for(*account, kind != bytecode::kNone && account->asked_kinds_.has(static_cast<std::uint8_t>(kind)));
}

void Unit::cancel(const Replay& account, std::uint16_t campaign, std::uint16_t site) {
  each_lead([&](Replay& lead) { lead.cancel_for_account(account.lead_.index, campaign, site, account.step_.cause); });
}

}  // namespace nurture::engine
