#include "compiler/format/diff.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <vector>

namespace nurture::format {

namespace {

using Lines = std::vector<std::string_view>;

/// With their line ends, so that one that is missing is a difference.
Lines split(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

/// ' ' stays, '-' goes, '+' comes.
using Script = std::string;

/// The shortest way from one to the other, after Myers; beyond `kMost` changes simply all of one for all of the other.
class Shortest {
 public:
  Shortest(const Lines& a, const Lines& b) : a_(a), b_(b) {}

  Script run() {
    constexpr std::int64_t kMost = 3000;
    std::int64_t n = size(a_), m = size(b_);
    for (std::int64_t changes = 0; changes <= std::min(kMost, n + m); ++changes) {
      if (reaches(changes, n, m)) return script(changes, n, m);
    }
    return Script(a_.size(), '-') + Script(b_.size(), '+');
  }

 private:
  static std::int64_t size(const Lines& lines) { return static_cast<std::int64_t>(lines.size()); }
  const std::string_view& at(const Lines& lines, std::int64_t i) const { return lines[static_cast<std::size_t>(i)]; }

  /// How far along diagonal k one gets with so many changes.
  std::int64_t& reach(std::int64_t changes, std::int64_t k) {
    return reach_[static_cast<std::size_t>(changes)][static_cast<std::size_t>(k + changes + 1)];
  }
  bool comes_down(std::int64_t changes, std::int64_t k) {
    return k == -changes || (k != changes && reach(changes - 1, k - 1) < reach(changes - 1, k + 1));
  }

  bool reaches(std::int64_t changes, std::int64_t n, std::int64_t m) {
    reach_.emplace_back(static_cast<std::size_t>(2 * changes + 3), -1);
    for (std::int64_t k = -changes; k <= changes; k += 2) {
      std::int64_t x = 0;
      if (changes > 0) x = comes_down(changes, k) ? reach(changes - 1, k + 1) : reach(changes - 1, k - 1) + 1;
      while (x < n && x - k < m && at(a_, x) == at(b_, x - k)) ++x;
      reach(changes, k) = x;
      if (x >= n && x - k >= m) return true;
    }
    return false;
  }

  /// Walks back from the end.
  Script script(std::int64_t changes, std::int64_t n, std::int64_t m) {
    Script out;
    std::int64_t x = n;
    for (std::int64_t k = n - m; changes > 0; --changes) {
      bool down = comes_down(changes, k);
      std::int64_t from = down ? reach(changes - 1, k + 1) : reach(changes - 1, k - 1) + 1;
      out.append(static_cast<std::size_t>(x - from), ' ');
      out += down ? '+' : '-';
      x = down ? from : from - 1;
      k += down ? 1 : -1;
    }
    out.append(static_cast<std::size_t>(x), ' ');
    std::reverse(out.begin(), out.end());
    return out;
  }

  const Lines& a_;
  const Lines& b_;
  std::vector<std::vector<std::int64_t>> reach_;
};

/// One group of changes with the lines around it.
class Hunks {
 public:
  Hunks(const Lines& a, const Lines& b, const Script& script) : a_(a), b_(b), script_(script) {}

  std::string run() {
    constexpr std::size_t kAround = 3;
    for (std::size_t i = script_.find_first_not_of(' '); i != Script::npos;) {
      std::size_t last = i;
      std::size_t next = i;
      while (next != Script::npos && next <= last + 2 * kAround + 1) {
        last = next;
        next = script_.find_first_not_of(' ', last + 1);
      }
      hunk(i < kAround ? 0 : i - kAround, std::min(last + 1 + kAround, script_.size()));
      i = next;
    }
    return std::move(out_);
  }

 private:
  void hunk(std::size_t begin, std::size_t end) {
    for (; at_ < begin; ++at_) ++line_a_, ++line_b_;
    std::size_t a = line_a_, b = line_b_;
    std::string body;
    for (; at_ < end; ++at_) {
      char what = script_[at_];
      body += what;
      body += what == '+' ? b_[line_b_] : a_[line_a_];
      if (body.back() != '\n') body += "\n\\ No newline at end of file\n";
      line_a_ += what != '+';
      line_b_ += what != '-';
    }
    out_ += fmt::format("@@ -{} +{} @@\n", place(a, line_a_), place(b, line_b_)) + body;
  }

  static std::string place(std::size_t begin, std::size_t end) {
    std::size_t count = end - begin;
    std::size_t first = count == 0 ? begin : begin + 1;
    return count == 1 ? fmt::format("{}", first) : fmt::format("{},{}", first, count);
  }

  const Lines& a_;
  const Lines& b_;
  const Script& script_;
  std::string out_;
  std::size_t at_ = 0, line_a_ = 0, line_b_ = 0;
};

/// A tab ends a name that holds a space, as patch and git have it.
std::string heading(std::string_view name) {
  return std::string(name) + (name.find(' ') == std::string_view::npos ? "" : "\t");
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after) {
  if (before == after) return {};
  Lines a = split(before), b = split(after);
  Script script = Shortest(a, b).run();
  return fmt::format("--- {}\n+++ {}\n", heading(name_before), heading(name_after)) + Hunks(a, b, script).run();
}

}  // namespace nurture::format
