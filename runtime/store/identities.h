#pragma once

#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/store/store.h"

/// Who the keys of the log stand for, and from when on: `lead.merged` makes two leads one (§7.4).
namespace nurture::store {

/// Where an event stands among those of all leads.
struct Moment {
  Instant at = INT64_MIN;
  std::int64_t position = -1;
  auto operator<=>(const Moment&) const = default;
};
inline constexpr Moment kEndOfTime{kNever, INT64_MAX};
inline Moment moment_of(const Store& store, EventIndex event) { return {store.at[event], store.position[event]}; }

/// `event` says that `gone` is `stays` from here on: two that were not one yet.
struct Union {
  EventIndex event = 0;
  LeadIndex gone = 0;
  LeadIndex stays = 0;
};

class Identities {
 public:
  /// Reads every merge of a log that is not linked yet.
  Identities(const Store& store, const bytecode::Schema& schema, bool merges);

  /// The lead that an event of this key is of at that moment: at the merge itself, already the one that stays.
  LeadIndex at(LeadIndex key, Moment when) const;
  /// In the order of the events.
  const std::vector<Union>& unions() const { return unions_; }
  bool any() const { return !unions_.empty(); }
  /// When the lead becomes another, and by which event; kEndOfTime if never.
  Moment end_of(LeadIndex lead) const { return any() ? end_[lead] : kEndOfTime; }
  EventIndex event_of(LeadIndex lead) const { return by_[lead]; }
  /// The one it becomes, or kNoLead.
  LeadIndex next(LeadIndex lead) const { return any() ? next_[lead] : kNoLead; }
  /// What this lead has seen becomes the past of that one by this event; UINT64_MAX: never.
  EventIndex passed_on(LeadIndex from, LeadIndex to) const;

 private:
  LeadIndex now(LeadIndex key) const;

  std::vector<Union> unions_;
  std::vector<LeadIndex> next_;
  std::vector<Moment> end_;
  std::vector<EventIndex> by_;
};

}  // namespace nurture::store
