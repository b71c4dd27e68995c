#pragma once

#include <bit>
#include <cstdint>

#include "runtime/vm/vm.h"

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

/// The first variant whose condition holds; null: the content as it is.
inline const bytecode::ContentVariant* variant_for(const Frame& frame, const bytecode::Campaign* campaign,
                                                   const bytecode::Content& content) {
  for (const bytecode::ContentVariant& each : content.variants) {
    if (holds(frame, campaign, each.condition)) return &each;
  }
  return nullptr;
}

}  // namespace nurture::vm
