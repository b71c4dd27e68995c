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

/// The send sites that one activation of a body can reach, in ascending order.
std::vector<std::uint16_t> sends_of(const bytecode::Module& module, const bytecode::Campaign& campaign,
                                    bytecode::Pc body);

}  // namespace nurture::engine
