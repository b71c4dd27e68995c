#include "tools/nurture/evidence/counting.h"

#include <algorithm>
#include <type_traits>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::tool::evidence {

namespace {

template <typename Items, typename Item>
void add_once(Items& items, const Item& item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
}

template <typename Key, typename Value>
void merge_counts(std::map<Key, Value>& into, const std::map<Key, Value>& from) {
  for (const auto& [key, value] : from) {
    if constexpr (std::is_same_v<Value, Count>)
      into[key] += value;
    else
      merge_counts(into[key], value);
  }
}

}  // namespace

void Seen::merge(const Seen& other) {
  for (std::size_t i = 0; i < ever.size(); ++i) ever[i] += other.ever[i];
  for (std::size_t i = 0; i < inside.size(); ++i) inside[i] += other.inside[i];
  merge_counts(both, other.both);
  merge_counts(work, other.work);
  merge_counts(calls_of, other.calls_of);
}

CountingSink::CountingSink(const Probed& programme)
    : programme_(programme),
      zone_(outcome::programme_zone(programme.module)),
      probe_(programme.module.campaigns.size()),
      seen_(programme.module.campaigns.size()) {
  for (const Probe& each : programme.probes) probe_[each.campaign] = true;
}

void CountingSink::on(const outcome::Outcome& o) {
  using outcome::Kind;
  if (o.kind == Kind::Assigned || o.kind == Kind::HandedOff) work(o);
  if (o.account != store::kNoLead) return;
  if (o.kind == Kind::Entered) enter(o);
  if (o.kind == Kind::InFlight) ++seen_.inside[o.campaign];
  if (o.kind == Kind::Exited) leave(o);
}

outcome::Kinds CountingSink::wants() const {
  using outcome::Kind;
  return outcome::kinds({Kind::Assigned, Kind::HandedOff, Kind::Entered, Kind::InFlight, Kind::Exited});
}

void CountingSink::enter(const outcome::Outcome& o) {
  add_once(entered_, o.campaign);
  if (probe_[o.campaign]) return;
  for (const auto& [campaign, number] : active_) {
    if (campaign == o.campaign) continue;
    add_once(both_, std::pair(std::min(campaign, o.campaign), std::max(campaign, o.campaign)));
  }
  active_.emplace_back(o.campaign, o.membership);
}

void CountingSink::leave(const outcome::Outcome& o) { std::erase(active_, std::pair(o.campaign, o.membership)); }

void CountingSink::lead_done(store::LeadIndex) {
  for (std::uint16_t campaign : entered_) ++seen_.ever[campaign];
  for (const auto& pair : both_) ++seen_.both[pair];
  active_.clear();
  entered_.clear();
  both_.clear();
}

void CountingSink::work(const outcome::Outcome& o) {
  const bytecode::Module& module = programme_.module;
  const std::int64_t week = outcome::week_of(o.at, zone_, module.week_starts_on);
  WorkSite at{WorkSite::Kind::HandOff, o.campaign, static_cast<std::uint16_t>(o.a)};
  if (o.kind == outcome::Kind::Assigned) {
    const bool call = module.campaigns[o.campaign].assigns[at.site].kind == bytecode::WorkKind::Call;
    at.kind = call ? WorkSite::Kind::Call : WorkSite::Kind::Task;
  }
  ++seen_.work[week][at];
  if (at.kind == WorkSite::Kind::Call && !o.text.empty()) ++seen_.calls_of[week][o.text];
}

}  // namespace nurture::tool::evidence
