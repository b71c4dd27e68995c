#include "runtime/store/identities.h"

#include <algorithm>

namespace nurture::store {
namespace {

/// The lead of that key; kNoLead if nobody has it.
LeadIndex lead_named(const Store& store, std::string_view key) {
  const auto last = store.leads.begin() + static_cast<std::ptrdiff_t>(store.lead_count());
  const auto found = std::lower_bound(store.leads.begin(), last, key,
                                      [&](TextId lead, std::string_view k) { return store.texts.at(lead) < k; });
  const bool here = found != last && store.texts.at(*found) == key;
  return here ? static_cast<LeadIndex>(found - store.leads.begin()) : kNoLead;
}

struct Named {
  EventIndex event;
  LeadIndex key, into;
};

/// Every event that names a lead that another is, in the order of all events.
std::vector<Named> named_merges(const Store& store, const bytecode::Schema& schema) {
  std::vector<Named> found;
  for (LeadIndex lead = 0; lead < store.lead_count(); ++lead) {
    for (EventIndex event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event) {
      const std::uint16_t into = schema.kinds[store.kind[event]].merges_into;
      if (into == bytecode::kNone) continue;
      const Value name = store.blocks[store.kind[event]].columns[into].at(store.row[event]);
      const LeadIndex other = name.known ? lead_named(store, store.texts.at(name.text())) : kNoLead;
      if (other != kNoLead) found.push_back({event, lead, other});
    }
  }
  std::sort(found.begin(), found.end(),
            [&](const Named& a, const Named& b) { return moment_of(store, a.event) < moment_of(store, b.event); });
  return found;
}

}  // namespace

Identities::Identities(const Store& store, const bytecode::Schema& schema, bool merges) {
  const std::vector<Named> named = merges ? named_merges(store, schema) : std::vector<Named>();
  if (named.empty()) return;
  next_.assign(store.lead_count(), kNoLead);
  end_.assign(store.lead_count(), kEndOfTime);
  by_.assign(store.lead_count(), UINT64_MAX);
  for (const Named& each : named) {
    const LeadIndex gone = now(each.key);
    const LeadIndex stays = now(each.into);
    if (gone == stays) continue;
    unions_.push_back({each.event, gone, stays});
    next_[gone] = stays;
    end_[gone] = moment_of(store, each.event);
    by_[gone] = each.event;
  }
}

LeadIndex Identities::now(LeadIndex key) const {
  while (next_[key] != kNoLead) key = next_[key];
  return key;
}

LeadIndex Identities::at(LeadIndex key, Moment when) const {
  while (any() && end_[key] <= when) key = next_[key];
  return key;
}

EventIndex Identities::passed_on(LeadIndex from, LeadIndex to) const {
  EventIndex by = UINT64_MAX;
  while (from != to && from != kNoLead) {
    by = by_[from];
    from = next_[from];
  }
  return from == to ? by : UINT64_MAX;
}

}  // namespace nurture::store
