#include <algorithm>
#include <atomic>
#include <cstring>
#include <numeric>

#include "runtime/base/hash.h"
#include "runtime/store/builder.h"
#include "runtime/store/parallel.h"

// The sorting half of the builder: leads and accounts by key, and what the order of the rows reveals.

namespace nurture::store {
namespace {

constexpr std::size_t kLeadsPerPiece = 4096;

std::size_t pieces_of(std::size_t count, std::size_t each) { return (count + each - 1) / each; }

/// How many bytes both begin with, of the first `at_most`.
std::size_t shared_length(std::string_view a, std::string_view b, std::size_t at_most) {
  const std::size_t size = std::min({a.size(), b.size(), at_most});
  if (std::memcmp(a.data(), b.data(), size) == 0) return size;
  std::size_t shared = 0;
  while (a[shared] == b[shared]) ++shared;
  return shared;
}

/// The first bytes as a number whose order is theirs.
std::uint64_t eight_bytes(std::string_view text) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) bytes = bytes << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return bytes;
}

}  // namespace

/// Keys are told apart by eight bytes behind what all of them begin with, and where those are equal by all of it.
std::vector<std::uint32_t> Builder::leads_by_key() const {
  struct Key {
    std::uint64_t begin;
    std::uint32_t lead;
  };
  std::vector<Key> keys(leads());
  std::size_t shared = keys.empty() ? 0 : key(0).size();
  for (std::uint32_t lead = 0; lead < keys.size(); ++lead) shared = shared_length(key(0), key(lead), shared);
  const auto begin_of = [&](std::size_t part) {
    return keys.begin() + static_cast<std::ptrdiff_t>(keys.size() * part / threads_);
  };
  const auto before = [&](const Key& a, const Key& b) {
    return a.begin != b.begin ? a.begin < b.begin : key(a.lead) < key(b.lead);
  };
  in_parallel(threads_, threads_, [&](std::size_t part) {
    for (auto each = begin_of(part); each != begin_of(part + 1); ++each) {
      each->lead = static_cast<std::uint32_t>(each - keys.begin());
      each->begin = eight_bytes(key(each->lead).substr(shared));
    }
    std::sort(begin_of(part), begin_of(part + 1), before);
  });
  for (std::size_t part = 1; part < threads_; ++part) {
    std::inplace_merge(keys.begin(), begin_of(part), begin_of(part + 1), before);
  }
  std::vector<std::uint32_t> sorted;
  sorted.reserve(keys.size());
  for (const Key& each : keys) sorted.push_back(each.lead);
  return sorted;
}

void Builder::sort_leads() {
  const std::vector<std::uint32_t> by_key = leads_by_key();
  rank_.resize(leads());
  std::vector<TextId> keys(leads());
  std::vector<Instant> created(leads());
  std::vector<std::uint32_t> accounts(leads());
  std::vector<std::uint8_t> marks(leads());
  in_parallel(threads_, pieces_of(leads(), kLeadsPerPiece), [&](std::size_t piece) {
    const std::size_t end = std::min<std::size_t>(leads(), (piece + 1) * kLeadsPerPiece);
    for (std::size_t rank = piece * kLeadsPerPiece; rank < end; ++rank) {
      const std::uint32_t lead = by_key[rank];
      rank_[lead] = static_cast<LeadIndex>(rank);
      keys[rank] = leads_.keys[lead];
      created[rank] = born_[lead];
      accounts[rank] = account_of_[lead];
      marks[rank] = marks_[lead];
    }
  });
  store_.leads = std::move(keys);
  store_.lead_created = std::move(created);
  store_.lead_account = std::move(accounts);
  release(leads_.of_text);
  release(born_);
  release(account_of_);
  marks_ = std::move(marks);
  for (Column& column : store_.lead_attributes) column = column.gathered(by_key);
  for (Column& column : kept_.lead_cleared) column = column.gathered(by_key);
}

/// Every account that a lead's attribute ever names is one (§5.14).
void Builder::name_accounts() {
  const std::uint16_t attribute = schema_.lead_account;
  const auto number = [&](Value name) {
    const bool named = name.known && !store_.texts.at(name.text()).empty();
    return named ? accounts_.of(name.text()) : kNoAccount;
  };
  for (const Change& row : changes_) {
    if (row.change.attribute == attribute) number(row.change.value);
  }
  for (std::size_t i = 0; i < row_attributes_.size(); ++i) {
    if (row_attributes_[i] != attribute) continue;
    for (std::size_t row = 0; row < at_.size(); ++row) number(row_attribute_columns_[i].at(row));
  }
  account_marks_.assign(accounts_.keys.size(), kAccountNamed);
  for (std::uint32_t lead = 0; lead < leads(); ++lead) {
    std::uint32_t& account = account_of_[lead];
    if (account != kNoAccount) marks_[lead] |= kAccountGiven;
    if (account == kNoAccount && attribute != bytecode::kNone)
      account = number(store_.lead_attributes[attribute].at(lead));
  }
  account_marks_.resize(accounts_.keys.size());
}

void Builder::sort_accounts() {
  std::vector<std::uint32_t> by_key(accounts_.keys.size());
  std::iota(by_key.begin(), by_key.end(), 0U);
  auto text = [&](std::uint32_t account) { return store_.texts.at(accounts_.keys[account]); };
  std::sort(by_key.begin(), by_key.end(), [&](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
  std::vector<std::uint32_t> rank(by_key.size());
  for (std::uint32_t account : by_key) {
    if (keeps_) kept_.accounts.push_back(account_marks_[account]);
    rank[account] = static_cast<std::uint32_t>(store_.accounts.size());
    store_.accounts.push_back(accounts_.keys[account]);
  }
  for (std::size_t lead = 0; lead < store_.lead_account.size(); ++lead) {
    std::uint32_t& account = store_.lead_account.edit(lead);
    if (account != kNoAccount) account = rank[account];
  }
  for (Column& column : store_.account_attributes) column = column.gathered(by_key);
  for (Column& column : kept_.account_cleared) column = column.gathered(by_key);
}

/// Calls `use` with the place of each run of events that share lead and instant.
template <typename Use>
void Builder::for_each_tie(std::size_t from_lead, std::size_t to_lead, Use use) const {
  for (std::size_t lead = from_lead; lead < to_lead; ++lead) {
    for (EventIndex begin = lead_begin_[lead], end = begin; begin < lead_begin_[lead + 1]; begin = end) {
      for (end = begin + 1; end < lead_begin_[lead + 1] && sorted_at_[end] == sorted_at_[begin];) ++end;
      if (end - begin > 1) use(begin, end);
    }
  }
}

void Builder::drop_repeats(Order& order, BuildFacts& facts) {
  std::vector<bool> dropped(order.size(), false);  // by place in the order
  bool any = false;
  for_each_tie(0, leads(), [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> places(end - begin);
    std::iota(places.begin(), places.end(), begin);
    auto identity = [&](std::size_t at) { return std::pair(sorted_kind_[at], id_[order[at]]); };
    std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
      return identity(a) != identity(b) ? identity(a) < identity(b) : a < b;
    });
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (id_[order[places[i]]] == 0 || identity(places[i]) != identity(places[i - 1])) continue;
      dropped[places[i]] = any = true;
      ++facts.repeated_by[sorted_kind_[places[i]]];
    }
  });
  if (!any) return;
  EventIndex kept = 0, begin = 0;
  for (std::size_t lead = 0; lead < leads(); ++lead) {
    const EventIndex end = lead_begin_[lead + 1];
    for (EventIndex at = begin; at < end; ++at) {
      if (dropped[at]) continue;
      sorted_at_[kept] = sorted_at_[at];
      sorted_kind_[kept] = sorted_kind_[at];
      order[kept++] = order[at];
    }
    begin = end;
    lead_begin_[lead + 1] = kept;
  }
  order.resize(kept);
  sorted_at_.resize(kept);
  sorted_kind_.resize(kept);
  facts.out_of_order = count_disorder(order);
}

/// Where rows have been dropped: of those that are left.
std::uint64_t Builder::count_disorder(const Order& order) const {
  std::uint64_t disorder = 0;
  std::vector<std::pair<std::uint32_t, Instant>> rows;  // of a lead
  for (std::size_t lead = 0; lead < leads(); ++lead) {
    rows.clear();
    for (EventIndex at = lead_begin_[lead]; at < lead_begin_[lead + 1]; ++at)
      rows.emplace_back(order[at], sorted_at_[at]);
    std::sort(rows.begin(), rows.end());
    for (std::size_t i = 1; i < rows.size(); ++i) disorder += rows[i].second < rows[i - 1].second ? 1 : 0;
  }
  return disorder;
}

void Builder::count_ties(const Order& order, BuildFacts& facts) const {
  std::atomic<std::uint64_t> ties{0}, repeats{0};
  in_parallel(threads_, pieces_of(leads(), kLeadsPerPiece), [&](std::size_t piece) {
    const std::size_t end_lead = std::min<std::size_t>(leads(), (piece + 1) * kLeadsPerPiece);
    for_each_tie(piece * kLeadsPerPiece, end_lead, [&](EventIndex begin, EventIndex end) {
      ties += end - begin - 1;
      repeats += count_equal(order, begin, end);
    });
  });
  facts.ties = ties;
  facts.exact_repeats = repeats;
}

std::uint64_t Builder::content_hash(std::uint32_t row, std::uint8_t kind) const {
  std::vector<std::int64_t> words{kind};
  for (const Column& column : store_.blocks[kind].columns) {
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
std::uint64_t Builder::count_equal(const Order& order, EventIndex begin, EventIndex end) const {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(end - begin);
  for (EventIndex at = begin; at < end; ++at) hashes.push_back(content_hash(order[at], sorted_kind_[at]));
  std::sort(hashes.begin(), hashes.end());
  auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return end - begin - static_cast<std::size_t>(distinct);
}

std::span<const Builder::Change> Builder::changes_of(std::uint32_t row) const {
  auto [from, to] = std::equal_range(changes_.begin(), changes_.end(), Change{row, {}},
                                     [](const Change& a, const Change& b) { return a.row < b.row; });
  return {from, to};
}

}  // namespace nurture::store
