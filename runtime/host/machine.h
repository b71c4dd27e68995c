#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/base/scratch.h"

namespace nurture::host {

/// Bytes of memory that this process takes now, pages of mapped files included; 0 where the system does not say.
std::uint64_t resident_memory();
/// Bytes of memory that it may take: those of the machine, or of the group of processes that it is in; 0: unknown.
std::uint64_t memory_of_machine();
/// Gives back to the system what has been freed.
void trim_memory();

/// On the disk where `beside` is or will be.
Result<std::unique_ptr<Scratch>> create_scratch(const std::string& beside);

}  // namespace nurture::host
