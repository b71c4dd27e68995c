#include <algorithm>

#include "compiler/format/page.h"

namespace nurture::format {

namespace {

class Wrapper {
 public:
  Wrapper(const Page& page, std::uint32_t continued) : page_(page), continued_(continued) {}

  /// Breaks at the places of the lowest rank: at all of them if that is their way, otherwise as late as possible; and
  /// inside of what is still too long, at those of the next rank.
  void run(std::uint32_t begin, std::uint32_t end, std::uint32_t column) {
    std::uint32_t rank = column + width(page_, begin, end) <= kWidth ? 0 : lowest(begin, end);
    if (rank == 0) return;
    for (std::uint32_t at = begin; at < end;) {
      std::uint32_t next = at + 1;
      while (next < end && page_.words[next].wrap != rank) ++next;
      column = place(at, next, column, at == begin);
      at = next;
    }
  }

  std::vector<Break> take() { return std::move(breaks_); }

 private:
  std::uint32_t lowest(std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t rank = 0;
    for (std::uint32_t i = begin + 1; i < end; ++i) {
      std::uint32_t here = page_.words[i].wrap;
      if (here && (rank == 0 || here < rank)) rank = here;
    }
    return rank;
  }

  /// Puts one part behind what stands at `column`, or on a line of its own; where it ends.
  std::uint32_t place(std::uint32_t begin, std::uint32_t end, std::uint32_t column, bool first) {
    std::uint32_t size = width(page_, begin, end);
    if (!first) {
      std::uint32_t after = column + spaces(page_, begin) + size;
      if (!page_.words[begin].wrap_all && after <= kWidth) return after;
      std::uint32_t depth = syntax::depth(page_.words[begin]);
      outer_ = std::min(outer_, depth);
      column = continued_ + kIndent * (depth - outer_);
      breaks_.push_back({begin, column});
    }
    std::size_t before = breaks_.size();
    run(begin, end, column);
    if (breaks_.size() == before) return column + size;
    return breaks_.back().column + width(page_, breaks_.back().word, end);
  }

  const Page& page_;
  const std::uint32_t continued_;
  std::uint32_t outer_ = kNone;  ///< the fewest brackets around a break
  std::vector<Break> breaks_;
};

}  // namespace

std::vector<Break> wraps(const Page& page, std::uint32_t begin, std::uint32_t end, std::uint32_t column,
                         std::uint32_t continued) {
  Wrapper wrapper(page, continued);
  wrapper.run(begin, end, column);
  return wrapper.take();
}

}  // namespace nurture::format
