// Two leads that turn out to be one (§7.4): what the other one was and knew becomes this one's.
#include <algorithm>
#include <iterator>
#include <tuple>

#include "runtime/engine/unit.h"
#include "runtime/vm/decay.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::WaitEnd;

namespace {

/// Of two instants, either of which may be none.
Instant later_of(Instant a, Instant b) { return a == kNever ? b : b == kNever ? a : std::max(a, b); }

/// Where something that this run did stands in the order of the unit.
using Stamp = std::tuple<Instant, bool, store::EventIndex>;
Stamp stamp_of(const PastSend& send) { return {send.at, send.after_events, send.before}; }
Stamp stamp_of(const PastMark& mark, Instant at) { return {at, mark.after_events, mark.event}; }

/// Both lists are in order; this lead's come first at a tie.
template <typename Item, typename Key>
void merge_into(std::vector<Item>& mine, const std::vector<Item>& theirs, const Key& key) {
  std::vector<Item> all;
  all.reserve(mine.size() + theirs.size());
  std::merge(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(all),
             [&](const Item& a, const Item& b) { return key(a) < key(b); });
  mine = std::move(all);
}

}  // namespace

/// Who the lead of the event turns out to be this one, if it does; seated beside it.
Replay* Replay::merged_by(store::EventIndex event) const {
  const auto found = std::lower_bound(store_.merges.begin(), store_.merges.end(), event,
                                      [](const store::Merge& merge, store::EventIndex e) { return merge.event < e; });
  return found == store_.merges.end() || found->event != event ? nullptr : unit_->seated(found->gone);
}

/// In the step of the event that says so, before anything else; the cursor still stands before it.
void Replay::unite(Replay& other) {
  const store::EventIndex event = lead_.cursor;
  apply_changes(event);
  other.leave_for(*this);
  outcome_of(Kind::Merged, 0).a = other.lead_.index;
  put();
  past_.unite(frame_, other.past_, other.frame_);
  lead_.cursor = event + 1;
  unite_attributes(other.lead_, event);
  unite_ledgers(other.lead_);
  unite_sales(other.lead_);
  unite_waiting(other.lead_);
  if (program_.assumed) unite_assumed(other);
  const std::vector<std::uint32_t> twice = take_members(other);
  step_.changed = true;
  for (std::uint32_t member : twice) leave_twice(member);
}

/// The last that is told of this lead.
void Replay::leave_for(Replay& stays) {
  if (joined_) follow();
  open(stays.step_.cause);
  for (AccountSend& send : lead_.from_accounts) {
    if (!stays.waits_for(send)) continue;
    account_send_ended(Kind::Cancelled, send, send.waiting.asked);
    send.waiting = Deferral{};
  }
  if (lead_.hold.held && stays.lead_.hold.held) {
    outcome::Outcome& out = outcome_of(Kind::HoldEnded, 0);
    out.a = static_cast<std::int64_t>(outcome::HoldEnd::Event);
    out.b = step_.now - lead_.hold.since;
    put();
  }
  outcome_of(Kind::MergedInto, 0).a = stays.lead_.index;
  put();
  unit_->left(*this);
}

bool Replay::waits_for(const AccountSend& send) const {
  return std::any_of(lead_.from_accounts.begin(), lead_.from_accounts.end(), [&](const AccountSend& own) {
    return own.waiting.waits() && own.waiting.site == send.waiting.site && own.campaign == send.campaign &&
           own.account == send.account;
  });
}

void Replay::unite_attributes(const LeadState& other, store::EventIndex event) {
  for (std::uint16_t i = 0; i < lead_.attributes.size(); ++i) {
    if (!lead_.attributes[i].known && other.attributes[i].known) change_attribute(i, other.attributes[i], event);
  }
}

void Replay::unite_ledgers(const LeadState& other) {
  for (std::uint16_t content : other.in_ledger) {
    LedgerRow& mine = lead_.ledger[content];
    const LedgerRow& theirs = other.ledger[content];
    if (mine.times == 0) lead_.in_ledger.push_back(content);
    if (mine.times == 0 || theirs.last > mine.last) {
      mine.last = theirs.last;
      mine.zone = theirs.zone;
    }
    mine.times += theirs.times;
  }
  for (std::size_t rule = 0; other.rules_used && rule < lead_.counted.size(); ++rule) {
    lead_.rules_used = true;
    lead_.since_event[rule] |= other.since_event[rule];
    merge_into(lead_.counted[rule], other.counted[rule], [](Instant expires) { return expires; });
    const std::size_t most = module().rules[rule].most;
    if (lead_.counted[rule].size() > most) {
      lead_.counted[rule].erase(lead_.counted[rule].begin(),
                                lead_.counted[rule].end() - static_cast<std::ptrdiff_t>(most));
    }
  }
  for (std::size_t split = 0; other.passes_used && split < lead_.passes.size(); ++split) {
    lead_.passes_used = true;
    lead_.passes[split] += other.passes[split];
  }
  for (const DatedPast& past : other.dated) lead_.dated.push_back(past);
}

void Replay::unite_sales(const LeadState& other) {
  lead_.late_at = later_of(lead_.late_at, other.late_at);
  if (!other.hold.held) return;
  if (!lead_.hold.held) {
    lead_.hold = other.hold;
    frame_.with_sales = true;
    return;
  }
  lead_.hold.expires = std::max(lead_.hold.expires, other.hold.expires);
  if (other.hold.account == store::kNoLead) lead_.hold.account = store::kNoLead;
}

/// What waits to happen: answers to hand-offs, sends of accounts, silence, and what properties look for. Numbers of
/// memberships follow those that this lead has had.
void Replay::unite_waiting(const LeadState& other) {
  const auto number = [&](std::uint16_t campaign, std::uint32_t ordinal) {
    return campaign == kNone ? ordinal : lead_.of_campaign[campaign].next_ordinal + ordinal;
  };
  std::vector<OpenHandOff> hand_offs = other.hand_offs;
  for (OpenHandOff& open : hand_offs) open.membership = number(open.campaign, open.membership);
  merge_into(lead_.hand_offs, hand_offs, [](const OpenHandOff& open) { return open.at; });
  for (const AccountSend& send : other.from_accounts) {
    if (send.waiting.waits()) lead_.from_accounts.push_back(send);
  }
  for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) {
    if (program_.idle_entries[i].code->form != bytecode::EntryForm::Silence) continue;
    lead_.idle[i].due = later_of(lead_.idle[i].due, other.idle[i].due);
  }
  if (!other.claims_used) return;
  lead_.claims_used = true;
  for (std::size_t i = 0; i < lead_.claims.size(); ++i) {
    Claim& mine = lead_.claims[i];
    const Claim& theirs = other.claims[i];
    if (theirs.since) mine.since_at = mine.since ? std::max(mine.since_at, theirs.since_at) : theirs.since_at;
    mine.since |= theirs.since;
    merge_into(mine.counted, theirs.counted, [](const Claim::Counted& counted) { return counted.at; });
  }
  std::vector<OpenClaim> open = other.open_claims;
  for (OpenClaim& claim : open) claim.ordinal = number(claim.campaign, claim.ordinal);
  merge_into(lead_.open_claims, open, [](const OpenClaim& claim) { return claim.from; });
}

// Memberships ---------------------------------------------------------------------------------------------------------

/// The latest of each campaign and key. Those in which both are active are returned.
std::vector<std::uint32_t> Replay::take_members(const Replay& other) {
  std::vector<std::uint32_t> twice;
  for (std::uint16_t campaign : other.lead_.campaigns) {
    const Memberships& theirs = other.lead_.of_campaign[campaign];
    Memberships& mine = lead_.of_campaign[campaign];
    if (mine.next_ordinal == 0) {
      lead_.campaigns.insert(std::upper_bound(lead_.campaigns.begin(), lead_.campaigns.end(), campaign), campaign);
    }
    const std::uint32_t base = mine.next_ordinal;
    mine.next_ordinal += theirs.next_ordinal;
    for (std::uint32_t at = theirs.oldest; at != kNoMember; at = other.lead_.members[at].next) {
      const Member& m = other.lead_.members[at];
      const std::uint32_t own = member_of_key(mine, m.key);
      const bool both = own != kNoMember && lead_.members[own].active;
      if (!m.active && own != kNoMember && (both || lead_.members[own].entered_at > m.entered_at)) continue;
      if (own != kNoMember && !both) unlink(mine, own);
      const std::uint32_t moved = take_member(other.lead_, m, base);
      if (m.active && both) twice.push_back(moved);
    }
  }
  return twice;
}

std::uint32_t Replay::member_of_key(const Memberships& list, Value key) const {
  std::uint32_t at = list.oldest;
  while (at != kNoMember && !(lead_.members[at].key == key)) at = lead_.members[at].next;
  return at;
}

void Replay::unlink(Memberships& list, std::uint32_t member) {
  std::uint32_t before = kNoMember;
  for (std::uint32_t at = list.oldest; at != member; at = lead_.members[at].next) before = at;
  (before == kNoMember ? list.oldest : lead_.members[before].next) = lead_.members[member].next;
  if (list.youngest == member) list.youngest = before;
}

/// Among this lead's by the instant of entry.
void Replay::link(Memberships& list, std::uint32_t member) {
  std::uint32_t before = kNoMember;
  std::uint32_t at = list.oldest;
  while (at != kNoMember && lead_.members[at].entered_at <= lead_.members[member].entered_at) {
    before = at;
    at = lead_.members[at].next;
  }
  lead_.members[member].next = at;
  (before == kNoMember ? list.oldest : lead_.members[before].next) = member;
  if (at == kNoMember) list.youngest = member;
}

namespace {

/// A copy of some items of another lead's list behind this lead's.
template <typename Item>
std::uint32_t append(std::vector<Item>& mine, const std::vector<Item>& theirs, std::uint32_t first, std::size_t count) {
  const auto at = static_cast<std::uint32_t>(mine.size());
  const auto from = theirs.begin() + static_cast<std::ptrdiff_t>(first);
  mine.insert(mine.end(), from, from + static_cast<std::ptrdiff_t>(count));
  return at;
}

}  // namespace

std::uint32_t Replay::take_member(const LeadState& other, const Member& theirs, std::uint32_t base) {
  const CampaignPlan& plan = plan_of(theirs);
  const auto index = static_cast<std::uint32_t>(lead_.members.size());
  Member& m = lead_.members.emplace_back(theirs);
  m.ordinal += base;
  m.first_slot = append(lead_.slots, other.slots, theirs.first_slot, plan.code->slots);
  m.first_visits = append(lead_.visits, other.visits, theirs.first_visits, plan.code->stages.size());
  m.first_detached = append(lead_.detached, other.detached, theirs.first_detached, plan.detached_site.size());
  m.first_goal = append(lead_.credited, other.credited, theirs.first_goal, plan.code->goals.size());
  m.first_silence = append(lead_.silences, other.silences, theirs.first_silence, plan.silences.size());
  m.fired = 0;
  m.fired_in = m.goal_exit_in = 0;  // steps of the other lead
  past_.move_mark(m.since_entry, m.entered_at);
  past_.move_mark(m.since_stage, m.stage == kNone ? m.entered_at : m.stage_since);
  Memberships& list = lead_.of_campaign[m.campaign];
  link(list, index);
  list.active += m.active ? 1 : 0;
  lead_.active += m.active ? 1 : 0;
  outcome::Outcome& out = outcome_of(Kind::MovedHere, m, plan.code->place);
  out.a = other.index;
  out.b = theirs.ordinal;
  out.value = Value::of_bool(m.active);
  put();
  return index;
}

void Replay::leave_twice(std::uint32_t member) {
  Member& m = lead_.members[member];
  exit(m, plan_of(m).code->merged_reason, static_cast<std::int64_t>(WaitEnd::Left), plan_of(m).code->place);
  unlink(lead_.of_campaign[m.campaign], member);
}

// The past ------------------------------------------------------------------------------------------------------------

/// Before the event that makes them one is read: what the other has seen is not this lead's past yet.
void LeadPast::unite(const vm::Frame& frame, LeadPast& other, const vm::Frame& other_frame) {
  for (std::uint16_t score = 0; score < lead_.scores.size(); ++score) {
    unite_score(frame, score, other, other_frame);
  }
  unite_sends(other);
  std::vector<PastSend> theirs = other.lead_.sends;
  for (PastSend& send : theirs) send.before += lead_.begin - other.lead_.begin;
  other_begin_ = other.lead_.begin;
  moved_from_ = lead_.sends;
  for (Member& m : lead_.members) {
    keep_mark(m.since_entry, m.entered_at, theirs);
    keep_mark(m.since_stage, m.stage == kNone ? m.entered_at : m.stage_since, theirs);
  }
  merge_into(lead_.sends, theirs, [](const PastSend& send) { return stamp_of(send); });
  const auto sends = static_cast<std::uint32_t>(lead_.sends.size());
  for (ScoreState& score : lead_.scores) score.counted.send = sends;
  for (TiringChannel& channel : lead_.assumed.channels) channel.counted.send = sends;
  merge_into(lead_.exits, other.lead_.exits, [](const PastExit& exit) { return exit.at; });
  for (std::uint16_t site : other.lead_.cut) {
    const auto at = std::lower_bound(lead_.cut.begin(), lead_.cut.end(), site);
    if (at == lead_.cut.end() || *at != site) lead_.cut.insert(at, site);
  }
}

void LeadPast::unite_score(const vm::Frame& frame, std::uint16_t index, LeadPast& other, const vm::Frame& other_frame) {
  count(frame, index, [](std::int64_t) {});
  other.count(other_frame, index, [](std::int64_t) {});
  if (!other.lead_.scored) return;
  lead_.scored = true;
  const std::int64_t points = other.value_at(index, frame.now);
  if (points != 0) add(module_.scores[index], lead_.scores[index], frame.now, points);
  const std::uint32_t first = program_.first_grants[index];
  for (std::size_t row = 0; row < module_.scores[index].rows.size(); ++row) {
    append(lead_.grants[first + row], other.lead_.grants[first + row], 0, other.lead_.grants[first + row].size());
  }
}

/// Of this lead: what the other did before that moment is before it.
void LeadPast::keep_mark(PastMark& mark, Instant at, const std::vector<PastSend>& theirs) const {
  const Stamp here = stamp_of(mark, at);
  mark.send += static_cast<std::uint32_t>(
      std::count_if(theirs.begin(), theirs.end(), [&](const PastSend& send) { return stamp_of(send) < here; }));
}

/// Of a membership of the other.
void LeadPast::move_mark(PastMark& mark, Instant at) const {
  mark.event += lead_.begin - other_begin_;
  const Stamp here = stamp_of(mark, at);
  mark.send += static_cast<std::uint32_t>(std::count_if(moved_from_.begin(), moved_from_.end(),
                                                        [&](const PastSend& send) { return stamp_of(send) <= here; }));
}

}  // namespace nurture::engine
