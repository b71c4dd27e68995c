#pragma once

#include <cstdint>
#include <vector>

#include "runtime/engine/program.h"

/// What can be read off a piece of code without running it.
namespace nurture::engine {

/// `program` knows the kinds of its histories and scores already.
Reads reads_of(const Program& program, bytecode::Pc expression);

/// The lead attributes that an expression reads.
std::vector<std::uint16_t> attributes_of(const bytecode::Module& module, bytecode::Pc expression);

/// Whether an expression looks at nothing but the event at hand, the lead's attributes and the clock.
bool of_event_and_lead(const bytecode::Module& module, bytecode::Pc expression);

/// Bounds that a property of the event at hand must lie within for an expression to hold, both included.
struct Bounds {
  std::uint16_t kind = bytecode::kNone;  ///< kNone: the expression is none of that form
  std::uint16_t property = 0;
  std::int64_t low = INT64_MIN, high = INT64_MAX;
};
Bounds bounds_of(const vm::BoundModule& bound, bytecode::Pc expression);

/// The send sites that one activation of a body can reach, in ascending order.
std::vector<std::uint16_t> sends_of(const bytecode::Module& module, const bytecode::Campaign& campaign,
                                    bytecode::Pc body);

}  // namespace nurture::engine
