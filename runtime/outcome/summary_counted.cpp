// What is counted alike, whoever it is about: one record, or many at once.
#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/outcome/rows.h"
#include "runtime/outcome/summary_sink.h"

namespace nurture::outcome {
namespace {

/// What is counted without asking whose it is, where a campaign has nothing that hangs on that.
constexpr Kinds kCountable =
    kinds({Kind::Entered, Kind::Refused, Kind::StageEntered, Kind::StageLeft, Kind::TriggerFired, Kind::WaitBegan,
           Kind::WaitEnded, Kind::Exited, Kind::InFlight});

}  // namespace

/// Goals, sends and splits are judged by the membership that they belong to.
Kinds SummarySink::told(std::uint16_t index) const {
  const bytecode::Campaign& c = module_.campaigns[index];
  const bool by_membership = !c.goals.empty() || !c.sends.empty() || !c.splits.empty();
  return by_membership ? wants() : wants() & ~kCountable;
}

void SummarySink::counted(const Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) {
  if (like.kind == Kind::TriggerFired) {
    campaign(like).reactions[like.place] += times;
  } else if (like.kind == Kind::StageEntered || like.kind == Kind::StageLeft) {
    count_stage(like, times, lengths);
  } else if (like.kind == Kind::WaitBegan || like.kind == Kind::WaitEnded) {
    count_wait(like, times);
  } else {
    NURTURE_CHECK(has(kCountable, like.kind));
    count_membership(like, times, lengths);
  }
}

void SummarySink::entered(std::size_t leads) {
  tally_.leads += leads;
  tally_.leads_entered += leads;
}

void SummarySink::count_membership(const Outcome& like, Count times, std::span<const std::int64_t> lengths) {
  CampaignTally& c = campaign(like);
  if (like.kind == Kind::Refused) {
    at(c.refused, entry_row(c, like.b))[static_cast<std::size_t>(like.a)] += times;
  } else if (like.kind == Kind::Exited) {
    at(c.exits, like.a) += times;
    for (const std::int64_t stay : lengths) c.stay.add(stay);
  } else if (like.kind == Kind::InFlight) {
    c.active += times;
    StageTally& stage = at(c.stages, like.stage);
    stage.active += times;
    for (const std::int64_t since : lengths) stage.longest_active = std::max(stage.longest_active, since);
  } else {
    c.treated += times;
    at(c.treated_by_entry, entry_row(c, like.a)) += times;
  }
}

void SummarySink::count_stage(const Outcome& like, Count times, std::span<const std::int64_t> lengths) {
  StageTally& stage = at(campaign(like).stages, like.stage);
  if (like.kind == Kind::StageEntered) {
    stage.entered += times;
    return;
  }
  (like.a == bytecode::kNone ? stage.left_to.back() : at(stage.left_to, like.a)) += times;
  for (const std::int64_t spent : lengths) stage.spent.add(spent);
}

void SummarySink::count_wait(const Outcome& like, Count times) {
  StateTally& state = at(campaign(like).states, like.a);
  if (like.kind == Kind::WaitBegan) {
    state.began += times;
    return;
  }
  constexpr auto kFirstHandler = static_cast<std::int64_t>(WaitEnd::Handler);
  if (like.b >= kFirstHandler) {
    at(state.handlers, like.b - kFirstHandler) += times;
    return;
  }
  switch (static_cast<WaitEnd>(like.b)) {
    case WaitEnd::Timer:
      state.timer += times;
      break;
    case WaitEnd::Left:
      state.left += times;
      break;
    case WaitEnd::Horizon:
      state.horizon += times;
      break;
    case WaitEnd::Handler:
      break;
  }
}

}  // namespace nurture::outcome
