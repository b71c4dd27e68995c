// Statements about other campaigns and other systems. What one campaign asks of another is settled at the end of the
// step, in campaign order (§5.2).
#include <algorithm>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::RefusalCause;
using outcome::WaitEnd;

void Replay::enroll_in(std::uint16_t campaign, bytecode::PlaceIndex place) { request(campaign, true, place); }

void Replay::remove_from(std::uint16_t campaign, bytecode::PlaceIndex place) { request(campaign, false, place); }

void Replay::request(std::uint16_t campaign, bool enrolls, bytecode::PlaceIndex place) {
  outcome_of(enrolls ? Kind::AskedToEnroll : Kind::AskedToRemove, lead_.members[running_], place).a = campaign;
  put();
  if (program_.campaigns[campaign].runs) requests_.push_back({campaign, enrolls, place});
}

void Replay::change_audience(bytecode::StringIndex audience, bool joins, bytecode::PlaceIndex place) {
  outcome_of(joins ? Kind::AudienceJoined : Kind::AudienceLeft, lead_.members[running_], place).a = audience;
  put();
}

void Replay::call_webhook(bytecode::StringIndex address, bytecode::PlaceIndex place) {
  outcome_of(Kind::WebhookCalled, lead_.members[running_], place).a = address;
  put();
}

/// The oldest request of that kind.
bool Replay::settle_request(std::uint16_t campaign, bool enrolls) {
  const auto found = std::find_if(requests_.begin(), requests_.end(), [&](const Request& request) {
    return request.campaign == campaign && request.enrolls == enrolls;
  });
  if (found == requests_.end()) return false;
  const Request request = *found;
  requests_.erase(found);
  if (!enrolls) {
    remove_all(campaign, request.place);
    return true;
  }
  const CampaignPlan& plan = program_.campaigns[campaign];
  if (lead_.of_campaign[campaign].active > 0) {
    refused(plan, kNone, RefusalCause::Inside);
  } else {
    occur(plan, kNone);
  }
  return true;
}

void Replay::remove_all(std::uint16_t campaign, bytecode::PlaceIndex place) {
  for (std::uint32_t at = lead_.of_campaign[campaign].oldest; at != kNoMember; at = lead_.members[at].next) {
    Member& m = lead_.members[at];
    if (!m.active) continue;
    focus(m);
    exit(m, plan_of(m).code->removed_reason, static_cast<std::int64_t>(WaitEnd::Left), place);
  }
}

}  // namespace nurture::engine
