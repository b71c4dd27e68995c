#include <algorithm>
#include <utility>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/unit.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::Cause;

Replay::Replay(const Program& program, const store::Store& store, Instant horizon)
    : program_(program),
      store_(store),
      options_(*program.options),
      horizon_(horizon),
      jump_(store, program.find_kind),
      cut_(store.last_instant != kNever && store.last_instant > horizon) {
  lead_.ledger.resize(module().contents.size());
  lead_.since_event.resize(module().rules.size());
  lead_.noted.resize(module().rules.size());
  lead_.counted.resize(module().rules.size());
  lead_.passes.resize(program_.splits);
  lead_.of_campaign.resize(program_.campaigns.size());
  lead_.attributes.resize(module().schema.lead.size());
  lead_.account.resize(module().schema.account.size());
  lead_.claims.resize(module().properties.size());
  if (program_.assumed) {
    lead_.assumed.sends.resize(module().contents.size());
    lead_.assumed.hand_offs.resize(program_.campaigns.size());
    lead_.assumed.channels.resize(program_.assumed->channels.size());
  }
  std::size_t slots = 0;
  for (const CampaignPlan& plan : program_.campaigns) slots = std::max<std::size_t>(slots, plan.code->slots);
  no_slots_.resize(slots);
  if (program_.of_accounts) nobody_.resize(lead_.attributes.size());
  frame_.program = program_.bound;
  frame_.past = &past_;
  frame_.passage = options_.passage;
}

Status Replay::run(store::LeadIndex lead, outcome::Sink& sink) {
  tell(sink);
  const Instant began = store_.lead_created[lead];
  if (began <= horizon_ && began != kNever) {
    begin_lead(lead);
    begin_step(began, Cause{Cause::Kind::Beginning, 0});
    if (outcome::has(wanted_, Kind::Began)) outcome_of(Kind::Began, 0), put();
    if (!program_.idle_entries.empty() || options_.deployed_at) begin_idle();
    while (ok()) {
      if (due_.goes_on) {
        timer_step(due_);
        continue;
      }
      const store::EventIndex event = next_event(due_.at);
      lead_.cursor = event;
      if (due_.at <= horizon_ && (event == lead_.end || due_.at < store_.at[event])) {
        timer_step(due_);
      } else if (event != lead_.end) {
        event_step(event);
      } else {
        break;
      }
    }
    finish_lead();
  }
  sink.lead_done(lead);
  if (assumed_->since != kNever && began <= horizon_) sink.hangs(lead);
  if (!ok()) return Error{error_, hint_};
  return Done{};
}

void Replay::tell(outcome::Sink& sink) {
  sink_ = &sink;
  wanted_ = sink.wants();
  looked_at_ = module().properties.empty() ? wanted_ : outcome::kAllKinds;
}

/// The first lead of these with an event that could matter to a lead in no campaign. What its first step reads is
/// fetched already, while another lead is run.
store::LeadIndex Replay::next_touched(store::LeadIndex lead, store::LeadIndex last) const {
  const store::EventIndex event = jump_.find(program_.idle, store_.lead_begin[lead], store_.lead_begin[last]);
  while (lead < last && store_.lead_begin[lead + 1] <= event) ++lead;
  if (lead < last) __builtin_prefetch(&store_.at[event]);
  return lead;
}

/// Leads without such an event are passed over.
Status Replay::run(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink) {
  store::LeadIndex touched = next_touched(first, last);
  for (store::LeadIndex lead = first; lead < last;) {
    if (touched != lead) sink.untouched(touched - lead);
    if (touched == last) break;
    lead = touched + 1;
    touched = next_touched(lead, last);
    if (Status status = run(lead - 1, sink); !status.ok()) return status;
  }
  return Done{};
}

void Replay::begin_lead(store::LeadIndex lead) {
  lead_.index = lead;
  sequence_ = 0;
  lead_.begin = store_.lead_begin[lead];
  lead_.end = store_.lead_begin[lead + 1];
  if (cut_ && lead_.end > lead_.begin && store_.at[lead_.end - 1] > horizon_) {
    const auto first = store_.at.begin();
    lead_.end =
        static_cast<store::EventIndex>(std::upper_bound(first + static_cast<std::ptrdiff_t>(lead_.begin),
                                                        first + static_cast<std::ptrdiff_t>(lead_.end), horizon_) -
                                       first);
  }
  lead_.cursor = lead_.begin;
  lead_.loaded = false;
  const std::uint16_t zone = program_.of_accounts ? module().schema.account_timezone : module().schema.lead_timezone;
  const auto& attributes = program_.of_accounts ? store_.account_attributes : store_.lead_attributes;
  const std::size_t row = program_.of_accounts ? store_.lead_account[lead] : lead;
  read_zone(zone == kNone ? Value{} : attributes[zone].at(row), lead_.begin);
  past_.begin_lead();
  lead_.hold = Hold{};
  lead_.hand_offs.clear();
  lead_.late_at = kNever;
  for (std::uint16_t content : lead_.in_ledger) lead_.ledger[content] = LedgerRow{};
  lead_.in_ledger.clear();
  if (lead_.rules_used) forget_rules();
  begin_claims();
  if (program_.assumed) begin_assumed();
  if (lead_.passes_used) std::fill(lead_.passes.begin(), lead_.passes.end(), 0);
  lead_.passes_used = false;
  for (std::uint16_t campaign : lead_.campaigns) lead_.of_campaign[campaign] = Memberships{};
  lead_.campaigns.clear();
  lead_.members.clear();
  lead_.slots.clear();
  lead_.detached.clear();
  lead_.from_accounts.clear();
  lead_.credited.clear();
  lead_.silences.clear();
  lead_.dated.clear();
  lead_.active = 0;
  due_ = Due{};
  watched_ = program_.idle;
  sensitive_ = volatile_ = false;
  asked_kinds_ = KindSet{};
  turns_at_ = kNever;
}

/// Most leads never get here: their attributes are read only when something may come of it.
void Replay::load_attributes() {
  lead_.loaded = true;
  for (std::size_t i = 0; i < lead_.attributes.size() && !program_.of_accounts; ++i) {
    lead_.attributes[i] = store_.lead_attributes[i].at(lead_.index);
  }
  join_account(store_.lead_account.empty() ? store::kNoAccount : store_.lead_account[lead_.index]);
  const auto& changes = store_.change_events;
  const auto first = std::lower_bound(changes.begin(), changes.end(), lead_.begin);
  lead_.next_change = static_cast<std::size_t>(first - changes.begin());
  lead_.end_change = static_cast<std::size_t>(std::lower_bound(first, changes.end(), lead_.end) - changes.begin());
  frame_.lead = lead_.attributes.data();
}

void Replay::join_account(std::uint32_t account) {
  lead_.account_index = account;
  frame_.account = account == store::kNoAccount ? nullptr : lead_.account.data();
  if (account == store::kNoAccount) return;
  for (std::size_t i = 0; i < lead_.account.size(); ++i) {
    lead_.account[i] = store_.account_attributes[i].at(account);
  }
}

/// Null where it is not known, or no zone.
const calendar::Zone* Replay::zone_named(Value name) {
  if (!name.known) return nullptr;
  const auto [at, is_new] = zones_.try_emplace(name.text(), nullptr);
  if (is_new) at->second = calendar::find_zone(program_.bound->texts->at(name.text()));
  return at->second;
}

/// §6.2: lead.timezone if it is a valid name, else the programme's.
void Replay::read_zone(Value name, store::EventIndex from) {
  const calendar::Zone* const before = lead_.zone;
  lead_.zone = zone_named(name);
  lead_.own_zone = lead_.zone != nullptr;
  if (!lead_.own_zone) lead_.zone = program_.zone;
  frame_.zone = lead_.zone;
  if (lead_.zone != before) past_.zone_changed(from, lead_.zone);
}

void Replay::change_attribute(std::uint16_t attribute, Value value, store::EventIndex from) {
  if (lead_.attributes[attribute] == value) return;
  lead_.attributes[attribute] = value;
  changed_attributes_.push_back(attribute);
  step_.changed = true;
  if (attribute == module().schema.lead_timezone) read_zone(value, from);
  if (attribute != module().schema.lead_account) return;
  const auto account = value.known ? program_.account_named.find(value.text()) : program_.account_named.end();
  join_account(account == program_.account_named.end() ? store::kNoAccount : account->second);
}

/// Applies the log's changes of attributes by events before that one.
void Replay::apply_changes(store::EventIndex before) {
  while (lead_.next_change < lead_.end_change && store_.change_events[lead_.next_change] < before) {
    const std::size_t row = lead_.next_change++;
    for (std::uint32_t i = store_.change_begin[row]; i < store_.change_begin[row + 1]; ++i) {
      const store::AttributeChange& change = store_.changes[i];
      change_attribute(change.attribute, change.value, store_.change_events[row]);
    }
  }
}

/// The next event to look at: of a kind that matters now, or one that changes attributes a condition may read. Stops
/// where a timer is due first; what lies between is never touched again.
store::EventIndex Replay::next_event(Instant due) const {
  store::EventIndex stop = lead_.end;
  if (sensitive_ && lead_.next_change < lead_.end_change) {
    stop = std::min(stop, store_.change_events[lead_.next_change]);
  }
  store::EventIndex event = lead_.cursor;
  if (unit_ != nullptr && !store_.visible_from.empty()) return next_live(event, stop, due);
  if (volatile_ || event >= stop) return event;
  if (due == kNever) return jump_.find(watched_, event, stop);
  // What happens at the instant of a turn is a step in which the condition may turn already.
  return jump_.next(watched_, event, stop, std::min(due, turns_at_ - 1));
}

/// The same where some leads turn out to be one: not all events of a slice are this lead's to see.
store::EventIndex Replay::next_live(store::EventIndex event, store::EventIndex stop, Instant due) const {
  const Instant until = std::min(due, turns_at_ - 1);
  const auto passes = [&] {
    if (!store_.live(event)) return true;
    return !volatile_ && store_.at[event] <= until && !watched_.has(store_.kind[event]);
  };
  while (event < stop && passes()) ++event;
  return event;
}

void Replay::begin_step(Instant now, Cause cause, bool goes_on) {
  step_ = Step{};
  step_.changed = std::exchange(disturbed_, false);
  changed_attributes_.clear();
  requests_.clear();
  step_.id = goes_on ? steps_ : ++steps_;
  step_.now = now;
  step_.cause = cause;
  frame_.now = now;
  frame_.with_sales = lead_.hold.held;
  lead_.after_events = unit_ != nullptr && unit_->after_events();
}

/// Baselines of the next step, deadlines that follow a date, and what to look out for.
void Replay::end_step() {
  for (std::uint16_t campaign : lead_.campaigns) {
    const Memberships& list = lead_.of_campaign[campaign];
    if (list.active == 0) continue;
    for (std::uint32_t at = list.oldest; at != kNoMember; at = lead_.members[at].next) {
      Member& m = lead_.members[at];
      if (!m.active) continue;
      if (m.armed != 0 && (step_.changed || volatile_ || step_.now >= turns_at_)) rebase(m);
      if (!changed_attributes_.empty()) recompute(m);
    }
  }
  if (!lead_.from_accounts.empty()) {
    std::erase_if(lead_.from_accounts, [](const AccountSend& send) { return !send.waiting.waits(); });
  }
  report_cuts();
  if (program_.watches_goals && (step_.changed || volatile_ || step_.now >= turns_at_)) rebase_goals();
  if (!program_.idle_entries.empty() && lead_.deployed) rebase_idle();
  watch();
  turns_at_ = kNever;
  if (program_.reads_clock) look_ahead();
  due_ = next_due();
}

/// When an armed `when` that reads the clock may turn by itself: each is asked what its value hangs on (Frame::turns).
void Replay::look_ahead() {
  frame_.turns = &turns_at_;
  for (std::uint16_t campaign : lead_.campaigns) {
    const CampaignPlan& plan = program_.campaigns[campaign];
    const Memberships& list = lead_.of_campaign[campaign];
    if (list.active == 0 || plan.reads_clock == 0) continue;
    for (std::uint32_t at = list.oldest; at != kNoMember; at = lead_.members[at].next) {
      Member& m = lead_.members[at];
      if (!m.active || (m.armed & plan.reads_clock) == 0) continue;
      focus(m);
      at_hand(EventRef{});
      look_ahead(m, plan.code->exits);
      if (m.held_out) continue;
      if (m.state != kNone) look_ahead(m, plan.code->states[m.state].handlers);
      if (m.stage != kNone) look_ahead(m, plan.code->stages[m.stage].triggers);
      look_ahead(m, plan.code->triggers);
    }
  }
  if (program_.idle_reads.clock && lead_.deployed) look_ahead_idle();
  frame_.turns = nullptr;
}

/// The same of entries that wait for a condition, and of goals.
void Replay::look_ahead_idle() {
  for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) {
    const IdleEntry& entry = program_.idle_entries[i];
    IdleState& state = lead_.idle[i];
    if (entry.code->form != bytecode::EntryForm::When) continue;
    if (step_.look == 0 || state.looked_in != step_.look) holds_now(entry, state);
    turns_at_ = std::min(turns_at_, state.turns_at);
  }
  look_ahead_goals();
}

void Replay::look_ahead(Member& m, const std::vector<bytecode::Trigger>& triggers) {
  const WhenSet asked = m.armed & plan_of(m).reads_clock;
  for (const bytecode::Trigger& trigger : triggers) {
    if (trigger.condition == bytecode::kNoCode || (asked & bit_of(trigger)) == 0) continue;
    holds(plan_of(m), trigger.condition);
  }
}

/// What there is to watch where nothing waits for a condition and the lead has been in one campaign only.
bool Replay::watch_one() {
  if (program_.settles || lead_.members.size() != 1) return false;
  const Member& m = lead_.members.front();
  const CampaignPlan& plan = plan_of(m);
  sensitive_ = account_asks_ || (m.active && plan.recomputes);
  if (!m.active) {
    watched_ = program_.idle;
    watched_ |= plan.goals;
    return true;
  }
  if (m.state == kNone || plan.code->states[m.state].stage != m.stage) return false;
  watched_ = plan.watched[m.state];
  return true;
}

void Replay::watch() {
  if (watch_one()) return;
  watched_ = program_.idle;
  asked_kinds_ = lead_.deployed ? program_.idle_reads.kinds : KindSet{};
  sensitive_ = (program_.idle_sensitive && lead_.deployed) || account_asks_;
  volatile_ = program_.idle_reads.now && lead_.deployed;
  for (std::uint16_t campaign : lead_.campaigns) {
    const CampaignPlan& plan = program_.campaigns[campaign];
    const Memberships& list = lead_.of_campaign[campaign];
    watched_ |= plan.goals;
    sensitive_ |= plan.watches_goals;
    if (list.active == 0) continue;
    watched_ |= plan.always;
    asked_kinds_ |= plan.when_always;
    for (std::uint32_t at = list.oldest; at != kNoMember; at = lead_.members[at].next) {
      const Member& m = lead_.members[at];
      if (!m.active) continue;
      sensitive_ |= m.armed != 0 || plan.recomputes;
      volatile_ |= (m.armed & plan.reads_now) != 0;
      if (m.stage != kNone) {
        watched_ |= plan.in_stage[m.stage];
        asked_kinds_ |= plan.when_in_stage[m.stage];
      }
      if (m.state != kNone) {
        watched_ |= plan.in_state[m.state];
        asked_kinds_ |= plan.when_in_state[m.state];
      }
    }
  }
  watched_ |= asked_kinds_;
}

/// What is still open at the horizon (§6.4), in campaign order, oldest membership first.
void Replay::finish_lead() {
  if (gone_) return;
  if (!ok() || (lead_.campaigns.empty() && lead_.from_accounts.empty() && lead_.open_claims.empty())) return;
  begin_step(horizon_, Cause{Cause::Kind::Timer, 0});
  if (lead_.loaded) apply_changes(lead_.end);
  for (std::uint16_t campaign : lead_.campaigns) {
    for (std::uint32_t at = lead_.of_campaign[campaign].oldest; at != kNoMember; at = lead_.members[at].next) {
      finish_member(lead_.members[at]);
    }
  }
  for (const AccountSend& send : lead_.from_accounts) account_send_ended(Kind::Pending, send, send.waiting.asked);
  report_open_claims();
}

void Replay::finish_member(Member& m) {
  focus(m);
  const CampaignPlan& plan = plan_of(m);
  if (m.active) {
    const bool deferred = m.state != kNone && plan.code->states[m.state].kind == bytecode::StateKind::Deferred;
    if (m.state != kNone && !deferred) {
      record(Kind::WaitEnded, m, plan.code->states[m.state].place, m.state,
             static_cast<std::int64_t>(outcome::WaitEnd::Horizon));
    }
    for (std::uint16_t site : plan.sends_in_order) {
      const std::uint16_t slot = plan.detached_slot[site];
      const Deferral& waiting = slot == kNone ? m.deferral : lead_.detached[m.first_detached + slot];
      if (waiting.waits() && waiting.site == site) send_ended(Kind::Pending, m, site, waiting.asked);
    }
    record(Kind::InFlight, m, plan.code->place, m.state);
  }
  report_censored(m);
}

}  // namespace nurture::engine
