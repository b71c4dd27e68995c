#include "runtime/outcome/compare.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace nurture::outcome {

namespace {

constexpr std::size_t index_of(Facet facet) { return static_cast<std::size_t>(facet); }
constexpr std::size_t index_of(Fate fate) { return static_cast<std::size_t>(fate); }

auto group_of(const Decision& d) { return std::tuple(d.facet, d.campaign, d.what); }

void sort_for_pairing(std::vector<Decision>& decisions) {
  std::stable_sort(decisions.begin(), decisions.end(),
                   [](const Decision& a, const Decision& b) { return group_of(a) < group_of(b); });
}

/// What the rows of a facet are told apart by.
std::uint32_t name_of(const Decision& d) {
  const bool by_detail = d.facet == Facet::Exits || d.facet == Facet::Entries || d.facet == Facet::AtTheEnd;
  return by_detail ? d.detail : d.what;
}

/// The nth of one version is the nth of the other; elsewhere an instant tells more.
bool goes_by_number(Facet facet) {
  return facet == Facet::Entries || facet == Facet::Exits || facet == Facet::Branches || facet == Facet::AtTheEnd;
}

}  // namespace

std::string_view facet_word(Facet facet) {
  switch (facet) {
    case Facet::Entries:
      return "entries";
    case Facet::Messages:
      return "messages";
    case Facet::HandOffs:
      return "hand-offs to sales";
    case Facet::Work:
      return "calls, tasks and notes";
    case Facet::Goals:
      return "goals reached";
    case Facet::Exits:
      return "exits";
    case Facet::Branches:
      return "passes of splits";
    case Facet::Deeds:
      return "other actions";
    case Facet::AtTheEnd:
      return "inside at the end";
  }
  return {};
}

std::string_view fate_word(Fate fate) {
  switch (fate) {
    case Fate::Same:
      return "same";
    case Fate::Earlier:
      return "earlier";
    case Fate::Later:
      return "later";
    case Fate::Other:
      return "other";
    case Fate::Lost:
      return "lost";
    case Fate::Added:
      return "added";
  }
  return {};
}

std::uint64_t LogComparison::before(Facet facet) const {
  std::uint64_t sum = 0;
  for (std::uint64_t each : fates[index_of(facet)]) sum += each;
  return sum - fates[index_of(facet)][index_of(Fate::Added)];
}

std::uint64_t LogComparison::after(Facet facet) const {
  std::uint64_t sum = 0;
  for (std::uint64_t each : fates[index_of(facet)]) sum += each;
  return sum - fates[index_of(facet)][index_of(Fate::Lost)];
}

void LogComparison::merge(const LogComparison& later) {
  for (std::size_t i = 0; i < kFacets; ++i) {
    for (std::size_t j = 0; j < kFates; ++j) fates[i][j] += later.fates[i][j];
  }
  for (const auto& [key, found] : later.differences) {
    const auto [mine, fresh] = differences.emplace(key, found);
    if (fresh) continue;
    Difference merged = mine->second.member <= found.member ? mine->second : found;
    merged.count = mine->second.count + found.count;
    merged.leads = mine->second.leads + found.leads;
    mine->second = merged;
  }
  members += later.members;
  different += later.different;
}

void MemberComparer::add(Fate fate, const Decision* before, const Decision* after) {
  const Decision& any = after ? *after : *before;
  ++result_.fates[index_of(any.facet)][index_of(fate)];
  if (fate == Fate::Same) return;
  different_ = true;
  DifferenceKey key{any.campaign, any.facet, fate, name_of(before ? *before : any), name_of(any)};
  if (any.facet == Facet::Branches && fate == Fate::Other) key.before = before->detail, key.after = after->detail;
  const auto [row, fresh] = result_.differences.try_emplace(key);
  Difference& found = row->second;
  ++found.count;
  if (std::find(seen_.begin(), seen_.end(), &row->first) == seen_.end()) {
    seen_.push_back(&row->first);
    ++found.leads;
  }
  if (!fresh) return;
  found.member = member_;
  if (before) found.before = before->at, found.place_before = before->place;
  if (after) found.after = after->at, found.place_after = after->place;
}

void MemberComparer::pair_in_order(const Decision* before, std::size_t n, const Decision* after, std::size_t m) {
  for (std::size_t i = 0; i < std::max(n, m); ++i) {
    if (i >= m) {
      add(Fate::Lost, &before[i], nullptr);
    } else if (i >= n) {
      add(Fate::Added, nullptr, &after[i]);
    } else if (before[i].detail != after[i].detail) {
      add(Fate::Other, &before[i], &after[i]);
    } else {
      // When somebody passed a split, or where they stand since when, is no matter of its own.
      const bool timed = before[i].facet == Facet::Entries || before[i].facet == Facet::Exits;
      add(!timed || before[i].at == after[i].at ? Fate::Same
          : after[i].at < before[i].at          ? Fate::Earlier
                                                : Fate::Later,
          &before[i], &after[i]);
    }
  }
}

/// Those of one instant are the same; the rest are each other's in order. A message without a counterpart may have been
/// replaced.
void MemberComparer::pair_by_instant(const Decision* before, std::size_t n, const Decision* after, std::size_t m) {
  std::vector<const Decision*> old, fresh;
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && before[i].at == after[j].at)
      add(Fate::Same, &before[i++], &after[j++]);
    else if (j == m || (i < n && before[i].at < after[j].at))
      old.push_back(&before[i++]);
    else
      fresh.push_back(&after[j++]);
  }
  const std::size_t pairs = std::min(old.size(), fresh.size());
  for (std::size_t k = 0; k < pairs; ++k)
    add(fresh[k]->at < old[k]->at ? Fate::Earlier : Fate::Later, old[k], fresh[k]);
  lost_.insert(lost_.end(), old.begin() + static_cast<std::ptrdiff_t>(pairs), old.end());
  added_.insert(added_.end(), fresh.begin() + static_cast<std::ptrdiff_t>(pairs), fresh.end());
}

/// What is lost and added in one campaign at one instant was replaced.
void MemberComparer::pair_replaced() {
  for (const Decision*& old : lost_) {
    const auto now = std::find_if(added_.begin(), added_.end(), [&](const Decision* each) {
      return each && each->facet == Facet::Messages && old->facet == Facet::Messages && each->at == old->at &&
             each->campaign == old->campaign;
    });
    if (now == added_.end()) continue;
    add(Fate::Other, old, *now);
    old = *now = nullptr;
  }
  for (const Decision* each : lost_) {
    if (each) add(Fate::Lost, each, nullptr);
  }
  for (const Decision* each : added_) {
    if (each) add(Fate::Added, nullptr, each);
  }
  lost_.clear();
  added_.clear();
}

void MemberComparer::pair_group(const Decision* before, std::size_t n, const Decision* after, std::size_t m) {
  const Facet facet = n > 0 ? before->facet : after->facet;
  if (goes_by_number(facet))
    pair_in_order(before, n, after, m);
  else
    pair_by_instant(before, n, after, m);
}

void MemberComparer::compare(std::vector<Decision>& before, std::vector<Decision>& after) {
  NURTURE_CHECK(!before.empty() || !after.empty());
  member_ = before.empty() ? after.front().member : before.front().member;
  different_ = false;
  seen_.clear();
  sort_for_pairing(before);
  sort_for_pairing(after);
  for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    const bool old_first = j == after.size() || (i < before.size() && group_of(before[i]) <= group_of(after[j]));
    const auto group = group_of(old_first ? before[i] : after[j]);
    std::size_t n = 0, m = 0;
    while (i + n < before.size() && group_of(before[i + n]) == group) ++n;
    while (j + m < after.size() && group_of(after[j + m]) == group) ++m;
    pair_group(before.data() + i, n, after.data() + j, m);
    i += n, j += m;
  }
  pair_replaced();
  result_.different += different_ ? 1 : 0;
}

}  // namespace nurture::outcome
