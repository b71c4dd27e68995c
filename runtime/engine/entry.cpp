// Entering a campaign, and being turned away (§5.1, §5.6).
#include <algorithm>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Reenter;
using outcome::RefusalCause;
using outcome::Remark;

/// The first entry in order written that matches, `if` included, is the one that counts.
void Replay::test_entries(const CampaignPlan& plan, Value key) {
  see_candidate(step_.event);
  std::uint16_t guarded = kNone;
  for (std::uint16_t i = 0; i < plan.code->entries.size(); ++i) {
    const bytecode::Entry& entry = plan.code->entries[i];
    if (entry.form != bytecode::EntryForm::On || !entry.event.hears(step_.event.kind)) continue;
    if (!matches(entry.event, plan.code)) {
      remark(Remark::Kind::EntryUnmatched, nullptr, entry.place, plan.index, i);
      continue;
    }
    if (holds(plan, entry.condition)) {
      if (!refuse(plan, i, key)) enter(plan, i, key, step_.event);
      return;
    }
    if (guarded == kNone) guarded = i;
  }
  if (guarded != kNone) refused(plan, guarded, RefusalCause::Guard);
}

/// What the conditions of entry see: no membership yet, and the entering event, if there is one.
void Replay::see_candidate(EventRef event) {
  at_hand(event);
  past_.focus(nullptr);
  frame_.slots = no_slots_.data();
  frame_.entered_at = frame_.wait_start = step_.now;
  frame_.entry_kind = event.kind;
  frame_.entry = frame_.event;
}

void Replay::refused(const CampaignPlan& plan, std::uint16_t entry, RefusalCause cause) {
  outcome::Outcome& out =
      outcome_of(Kind::Refused, entry == kNone ? plan.code->place : plan.code->entries[entry].place);
  out.campaign = plan.index;
  out.a = static_cast<std::int64_t>(cause);
  out.b = entry;
  put();
}

/// Records the first cause that holds, in the order of RefusalCause.
bool Replay::refuse(const CampaignPlan& plan, std::uint16_t entry, Value key) {
  const bytecode::Campaign& code = *plan.code;
  const bool keyed = code.key.name != kNone;
  RefusalCause cause;
  if (!is_active_now(plan)) {
    cause = RefusalCause::NotActive;
  } else if (!holds(plan, code.audience)) {
    cause = RefusalCause::Audience;
  } else if (code.exclude != kNoCode && holds(plan, code.exclude)) {
    cause = RefusalCause::Exclude;
  } else if (exits_already(plan)) {
    cause = RefusalCause::ExitCondition;
  } else if ((!keyed || key.known) && !may_reenter(plan, find_member(plan, key, false))) {
    cause = RefusalCause::Reentry;
  } else if (excluded_by_group(plan)) {
    cause = RefusalCause::Exclusive;
  } else if (keyed && !key.known) {
    cause = RefusalCause::Key;
  } else if (keyed && code.key.up_to != kNone && lead_.of_campaign[plan.index].active >= code.key.up_to) {
    cause = RefusalCause::KeyLimit;
  } else {
    return false;
  }
  refused(plan, entry, cause);
  return true;
}

bool Replay::exits_already(const CampaignPlan& plan) {
  return std::any_of(plan.code->exits.begin(), plan.code->exits.end(), [&](const bytecode::Trigger& trigger) {
    return trigger.condition != kNoCode && holds(plan, trigger.condition);
  });
}

bool Replay::may_reenter(const CampaignPlan& plan, const Member* last) const {
  if (last == nullptr) return true;
  switch (plan.code->reenter) {
    case Reenter::Never:
      return false;
    case Reenter::Always:
      return true;
    case Reenter::After:
      return step_.now >= later(last->ended_at, program_.duration(plan.code->reenter_after), last->end_zone);
  }
  return false;
}

/// The membership of the key; with `any_key` the latest of all.
Member* Replay::find_member(const CampaignPlan& plan, Value key, bool any_key) {
  const Memberships& list = lead_.of_campaign[plan.index];
  if (any_key) return list.youngest == kNoMember ? nullptr : &lead_.members[list.youngest];
  for (std::uint32_t at = list.oldest; at != kNoMember; at = lead_.members[at].next) {
    if (lead_.members[at].key == key) return &lead_.members[at];
  }
  return nullptr;
}

/// Room for what a membership keeps outside of its record, none of it used yet.
void Replay::make_room(const CampaignPlan& plan, Member& m) {
  const auto append = [](auto& list, std::size_t count) {
    const auto first = static_cast<std::uint32_t>(list.size());
    if (count > 0) list.resize(list.size() + count);
    return first;
  };
  m.first_slot = append(lead_.slots, plan.code->slots);
  m.first_detached = append(lead_.detached, plan.detached_site.size());
  m.first_visits = append(lead_.visits, plan.code->stages.size());
  m.first_silence = append(lead_.silences, plan.silences.size());
  m.first_goal = append(lead_.credited, plan.code->goals.size());
}

/// The record, and the room, of the (campaign, key)'s ended membership, if there is one: as new.
std::uint32_t Replay::take_over(const CampaignPlan& plan, Value key) {
  Memberships& list = lead_.of_campaign[plan.index];
  const std::uint32_t at = member_of_key(list, key);
  if (at == kNoMember) return at;
  unlink(list, at);
  const Member& old = lead_.members[at];
  Member m;
  m.first_slot = old.first_slot;
  m.first_detached = old.first_detached;
  m.first_goal = old.first_goal;
  m.first_visits = old.first_visits;
  m.first_silence = old.first_silence;
  std::fill_n(lead_.slots.begin() + m.first_slot, plan.code->slots, Value{});
  std::fill_n(lead_.detached.begin() + m.first_detached, plan.detached_site.size(), Deferral{});
  std::fill_n(lead_.visits.begin() + m.first_visits, plan.code->stages.size(), 0u);
  std::fill_n(lead_.silences.begin() + m.first_silence, plan.silences.size(), SilenceClock{});
  std::fill_n(lead_.credited.begin() + m.first_goal, plan.code->goals.size(), std::uint8_t{0});
  lead_.members[at] = m;
  return at;
}

/// The campaign's youngest.
Member& Replay::fresh_member(const CampaignPlan& plan, Value key) {
  Memberships& list = lead_.of_campaign[plan.index];
  std::uint32_t at = take_over(plan, key);
  if (at == kNoMember) {
    at = static_cast<std::uint32_t>(lead_.members.size());
    make_room(plan, lead_.members.emplace_back());
  }
  if (list.next_ordinal == 0) {
    lead_.campaigns.insert(std::upper_bound(lead_.campaigns.begin(), lead_.campaigns.end(), plan.index), plan.index);
  }
  Member& m = lead_.members[at];
  m.campaign = plan.index;
  m.key = key;
  m.ordinal = list.next_ordinal++;
  (list.youngest == kNoMember ? list.oldest : lead_.members[list.youngest].next) = at;
  list.youngest = at;
  return m;
}

/// `active from … until …`: by the lead's date, or at an instant.
bool Replay::is_active_now(const CampaignPlan& plan) const {
  const auto reached = [&](std::uint16_t constant, bool until) {
    const bytecode::Constant& row = module().constants[constant];
    if (row.type.kind == TypeKind::DateTime) return step_.now >= row.value.bits;
    const std::int64_t today = calendar::to_local(step_.now, lead_.zone).date;
    return until ? today > row.value.bits : today >= row.value.bits;
  };
  const bytecode::Campaign& code = *plan.code;
  if (code.active_from != kNone && !reached(code.active_from, false)) return false;
  return code.active_until == kNone || !reached(code.active_until, true);
}

bool Replay::excluded_by_group(const CampaignPlan& plan) const {
  if (plan.code->exclusive_group == kNone) return false;
  const TextId group = program_.bound->strings[plan.code->exclusive_group];
  return std::any_of(lead_.campaigns.begin(), lead_.campaigns.end(), [&](std::uint16_t index) {
    const bytecode::StringIndex other = program_.campaigns[index].code->exclusive_group;
    return index != plan.index && other != kNone && program_.bound->strings[other] == group &&
           lead_.of_campaign[index].active > 0;
  });
}

/// `entry` kNone: enrolled by another campaign, into the first stage.
void Replay::enter(const CampaignPlan& plan, std::uint16_t entry, Value key, EventRef event) {
  const bytecode::Campaign& code = *plan.code;
  Member& m = fresh_member(plan, key);
  m.active = true;
  m.held_out = drawn_out(code.name, code.holdout);
  m.entered_at = step_.now;
  m.entry_zone = lead_.zone;
  m.entry = event;
  m.since_entry = m.since_stage = past_.here();
  lead_.of_campaign[plan.index].entered_in = step_.id;
  ++lead_.of_campaign[plan.index].active;
  ++lead_.active;
  step_.changed = true;
  if (code.lasts_at_most != kNone) {
    m.ends_at = after(program_.duration(code.lasts_at_most));
  } else if (m.held_out && code.longest != kNone) {
    m.ends_at = after(program_.duration(code.longest));
  }
  focus(m);
  const bytecode::PlaceIndex place = entry == kNone ? code.place : code.entries[entry].place;
  record(m.held_out ? Kind::HeldOut : Kind::Entered, m, place, entry);
  begin_goals(m);
  arm(m, code.exits);
  if (m.held_out) return;
  arm(m, code.triggers);
  enter_stage(m, entry == kNone ? std::uint16_t{0} : code.entries[entry].at_stage, kNone);
  drive(m);
}

}  // namespace nurture::engine
