#include "runtime/outcome/passages.h"

#include <algorithm>

namespace nurture::outcome {

namespace {

/// What tells decisions of a kind at one place apart.
std::int64_t detail_of(const Outcome& o) {
  switch (o.kind) {
    case Kind::Entered:   // entry
    case Kind::Exited:    // reason
    case Kind::InFlight:  // state
      return o.a;
    case Kind::WaitEnded:  // how
    case Kind::Split:      // branch
      return o.b;
    default:
      return 0;
  }
}

/// How long it took, where that is asked; else negative.
std::int64_t length_of(const Outcome& o, Instant waiting_since) {
  switch (o.kind) {
    case Kind::WaitEnded:
      return o.at - waiting_since;
    case Kind::StageLeft:
    case Kind::Exited:
      return o.b;
    default:
      return -1;
  }
}

}  // namespace

void PassageTally::merge(const PassageTally& later) {
  count += later.count;
  took.merge(later.took);
}

void merge(std::vector<Passages>& into, const std::vector<Passages>& later) {
  into.resize(std::max(into.size(), later.size()));
  for (std::size_t i = 0; i < later.size(); ++i) {
    for (const auto& [passage, tally] : later[i]) into[i][passage].merge(tally);
  }
}

PassageSink::Member* PassageSink::member(const Outcome& o) {
  auto found = std::find_if(members_.rbegin(), members_.rend(), [&](const Member& m) {
    return m.lead == o.lead && m.campaign == o.campaign && m.number == o.membership;
  });
  return found == members_.rend() ? nullptr : &*found;
}

void PassageSink::on(const Outcome& o) {
  if (o.kind == Kind::MergedInto) merged_ = true;
  if (o.kind == Kind::MovedHere) move(o);
  if (o.campaign == bytecode::kNone) return;
  if (o.kind == Kind::Entered || o.kind == Kind::HeldOut) {
    members_.push_back({o.lead, o.campaign, o.membership, o.kind == Kind::HeldOut});
  }
  // What an account's campaign did to this lead is counted where the account did it.
  const bool from_account = o.account != store::kNoLead && !o.of_account();
  Member* m = from_account ? nullptr : member(o);
  if (m == nullptr || m->held_out) return;
  if (o.kind == Kind::WaitBegan) m->waiting_since = o.at;
  PassageTally& tally = campaigns_[o.campaign][{o.kind, o.place, o.stage, detail_of(o)}];
  ++tally.count;
  if (const std::int64_t took = length_of(o, m->waiting_since); took >= 0) tally.took.add(took);
}

void PassageSink::move(const Outcome& o) {
  for (Member& m : members_) {
    if (m.lead != static_cast<store::LeadIndex>(o.a) || m.campaign != o.campaign) continue;
    if (m.number != static_cast<std::uint32_t>(o.b)) continue;
    m.lead = o.lead;
    m.number = o.membership;
  }
}

void PassageSink::lead_done(store::LeadIndex) {
  if (!merged_) members_.clear();
  merged_ = false;
}

}  // namespace nurture::outcome
