#include <algorithm>
#include <numeric>

#include "runtime/base/hash.h"
#include "runtime/store/builder.h"

// The sorting half of the builder: leads by key, rows by (lead, instant, source order), and what the order reveals.

namespace nurture::store {
namespace {

/// Calls `use` with each run of rows that share lead and instant.
template <typename Use>
void for_each_tie(std::span<const std::uint32_t> order, const std::vector<std::uint32_t>& lead,
                  const std::vector<Instant>& at, Use use) {
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    std::uint32_t first = order[begin];
    for (end = begin + 1; end < order.size() && lead[order[end]] == lead[first] && at[order[end]] == at[first];) ++end;
    if (end - begin > 1) use(begin, end);
  }
}

}  // namespace

void Builder::sort_leads() {
  std::vector<std::uint32_t> by_key(leads());
  std::iota(by_key.begin(), by_key.end(), 0U);
  std::sort(by_key.begin(), by_key.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  rank_.resize(leads());
  store_.leads.reserve(leads());
  store_.lead_created.reserve(leads());
  store_.lead_account.reserve(leads());
  for (std::uint32_t lead : by_key) {
    rank_[lead] = static_cast<LeadIndex>(store_.leads.size());
    store_.leads.push_back(leads_.keys[lead]);
    store_.lead_created.push_back(born_[lead]);
    store_.lead_account.push_back(account_of_[lead]);
  }
  release(leads_.of_text);
  release(born_);
  release(account_of_);
  for (Column& column : store_.lead_attributes) column = column.gathered(by_key);
}

/// Every account that a lead's attribute ever names is one (§5.14).
void Builder::name_accounts() {
  const std::uint16_t attribute = schema_.lead_account;
  if (attribute == bytecode::kNone) return;
  const auto number = [&](Value name) {
    const bool named = name.known && !store_.texts.at(name.text()).empty();
    return named ? accounts_.of(name.text()) : kNoAccount;
  };
  for (std::uint32_t lead = 0; lead < leads(); ++lead) {
    std::uint32_t& account = account_of_[lead];
    if (account == kNoAccount) account = number(store_.lead_attributes[attribute].at(lead));
  }
  for (const Change& row : changes_) {
    if (row.change.attribute == attribute) number(row.change.value);
  }
  for (std::size_t i = 0; i < row_attributes_.size(); ++i) {
    if (row_attributes_[i] != attribute) continue;
    for (std::size_t row = 0; row < at_.size(); ++row) number(row_attribute_columns_[i].at(row));
  }
}

void Builder::sort_accounts() {
  std::vector<std::uint32_t> by_key(accounts_.keys.size());
  std::iota(by_key.begin(), by_key.end(), 0U);
  auto text = [&](std::uint32_t account) { return store_.texts.at(accounts_.keys[account]); };
  std::sort(by_key.begin(), by_key.end(), [&](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
  std::vector<std::uint32_t> rank(by_key.size());
  for (std::uint32_t account : by_key) {
    rank[account] = static_cast<std::uint32_t>(store_.accounts.size());
    store_.accounts.push_back(accounts_.keys[account]);
  }
  for (std::size_t lead = 0; lead < store_.lead_account.size(); ++lead) {
    std::uint32_t& account = store_.lead_account.edit(lead);
    if (account != kNoAccount) account = rank[account];
  }
  for (Column& column : store_.account_attributes) column = column.gathered(by_key);
}

Builder::Order Builder::sort_rows() {
  // Rows to their leads by counting; within a lead they mostly are in order already.
  std::vector<std::uint32_t> place(leads() + 1, 0);
  for (std::uint32_t lead : lead_) ++place[rank_[lead] + 1];
  for (std::size_t i = 1; i < place.size(); ++i) place[i] += place[i - 1];
  std::vector<std::uint32_t> begins = place;
  Order order(at_.size());
  for (std::uint32_t row = 0; row < order.size(); ++row) order[place[rank_[lead_[row]]]++] = row;
  // Row numbers are source order: they decide between equal instants.
  auto earlier = [&](std::uint32_t a, std::uint32_t b) { return at_[a] != at_[b] ? at_[a] < at_[b] : a < b; };
  for (std::size_t lead = 0; lead + 1 < begins.size(); ++lead) {
    auto from = order.begin() + begins[lead], to = order.begin() + begins[lead + 1];
    if (!std::is_sorted(from, to, earlier)) std::sort(from, to, earlier);
  }
  return order;
}

void Builder::drop_repeats(Order& order, BuildFacts& facts) {
  std::vector<bool> dropped(order.size(), false);  // by place in the order
  bool any = false;
  for_each_tie(order, lead_, at_, [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> places(end - begin);
    std::iota(places.begin(), places.end(), begin);
    auto identity = [&](std::size_t at) { return std::pair(kind_[order[at]], id_[order[at]]); };
    std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
      return identity(a) != identity(b) ? identity(a) < identity(b) : a < b;
    });
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (id_[order[places[i]]] == 0 || identity(places[i]) != identity(places[i - 1])) continue;
      dropped[places[i]] = any = true;
      ++facts.repeated_by[kind_[order[places[i]]]];
    }
  });
  release(id_);
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    if (!dropped[at]) order[kept++] = order[at];
  }
  order.resize(kept);
}

void Builder::count_disorder(const Order& order, BuildFacts& facts) const {
  std::vector<bool> applied(at_.size(), false);
  for (std::uint32_t row : order) applied[row] = true;
  std::vector<Instant> before(leads(), INT64_MIN);
  for (std::size_t row = 0; row < at_.size(); ++row) {
    if (!applied[row]) continue;
    if (at_[row] < before[lead_[row]]) ++facts.out_of_order;
    before[lead_[row]] = at_[row];
  }
}

void Builder::count_ties(const Order& order, BuildFacts& facts) const {
  for_each_tie(order, lead_, at_, [&](std::size_t begin, std::size_t end) {
    facts.ties += end - begin - 1;
    facts.exact_repeats += count_equal(std::span(order).subspan(begin, end - begin));
  });
}

std::uint64_t Builder::content_hash(std::uint32_t row) const {
  std::vector<std::int64_t> words{kind_[row]};
  for (const Column& column : store_.blocks[kind_[row]].columns) {
    Value cell = column.at(row_[row]);
    words.push_back(cell.known ? 1 : 0);
    words.push_back(cell.bits);
  }
  for (const Change& change : changes_of(row)) {
    words.push_back(change.change.attribute);
    words.push_back(change.change.value.known ? 1 : 0);
    words.push_back(change.change.value.bits);
    words.push_back(change.change.value.aux);
  }
  return hash64({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::int64_t)});
}

/// Rows that say the same as an earlier one of the same lead and instant. Equal 64-bit hashes count as equal content:
/// this is a figure for people, nothing is dropped by it.
std::uint64_t Builder::count_equal(std::span<const std::uint32_t> rows) const {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(rows.size());
  for (std::uint32_t row : rows) hashes.push_back(content_hash(row));
  std::sort(hashes.begin(), hashes.end());
  auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return rows.size() - static_cast<std::size_t>(distinct);
}

std::span<const Builder::Change> Builder::changes_of(std::uint32_t row) const {
  auto [from, to] = std::equal_range(changes_.begin(), changes_.end(), Change{row, {}},
                                     [](const Change& a, const Change& b) { return a.row < b.row; });
  return {from, to};
}

}  // namespace nurture::store
