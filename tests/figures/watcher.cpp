#include "tests/figures/watcher.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"

namespace nurture::figures {

using outcome::Kind;

Watcher::Watcher(const bytecode::Module& module, const std::vector<flow::Figures>& figures)
    : module_(module), figures_(figures), zone_(outcome::programme_zone(module)) {}

void Watcher::exceed(std::uint16_t campaign, const std::string& figure, std::int64_t bound, std::int64_t found) {
  exceeded_.push_back(fmt::format("{}: {} is {} at most, and came to {}",
                                  module_.strings[module_.campaigns[campaign].name], figure, bound, found));
}

void Watcher::at_most(std::uint16_t campaign, const std::string& figure, const flow::Count& bound, std::int64_t found) {
  Tally& tally = tallies_[{campaign, figure}];
  tally.bounded = bound && *bound > 0;
  if (!bound) return;
  if (found > *bound) exceed(campaign, figure, *bound, found);
  tally.happened = tally.happened || found > 0;
  tally.reached = tally.reached || found >= *bound;
}

void Watcher::in_time(const outcome::Outcome& outcome, const std::string& figure, const flow::Lapse& bound,
                      Instant found) {
  if (found < bound.least - flow::kClockChange) exceed(outcome.campaign, figure + ", at least", bound.least, found);
  if (bound.most != kNever && found > bound.most + flow::kClockChange)
    exceed(outcome.campaign, figure, bound.most, found);
}

void Watcher::left(const outcome::Outcome& outcome, Instant stayed) {
  const flow::Figures& figures = figures_[outcome.campaign];
  const bytecode::Campaign& campaign = module_.campaigns[outcome.campaign];
  in_time(outcome, "stay", figures.stay, stayed);
  Tally& tally = tallies_[{outcome.campaign, "longest stay"}];
  tally.bounded = figures.stay.most != kNever;
  tally.happened = true;
  // A month has 28 days at least, where the figure takes it for 31.
  tally.reached = tally.reached || stayed >= figures.stay.most - figures.stay.most / 10;
  const auto at = static_cast<std::size_t>(outcome.a);
  in_time(outcome, "stay until " + module_.strings[campaign.reasons[at]], figures.exits[at], stayed);
}

void Watcher::on(const outcome::Outcome& outcome) {
  if (outcome.campaign == bytecode::kNone || !figures_[outcome.campaign].known) return;
  const store::LeadIndex member = outcome.account == store::kNoLead ? outcome.lead : outcome.account;
  Membership& membership = memberships_[{outcome.campaign, member, outcome.membership}];
  switch (outcome.kind) {
    case Kind::Entered:
    case Kind::HeldOut:
      membership.entered = outcome.at;
      break;
    case Kind::StageEntered: {
      const auto& bound = figures_[outcome.campaign].stages[outcome.stage];
      if (!bound) {
        exceed(outcome.campaign, "a stage that nothing leads to", 0, 1);
      } else if (membership.entered != kNever) {
        in_time(outcome, "time to a stage", *bound, outcome.at - membership.entered);
      }
      break;
    }
    case Kind::Exited:
      left(outcome, outcome.b);
      break;
    case Kind::Sent: {
      const bytecode::Content& content = module_.contents[static_cast<std::size_t>(outcome.a)];
      membership.sent[outcome.lead].push_back(
          {outcome.at, outcome.zone ? outcome.zone : zone_, module_.strings[content.channel]});
      break;
    }
    case Kind::HandedOff:
      ++membership.hand_offs;
      break;
    case Kind::Assigned: {
      const bool call = module_.campaigns[outcome.campaign].assigns[static_cast<std::size_t>(outcome.a)].kind ==
                        bytecode::WorkKind::Call;
      ++(call ? membership.calls : membership.tasks);
      break;
    }
    default:
      break;  // everything else has no figure
  }
}

void Watcher::sends(std::uint16_t campaign, const std::vector<Sending>& sent) {
  static constexpr const char* kNames[] = {"1 day", "7 days", "30 days"};
  for (const flow::Touches& touches : figures_[campaign].touches) {
    std::vector<const Sending*> own;
    for (const Sending& each : sent) {
      if (touches.channel.empty() || each.channel == touches.channel) own.push_back(&each);
    }
    const std::string what = touches.channel.empty() ? "all" : "one channel";
    const std::string named = touches.channel.empty() ? what : touches.channel;
    at_most(campaign, "sends, " + named, touches.in_all.either(), static_cast<std::int64_t>(own.size()));
    for (std::size_t w = 0; w < flow::Touches::kWithin.size(); ++w) {
      const auto days = static_cast<std::int16_t>(flow::Touches::kWithin[w] / kDay);
      std::int64_t most = 0;
      for (std::size_t i = 0; i < own.size(); ++i) {
        const auto end = calendar::add(own[i]->at, Duration{0, days, 0}, own[i]->zone);
        most = std::max<std::int64_t>(most, std::count_if(own.begin() + static_cast<std::ptrdiff_t>(i), own.end(),
                                                          [&](const Sending* each) { return end && each->at < *end; }));
      }
      at_most(campaign, fmt::format("sends in {}, {}", kNames[w], named), touches.within[w].either(), most);
    }
  }
}

void Watcher::judge() {
  for (auto& [key, membership] : memberships_) {
    const std::uint16_t campaign = std::get<0>(key);
    const flow::HumanWork& work = figures_[campaign].work;
    at_most(campaign, "hand-offs", work.hand_offs, membership.hand_offs);
    at_most(campaign, "calls", work.calls, membership.calls);
    at_most(campaign, "tasks", work.tasks, membership.tasks);
    for (auto& [lead, sent] : membership.sent) {
      std::stable_sort(sent.begin(), sent.end(), [](const Sending& a, const Sending& b) { return a.at < b.at; });
      sends(campaign, sent);
    }
    if (membership.sent.empty()) sends(campaign, {});
  }
  memberships_.clear();
}

}  // namespace nurture::figures
