#include "runtime/store/link.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "runtime/base/check.h"

namespace nurture::store {
namespace {

/// Where an event stands among those of all leads.
struct Moment {
  Instant at = INT64_MIN;
  std::int64_t position = -1;
  auto operator<=>(const Moment&) const = default;
};

/// A lead belongs to an account from one event until another.
struct Stay {
  LeadIndex lead = 0;
  Moment from;
  Moment to{kNever, INT64_MAX};
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

class Linker {
 public:
  Linker(Store& store, const bytecode::Schema& schema, Linking linking)
      : store_(store), schema_(schema), linking_(linking), leads_(static_cast<LeadIndex>(store.leads.size())) {}

  void run() {
    follow_accounts();
    if (linking_.accounts) add_members();
    cut_units();
    write(slices());
  }

 private:
  using Slice = std::vector<EventIndex>;

  Moment moment(EventIndex event) const { return {store_.at[event], store_.position[event]}; }

  void follow_accounts();
  std::uint32_t account_after(std::size_t change, std::uint32_t before) const;
  void add_members();
  void cut_units();
  std::vector<Slice> slices() const;
  void reach_colleagues(EventIndex event, LeadIndex lead, std::vector<Slice>& into) const;
  void write(const std::vector<Slice>& slices);

  Store& store_;
  const bytecode::Schema& schema_;
  const Linking linking_;
  const LeadIndex leads_;
  std::unordered_map<TextId, std::uint32_t> named_;
  std::vector<std::uint32_t> account_of_;  ///< per event: of the lead who did it, after the event
  std::vector<std::vector<Stay>> stays_;   ///< per account
};

/// Who belonged to which account when.
void Linker::follow_accounts() {
  for (std::uint32_t i = 0; i < store_.accounts.size(); ++i) named_[store_.accounts[i]] = i;
  stays_.resize(store_.accounts.size());
  account_of_.resize(store_.events());
  std::size_t change = 0;
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    std::uint32_t account = store_.lead_account[lead];
    Stay stay{lead, {store_.lead_created[lead], -1}, {kNever, INT64_MAX}};
    for (EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
      if (change < store_.change_events.size() && store_.change_events[change] == event) {
        const std::uint32_t after = account_after(change++, account);
        if (after != account) {
          stay.to = moment(event);
          if (account != kNoAccount) stays_[account].push_back(stay);
          stay = {lead, moment(event), {kNever, INT64_MAX}};
          account = after;
        }
      }
      account_of_[event] = account;
    }
    if (account != kNoAccount) stays_[account].push_back(stay);
  }
}

std::uint32_t Linker::account_after(std::size_t change, std::uint32_t before) const {
  for (std::uint32_t i = store_.change_begin[change]; i < store_.change_begin[change + 1]; ++i) {
    const AttributeChange& row = store_.changes[i];
    if (row.attribute != schema_.lead_account) continue;
    const auto found = row.value.known ? named_.find(row.value.text()) : named_.end();
    before = found == named_.end() ? kNoAccount : found->second;
  }
  return before;
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

/// Colleagues of any time belong to one unit, whether the account is a member or not.
void Linker::cut_units() {
  Sets sets(store_.leads.size());
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

std::vector<Linker::Slice> Linker::slices() const {
  std::vector<Slice> slices(store_.leads.size());
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    for (EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
      slices[lead].push_back(event);
      if (account_of_[event] == kNoAccount) continue;
      if (linking_.accounts) slices[store_.member_of(account_of_[event])].push_back(event);
      if (schema_.kinds[store_.kind[event]].of_account) reach_colleagues(event, lead, slices);
    }
  }
  const auto earlier = [this](EventIndex a, EventIndex b) { return moment(a) < moment(b); };
  for (Slice& slice : slices) {
    if (!std::is_sorted(slice.begin(), slice.end(), earlier)) std::sort(slice.begin(), slice.end(), earlier);
  }
  return slices;
}

/// Those who belong to the account at that instant, and have begun.
void Linker::reach_colleagues(EventIndex event, LeadIndex lead, std::vector<Slice>& into) const {
  const Moment now = moment(event);
  for (const Stay& stay : stays_[account_of_[event]]) {
    if (stay.lead != lead && stay.from <= now && now < stay.to) into[stay.lead].push_back(event);
  }
}

/// The slices one after the other, in place of what was there.
void Linker::write(const std::vector<Slice>& slices) {
  std::vector<LeadIndex> owner(store_.events());
  for (LeadIndex lead = 0; lead < leads_; ++lead) {
    for (EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) owner[event] = lead;
  }
  Store out;
  out.lead_begin.push_back(0);
  std::size_t change = 0;
  for (LeadIndex member = 0; member < slices.size(); ++member) {
    for (EventIndex event : slices[member]) {
      if (owner[event] == member && change < store_.change_events.size() && store_.change_events[change] == event) {
        store_.change_events[change++] = out.events();
      }
      out.kind.push_back(store_.kind[event]);
      out.at.push_back(store_.at[event]);
      out.row.push_back(store_.row[event]);
      out.position.push_back(store_.position[event]);
      out.actor.push_back(owner[event]);
      store_.copies += owner[event] == member ? 0 : 1;
    }
    out.lead_begin.push_back(out.events());
  }
  NURTURE_CHECK(change == store_.change_events.size());
  store_.lead_begin = std::move(out.lead_begin);
  store_.kind = std::move(out.kind);
  store_.at = std::move(out.at);
  store_.row = std::move(out.row);
  store_.position = std::move(out.position);
  store_.actor = std::move(out.actor);
}

}  // namespace

Linking linking_of(const bytecode::Module& module) {
  Linking linking;
  for (const auto& campaign : module.campaigns) linking.accounts |= campaign.for_account;
  for (const auto& kind : module.schema.kinds) linking.of_account |= kind.of_account;
  return linking;
}

void link(Store& store, const bytecode::Schema& schema, Linking linking) {
  const auto reaches = [&](std::uint8_t kind) { return schema.kinds[kind].of_account; };
  const bool reached = linking.of_account && std::any_of(store.kind.begin(), store.kind.end(), reaches);
  if (linking.accounts || reached) return Linker(store, schema, linking).run();
  store.position = std::vector<std::uint32_t>();
}

}  // namespace nurture::store
