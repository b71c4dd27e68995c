#include "runtime/statistics/draws.h"

namespace nurture::statistics {
namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

__extension__ using Wide = unsigned __int128;

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
    key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
  }
  return counter;
}

std::uint64_t Draws::next() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  auto words = philox({low(block_), high(block_), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
  ++block_;
  spare_ = words[2] | std::uint64_t{words[3]} << 32;
  has_spare_ = true;
  return words[0] | std::uint64_t{words[1]} << 32;
}

std::uint64_t Draws::below(std::uint64_t n) { return static_cast<std::uint64_t>(Wide{next()} * n >> 64); }

}  // namespace nurture::statistics
