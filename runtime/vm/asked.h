#pragma once

#include <bit>
#include <cstdint>

#include "runtime/bytecode/module.h"

namespace nurture::vm {

/// Which of its wishes a content asks a lead for, as bits of `Content::asks`: the first that are unknown, as many as
/// one message may ask for.
inline std::uint64_t asked(const bytecode::Content& content, const Value* lead) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < content.asks.size() && std::popcount(bits) < content.asks_up_to; ++i) {
    if (!lead[content.asks[i]].known) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

}  // namespace nurture::vm
