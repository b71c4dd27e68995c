#include <algorithm>
#include <numeric>

#include "compiler/diagnostics/diagnostics.h"

namespace nurture {

namespace {

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edit distance where swapping two neighbours is one slip; gives up (returns bound + 1) once it cannot be within it.
std::size_t distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size() + bound || b.size() > a.size() + bound) return bound + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t change = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      bool swapped = i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
      best = std::min(best, row[j]);
    }
    if (best > bound) return bound + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates) {
  // One slip in a short word, a third of a long one; beyond that a suggestion is a guess.
  constexpr std::size_t kLongest = 128;
  if (word.empty() || word.size() > kLongest) return {};
  std::size_t bound = std::clamp<std::size_t>(word.size() / 3, 1, 4);
  std::string_view found;
  for (std::string_view candidate : candidates) {
    std::size_t d = distance(word, candidate, bound);
    // A distance as long as the word itself would replace all of it.
    if (d > bound || d >= std::max(word.size(), candidate.size())) continue;
    if (d == 0) return candidate;
    if (d < bound || found.empty()) found = candidate;
    bound = d;
  }
  return found;
}

}  // namespace nurture
