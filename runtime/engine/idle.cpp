// Entries without an event (§5.13): by `when`, by the calendar, before a date, on silence. A lead keeps an IdleState of
// each, and their instants are timers of a lead that is in no campaign.
#include <algorithm>
#include <utility>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::EntryForm;
using bytecode::kNone;
using outcome::RefusalCause;
using outcome::Remark;

namespace {

constexpr std::int64_t kDraws = 10'000;
constexpr std::int64_t kDaysAhead = 16;  // a weekday comes within eight days, whatever the clocks do

bool on_weekday(std::uint8_t mask, std::int64_t date) {
  return mask == 0 || (mask >> calendar::weekday(date) & 1) != 0;
}

}  // namespace

/// The step in which the lead begins, or, for a deployment after that, the wait for it.
void Replay::begin_idle() {
  lead_.deployed = !options_.deployed_at || step_.now > *options_.deployed_at;
  load_attributes();
  lead_.idle.assign(program_.idle_entries.size(), IdleState{});
  for (std::size_t i = 0; i < lead_.idle.size(); ++i) {
    const bytecode::Entry& entry = *program_.idle_entries[i].code;
    if (entry.form == EntryForm::Silence) lead_.idle[i].due = after(program_.duration(entry.silence.lasts));
    if (lead_.deployed) arm_idle(i, false);
  }
  step_.changed = true;
  if (lead_.deployed) settle();
  end_step();
}

/// At the lead's beginning, or at a deployment: then what is true already is no entry, unless it says so.
void Replay::arm_idle(std::size_t index, bool deployment) {
  const IdleEntry& entry = program_.idle_entries[index];
  IdleState& state = lead_.idle[index];
  switch (entry.code->form) {
    case EntryForm::On:
      return;
    case EntryForm::When:
      see_candidate(EventRef{});
      state.held = deployment && holds(program_.campaigns[entry.campaign], entry.code->when);
      if (state.held) spread(index);
      return;
    case EntryForm::Every:
    case EntryForm::Once:
      state.due = next_scheduled(entry, state);
      return;
    case EntryForm::Dated:
      return set_date(index, deployment);
    case EntryForm::Silence:
      if (deployment && state.due <= step_.now) spread(index);
      return;
  }
}

/// `also those already true, spread over D`: at an instant of that time that depends on the lead alone.
void Replay::spread(std::size_t index) {
  const IdleEntry& entry = program_.idle_entries[index];
  IdleState& state = lead_.idle[index];
  state.due = kNever;
  if (!entry.code->those_already_true) return;
  const auto& names = module().strings;
  const std::uint16_t share = draw(module().seed, names[program_.campaigns[entry.campaign].code->name], "already true",
                                   store_.texts.at(store_.leads[lead_.index]), std::nullopt);
  const Instant end = after(program_.duration(entry.code->spread_over));
  if (end != kNever) state.due = step_.now + (end - step_.now) / kDraws * share;
}

/// The next instant from now on, on a local date on which it has not happened.
Instant Replay::next_scheduled(const IdleEntry& entry, const IdleState& state) const {
  const bytecode::Entry& code = *entry.code;
  const calendar::Zone* zone = entry.zone != nullptr ? entry.zone : lead_.zone;
  if (code.form == EntryForm::Once) {
    const Instant at = calendar::from_local(code.date, code.time, zone);
    return state.last_date == code.date || at < step_.now ? kNever : at;
  }
  std::int64_t date = calendar::to_local(step_.now, zone).date - 1;  // a gap may move yesterday's into today
  if (state.last_date != INT64_MIN) date = std::max(date, state.last_date + 1);
  for (const std::int64_t last = date + kDaysAhead; date < last; ++date) {
    if (!on_weekday(code.weekdays, date)) continue;
    const Instant at = calendar::from_local(date, code.time, zone);
    if (at >= step_.now) return at;
  }
  return kNever;
}

bool Replay::date_is_spent(const IdleEntry& entry, Value target) const {
  return std::any_of(lead_.dated.begin(), lead_.dated.end(), [&](const DatedPast& past) {
    return past.campaign == entry.campaign && past.target == target && (past.entered || past.entry == entry.entry);
  });
}

/// The date has a value, or another one: when the entry happens is fixed here.
void Replay::set_date(std::size_t index, bool deployment) {
  const IdleEntry& entry = program_.idle_entries[index];
  const bytecode::Campaign* campaign = program_.campaigns[entry.campaign].code;
  IdleState& state = lead_.idle[index];
  see_candidate(EventRef{});
  state.target = vm::evaluate(frame_, campaign, entry.code->target);
  state.due = kNever;
  state.hurried = false;
  if (!state.target.known || date_is_spent(entry, state.target)) return;
  const Value at = vm::evaluate(frame_, campaign, entry.code->instant);
  if (!at.known) return;
  if (deployment && at.bits <= step_.now) return spread(index);
  if (at.bits < step_.now && !entry.code->at_once_if_late) return;
  state.hurried = at.bits <= step_.now && step_.cause.kind != outcome::Cause::Kind::Beginning;
  state.due = std::max(at.bits, step_.now);
}

void Replay::note_idle_silence() {
  for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) {
    const IdleEntry& entry = program_.idle_entries[i];
    if (entry.code->form != EntryForm::Silence) continue;
    see_candidate(step_.event);
    if (!ends_silence(entry.code->silence, program_.campaigns[entry.campaign])) continue;
    lead_.idle[i].due = after(program_.duration(entry.code->silence.lasts));
  }
  at_hand(step_.event);
}

void Replay::idle_timers(Due& best) const {
  const auto consider = [&](const Due& due) {
    if (due.at != kNever && due.before(best)) best = due;
  };
  if (!lead_.deployed) {
    Due due;
    due.at = *options_.deployed_at;
    due.group = 2;
    due.kind = TimerKind::Deployed;
    return consider(due);
  }
  for (std::uint32_t i = 0; i < program_.idle_entries.size(); ++i) {
    if (!may_be_first(lead_.idle[i].due, best)) continue;
    const IdleEntry& entry = program_.idle_entries[i];
    Due due;
    due.at = lead_.idle[i].due;
    due.goes_on = lead_.idle[i].hurried;
    due.group = 1;
    due.rank = -std::int64_t{program_.campaigns[entry.campaign].code->priority};
    due.other = 1;
    due.campaign = entry.campaign;
    due.ordinal = UINT32_MAX;  // after the timers of memberships, so that one that ends makes way
    due.source = entry.entry;
    due.kind = TimerKind::Entry;
    due.slot = i;
    consider(due);
  }
}

/// The occurrence is spent, whatever comes of it.
void Replay::idle_due(std::size_t index) {
  const IdleEntry& entry = program_.idle_entries[index];
  const CampaignPlan& plan = program_.campaigns[entry.campaign];
  IdleState& state = lead_.idle[index];
  step_.changed = true;
  state.due = kNever;
  const EntryForm form = entry.code->form;
  if (form == EntryForm::When) {
    see_candidate(EventRef{});
    if (!holds(plan, entry.code->when)) return;
  }
  if (form == EntryForm::Every || form == EntryForm::Once) {
    state.last_date = calendar::to_local(step_.now, entry.zone != nullptr ? entry.zone : lead_.zone).date;
    if (form == EntryForm::Once) state.last_date = entry.code->date;
    state.due = next_scheduled(entry, state);
  }
  if (form != EntryForm::Dated) {
    occur(plan, entry.entry);
    return;
  }
  if (date_is_spent(entry, state.target)) return;  // another dated entry of the campaign entered for this value
  const std::size_t past = lead_.dated.size();
  lead_.dated.push_back({entry.campaign, entry.entry, false, state.target});
  const bool entered = occur(plan, entry.entry);
  lead_.dated[past].entered = entered;
}

/// Of an entry that waits for a condition; and, if that can be, when it turns by itself, which the end of the step asks
/// for. In a unit others may change what it sees in between.
bool Replay::holds_now(const IdleEntry& entry, IdleState& state) {
  see_candidate(EventRef{});
  state.looked_in = unit_ == nullptr ? step_.look : 0;
  state.turns_at = kNever;
  Instant* const asked = std::exchange(frame_.turns, program_.idle_reads.clock ? &state.turns_at : nullptr);
  const bool now = holds(program_.campaigns[entry.campaign], entry.code->when);
  frame_.turns = asked;
  return now;
}

/// Entries of the campaign that have turned true, in the order written.
bool Replay::fire_idle(std::uint16_t campaign) {
  const CampaignPlan& plan = program_.campaigns[campaign];
  for (std::size_t i = plan.first_idle; i < plan.end_idle; ++i) {
    const IdleEntry& entry = program_.idle_entries[i];
    IdleState& state = lead_.idle[i];
    if (entry.code->form != EntryForm::When) continue;
    if (state.held || state.fired_in == step_.id || !holds_now(entry, state)) continue;
    state.fired_in = step_.id;
    occur(plan, entry.entry);
    return true;
  }
  return false;
}

/// Values at the end of the step (what settling just found false is false already); dates and schedules that follow
/// what changed in it.
void Replay::rebase_idle() {
  const std::uint16_t timezone = module().schema.lead_timezone;
  const auto changed = [&](std::uint16_t attribute) {
    return std::find(changed_attributes_.begin(), changed_attributes_.end(), attribute) != changed_attributes_.end();
  };
  for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) {
    const IdleEntry& entry = program_.idle_entries[i];
    IdleState& state = lead_.idle[i];
    const EntryForm form = entry.code->form;
    const bool found_false = !state.held && state.fired_in != step_.id;
    if (form == EntryForm::When && !found_false && (step_.changed || volatile_ || step_.now >= turns_at_)) {
      state.held = holds_now(entry, state);
      if (!state.held) state.due = kNever;
    } else if (form == EntryForm::Dated && std::any_of(entry.follows.begin(), entry.follows.end(), changed)) {
      set_date(i, false);
    } else if (form == EntryForm::Every || form == EntryForm::Once) {
      if (entry.zone == nullptr && timezone != kNone && changed(timezone)) state.due = next_scheduled(entry, state);
    }
  }
}

/// An entry happens: whether a membership began. Falling into one that is active, it is spent and nothing is said.
bool Replay::occur(const CampaignPlan& plan, std::uint16_t entry) {
  const Memberships& list = lead_.of_campaign[plan.index];
  if (list.active > 0) {
    if (options_.tracer != nullptr)
      remark(Remark::Kind::AlreadyInside, &lead_.members[list.youngest], plan.code->place);
    return false;
  }
  if (list.entered_in == step_.id) {
    refused(plan, entry, RefusalCause::OncePerStep);
    return false;
  }
  see_candidate(EventRef{});
  if (entry != kNone && !holds(plan, plan.code->entries[entry].condition)) {
    refused(plan, entry, RefusalCause::Guard);
    return false;
  }
  if (refuse(plan, entry, Value{})) return false;
  enter(plan, entry, Value{}, EventRef{});
  return true;
}

}  // namespace nurture::engine
