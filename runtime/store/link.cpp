#include "runtime/store/link.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <tuple>
#include <unordered_map>

#include "runtime/store/identities.h"

namespace nurture::store {
namespace {

/// A lead belongs to an account from one event until another.
struct Stay {
  LeadIndex lead = 0;
  Moment from;
  Moment to = kEndOfTime;
};

/// The account that a lead belongs to; `named`: its attribute has a value.
struct Belongs {
  std::uint32_t account = kNoAccount;
  bool named = false;
  Moment since;
};

/// Sets that grow together; the smallest of a set stands for it.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  LeadIndex of(LeadIndex x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void join(LeadIndex a, LeadIndex b) {
    const auto [low, high] = std::minmax({of(a), of(b)});
    parent_[high] = low;
  }

 private:
  std::vector<LeadIndex> parent_;
};

/// The rows of Store::change_events, mostly asked for in order.
class Changes {
 public:
  explicit Changes(const Store& store) : events_(store.change_events) {}
  /// The row of this event's changes, or kNone.
  std::size_t of(EventIndex event) {
    if (next_ == events_.size() || events_[next_] < event || (next_ > 0 && events_[next_ - 1] >= event)) {
      next_ = static_cast<std::size_t>(std::lower_bound(events_.begin(), events_.end(), event) - events_.begin());
    }
    return next_ < events_.size() && events_[next_] == event ? next_ : kNone;
  }
  static constexpr std::size_t kNone = SIZE_MAX;

 private:
  const Array<EventIndex>& events_;
  std::size_t next_ = 0;
};

class Linker {
 public:
  Linker(Store& store, const bytecode::Schema& schema, Linking linking)
      : store_(store),
        schema_(schema),
        linking_(linking),
        leads_(static_cast<LeadIndex>(store.leads.size())),
        who_(store, schema, linking.merges),
        changes_(store) {}

  void run() {
    group_leads();
    follow_accounts();
    if (linking_.accounts) add_members();
    cut_units();
    std::vector<Slice> seen = slices();
    for (const auto& group : groups_) unite(group, seen);
    write(seen);
    keep_merges();
  }

 private:
  /// What a member sees happen; and, of one that others became, what is its past from some event on.
  struct Slice {
    std::vector<EventIndex> events;
    std::vector<EventIndex>
        visible_from;  ///< as Store::visible_from, but by events of the log, from 1; empty: all live
  };

  Moment moment(EventIndex event) const { return moment_of(store_, event); }
  bool earlier(EventIndex a, EventIndex b) const { return moment(a) < moment(b); }

  void group_leads();
  void follow_accounts();
  void follow_group(std::span<const LeadIndex> group);
  void take_event(EventIndex event, LeadIndex lead);
  void move(LeadIndex lead, Belongs to, EventIndex event);
  Belongs after(std::size_t change, Belongs before) const;
  void add_members();
  void cut_units();
  std::vector<Slice> slices() const;
  void reach_colleagues(EventIndex event, LeadIndex lead, std::vector<Slice>& into) const;
  void unite(const std::vector<LeadIndex>& group, std::vector<Slice>& slices) const;
  Slice united(LeadIndex lead, const std::vector<LeadIndex>& group, const std::vector<EventIndex>& all,
               const std::vector<Slice>& slices) const;
  void write(const std::vector<Slice>& slices);
  void write_changes();
  void keep_merges();

  Store& store_;
  const bytecode::Schema& schema_;
  const Linking linking_;
  const LeadIndex leads_;
  const Identities who_;
  Changes changes_;
  std::vector<std::vector<LeadIndex>> groups_;  ///< of leads that ever become one
  std::vector<bool> grouped_;                   ///< per lead: it is in one of them
  std::vector<EventIndex> followed_;            ///< scratch of follow_group
  std::unordered_map<TextId, std::uint32_t> named_;
  std::vector<LeadIndex> owner_;           ///< per event: the lead who did it, as it was called then
  std::vector<std::uint32_t> account_of_;  ///< per event: the account of that one, after the event
  std::vector<Belongs> belongs_;           ///< per lead, while its events are followed
  std::vector<std::vector<Stay>> stays_;   ///< per account
  std::vector<EventIndex> placed_;         ///< per event: where it stands in the slice of its owner
};

void Linker::group_leads() {
  for (const Union& each : who_.unions()) {
    Instant& begins = store_.lead_created.edit(each.stays);
    begins = std::min(begins, store_.at[each.event]);
  }
  grouped_.resize(leads_);
  if (!who_.any()) return;
  Sets sets(leads_);
  for (const Union& each : who_.unions()) {
    sets.join(each.gone, each.stays);
    grouped_[each.gone] = grouped_[each.stays] = true;
  }
  std::unordered_map<LeadIndex, std::size_t> group_of;
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    if (!grouped_[lead]) continue;
    const auto [group, fresh] = group_of.try_emplace(sets.of(lead), groups_.size());
    if (fresh) groups_.emplace_back();
    groups_[group->second].push_back(lead);
  }
}

/// Who belonged to which account when.
void Linker::follow_accounts() {
  for (std::uint32_t i = 0; i < store_.accounts.size(); ++i) named_[store_.accounts[i]] = i;
  stays_.resize(store_.accounts.size());
  owner_.resize(store_.events());
  account_of_.resize(store_.events());
  belongs_.resize(leads_);
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    const bool attribute = schema_.lead_account != bytecode::kNone;
    belongs_[lead] = {store_.lead_account[lead],
                      attribute && store_.lead_attributes[schema_.lead_account].at(lead).known,
                      {store_.lead_created[lead], -1}};
  }
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    if (!grouped_[lead]) follow_group({&lead, 1});
  }
  for (const auto& group : groups_) follow_group(group);
}

void Linker::follow_group(std::span<const LeadIndex> group) {
  std::vector<EventIndex>& events = followed_;
  events.clear();
  for (LeadIndex key : group) {
    for (EventIndex event = store_.lead_begin[key]; event < store_.lead_begin[key + 1]; ++event) {
      owner_[event] = who_.at(key, moment(event));
      events.push_back(event);
    }
  }
  if (group.size() > 1) {
    std::sort(events.begin(), events.end(), [this](EventIndex a, EventIndex b) { return earlier(a, b); });
  }
  for (EventIndex event : events) {
    const LeadIndex lead = owner_[event];
    for (LeadIndex gone : group) {
      if (group.size() == 1 || who_.end_of(gone) != moment(event)) continue;
      const Belongs other = belongs_[gone];
      move(gone, {}, event);
      if (!belongs_[lead].named && other.named) move(lead, other, event);
    }
    take_event(event, lead);
  }
  for (LeadIndex lead : group) {
    const Belongs& last = belongs_[lead];
    if (last.account != kNoAccount) stays_[last.account].push_back({lead, last.since, kEndOfTime});
  }
}

void Linker::take_event(EventIndex event, LeadIndex lead) {
  const std::size_t change = changes_.of(event);
  if (change != Changes::kNone) move(lead, after(change, belongs_[lead]), event);
  account_of_[event] = belongs_[lead].account;
}

void Linker::move(LeadIndex lead, Belongs to, EventIndex event) {
  Belongs& now = belongs_[lead];
  now.named = to.named;
  if (to.account == now.account) return;
  if (now.account != kNoAccount) stays_[now.account].push_back({lead, now.since, moment(event)});
  now.account = to.account;
  now.since = moment(event);
}

Belongs Linker::after(std::size_t change, Belongs belongs) const {
  for (std::uint32_t i = store_.change_begin[change]; i < store_.change_begin[change + 1]; ++i) {
    const AttributeChange& row = store_.changes[i];
    if (row.attribute != schema_.lead_account) continue;
    const auto found = row.value.known ? named_.find(row.value.text()) : named_.end();
    belongs.account = found == named_.end() ? kNoAccount : found->second;
    belongs.named = row.value.known;
  }
  return belongs;
}

/// An account begins with the first lead that belongs to it.
void Linker::add_members() {
  store_.account_members = store_.accounts.size();
  for (std::uint32_t account = 0; account < store_.accounts.size(); ++account) {
    Instant began = kNever;
    for (const Stay& stay : stays_[account]) began = std::min(began, stay.from.at);
    store_.leads.push_back(store_.accounts[account]);
    store_.lead_created.push_back(began == kNever ? store_.first_instant : began);
    store_.lead_account.push_back(account);
  }
}

/// Colleagues of any time belong to one unit, whether the account is a member or not, and those who become one.
void Linker::cut_units() {
  Sets sets(store_.leads.size());
  for (const Union& each : who_.unions()) sets.join(each.gone, each.stays);
  for (std::uint32_t account = 0; account < stays_.size(); ++account) {
    if (stays_[account].empty()) continue;
    const LeadIndex first = linking_.accounts ? store_.member_of(account) : stays_[account].front().lead;
    for (const Stay& stay : stays_[account]) sets.join(first, stay.lead);
  }
  std::vector<LeadIndex> members(store_.leads.size());
  std::iota(members.begin(), members.end(), 0U);
  const auto by_key = [&](LeadIndex a, LeadIndex b) {
    return std::tuple(store_.texts.at(store_.leads[a]), a) < std::tuple(store_.texts.at(store_.leads[b]), b);
  };
  std::sort(members.begin(), members.end(), by_key);
  // Units in the order of their first member: numbered as they are met.
  std::vector<std::uint32_t> number(store_.leads.size(), UINT32_MAX);
  std::vector<std::vector<LeadIndex>> units;
  for (LeadIndex member : members) {
    std::uint32_t& unit = number[sets.of(member)];
    if (unit == UINT32_MAX) {
      unit = static_cast<std::uint32_t>(units.size());
      units.emplace_back();
    }
    units[unit].push_back(member);
  }
  store_.unit_begin.push_back(0);
  for (const auto& unit : units) {
    store_.unit_members.insert(store_.unit_members.end(), unit.begin(), unit.end());
    store_.unit_begin.push_back(static_cast<std::uint32_t>(store_.unit_members.size()));
  }
}

/// What each sees happen.
std::vector<Linker::Slice> Linker::slices() const {
  std::vector<Slice> slices(store_.leads.size());
  for (EventIndex event = 0; event < owner_.size(); ++event) {
    const LeadIndex lead = owner_[event];
    slices[lead].events.push_back(event);
    if (account_of_[event] == kNoAccount) continue;
    if (linking_.accounts) slices[store_.member_of(account_of_[event])].events.push_back(event);
    if (schema_.kinds[store_.kind[event]].of_account) reach_colleagues(event, lead, slices);
  }
  const auto order = [this](EventIndex a, EventIndex b) { return earlier(a, b); };
  for (Slice& slice : slices) {
    auto& events = slice.events;
    if (!std::is_sorted(events.begin(), events.end(), order)) std::sort(events.begin(), events.end(), order);
  }
  return slices;
}

/// Those who belong to the account at that instant, and have begun.
void Linker::reach_colleagues(EventIndex event, LeadIndex lead, std::vector<Slice>& into) const {
  const Moment now = moment(event);
  for (const Stay& stay : stays_[account_of_[event]]) {
    if (stay.lead != lead && stay.from <= now && now < stay.to) into[stay.lead].events.push_back(event);
  }
}

/// Leads that become one get slices that begin alike.
void Linker::unite(const std::vector<LeadIndex>& group, std::vector<Slice>& slices) const {
  std::vector<EventIndex> all;
  for (LeadIndex lead : group) all.insert(all.end(), slices[lead].events.begin(), slices[lead].events.end());
  std::sort(all.begin(), all.end(), [this](EventIndex a, EventIndex b) { return earlier(a, b); });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<Slice> made;
  for (LeadIndex lead : group) made.push_back(united(lead, group, all, slices));
  for (std::size_t i = 0; i < group.size(); ++i) slices[group[i]] = std::move(made[i]);
}

/// Of all these events, those before the lead becomes another.
Linker::Slice Linker::united(LeadIndex lead, const std::vector<LeadIndex>& group, const std::vector<EventIndex>& all,
                             const std::vector<Slice>& slices) const {
  const auto saw = [&](LeadIndex who, EventIndex event) {
    const auto& seen = slices[who].events;
    return std::binary_search(seen.begin(), seen.end(), event,
                              [this](EventIndex a, EventIndex b) { return earlier(a, b); });
  };
  Slice out;
  for (EventIndex event : all) {
    if (moment(event) >= who_.end_of(lead)) break;
    EventIndex from = saw(lead, event) ? 0 : UINT64_MAX;
    for (LeadIndex other : group) {
      if (from == 0 || !saw(other, event)) continue;
      const EventIndex by = who_.passed_on(other, lead);
      if (by != UINT64_MAX && (from == UINT64_MAX || earlier(by, from - 1))) from = by + 1;
    }
    out.events.push_back(event);
    out.visible_from.push_back(from);
  }
  return out;
}

/// The slices one after the other, in place of what was there.
void Linker::write(const std::vector<Slice>& slices) {
  Store out;
  out.lead_begin.push_back(0);
  placed_.resize(owner_.size());
  for (LeadIndex member = 0; member < slices.size(); ++member) {
    for (EventIndex event : slices[member].events) {
      const bool own = owner_[event] == member;
      if (own) placed_[event] = out.events();
      store_.copies += own ? 0 : 1;
      out.kind.push_back(store_.kind[event]);
      out.at.push_back(store_.at[event]);
      out.row.push_back(store_.row[event]);
      out.position.push_back(store_.position[event]);
      out.actor.push_back(owner_[event]);
    }
    out.lead_begin.push_back(out.events());
  }
  if (who_.any()) {
    for (const Slice& slice : slices) {
      for (std::size_t i = 0; i < slice.events.size(); ++i) {
        const EventIndex from = slice.visible_from.empty() ? 0 : slice.visible_from[i];
        store_.visible_from.push_back(from == 0 || from == UINT64_MAX ? from : placed_[from - 1]);
      }
    }
  }
  write_changes();
  store_.lead_begin = std::move(out.lead_begin);
  store_.kind = std::move(out.kind);
  store_.at = std::move(out.at);
  store_.row = std::move(out.row);
  store_.position = std::move(out.position);
  store_.actor = std::move(out.actor);
}

/// Each change stands with its event in the slice of the lead whose attribute it changes.
void Linker::write_changes() {
  std::vector<std::pair<EventIndex, std::size_t>> rows;
  for (std::size_t i = 0; i < store_.change_events.size(); ++i) rows.emplace_back(placed_[store_.change_events[i]], i);
  std::sort(rows.begin(), rows.end());
  std::vector<EventIndex> events;
  std::vector<std::uint32_t> begin{0};
  std::vector<AttributeChange> changes;
  for (const auto& [event, row] : rows) {
    events.push_back(event);
    changes.insert(changes.end(), store_.changes.begin() + store_.change_begin[row],
                   store_.changes.begin() + store_.change_begin[row + 1]);
    begin.push_back(static_cast<std::uint32_t>(changes.size()));
  }
  store_.change_events = std::move(events);
  store_.change_begin = std::move(begin);
  store_.changes = std::move(changes);
}

void Linker::keep_merges() {
  if (!who_.any()) return;
  store_.merged_into.assign(store_.leads.size(), kNoLead);
  for (const Union& each : who_.unions()) {
    store_.merged_into[each.gone] = each.stays;
    store_.merges.push_back({placed_[each.event], each.gone});
  }
  std::sort(store_.merges.begin(), store_.merges.end(),
            [](const Merge& a, const Merge& b) { return a.event < b.event; });
}

}  // namespace

Linking linking_of(const bytecode::Module& module) {
  Linking linking;
  for (const auto& campaign : module.campaigns) linking.accounts |= campaign.for_account;
  for (const auto& kind : module.schema.kinds) {
    linking.of_account |= kind.of_account;
    linking.merges |= kind.merges_into != bytecode::kNone;
  }
  return linking;
}

void link(Store& store, const bytecode::Schema& schema, Linking linking) {
  if (linking.later) return;
  const auto happens = [&](const auto& links) {
    return std::any_of(store.kind.begin(), store.kind.end(), [&](std::uint8_t k) { return links(schema.kinds[k]); });
  };
  const auto reaches = [](const bytecode::EventKind& kind) { return kind.of_account; };
  const auto merges = [](const bytecode::EventKind& kind) { return kind.merges_into != bytecode::kNone; };
  if (linking.accounts || (linking.of_account && happens(reaches)) || (linking.merges && happens(merges))) {
    return Linker(store, schema, linking).run();
  }
  store.position = Array<std::uint32_t>();
}

}  // namespace nurture::store
