#include "tools/nurture/log_members.h"

#include <algorithm>
#include <numeric>

namespace nurture::tool {

namespace {

/// The number that stands for all that belong together: the smallest.
std::uint32_t find(std::vector<std::uint32_t>& root, std::uint32_t member) {
  while (root[member] != member) member = root[member] = root[root[member]];
  return member;
}

void unite(std::vector<std::uint32_t>& root, const store::Store& store, const std::vector<std::uint32_t>& numbers) {
  for (std::size_t unit = 0; store.linked() && unit < store.units(); ++unit) {
    for (std::uint32_t i = store.unit_begin[unit] + 1; i < store.unit_begin[unit + 1]; ++i) {
      const std::uint32_t a = find(root, numbers[store.unit_members[i - 1]]);
      const std::uint32_t b = find(root, numbers[store.unit_members[i]]);
      root[std::max(a, b)] = std::min(a, b);
    }
  }
}

std::vector<store::LeadIndex> present(const std::vector<std::uint32_t>& part,
                                      const std::vector<store::LeadIndex>& leads) {
  std::vector<store::LeadIndex> out;
  for (std::uint32_t member : part) {
    if (leads[member] != store::kNoLead) out.push_back(leads[member]);
  }
  return out;
}

}  // namespace

LogMembers::LogMembers(const store::Store& before, const store::Store& after)
    : before_(before), after_(after), of_before_(before.leads.size()), of_after_(after.leads.size()) {
  join(0, before.lead_count(), 0, after.lead_count());
  leads_ = size();
  join(before.lead_count(), before.leads.size(), after.lead_count(), after.leads.size());
}

/// Merges two sorted runs of keys.
void LogMembers::join(std::size_t i, std::size_t before_end, std::size_t j, std::size_t after_end) {
  while (i < before_end || j < after_end) {
    int order = i == before_end ? 1 : j == after_end ? -1 : 0;
    if (order == 0) order = before_.texts.at(before_.leads[i]).compare(after_.texts.at(after_.leads[j]));
    const auto member = static_cast<std::uint32_t>(size());
    before_lead_.push_back(order <= 0 ? static_cast<store::LeadIndex>(i) : store::kNoLead);
    after_lead_.push_back(order >= 0 ? static_cast<store::LeadIndex>(j) : store::kNoLead);
    if (order <= 0) of_before_[i++] = member;
    if (order >= 0) of_after_[j++] = member;
  }
}

std::string_view LogMembers::key(std::uint32_t member) const {
  if (before_lead_[member] != store::kNoLead) return before_.texts.at(before_.leads[before_lead_[member]]);
  return after_.texts.at(after_.leads[after_lead_[member]]);
}

std::vector<std::uint32_t> LogMembers::roots() const {
  std::vector<std::uint32_t> root(size());
  std::iota(root.begin(), root.end(), 0);
  unite(root, before_, of_before_);
  if (&after_ != &before_) unite(root, after_, of_after_);
  for (std::uint32_t i = 0; i < root.size(); ++i) root[i] = find(root, i);
  return root;
}

std::vector<std::vector<std::uint32_t>> LogMembers::parts(std::size_t wanted) const {
  const std::vector<std::uint32_t> root = roots();
  std::vector<std::uint32_t> order(size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return root[a] < root[b]; });
  std::vector<std::vector<std::uint32_t>> parts;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool full = parts.empty() || (parts.back().size() >= wanted && root[order[i]] != root[order[i - 1]]);
    if (full) parts.emplace_back();
    parts.back().push_back(order[i]);
  }
  for (auto& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

std::vector<store::LeadIndex> LogMembers::leads_before(const std::vector<std::uint32_t>& part) const {
  return present(part, before_lead_);
}

std::vector<store::LeadIndex> LogMembers::leads_after(const std::vector<std::uint32_t>& part) const {
  return present(part, after_lead_);
}

}  // namespace nurture::tool
