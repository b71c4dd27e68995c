#include "compiler/compare/align.h"

#include <algorithm>
#include <map>

namespace nurture::compare {

namespace {

using Items = std::vector<const Item*>;

/// Pairs of a longest common subsequence, as indices.
template <typename Same>
std::vector<std::pair<std::size_t, std::size_t>> common(const Items& a, const Items& b, const Same& same) {
  std::vector<std::vector<std::uint32_t>> length(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length[i][j] = same(*a[i], *b[j]) ? length[i + 1][j + 1] + 1 : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (same(*a[i], *b[j]) && length[i][j] == length[i + 1][j + 1] + 1)
      pairs.emplace_back(i++, j++);
    else if (length[i + 1][j] >= length[i][j + 1])
      ++i;
    else
      ++j;
  }
  return pairs;
}

Items part_of(const Items& all, std::size_t begin, std::size_t end) {
  return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// Calls `gap` for what stands before each pair and behind the last, `pair` for each.
template <typename Gap, typename Pair>
void walk(const Items& a, const Items& b, const std::vector<std::pair<std::size_t, std::size_t>>& pairs, const Gap& gap,
          const Pair& pair) {
  std::size_t i = 0, j = 0;
  for (const auto& [x, y] : pairs) {
    gap(part_of(a, i, x), part_of(b, j, y));
    pair(a[x], b[y]);
    i = x + 1, j = y + 1;
  }
  gap(part_of(a, i, a.size()), part_of(b, j, b.size()));
}

bool is_equal(const Item& a, const Item& b) { return a.whole == b.whole; }
bool is_alike(const Item& a, const Item& b) { return a.noun == b.noun && a.key == b.key; }

/// What is equal is the same; of the rest, what is of one noun may be.
void align_sequence(const Items& a, const Items& b, std::vector<Match>& out) {
  const auto lone = [&out](const Items& gone, const Items& fresh) {
    for (const Item* each : gone) out.push_back({each, nullptr});
    for (const Item* each : fresh) out.push_back({nullptr, each});
  };
  const auto both = [&out](const Item* x, const Item* y) { out.push_back({x, y}); };
  const auto gap = [&](const Items& x, const Items& y) { walk(x, y, common(x, y, is_alike), lone, both); };
  walk(a, b, common(a, b, is_equal), gap, both);
}

/// What is both gone and new, word for word, has moved.
void find_moved(std::vector<Match>& matches) {
  for (Match& fresh : matches) {
    if (fresh.before || !fresh.after || fresh.after->key.empty() == false) continue;
    const auto gone = std::find_if(matches.begin(), matches.end(), [&](const Match& each) {
      return each.before && !each.after && each.before->whole == fresh.after->whole;
    });
    if (gone == matches.end()) continue;
    fresh.before = gone->before;
    fresh.moved = true;
    gone->before = nullptr;
  }
  std::erase_if(matches, [](const Match& each) { return !each.before && !each.after; });
}

void set_previous(const std::vector<Item>& after, std::vector<Match>& matches) {
  std::map<const Item*, const Item*> previous;
  const Item* last = nullptr;
  for (const Item& each : after) {
    if (each.unordered || !each.key.empty()) continue;
    previous[&each] = last;
    last = &each;
  }
  for (Match& each : matches) {
    if (each.after) each.previous = previous[each.after];
  }
}

/// By name, or where it does not matter where they stand: what is equal, then what is of one noun, in their order.
void align_loose(const Items& before, const Items& after, std::vector<Match>& out) {
  std::multimap<std::string_view, const Item*> left;
  for (const Item* each : before) left.emplace(each->whole, each);
  Items fresh;
  for (const Item* each : after) {
    auto found = left.find(each->whole);
    if (found == left.end()) {
      fresh.push_back(each);
      continue;
    }
    left.erase(found);
  }
  std::multimap<std::pair<std::string_view, std::string_view>, const Item*> gone;
  for (const Item* each : before) {
    const auto [first, last] = left.equal_range(each->whole);
    if (std::any_of(first, last, [each](const auto& row) { return row.second == each; }))
      gone.emplace(std::pair<std::string_view, std::string_view>(each->noun, each->key), each);
  }
  for (const Item* each : fresh) {
    auto found = gone.find({each->noun, each->key});
    out.push_back({found == gone.end() ? nullptr : found->second, each});
    if (found != gone.end()) gone.erase(found);
  }
  for (const Item* each : before) {
    const auto [first, last] = gone.equal_range({each->noun, each->key});
    if (std::any_of(first, last, [each](const auto& row) { return row.second == each; }))
      out.push_back({each, nullptr});
  }
}

Items chosen(const std::vector<Item>& items, bool loose) {
  Items out;
  for (const Item& each : items) {
    if ((each.unordered || !each.key.empty()) == loose) out.push_back(&each);
  }
  return out;
}

/// As they are written; what is gone stands where it stood.
void sort_as_written(const std::vector<Item>& before, const std::vector<Item>& after, std::vector<Match>& matches) {
  const auto place = [&](const Match& each) {
    return each.after ? each.after - after.data() : each.before - before.data();
  };
  std::stable_sort(matches.begin(), matches.end(), [&](const Match& a, const Match& b) { return place(a) < place(b); });
}

}  // namespace

std::vector<Match> align(const std::vector<Item>& before, const std::vector<Item>& after) {
  std::vector<Match> out;
  align_loose(chosen(before, true), chosen(after, true), out);
  std::vector<Match> sequence;
  align_sequence(chosen(before, false), chosen(after, false), sequence);
  find_moved(sequence);
  set_previous(after, sequence);
  out.insert(out.end(), sequence.begin(), sequence.end());
  sort_as_written(before, after, out);
  return out;
}

}  // namespace nurture::compare
