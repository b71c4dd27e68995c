#include "runtime/review/paths.h"

#include <algorithm>

namespace nurture::review {

using bytecode::kNone;
using outcome::Kind;
using outcome::Outcome;

void PathTally::merge(const PathTally& other) {
  for (const auto& [step, count] : other.steps) steps[step] += count;
  memberships.resize(std::max(memberships.size(), other.memberships.size()));
  for (std::size_t i = 0; i < other.memberships.size(); ++i) memberships[i] += other.memberships[i];
}

PathSink::PathSink(const bytecode::Module& module) : campaigns_(module.campaigns.size()) {
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    campaigns_[i].memberships.resize(module.campaigns[i].stages.size());
  }
}

outcome::Kinds PathSink::wants() const {
  return outcome::kinds(
      {Kind::Entered, Kind::StageEntered, Kind::Exited, Kind::InFlight, Kind::MergedInto, Kind::MovedHere});
}

void PathSink::on(const Outcome& o) {
  if (o.kind == Kind::MergedInto) merged_ = true;
  if (o.kind == Kind::MovedHere) move(o);
  if (o.campaign == kNone) return;
  if (o.kind == Kind::Entered) members_.push_back({o.lead, o.campaign, o.membership, kNone, 0, false, {}});
  Member* m = member(o);
  if (m == nullptr) return;  // held out
  if (o.kind == Kind::StageEntered) enter_stage(*m, o.stage);
  if (o.kind == Kind::Exited) end(*m, Step::To::Exit, static_cast<std::uint16_t>(o.a));
  if (o.kind == Kind::InFlight) end(*m, Step::To::Inside, kNone);
}

PathSink::Member* PathSink::member(const Outcome& o) {
  auto found = std::find_if(members_.rbegin(), members_.rend(), [&](const Member& m) {
    return m.lead == o.lead && m.campaign == o.campaign && m.number == o.membership;
  });
  return found == members_.rend() ? nullptr : &*found;
}

void PathSink::enter_stage(Member& m, std::uint16_t stage) {
  PathTally& tally = campaigns_[m.campaign];
  if (std::find(m.seen.begin(), m.seen.end(), stage) == m.seen.end()) {
    m.seen.push_back(stage);
    ++tally.memberships[stage];
  }
  if (m.further) return;
  if (m.visit == kVisits) {
    m.further = true;
    ++tally.steps[{m.visit, m.stage, Step::To::Further, kNone}];
    return;
  }
  ++tally.steps[{m.visit, m.stage, Step::To::Stage, stage}];
  ++m.visit;
  m.stage = stage;
}

void PathSink::end(const Member& m, Step::To to, std::uint16_t what) {
  if (!m.further) ++campaigns_[m.campaign].steps[{m.visit, m.stage, to, what}];
}

void PathSink::move(const Outcome& o) {
  for (Member& m : members_) {
    if (m.lead != static_cast<store::LeadIndex>(o.a) || m.campaign != o.campaign) continue;
    if (m.number != static_cast<std::uint32_t>(o.b)) continue;
    m.lead = o.lead;
    m.number = o.membership;
  }
}

void PathSink::lead_done(store::LeadIndex) {
  if (!merged_) members_.clear();
  merged_ = false;
}

}  // namespace nurture::review
