#pragma once

#include <cstdint>
#include <vector>

#include "runtime/store/column.h"

/// What a replay does not need to know of a log, and joining it with another part of the same log does.
namespace nurture::store {

/// What is known of a lead beside its attributes: bits of Kept::leads.
enum LeadMark : std::uint8_t {
  kInLog = 1,         ///< a row of the log names it
  kInTable = 2,       ///< the lead table does
  kBegan = 4,         ///< somebody said when it began; else it is there from the beginning of the log
  kAccountGiven = 8,  ///< its account is that of the lead table, not that of its attribute
};

/// Of an account in Kept::accounts: it is one, whatever account the leads begin with.
inline constexpr std::uint8_t kAccountNamed = 1;

struct Kept {
  std::uint32_t rows = 0;        ///< of the log, repeats included: positions are below
  Array<std::uint8_t> leads;     ///< per lead: LeadMark
  Array<std::uint8_t> accounts;  ///< per account: kAccountNamed, or 0
  /// Per attribute the leads and accounts of which a table said last that it is unknown; the values are 0.
  std::vector<Column> lead_cleared, account_cleared;
  Array<std::uint64_t> ids;  ///< per event the hash of the source's id, 0: none; empty where it declares none

  std::uint16_t account_attribute = UINT16_MAX;  ///< of leads: names their account; UINT16_MAX: none does

  /// Where every row of the source carries attributes of its lead, those attributes. Changes are what differs from
  /// what the rows before said; this is what each row said.
  std::vector<std::uint16_t> row_attributes;
  std::vector<Column> said;       ///< per row attribute, by event
  std::vector<Column> otherwise;  ///< per attribute one row: what leads have of whom nothing is said
};

}  // namespace nurture::store
