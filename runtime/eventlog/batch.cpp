#include "runtime/eventlog/batch.h"

#include <algorithm>

namespace nurture::eventlog {

void Span::add(Instant at) {
  first = std::min(first, at);
  if (at > last) {
    last_but_one = last;
    last = at;
  } else if (at > last_but_one && at < last) {
    last_but_one = at;
  }
}

void Span::add(const Span& other) {
  if (other.empty()) return;
  add(other.first);
  if (other.last_but_one != INT64_MIN) add(other.last_but_one);
  add(other.last);
}

void Batch::begin(const Chunk& chunk) {
  texts.begin(chunk.buffer.bytes());
  no_interest.begin(chunk.buffer.bytes());
  origins.begin(chunk.buffer.bytes());
  lists.clear();
  leads.clear();
  lives_since.clear();
  rows.clear();
  properties.clear();
  row_attributes.clear();
  changes.clear();
  rejects.clear();
  seen.clear();
  no_interest_rows.clear();
  origin_rows.clear();
  span = Span();
  read = superseded = outside_choice = lines = 0;
}

ListId Batch::list(std::vector<Value> items, TypeKind element) {
  lists.push_back({std::move(items), element});
  return static_cast<ListId>(lists.size() - 1);
}

std::uint32_t Batch::lead(std::string_view key) {
  if (leads.empty() || texts.at(leads.back()) != key) {
    leads.push_back(texts.add(key));
    lives_since.push_back(kNever);
  }
  return static_cast<std::uint32_t>(leads.size() - 1);
}

void Batch::of_no_interest(std::string_view what) {
  const TextId named = no_interest.number(what);
  if (named == no_interest_rows.size()) no_interest_rows.push_back(0);
  ++no_interest_rows[named];
}

void Batch::of_origin(std::string_view campaign, bool superseded_row) {
  const TextId named = origins.number(campaign);
  if (named == origin_rows.size()) origin_rows.emplace_back();
  ++(superseded_row ? origin_rows[named].superseded : origin_rows[named].applied);
}

void Batch::saw(const Mapped& mapped) {
  seen.push_back(
      {texts.kept(mapped.lead), texts.kept(mapped.event), mapped.at, mapped.kind != bytecode::kNone, mapped.left_out});
}

}  // namespace nurture::eventlog
