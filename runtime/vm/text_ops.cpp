#include "runtime/vm/text_ops.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace nurture::vm::text {
namespace {

struct FoldingRun {
  char32_t first, last;
  std::uint32_t step;
  std::int32_t delta;
};
constexpr FoldingRun kFolding[] = {
#include "runtime/vm/folding.inc"
};

constexpr char32_t kNotUtf8 = 0x110000;  // plus the byte

bool continues(unsigned char c) { return (c & 0xC0) == 0x80; }

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// Reads one code point from the front of `text`, which is not empty.
char32_t next(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = sequence_length(lead);
  if (length == 1) {
    text.remove_prefix(1);
    return lead;
  }
  bool whole = length != 0 && length <= text.size();
  char32_t c = length == 0 ? 0 : lead & (0x7F >> length);
  for (std::size_t i = 1; whole && i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    whole = continues(byte);
    c = c << 6 | (byte & 0x3F);
  }
  text.remove_prefix(whole ? length : 1);
  return whole ? c : kNotUtf8 + lead;
}

char32_t next(std::string_view& text, bool fold) {
  const char32_t c = next(text);
  return fold ? fold_code_point(c) : c;
}

std::size_t length(std::string_view text) {
  std::size_t n = 0;
  for (; !text.empty(); ++n) next(text);
  return n;
}

/// Whether `a` begins with `b`, folded; `a` is left after it.
bool skip_fold(std::string_view& a, std::string_view b) {
  while (!b.empty()) {
    if (a.empty() || next(a, true) != next(b, true)) return false;
  }
  return true;
}

}  // namespace

char32_t fold_code_point(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  const auto* run = std::upper_bound(std::begin(kFolding), std::end(kFolding), c,
                                     [](char32_t value, const FoldingRun& row) { return value < row.first; });
  if (run == std::begin(kFolding)) return c;
  --run;
  if (c > run->last || (c - run->first) % run->step != 0) return c;
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + run->delta);
}

bool equal_fold(std::string_view a, std::string_view b) { return skip_fold(a, b) && a.empty(); }

bool starts_with(std::string_view a, std::string_view b, bool fold) {
  return fold ? skip_fold(a, b) : a.starts_with(b);
}

bool ends_with(std::string_view a, std::string_view b, bool fold) {
  if (!fold) return a.ends_with(b);
  const std::size_t whole = length(a);
  const std::size_t tail = length(b);
  if (tail > whole) return false;
  for (std::size_t i = tail; i < whole; ++i) next(a);
  return equal_fold(a, b);
}

bool contains(std::string_view a, std::string_view b, bool fold) {
  if (!fold) return a.find(b) != std::string_view::npos;
  for (;;) {
    std::string_view from = a;
    if (skip_fold(from, b)) return true;
    if (a.empty()) return false;
    next(a);
  }
}

// The latest star absorbs what does not fit: no deeper backtracking is ever needed.
bool matches(std::string_view a, std::string_view glob, bool fold) {
  std::string_view star_glob;
  std::string_view star_rest;
  bool star = false;
  while (!a.empty()) {
    std::string_view rest = a;
    std::string_view pattern = glob;
    const char32_t p = pattern.empty() ? 0 : next(pattern, fold);
    if (!glob.empty() && p == '*') {
      star = true;
      star_glob = glob = pattern;
      star_rest = a;
    } else if (const char32_t c = next(rest, fold); !glob.empty() && (p == '?' || p == c)) {
      a = rest;
      glob = pattern;
    } else if (star) {
      next(star_rest);
      a = star_rest;
      glob = star_glob;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace nurture::vm::text
