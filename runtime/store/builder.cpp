#include "runtime/store/builder.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace nurture::store {
namespace {

constexpr std::uint32_t kNoNumber = UINT32_MAX;

std::vector<KindBlock> empty_blocks(const bytecode::Schema& schema) {
  std::vector<KindBlock> blocks(schema.kinds.size());
  for (std::size_t kind = 0; kind < blocks.size(); ++kind) {
    blocks[kind].columns.resize(schema.kinds[kind].properties.size());
  }
  return blocks;
}

}  // namespace

Builder::Builder(const bytecode::Schema& schema, std::vector<std::uint16_t> row_attributes, bool has_ids)
    : schema_(schema), row_attributes_(std::move(row_attributes)), has_ids_(has_ids) {
  store_.blocks = empty_blocks(schema);
  store_.lead_attributes.resize(schema.lead.size());
  store_.account_attributes.resize(schema.account.size());
  row_attribute_columns_.resize(row_attributes_.size());
  kept_.lead_cleared.resize(schema.lead.size());
  kept_.account_cleared.resize(schema.account.size());
}

std::uint32_t Builder::Numbers::of(TextId text) {
  if (text >= of_text.size()) of_text.resize(text + std::size_t{1}, kNoNumber);
  std::uint32_t& number = of_text[text];
  if (number == kNoNumber) {
    number = static_cast<std::uint32_t>(keys.size());
    keys.push_back(text);
  }
  return number;
}

std::uint32_t Builder::lead(TextId key) {
  const std::uint32_t number = leads_.of(key);
  if (number == born_.size()) {
    born_.push_back(kNever);
    account_of_.push_back(kNoAccount);
    marks_.push_back(0);
  }
  return number;
}

void Builder::leads(std::vector<std::uint32_t>& keys) {
  constexpr std::size_t kAhead = 32;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + kAhead < keys.size()) __builtin_prefetch(leads_.of_text.data() + keys[i + kAhead]);
    keys[i] = lead(keys[i]);
  }
}

std::uint32_t Builder::account_number(std::string_view key) { return accounts_.of(store_.texts.intern(key)); }

void Builder::set_account(std::uint32_t lead, std::string_view account) { account_of_[lead] = account_number(account); }

void Builder::set_account_attribute(std::string_view account, std::uint16_t attribute, Value value) {
  say(store_.account_attributes[attribute], kept_.account_cleared[attribute], account_number(account), value);
}

/// What is said last counts, and that it is unknown is said, too.
void Builder::say(Column& column, Column& cleared, std::size_t row, Value value) {
  column.set(row, value);
  if (!value.known || cleared.known(row)) cleared.set(row, value.known ? Value::unknown() : Value::of(0));
}

bool Builder::add(const LogRow& row) {
  if (at_.size() >= UINT32_MAX - 1) return false;
  auto number = static_cast<std::uint32_t>(at_.size());
  KindBlock& block = store_.blocks[row.kind];
  NURTURE_CHECK(row.properties.size() == block.columns.size());
  lead_.push_back(row.lead);
  at_.push_back(row.at);
  kind_.push_back(row.kind);
  row_.push_back(block.rows);
  if (has_ids_) id_.push_back(row.id);
  for (std::size_t i = 0; i < row.properties.size(); ++i) block.columns[i].set(block.rows, row.properties[i]);
  ++block.rows;
  const std::uint16_t into = schema_.kinds[row.kind].merges_into;
  if (into != bytecode::kNone && row.properties[into].known) lead(row.properties[into].text());
  for (const AttributeChange& change : row.changes) changes_.push_back({number, change});
  for (std::size_t i = 0; i < row.row_attributes.size(); ++i) {
    row_attribute_columns_[i].set(number, row.row_attributes[i]);
  }
  return true;
}

void Builder::expect_rows(std::uint64_t count) {
  const std::size_t rows = std::min<std::uint64_t>(count, UINT32_MAX);
  lead_.reserve(rows);
  at_.reserve(rows);
  kind_.reserve(rows);
  row_.reserve(rows);
  if (has_ids_) id_.reserve(rows);
}

/// Of texts and lists only those are looked at that are new since the last time.
std::uint64_t Builder::memory() {
  constexpr std::uint64_t kText = 48, kList = 88;  // bytes beside those of the text or the items, about
  for (; texts_counted_ < store_.texts.size(); ++texts_counted_) {
    pools_ += kText + store_.texts.at(texts_counted_).size();
  }
  for (; lists_counted_ < store_.lists.size(); ++lists_counted_) {
    pools_ += kList + store_.lists.at(lists_counted_).size() * sizeof(Value);
  }
  const auto bytes = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  std::uint64_t sum = pools_;
  sum += bytes(leads_.keys) + bytes(leads_.of_text) + bytes(accounts_.keys) + bytes(accounts_.of_text);
  sum += bytes(born_) + bytes(account_of_) + bytes(marks_);
  sum += bytes(lead_) + bytes(at_) + bytes(kind_) + bytes(row_) + bytes(id_) + bytes(changes_);
  const auto add = [&](const std::vector<Column>& columns) {
    for (const Column& column : columns) {
      sum += column.bits().bytes().size() + column.aux().bytes().size();
      sum += column.known_bits().size() * sizeof(std::uint64_t);
    }
  };
  add(store_.lead_attributes);
  add(store_.account_attributes);
  add(row_attribute_columns_);
  for (const KindBlock& block : store_.blocks) add(block.columns);
  return sum;
}

Store Builder::build(Instant first, Instant last, BuildFacts& facts, Linking linking, unsigned threads) {
  threads_ = std::max(1U, threads);
  keeps_ = linking.later;
  facts.repeated_by.assign(schema_.kinds.size(), 0);
  name_accounts();
  sort_leads();
  sort_accounts();
  Order order = sort_rows(facts);
  if (has_ids_) drop_repeats(order, facts);
  count_ties(order, facts);
  if (keeps_) keep(order);
  release(id_);
  fill_events();
  fill_properties(order);
  fill_changes(order);
  if (linking.any()) store_.position = std::move(order);
  store_.first_instant = first;
  store_.last_instant = last;
  for (LeadIndex lead = 0; lead < store_.leads.size(); ++lead) {
    Instant& born = store_.lead_created.edit(lead);
    if (store_.lead_begin[lead] < store_.lead_begin[lead + 1])
      born = std::min(born, store_.at[store_.lead_begin[lead]]);
    facts.leads_in_log += (marks_[lead] & kInLog) != 0 ? 1 : 0;
    facts.leads_in_table += (marks_[lead] & kInTable) != 0 ? 1 : 0;
    if (born != kNever) marks_[lead] |= kBegan;
    if (born == kNever) born = first;
  }
  if (keeps_) kept_.leads = std::move(marks_);
  link(store_, schema_, linking);
  return std::move(store_);
}

}  // namespace nurture::store
