#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <string>

#include "runtime/statistics/proportions.h"
#include "tests/catch.h"

/// Whether intervals hold what they say: counted over worlds whose truth is known. The tables are in docs/intervals.md.
namespace nurture::test {

/// How often intervals held the truth, by what they are of.
class Coverage {
 public:
  void note(const std::string& what, const statistics::Interval& interval, double truth) {
    note(what, interval.holds(truth));
  }
  void note(const std::string& what, bool held) {
    Tally& tally = tallies_[what];
    ++tally.of;
    tally.held += held ? 1 : 0;
  }
  /// Prints a row of the table each, and checks that the shares are between these.
  void check(std::string_view world, double least = 0.93, double most = 0.97) const {
    for (const auto& [what, tally] : tallies_) {
      const double share = static_cast<double>(tally.held) / static_cast<double>(tally.of);
      fmt::print("| {} | {} | {} | {:.1f} % |\n", world, what, tally.of, share * 100);
      INFO(world << ": " << what);
      CHECK(share >= least);
      CHECK(share <= most);
    }
  }

 private:
  struct Tally {
    std::uint64_t of = 0, held = 0;
  };
  std::map<std::string, Tally> tallies_;
};

}  // namespace nurture::test
