#include "tools/nurture/graph/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace nurture::tool {

namespace {

/// Of Helvetica, thousandths of the size, from the space to the tilde.
constexpr std::array<std::uint16_t, 95> kWidths{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr double kOther = 0.62;  ///< letters with accents, Greek, Cyrillic
constexpr double kWide = 1.05;   ///< the scripts of East Asia, pictographs
constexpr double kReserve = 1.06;

/// Bytes of the character that begins here.
std::size_t length_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

double width_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first >= ' ' && first <= '~') return kWidths[first - ' '] / 1000.0;
  // Three bytes from E2 BA on: behind the punctuation and the arrows.
  const bool wide =
      first >= 0xE3 || (first == 0xE2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xBA);
  return wide ? kWide : kOther;
}

/// How much of a word that is too long fits: best up to a joint.
std::size_t fitting(std::string_view word, double width, double size) {
  std::size_t fits = 0, joint = 0;
  double sum = 0;
  while (fits < word.size()) {
    sum += width_at(word, fits) * size * kReserve;
    if (sum > width) break;
    fits += length_at(word, fits);
    if (std::string_view("._/-,").find(word[fits - 1]) != std::string_view::npos) joint = fits;
  }
  if (joint > 0 && fits < word.size()) return joint;
  return std::max(fits, length_at(word, 0));
}

/// Of letters of size 1.
double sum_of(std::string_view text) {
  double sum = 0;
  for (std::size_t at = 0; at < text.size(); at += length_at(text, at)) sum += width_at(text, at);
  return sum;
}

}  // namespace

double width_of(std::string_view text, double size) { return sum_of(text) * size * kReserve; }

std::optional<double> drawn_width(std::string_view text, double size) {
  const bool known = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return known ? std::optional(sum_of(text) * size) : std::nullopt;
}

std::vector<std::string> wrap(std::string_view text, double width, double size) {
  std::vector<std::string> lines;
  std::string line;
  const auto finish = [&] {
    if (!line.empty()) lines.push_back(std::move(line));
    line.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n\t\r", at), text.size());
    std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (width_of(longer, size) <= width) {
      line = longer;
      continue;
    }
    finish();
    while (width_of(word, size) > width) {
      const std::size_t fits = fitting(word, width, size);
      if (fits >= word.size()) break;
      lines.emplace_back(word.substr(0, fits));
      word.remove_prefix(fits);
    }
    line = word;
  }
  finish();
  return lines;
}

}  // namespace nurture::tool
