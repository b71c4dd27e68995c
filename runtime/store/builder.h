#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/store/kept.h"
#include "runtime/store/link.h"
#include "runtime/store/store.h"

namespace nurture::store {

/// One row of a log, mapped to the schema.
struct LogRow {
  std::uint32_t lead = 0;  ///< number from Builder::lead
  Instant at = 0;
  std::uint8_t kind = 0;
  std::uint64_t id = 0;                      ///< hash of the source's id; 0: none
  std::span<const Value> properties;         ///< in the order of EventKind::properties
  std::span<const AttributeChange> changes;  ///< of a lead.updated
  std::span<const Value> row_attributes;     ///< in the order given to the Builder; unknown: says nothing
};

/// Gives the memory back; assigning {} would keep it.
template <typename T>
void release(std::vector<T>& vector) {
  vector = std::vector<T>();
}

/// What sorting found out.
struct BuildFacts {
  std::vector<std::uint64_t> repeated_by;  ///< per kind: rows with the id, lead and instant of one before (§7.2)
  std::uint64_t exact_repeats = 0;
  std::uint64_t ties = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t leads_in_log = 0;
  std::uint64_t leads_in_table = 0;
};

/// Collects rows in source order and sorts them into a Store.
///
/// Memory: a row costs 17 bytes, 8 more where the source declares an id, and for each property and row attribute what
/// its Column needs; building adds 16 bytes a row and one column for each thread. A lead costs its key in texts(),
/// 24 bytes and what the Columns of its attributes need. Row numbers are 32 bits.
class Builder {
 public:
  /// `row_attributes`: the lead attributes that every row of a source carries.
  Builder(const bytecode::Schema& schema, std::vector<std::uint16_t> row_attributes, bool has_ids);

  /// Texts and lists of the store to be: what LogRow's values refer to.
  TextPool& texts() { return store_.texts; }
  ListPool& lists() { return store_.lists; }

  /// A lead's number, in order of first mention.
  std::uint32_t lead(std::string_view key) { return lead(store_.texts.intern(key)); }
  std::uint32_t lead(TextId key);
  /// Many at once: each key becomes its lead's number.
  void leads(std::vector<std::uint32_t>& keys);
  /// The lead is known to live since `at` (§5.13), by an event or by the lead table.
  void lives_since(std::uint32_t lead, Instant at) { born_[lead] = std::min(born_[lead], at); }
  std::uint32_t leads() const { return static_cast<std::uint32_t>(leads_.keys.size()); }
  std::string_view key(std::uint32_t lead) const { return store_.texts.at(leads_.keys[lead]); }

  /// kInLog, kInTable.
  void mark(std::uint32_t lead, LeadMark mark) { marks_[lead] |= mark; }
  void set_attribute(std::uint32_t lead, std::uint16_t attribute, Value value) {
    say(store_.lead_attributes[attribute], kept_.lead_cleared[attribute], lead, value);
  }
  Value attribute(std::uint32_t lead, std::uint16_t attribute) const {
    return store_.lead_attributes[attribute].at(lead);
  }
  /// Of the leads that have no known value.
  void set_default(std::uint16_t attribute, Value value) { store_.lead_attributes[attribute].set_otherwise(value); }
  void set_account(std::uint32_t lead, std::string_view account);
  void set_account_attribute(std::string_view account, std::uint16_t attribute, Value value);
  void add_account(std::string_view account) { account_number(account); }

  /// False if the log is full: 2^32 rows. Whom the lead turns out to be (§7.4) is a lead too.
  bool add(const LogRow& row);
  std::uint64_t rows() const { return at_.size(); }
  /// So many rows are expected: room for them is found once. Memory that they do not need is not touched.
  void expect_rows(std::uint64_t count);
  /// Bytes that all of this takes; sorting and writing it takes as much again.
  std::uint64_t memory();

  /// Sorts everything; the builder is empty afterwards. `first` and `last` are the span of the whole log. `linking`: of
  /// the programme that will run over it. The same store for any number of threads.
  Store build(Instant first, Instant last, BuildFacts& facts, Linking linking = {}, unsigned threads = 1);
  /// What else a file keeps of it: after `build` with Linking::later, and before the texts are renumbered.
  Kept take_kept() { return std::move(kept_); }

 private:
  struct Change {
    std::uint32_t row;
    AttributeChange change;
  };
  using Order = std::vector<std::uint32_t>;  ///< row numbers in store order

  using RowsOf = std::vector<std::vector<RowIndex>>;  ///< per kind, in store order: the rows as they were added

  /// Numbers texts in the order in which they are first named.
  struct Numbers {
    std::uint32_t of(TextId text);

    std::vector<TextId> keys;
    std::vector<std::uint32_t> of_text;  // by TextId
  };

  std::uint32_t account_number(std::string_view key);
  static void say(Column& column, Column& cleared, std::size_t row, Value value);
  void keep(const Order& order);
  std::span<const Change> changes_of(std::uint32_t row) const;

  void sort_leads();
  void name_accounts();
  void sort_accounts();
  std::vector<std::uint32_t> leads_by_key() const;
  Order sort_rows(BuildFacts& facts);
  class RowSort;
  template <typename Use>
  void for_each_tie(std::size_t from_lead, std::size_t to_lead, Use use) const;
  void drop_repeats(Order& order, BuildFacts& facts);
  std::uint64_t count_disorder(const Order& order) const;
  void count_ties(const Order& order, BuildFacts& facts) const;
  std::uint64_t count_equal(const Order& order, EventIndex begin, EventIndex end) const;
  std::uint64_t content_hash(std::uint32_t row, std::uint8_t kind) const;
  void fill_events();
  RowsOf number_rows(const Order& order);
  void fill_properties(const Order& order);
  void fill_changes(const Order& order);
  void append_changes(std::uint32_t row, EventIndex event, std::vector<Value>& latest);

  Store store_;
  const bytecode::Schema& schema_;
  std::vector<std::uint16_t> row_attributes_;
  bool has_ids_;

  // Leads, by number.
  Numbers leads_;
  std::vector<Instant> born_;
  std::vector<std::uint32_t> account_of_;
  std::vector<std::uint8_t> marks_;  // LeadMark
  std::vector<std::uint32_t> rank_;  // per lead: its LeadIndex; filled by sort_leads
  Numbers accounts_;
  std::vector<std::uint8_t> account_marks_;  // by number, from name_accounts on

  // Rows, in source order.
  std::vector<std::uint32_t> lead_;
  std::vector<Instant> at_;
  std::vector<std::uint8_t> kind_;
  std::vector<RowIndex> row_;  // in the block of its kind
  std::vector<std::uint64_t> id_;
  std::vector<Change> changes_;  // by row
  std::vector<Column> row_attribute_columns_;

  // What `memory` has counted.
  std::uint64_t pools_ = 0;
  TextId texts_counted_ = 0;
  ListId lists_counted_ = 0;

  // While it builds.
  bool keeps_ = false;
  Kept kept_;
  unsigned threads_ = 1;
  std::vector<EventIndex> lead_begin_;
  std::vector<Instant> sorted_at_;
  std::vector<std::uint8_t> sorted_kind_;
};

}  // namespace nurture::store
