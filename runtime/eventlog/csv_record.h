#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/csv.h"
#include "runtime/eventlog/chunk.h"

namespace nurture::eventlog {

/// A CSV record that has a quote in its first line.
struct RecordExtent {
  enum class State : std::uint8_t {
    Whole,
    FirstLine,  ///< it does not read: its first line is given up, so that a stray quote can't swallow the rest
    NeedsMore,
  } state = State::NeedsMore;
  std::size_t size = 0;   ///< bytes that it takes
  bool too_long = false;  ///< longer than a line may be
  const char* why = "";   ///< it does not read
};

/// Splits the record at the beginning of `bytes`. What is found depends on the record and the limit alone, however much
/// stands behind it. `ended`: nothing follows `bytes`.
RecordExtent quoted_record(std::string_view bytes, bool ended, std::uint64_t limit, csv::Fields& fields,
                           std::string& scratch);

}  // namespace nurture::eventlog
