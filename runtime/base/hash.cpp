#include "runtime/base/hash.h"

#include <xxhash.h>

namespace nurture {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) { return XXH64(bytes.data(), bytes.size(), seed); }

}  // namespace nurture
