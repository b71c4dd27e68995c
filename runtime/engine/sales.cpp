// With sales: hand-offs, holds, promises (§5.7).
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::HoldEnd;

void Replay::hand_off(const bytecode::HandOffSite& site) {
  Member& m = lead_.members[running_];
  const CampaignPlan& plan = plan_of(m);
  const auto index = &site - plan.code->hand_offs.data();
  outcome::Outcome& out = outcome_of(lead_.hold.held ? Kind::AlreadyWithSales : Kind::HandedOff, m, site.place);
  out.a = index;
  out.text = render(site.note, plan);
  put();
  if (lead_.hold.held) return;
  begin_hold();
  OpenHandOff open;
  open.at = step_.now;
  if (site.answer_within != kNone)
    open.promised = due_after(site.answer_within, site.answer_business, site.answer_window);
  open.campaign = m.campaign;
  open.stage = m.stage;
  open.membership = m.ordinal;
  open.place = site.place;
  lead_.hand_offs.push_back(open);
  if (unit_ != nullptr && program_.of_accounts) hold_leads();
  if (program_.assumed) sets_off(m);
}

void Replay::take_back(bytecode::PlaceIndex place) {
  if (!lead_.hold.held) return;
  const Member& m = lead_.members[running_];
  outcome_of(Kind::TakenBack, m, place);
  put();
  end_hold(HoldEnd::TakenBack, &m, place);
}

void Replay::begin_hold() {
  lead_.hold = Hold{};
  lead_.hold.held = true;
  lead_.hold.since = step_.now;
  lead_.hold.expires = after(program_.hold_max);
  frame_.with_sales = true;
  step_.changed = true;
}

void Replay::end_hold(HoldEnd how, const Member* by, bytecode::PlaceIndex place) {
  outcome::Outcome& out = by != nullptr ? outcome_of(Kind::HoldEnded, *by, place) : outcome_of(Kind::HoldEnded, place);
  out.a = static_cast<std::int64_t>(how);
  out.b = step_.now - lead_.hold.since;
  put();
  if (unit_ != nullptr && program_.of_accounts) release_leads(how);
  lead_.hold = Hold{};
  frame_.with_sales = false;
  step_.changed = true;
  step_.hold_ended = true;
}

/// What an event says about sales: first the answer to every open hand-off, then the end, then the beginning of a hold.
void Replay::note_hold(const bytecode::EventKind& kind, EventRef event) {
  if (kind.answers_hand_off) {
    for (const OpenHandOff& open : lead_.hand_offs) {
      outcome::Outcome& out = record_hand_off(Kind::Answered, open);
      out.a = event.kind;
      out.b = step_.now - open.at;
      put();
    }
    lead_.hand_offs.clear();
  }
  if (kind.ends_sales_hold && lead_.hold.held) end_hold(HoldEnd::Event, nullptr, 0);
  if (kind.starts_sales_hold && !lead_.hold.held && !program_.of_accounts) {
    begin_hold();
    outcome_of(Kind::HoldBegan, 0).a = event.kind;
    put();
  }
}

/// The miss is the event handoff.late where the programme declares it, in a step of its own.
void Replay::promise_missed(OpenHandOff& hand_off) {
  record_hand_off(Kind::PromiseMissed, hand_off);
  put();
  hand_off.promised = kNever;
  if (program_.late_kind == kNone) return;
  lead_.late_at = step_.now;
  past_.late(step_.now);
  step_.changed = true;  // the account's campaigns may ask about it
  step_.event = EventRef{program_.late_kind, EventRef::kNotLogged};
  at_hand(step_.event);
  offer_event(step_.event);
}

outcome::Outcome& Replay::record_hand_off(Kind kind, const OpenHandOff& hand_off) {
  outcome::Outcome& out = outcome_of(kind, hand_off.place);
  out.campaign = hand_off.campaign;
  out.stage = hand_off.stage;
  out.membership = hand_off.membership;
  return out;
}

}  // namespace nurture::engine
