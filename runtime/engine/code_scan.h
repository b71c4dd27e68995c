#pragma once

#include <cstdint>
#include <vector>

#include "runtime/bytecode/module.h"

/// What can be read off a piece of code without running it.
namespace nurture::engine {

/// What a condition looks at besides what only changes in a step that the engine runs anyway.
struct Reads {
  bool today = false;  ///< can turn at a local midnight
  bool now = false;    ///< can turn at any instant: observed at every event of the lead
};
Reads reads_of(const bytecode::Module& module, bytecode::Pc expression);

/// The lead attributes that an expression reads.
std::vector<std::uint16_t> attributes_of(const bytecode::Module& module, bytecode::Pc expression);

/// The send sites that one activation of a body can reach, in ascending order.
std::vector<std::uint16_t> sends_of(const bytecode::Module& module, const bytecode::Campaign& campaign,
                                    bytecode::Pc body);

}  // namespace nurture::engine
