#include "compiler/compare/align.h"

#include <algorithm>
#include <map>

namespace nurture::compare {

namespace {

using Items = std::vector<const Item*>;

/// How much speaks for two items being the same one: equal ones above all, then those of one noun.
std::uint32_t likeness(const Item& a, const Item& b) {
  constexpr std::uint32_t kEqual = 4, kAlike = 1;
  if (a.whole == b.whole) return kEqual;
  return a.noun == b.noun && a.key == b.key ? kAlike : 0;
}

/// The pairs, in order, for which most speaks in all.
std::vector<Match> align_sequence(const Items& a, const Items& b) {
  std::vector<std::vector<std::uint32_t>> best(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1, 0));
  const auto paired = [&](std::size_t i, std::size_t j) {
    const std::uint32_t like = likeness(*a[i], *b[j]);
    return like > 0 ? best[i + 1][j + 1] + like : 0;
  };
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) best[i][j] = std::max({paired(i, j), best[i + 1][j], best[i][j + 1]});
  }
  std::vector<Match> out;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (best[i][j] > 0 && paired(i, j) == best[i][j])
      out.push_back({a[i++], b[j++]});
    else if (best[i + 1][j] >= best[i][j + 1])
      out.push_back({a[i++], nullptr});
    else
      out.push_back({nullptr, b[j++]});
  }
  for (; i < a.size(); ++i) out.push_back({a[i], nullptr});
  for (; j < b.size(); ++j) out.push_back({nullptr, b[j]});
  return out;
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
  std::vector<Match> sequence = align_sequence(chosen(before, false), chosen(after, false));
  find_moved(sequence);
  set_previous(after, sequence);
  out.insert(out.end(), sequence.begin(), sequence.end());
  sort_as_written(before, after, out);
  return out;
}

}  // namespace nurture::compare
