#include <algorithm>
#include <iterator>

#include "tests/oracle/unit_run.h"

/// Two leads that turn out to be one (§7.4).
namespace nurture::oracle {

/// The first thing in the step of the event that says so.
void LeadRun::unite(LeadRun& other) {
  other.now_ = now_;
  other.leave_for(*this);
  tell(Kind::Merged, nullptr, 0, other.key());
  std::map<std::string, std::uint32_t> base;
  for (const Membership& m : memberships_) ++base[m.campaign->name];
  unite_past(other);
  for (std::uint32_t i = 0; i < attributes_.size(); ++i) {
    if (attributes_[i].known || !other.attributes_[i].known) continue;
    set_attribute(i, other.attributes_[i]);
    if (model_.lead[i].name == "timezone") std::get<2>(zones_.back().first) = false;
  }
  unite_ledgers(other);
  unite_assumed(other);
  happened(*event_, event_);  // past already when somebody leaves
  unite_sales(other);
  unite_claims(other, base);
  std::erase_if(other.from_accounts_, [this](const Pending& p) { return waits_for(p); });
  from_accounts_.splice(from_accounts_.end(), other.from_accounts_);
  for (std::size_t i = 0; i < idle_.size(); ++i) {
    if (idle_[i].clause->entry != ast::Clause::EntryForm::Silence) continue;
    const Instant theirs = other.idle_[i].due;
    if (idle_[i].due == kNever || (theirs != kNever && theirs > idle_[i].due)) idle_[i].due = theirs;
  }
  suspensions_ = std::max(suspensions_, other.suspensions_);
  for (Membership* m : take_members(other, base)) exit(*m, "merged", nullptr, "left");
}

/// The last that is told of this lead.
void LeadRun::leave_for(LeadRun& stays) {
  for (const Pending& p : from_accounts_) {
    if (!stays.waits_for(p)) continue;
    on_behalf(p, [&] { tell_send(Kind::Cancelled, *p.by, *p.send, p.verdict); });
  }
  if (held_ && stays.held_) tell(Kind::HoldEnded, nullptr, 0, "event " + std::to_string(now_ - hold_began_));
  tell(Kind::MergedInto, nullptr, 0, stays.key());
  gone_into_ = &stays;
  next_timer_ = {};
}

bool LeadRun::waits_for(const Pending& send) const {
  return std::any_of(from_accounts_.begin(), from_accounts_.end(),
                     [&](const Pending& own) { return own.account == send.account && own.send == send.send; });
}

bool LeadRun::same_place(const Membership& a, const Membership& b) const {
  return a.campaign == b.campaign && (a.campaign->key == nullptr || same(a.key, b.key));
}

/// What both saw is there once; at a tie what this lead saw comes first.
void LeadRun::unite_past(LeadRun& other) {
  std::deque<Happened> mine = std::move(past_.events);
  std::vector<std::pair<std::size_t, Happened>> theirs;  // with their places there
  for (std::size_t i = 0; i < other.past_.events.size(); ++i) {
    Happened each = other.past_.events[i];
    const bool both = each.logged && std::any_of(mine.begin(), mine.end(),
                                                 [&](const Happened& own) { return own.logged == each.logged; });
    if (each.logged) each.zone = zone_at(each.stamp);
    if (!both) theirs.emplace_back(i, std::move(each));
  }
  auto own_mark = [&](std::size_t& since, const Stamp& here) {
    since += static_cast<std::size_t>(
        std::count_if(theirs.begin(), theirs.end(), [&](const auto& each) { return each.second.stamp < here; }));
  };
  auto their_mark = [&](std::size_t& since, const Stamp& here) {
    const auto before =
        std::count_if(theirs.begin(), theirs.end(), [&](const auto& each) { return each.first < since; });
    since = static_cast<std::size_t>(
        before + std::count_if(mine.begin(), mine.end(), [&](const Happened& each) { return each.stamp <= here; }));
  };
  for (Membership& m : memberships_) own_mark(m.since_entry, m.entry_stamp), own_mark(m.since_stage, m.stage_stamp);
  for (Membership& m : other.memberships_) {
    their_mark(m.since_entry, m.entry_stamp);
    their_mark(m.since_stage, m.stage_stamp);
  }
  past_.events.clear();
  for (auto own = mine.begin(); auto& [place, each] : theirs) {
    while (own != mine.end() && own->stamp <= each.stamp) past_.events.push_back(std::move(*own++));
    past_.events.push_back(std::move(each));
    if (&each == &theirs.back().second) past_.events.insert(past_.events.end(), own, mine.end());
  }
  if (theirs.empty()) past_.events = std::move(mine);
}

void LeadRun::unite_ledgers(LeadRun& other) {
  past_.sent.insert(other.past_.sent.begin(), other.past_.sent.end());
  auto& departures = past_.departures;
  departures.insert(departures.end(), other.past_.departures.begin(), other.past_.departures.end());
  const Scene theirs = other.scene(nullptr);
  for (const sema::Score& score : model_.scores) {
    const std::int64_t points = score_now(score.name, theirs);
    if (points != 0) add_points(past_, model_, score.name, now_, points);
  }
  for (const auto& [row, given] : other.past_.given) {
    past_.given[row].insert(past_.given[row].end(), given.begin(), given.end());
  }
  for (const auto& [content, entry] : other.ledger_) {
    auto [own, fresh] = ledger_.try_emplace(content, entry);
    if (!fresh && entry.at > own->second.at) own->second = entry;
  }
  sendings_.insert(sendings_.end(), other.sendings_.begin(), other.sendings_.end());
  since_event_.insert(other.since_event_.begin(), other.since_event_.end());
  for (const auto& [kind, at] : other.last_of_kind_) last_of_kind_[kind] = std::max(last_of_kind_[kind], at);
  for (const auto& [split, passes] : other.passes_) passes_[split] += passes;
  dated_.insert(dated_.end(), other.dated_.begin(), other.dated_.end());
}

/// Of two holds the other's has ended, and the longer one counts.
void LeadRun::unite_sales(LeadRun& other) {
  hand_offs_.insert(hand_offs_.end(), other.hand_offs_.begin(), other.hand_offs_.end());
  std::stable_sort(hand_offs_.begin(), hand_offs_.end(),
                   [](const HandOffMade& a, const HandOffMade& b) { return a.at < b.at; });
  if (!other.held_) return;
  if (!held_) {
    held_ = true;
    hold_began_ = other.hold_began_;
    hold_until_ = other.hold_until_;
    held_by_ = other.held_by_;
    return;
  }
  hold_until_ = std::max(hold_until_, other.hold_until_);
  if (other.held_by_ == nullptr) held_by_ = nullptr;
}

void LeadRun::unite_claims(LeadRun& other, const std::map<std::string, std::uint32_t>& base) {
  open_moments();
  for (OpenMoment open : other.open_moments()) {
    auto numbers = base.find(open.began.campaign);
    if (numbers != base.end()) open.began.ordinal += numbers->second;
    open_.push_back(open);
  }
  std::stable_sort(open_.begin(), open_.end(),
                   [](const OpenMoment& a, const OpenMoment& b) { return a.began.at < b.began.at; });
  moments_.insert(moments_.end(), other.moments_.begin(), other.moments_.end());
  std::stable_sort(moments_.begin(), moments_.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
  moments_seen_ = moments_.size();
  for (OpenMoment& open : open_) open.looked = moments_.size();
  for (const auto& [property, at] : other.forbidden_since_) {
    auto [own, fresh] = forbidden_since_.try_emplace(property, at);
    own->second = std::max(own->second, at);
  }
}

/// The latest of each key.
std::vector<Membership*> LeadRun::latest_of_keys(std::uint32_t campaign) {
  std::vector<Membership*> out;
  for (Membership& m : memberships_) {
    if (m.campaign_index != campaign) continue;
    std::erase_if(out, [&](const Membership* each) { return same_place(*each, m); });
    out.push_back(&m);
  }
  return out;
}

/// From here on this one is the latest of its key, wherever it stands among those of others.
void LeadRun::count_as_latest(const Membership& latest) {
  auto at = std::find_if(memberships_.begin(), memberships_.end(), [&](const Membership& m) { return &m == &latest; });
  for (auto later = std::next(at); later != memberships_.end();) {
    const auto next = std::next(later);
    if (same_place(*later, latest)) memberships_.splice(at, memberships_, later);
    later = next;
  }
}

/// Those of the other that have to leave, since this lead is in the same campaign.
std::vector<Membership*> LeadRun::take_members(LeadRun& other, const std::map<std::string, std::uint32_t>& base) {
  std::vector<Membership*> twice;
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    const std::vector<Membership*> own = latest_of_keys(c);
    const std::vector<Membership*> theirs = other.latest_of_keys(c);
    for (auto m = other.memberships_.begin(); m != other.memberships_.end();) {
      const auto taken = m++;
      if (taken->campaign_index == c) take_member(other, taken, base);
    }
    for (Membership* their : theirs) {
      const auto mine =
          std::find_if(own.begin(), own.end(), [&](const Membership* each) { return same_place(*each, *their); });
      const bool both = mine != own.end();
      if (both && (*mine)->active && their->active) twice.push_back(their);
      const bool keep = both && ((*mine)->active || (!their->active && (*mine)->entered > their->entered));
      count_as_latest(keep ? **mine : *their);
    }
  }
  return twice;
}

/// Among those of this lead by the instant of entry.
void LeadRun::take_member(LeadRun& other, std::list<Membership>::iterator taken,
                          const std::map<std::string, std::uint32_t>& base) {
  const std::string number = std::to_string(taken->ordinal);
  const auto numbers = base.find(taken->campaign->name);
  if (numbers != base.end()) taken->ordinal += numbers->second;
  taken->fired.clear();
  taken->goal_exit = -1;
  auto place = memberships_.begin();
  for (auto each = memberships_.begin(); each != memberships_.end(); ++each) {
    if (each->campaign_index == taken->campaign_index && each->entered <= taken->entered) place = std::next(each);
  }
  memberships_.splice(place, other.memberships_, taken);
  if (taken->active) tell(Kind::MovedHere, &*taken, 0, other.key() + "#" + number);
}

}  // namespace nurture::oracle
