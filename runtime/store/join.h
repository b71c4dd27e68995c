#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/store/builder.h"
#include "runtime/store/file.h"
#include "runtime/store/image.h"
#include "runtime/store/spool.h"

/// Parts of one log, each sorted on its own, as the store that all of it makes at once.
namespace nurture::store {

/// A part: what an import of it alone makes, and what it counted.
struct LogPart {
  StoreFile file;
  BuildFacts facts;
};

/// Joins parts that declare the same, in the order in which they were read. Reads each from front to back, one column
/// at a time, and what it finds out goes into a Workspace: memory is needed for the different lists of the log, a bit
/// for each different text, and what one lead does in one part where its parts overlap in time.
class Join {
 public:
  Join(std::vector<LogPart> parts, Workspace& space) : parts_(std::move(parts)), space_(space) {}

  /// Finds out who is who, and what comes behind what. Error: too many rows for one store, or what the workspace says.
  /// `first` and `last` are the span of the whole log, kNever if it is empty.
  Status run(Instant first, Instant last);

  std::uint64_t leads() const { return lead_texts_.size(); }
  /// Of all parts: a row that repeats one of another part is left out, too.
  const BuildFacts& facts() const { return facts_; }
  /// Calls `use(value, text)` with what each lead begins with; the text is that of a value that is one.
  void each_lead(std::uint16_t attribute, const std::function<void(Value, std::string_view)>& use);
  /// As a file.
  Status write(std::string facts, std::string_view rejects, ByteSink& sink, Readers readers = Readers::All);

 private:
  static constexpr std::uint32_t kNoText = UINT32_MAX;
  static constexpr std::uint16_t kFlag = 1U << 15;  ///< of Step::part: dropped; of a lead's part: the last one

  /// The next so many rows of a part.
  struct Step {
    std::uint16_t part;
    std::uint16_t rows;
  };
  struct Plan {
    explicit Plan(Workspace& space) : steps(space) {}
    void add(std::uint16_t part, std::uint64_t rows);
    Status finish();
    Spool<Step> steps;
    Step last{0, 0};
  };
  /// What one lead does in one part.
  struct Slice {
    std::uint16_t part;
    EventIndex begin, end;
  };
  using UseValues = std::function<void(std::span<const Value>)>;
  /// A column of all, and who says its values: texts and lists in the numbers of the merge.
  struct MergedColumn {
    layout::What what;
    std::uint16_t kind, field;
    const FieldNames* type;
    std::function<void(const UseValues&)> values;
    bool said = false;  ///< by some row of some part
  };
  /// What a file has to know of a merged column beforehand.
  struct Survey {
    std::uint64_t count = 0;         ///< rows up to the last that says something
    std::int64_t low = 0, high = 0;  ///< of the numbers in the file
    std::int64_t aux_low = 0, aux_high = 0;
  };
  class Values;

  const Store& store(std::size_t part) const { return parts_[part].file.store; }
  const Kept& kept(std::size_t part) const { return parts_[part].file.kept; }
  const SchemaNames& names() const { return parts_.front().file.names; }

  Status merge_texts();
  Status merge_leads();
  void merge_lead(std::uint32_t text, std::span<const std::pair<std::uint16_t, std::uint32_t>> in);
  void merge_events(std::span<const Slice> slices);
  void interleave(std::span<const Slice> slices);
  void merge_tie(std::span<const Slice> tied, std::vector<EventIndex>& dropped);
  void count_disorder(std::span<const Slice> slices, const std::vector<EventIndex>& dropped);
  std::uint64_t content_hash(std::size_t part, EventIndex event);
  void take(std::uint16_t part, EventIndex begin, EventIndex end, bool dropped = false);
  Status name_accounts();
  Status merge_changes();
  void copy_changes();
  Status derive_changes();

  Value merged(std::size_t part, const FieldNames& type, Value value);
  Value otherwise(std::size_t attribute);
  void collect_columns();
  template <typename Use>
  void each_step(const Plan& plan, Use use) const;
  template <typename Use>
  void each_row(const Plan& plan, Use use) const;
  void lead_values(std::size_t attribute, bool cleared, const UseValues& use);
  void account_values(std::size_t attribute, bool cleared, const UseValues& use);
  template <typename Use>
  void each_account(Use use) const;

  // In join_write.cpp.
  void survey();
  void survey(const MergedColumn& column, Survey& found);
  void mark(const FieldNames& type, Value value);
  void number_lists();
  Value final_value(const FieldNames& type, Value value) const;
  void text_pieces(std::vector<layout::Piece>& out) const;
  void lead_pieces(std::vector<layout::Piece>& out) const;
  void event_pieces(std::vector<layout::Piece>& out) const;
  void change_pieces(std::vector<layout::Piece>& out) const;
  void kept_pieces(std::vector<layout::Piece>& out, std::string_view rejects) const;
  void column_pieces(const MergedColumn& column, const Survey& found, std::vector<layout::Piece>& out) const;

  std::vector<LogPart> parts_;
  Workspace& space_;
  BuildFacts facts_;
  Instant first_ = kNever, last_ = kNever;
  std::vector<std::uint32_t> positions_before_;  // per part: rows of the log before it

  // All texts, in order, and which of them each text of a part is.
  Spool<std::uint64_t> text_begins_{space_};
  Spool<char> text_bytes_{space_};
  std::vector<Spool<std::uint32_t>> texts_of_;
  Marks used_texts_, account_texts_;
  ListPool lists_;                                    // their texts in the numbers of the merge
  std::vector<std::vector<std::uint32_t>> lists_of_;  // per part and list, of texts or not; kNoText: not met yet
  std::vector<std::uint32_t> final_lists_;            // per list, of texts or not: used, then its number in the file
  std::vector<std::uint64_t> list_begins_;            // as they stand in the file
  std::string list_items_;

  // Per lead.
  Spool<std::uint32_t> lead_texts_{space_};
  Spool<std::uint32_t> given_accounts_{space_}, lead_accounts_{space_};  // texts, or kNoText: of the table; any
  Spool<EventIndex> lead_begin_{space_};
  Spool<Instant> lead_created_{space_};
  Spool<std::uint8_t> lead_marks_{space_};
  Spool<std::uint16_t> lead_parts_{space_};  // the parts of each, the last with kFlag

  // Events: of all, and of each kind.
  Plan plan_{space_};
  std::vector<Plan> kind_plans_;
  std::vector<RowIndex> rows_;  // per kind
  EventIndex events_ = 0;

  Spool<EventIndex> change_events_{space_};
  Spool<std::uint32_t> change_begin_{space_};
  Spool<AttributeChange> changes_{space_};

  std::vector<MergedColumn> columns_;
  std::vector<Survey> surveys_;
};

}  // namespace nurture::store
