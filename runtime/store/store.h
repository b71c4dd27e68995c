#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/text_pool.h"
#include "runtime/base/value.h"
#include "runtime/bytecode/module.h"
#include "runtime/store/column.h"

/// The event log in the form the engine reads: columns, sorted by (lead key bytes, instant, position).
namespace nurture::store {

using LeadIndex = std::uint32_t;   ///< into Store::leads, which is sorted by key bytes
using EventIndex = std::uint64_t;  ///< into the event columns
using RowIndex = std::uint32_t;    ///< into the property columns of one kind
inline constexpr LeadIndex kNoLead = UINT32_MAX;
inline constexpr std::uint32_t kNoAccount = UINT32_MAX;
inline constexpr std::uint32_t kNoPlace = UINT32_MAX;

struct KindBlock {
  std::vector<Column> columns;  ///< in the order of EventKind::properties
  RowIndex rows = 0;
};

struct AttributeChange {
  std::uint16_t attribute;  ///< into Schema::lead
  Value value;              ///< unknown clears it
};

/// One lead turns out to be another (§7.4).
struct Merge {
  EventIndex event = 0;  ///< in the slice of the one that stays
  LeadIndex gone = 0;
};

/// A log bound to the schema of one module: kind codes, property and attribute numbers are the module's.
///
/// Ownership: the store owns its texts. A module is bound to it by interning the module's strings there (engine::bind).
struct Store {
  TextPool texts;
  ListPool lists;
  std::shared_ptr<const void> memory;  ///< what the columns are views of, if they are: a mapped file

  // Leads, sorted by key bytes (§6.3); behind them, where accounts are members, one row per account in their order.
  Array<TextId> leads;
  std::size_t account_members = 0;      ///< how many of `leads` are accounts
  Array<EventIndex> lead_begin;         ///< leads.size() + 1 offsets
  std::vector<Column> lead_attributes;  ///< per lead: the starting values (§7); defaults where not given
  Array<Instant> lead_created;          ///< beginning of the lead (§5.13): min(created instant, first event, else first
                                        ///< instant of the log)
  Array<std::uint32_t> lead_account;    ///< into accounts, or kNoAccount
  Array<TextId> accounts;
  std::vector<Column> account_attributes;  ///< per account

  // Events, sorted by (lead, instant, position).
  Array<std::uint8_t> kind;  ///< module's event kind; a module has at most 255
  Array<Instant> at;
  Array<RowIndex> row;            ///< row in blocks[kind]
  std::vector<KindBlock> blocks;  ///< per kind of the schema

  /// Changes of lead attributes carried by events (lead.updated, and a source's lead attributes): those of event e are
  /// changes[change_begin[i] .. change_begin[i + 1]) with i its rank in change_events (sorted).
  Array<EventIndex> change_events;
  Array<std::uint32_t> change_begin;
  Array<AttributeChange> changes;

  // Only where leads are linked (§5.14, see link.h). An event then stands in the slice of everyone whose log has it.
  std::vector<LeadIndex> actor;           ///< per event: the lead who did it
  Array<std::uint32_t> position;          ///< per event: its place among the events of all leads (§6.3)
  EventIndex copies = 0;                  ///< events that stand in the slice of somebody else
  std::vector<std::uint32_t> unit_begin;  ///< units + 1 offsets; empty: every lead is a unit
  std::vector<LeadIndex> unit_members;    ///< by key, a lead before an account of the same key

  // Only where leads turn out to be one (§7.4). The slices of such leads begin with the same events, in the same order:
  // those that any of them sees, so that a place in one is a place in the other. What a lead does not see, or not yet,
  // is no event of its own.
  std::vector<LeadIndex> merged_into;    ///< per lead: the one that it became, or kNoLead
  std::vector<Merge> merges;             ///< by event
  std::vector<EventIndex> visible_from;  ///< per event: it is past to the lead of the slice once that lead has read
                                         ///< this one; 0: it sees it happen; UINT64_MAX: never

  Instant first_instant = kNever;  ///< of the whole log; kNever if it is empty
  Instant last_instant = kNever;   ///< the horizon, unless --until is given (§6.4)

  EventIndex events() const { return kind.size(); }
  std::size_t lead_count() const { return leads.size() - account_members; }
  bool is_account(LeadIndex member) const { return member >= lead_count(); }
  LeadIndex member_of(std::uint32_t account) const { return static_cast<LeadIndex>(lead_count() + account); }
  /// The lead of the slice sees it happen.
  bool live(EventIndex event) const { return visible_from.empty() || visible_from[event] == 0; }
  /// It is past to the lead of the slice, which has read all before `cursor`.
  bool visible(EventIndex event, EventIndex cursor) const {
    return visible_from.empty() || visible_from[event] < cursor;
  }
  bool linked() const { return !unit_begin.empty(); }
  std::size_t units() const { return linked() ? unit_begin.size() - 1 : lead_count(); }
};

}  // namespace nurture::store
