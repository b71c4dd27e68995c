#include "runtime/base/hash.h"

#include <xxhash.h>

namespace nurture {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) { return XXH64(bytes.data(), bytes.size(), seed); }

std::uint64_t checksum64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace nurture
