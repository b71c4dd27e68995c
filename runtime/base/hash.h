#pragma once

#include <cstdint>
#include <string_view>

namespace nurture {

/// XXH64 of the bytes: the published hash behind splits, holdouts, checksums and content hashes. The same on every
/// machine.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

/// XXH3 of 64 bits, without a seed: as good for finding damage, and twice as fast over large blocks.
std::uint64_t checksum64(std::string_view bytes);

}  // namespace nurture
