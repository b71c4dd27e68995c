#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/eventlog/chunk.h"
#include "runtime/eventlog/chunk_texts.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/mapper.h"

namespace nurture::eventlog {

/// Where a row without a kind stands among what is of no interest.
inline constexpr std::string_view kLeftOut = "left out by the source";
inline constexpr std::string_view kNoRule = "no rule of the source";

/// The earliest instant of some rows, the latest, and the latest before that.
struct Span {
  Instant first = kNever, last = INT64_MIN, last_but_one = INT64_MIN;

  bool empty() const { return first == kNever; }
  void add(Instant at);
  void add(const Span& other);
};

/// What became of one chunk of a log: its rows in source order, with texts and lists numbered by their first mention in
/// it, and leads by every change of lead: in most logs there are few other rows of a lead so near that looking for them
/// here would spare looking for it in the store. One thread makes it, another gives it to the store.
class Batch final : public Pools {
 public:
  struct Row {
    Instant at;
    std::uint64_t id;  ///< hash of the source's id; 0: none
    std::uint32_t lead;
    std::uint32_t changes;  ///< how many of `changes` are its
    std::uint8_t kind;
  };
  struct Reject {
    std::uint64_t line;  ///< lines of the chunk before it
    std::size_t byte;    ///< in the chunk's buffer
    RejectReason reason;
    std::string detail;
    std::string_view text;
  };
  struct List {
    std::vector<Value> items;
    TypeKind element;
  };
  /// A row that could be read as an event, of interest or not.
  struct Seen {
    std::string_view lead, event;
    Instant at;
    bool declared, left_out;
  };

  /// Empties it for what is in this chunk.
  void begin(const Chunk& chunk);

  TextId text(std::string_view text) override { return texts.number(text); }
  ListId list(std::vector<Value> items, TypeKind element) override;
  /// A lead's number, that of the row before if it is the same.
  std::uint32_t lead(std::string_view key);
  void of_no_interest(std::string_view what);
  /// Counts an action under the campaign that logged it.
  void of_origin(std::string_view campaign, bool superseded_row);
  void saw(const Mapped& mapped);

  ChunkTexts texts;
  std::vector<List> lists;           ///< by ListId
  std::vector<TextId> leads;         ///< by number; whose rows do not follow each other has several
  std::vector<Instant> lives_since;  ///< per lead; kNever: only what its rows say

  std::vector<Row> rows;
  std::vector<Value> properties;  ///< those of all rows, one row after the other
  std::vector<Value> row_attributes;
  std::vector<store::AttributeChange> changes;

  std::vector<Reject> rejects;
  std::vector<Seen> seen;  ///< if anybody wants to know
  ChunkTexts no_interest;
  std::vector<std::uint64_t> no_interest_rows;  ///< per text of `no_interest`
  ChunkTexts origins;
  std::vector<OriginRows> origin_rows;  ///< per text of `origins`
  Span span;
  std::uint64_t read = 0, superseded = 0, outside_choice = 0;
  std::uint64_t lines = 0;  ///< of the chunk
};

}  // namespace nurture::eventlog
