#pragma once

#include "runtime/vm/vm.h"

/// Questions about where now stands to an instant or date (§3.2, §6.1). Unknown operands give false or unknown. Each
/// notes in the frame when its answer changes by itself.
namespace nurture::vm::past {

/// The local date; another one at the next local midnight.
Value today(const Frame& frame);
Value days_since(const Frame& frame, Value at);
bool in_last(const Frame& frame, Value at, Value length);
bool within_next(const Frame& frame, Value at, Value length);
bool within_next_date(const Frame& frame, Value date, Value length);

bool was_in(const Frame& frame, std::uint16_t campaign, std::uint16_t reason);
bool was_in_last(const Frame& frame, std::uint16_t campaign, std::uint16_t reason, Value within);
Value score(const Frame& frame, std::uint16_t score);
bool score_compares(const Frame& frame, std::uint16_t score, std::uint16_t test, Value bound);

}  // namespace nurture::vm::past
