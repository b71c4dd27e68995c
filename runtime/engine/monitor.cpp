// The properties that are claimed of every lead (§10): looked after beside the campaigns, without changing anything.
#include <algorithm>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::ActKind;
using bytecode::kNone;
using bytecode::Property;
using bytecode::PropertyForm;
using outcome::Cause;
using outcome::Outcome;

void Replay::begin_claims() {
  if (!lead_.claims_used) return;
  lead_.claims_used = false;
  for (Claim& claim : lead_.claims) {
    claim.since = false;
    claim.counted.clear();
  }
  lead_.open_claims.clear();
}

bool Replay::any_matches(const std::vector<bytecode::EventMatch>& events) {
  return std::any_of(events.begin(), events.end(), [this](const bytecode::EventMatch& match) {
    return match.hears(step_.event.kind) && matches(match, nullptr);
  });
}

/// The event at hand, before any campaign sees it: first as what a property speaks of, then as what begins something.
/// Before the campaigns are there, only what has happened is remembered.
void Replay::claim_event() {
  if (store_.is_account(lead_.index)) return;  // it happened to one of its leads, and is looked at there
  if (!program_.claimed_kinds.has(static_cast<std::uint8_t>(step_.event.kind))) return;
  lead_.claims_used = true;
  for (std::uint16_t i = 0; i < module().properties.size(); ++i) {
    const Property& property = module().properties[i];
    if (property.act.kind == ActKind::Event && property.act.event.hears(step_.event.kind) &&
        matches(property.act.event, nullptr)) {
      outcome_of(Kind::PropertyViolated, property.place);
      acted(i, lead_.deployed);
    }
    Claim& claim = lead_.claims[i];
    if (claim.since && any_matches(property.until)) claim.since = false;
    if (!any_matches(property.after)) continue;
    if (property.form == PropertyForm::LeadsTo) {
      if (lead_.deployed &&
          (property.condition == bytecode::kNoCode || !vm::holds(frame_, nullptr, property.condition)))
        open_claim(i, nullptr);
      continue;
    }
    claim.since = true;
    claim.since_at = step_.now;
  }
}

bool Replay::claimed(const bytecode::Act& act, const ActDone& done) const {
  if (act.campaign != kNone && act.campaign != done.campaign) return false;
  switch (act.kind) {
    case ActKind::Send: {
      if (done.kind != Kind::Sent) return false;
      const auto content = static_cast<std::uint16_t>(done.a);
      return (act.content == kNone || act.content == content) &&
             (act.channel == kNone || act.channel == module().contents[content].channel);
    }
    case ActKind::HandOff:
      return done.kind == Kind::HandedOff;
    case ActKind::TakeBack:
      return done.kind == Kind::TakenBack;
    case ActKind::Assign:
      return done.kind == Kind::Assigned;
    case ActKind::Notify:
      return done.kind == Kind::Notified;
    case ActKind::Enter:
      return done.kind == Kind::Entered || done.kind == Kind::HeldOut;
    case ActKind::Exit:
      return done.kind == Kind::Exited &&
             (act.reason == kNone ||
              act.reason == module().campaigns[done.campaign].reasons[static_cast<std::size_t>(done.a)]);
    case ActKind::Event:
      return false;
  }
  return false;
}

void Replay::claim_act(const ActDone& done) {
  for (std::uint16_t i = 0; i < module().properties.size(); ++i) {
    const Property& property = module().properties[i];
    if (property.form == PropertyForm::Ends) {
      if (property.act.campaign != kNone && property.act.campaign != done.campaign) continue;
      if (done.kind == Kind::Entered || done.kind == Kind::HeldOut) open_claim(i, &done);
      if (done.kind != Kind::Exited) continue;
      std::erase_if(lead_.open_claims, [&](const OpenClaim& open) {
        return open.property == i && open.campaign == done.campaign && open.ordinal == done.membership;
      });
      continue;
    }
    if (store_.is_account(lead_.index) || !claimed(property.act, done)) continue;
    lead_.claims_used = true;
    Outcome& out = outcome_of(Kind::PropertyViolated, property.place);
    out.campaign = done.campaign;
    out.stage = done.stage;
    out.membership = done.membership;
    acted(i, true);
  }
}

/// A send of the log: it counts, but nothing that this run does is violated by it.
void Replay::claim_sent(std::uint16_t content, bytecode::StringIndex channel) {
  for (std::uint16_t i = 0; i < module().properties.size(); ++i) {
    const bytecode::Act& act = module().properties[i].act;
    if (module().properties[i].form != PropertyForm::AtMost || act.kind != ActKind::Send) continue;
    if ((act.content != kNone && act.content != content) || (act.channel != kNone && act.channel != channel)) continue;
    lead_.claims_used = true;
    acted(i, false);
  }
}

/// What the property speaks of has happened. `out_` is prepared for the case that this violates it.
void Replay::acted(std::uint16_t index, bool ours) {
  const Property& property = module().properties[index];
  Claim& claim = lead_.claims[index];
  switch (property.form) {
    case PropertyForm::Never:
      if ((!property.after.empty() && !claim.since) || !ours) return;
      if (!vm::holds(frame_, nullptr, property.condition)) return;
      return violated(index, property.after.empty() ? step_.now : claim.since_at);
    case PropertyForm::AtMost: {
      std::erase_if(claim.counted, [this](const Claim::Counted& each) { return each.expires <= step_.now; });
      claim.counted.push_back({step_.now, after(program_.duration(property.within))});
      if (claim.counted.size() > property.most && ours) violated(index, claim.counted.front().at);
      return;
    }
    case PropertyForm::LeadsTo:
      std::erase_if(lead_.open_claims, [&](const OpenClaim& open) { return open.property == index; });
      return;
    case PropertyForm::Ends:
      return;
  }
}

/// `out_` says whose it was.
void Replay::violated(std::uint16_t property, Instant from) {
  out_.a = property;
  out_.b = from;
  put();
}

void Replay::open_claim(std::uint16_t property, const ActDone* entered) {
  lead_.claims_used = true;
  OpenClaim open;
  open.property = property;
  open.due = after(program_.duration(module().properties[property].within));
  open.from = step_.now;
  if (entered != nullptr) {
    open.campaign = entered->campaign;
    open.ordinal = entered->membership;
  }
  lead_.open_claims.push_back(open);
}

/// Its time is over: no step of the lead, since nothing comes of it.
void Replay::claim_due(std::size_t index) {
  const OpenClaim open = lead_.open_claims[index];
  lead_.open_claims.erase(lead_.open_claims.begin() + static_cast<std::ptrdiff_t>(index));
  begin_step(open.due, Cause{Cause::Kind::Timer, 0});
  Outcome& out = outcome_of(Kind::PropertyViolated, module().properties[open.property].place);
  out.campaign = open.campaign;
  out.membership = open.ordinal;
  violated(open.property, open.from);
  due_ = next_due();
}

/// At the horizon nobody knows whether these will hold.
void Replay::report_open_claims() {
  for (const OpenClaim& open : lead_.open_claims) {
    Outcome& out = outcome_of(Kind::PropertyOpen, module().properties[open.property].place);
    out.campaign = open.campaign;
    out.membership = open.ordinal;
    out.a = open.property;
    out.b = open.from;
    put();
  }
}

}  // namespace nurture::engine
