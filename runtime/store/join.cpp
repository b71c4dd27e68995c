#include "runtime/store/join.h"

#include <algorithm>
#include <set>

#include "runtime/base/hash.h"
#include "runtime/store/join_inner.h"

// Who is who, and what comes behind what.

namespace nurture::store {
namespace {

constexpr std::size_t kOneLookup = 512;  ///< bytes of a view that looking something up in it may cost, about

/// Calls `use(key, where)` with each different key of some sorted lists, in order, and with where it stands: pairs of
/// list and place in it, by list.
template <typename KeyOf, typename Use>
void in_order(const std::vector<std::uint32_t>& sizes, KeyOf key_of, Use use) {
  using Key = decltype(key_of(0, 0));
  using Head = std::pair<Key, std::uint16_t>;
  std::vector<Head> heads;
  std::vector<std::uint32_t> next(sizes.size());
  const auto behind = [](const Head& a, const Head& b) { return b < a; };
  const auto enter = [&](std::uint16_t list) {
    if (next[list] == sizes[list]) return;
    heads.emplace_back(key_of(list, next[list]), list);
    std::push_heap(heads.begin(), heads.end(), behind);
  };
  for (std::uint16_t list = 0; list < sizes.size(); ++list) enter(list);
  std::vector<std::pair<std::uint16_t, std::uint32_t>> where;
  while (!heads.empty()) {
    const Key key = heads.front().first;
    where.clear();
    while (!heads.empty() && heads.front().first == key) {
      const std::uint16_t list = heads.front().second;
      std::pop_heap(heads.begin(), heads.end(), behind);
      heads.pop_back();
      where.emplace_back(list, next[list]++);
      enter(list);
    }
    use(key, std::span<const std::pair<std::uint16_t, std::uint32_t>>(where));
  }
}

Error too_many(const std::string& what) {
  return {"the parts of the log have too many " + what + " for one store: 4,294,967,294 at most",
          "cut the log into parts by lead"};
}

std::uint64_t repeats_among(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  const auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return hashes.size() - static_cast<std::size_t>(distinct);
}

}  // namespace

void Join::Plan::add(std::uint16_t part, std::uint64_t rows) {
  while (rows > 0) {
    if (last.part != part || last.rows == UINT16_MAX) {
      if (last.rows > 0) steps.push(last);
      last = {part, 0};
    }
    const auto taken = static_cast<std::uint16_t>(std::min<std::uint64_t>(rows, UINT16_MAX - last.rows));
    last.rows = static_cast<std::uint16_t>(last.rows + taken);
    rows -= taken;
  }
}

Status Join::Plan::finish() {
  if (last.rows > 0) steps.push(last);
  return steps.finish();
}

Status Join::run(Instant first, Instant last) {
  first_ = first;
  last_ = last;
  std::uint64_t rows = 0;
  facts_.repeated_by.resize(names().kinds.size());
  for (const LogPart& part : parts_) {
    positions_before_.push_back(static_cast<std::uint32_t>(rows));
    rows += part.file.kept.rows;
    for (std::size_t kind = 0; kind < part.facts.repeated_by.size(); ++kind)
      facts_.repeated_by[kind] += part.facts.repeated_by[kind];
    facts_.ties += part.facts.ties;
    facts_.exact_repeats += part.facts.exact_repeats;
    facts_.out_of_order += part.facts.out_of_order;
  }
  if (rows >= UINT32_MAX) return too_many("rows");
  for (const auto step : {&Join::merge_texts, &Join::merge_leads, &Join::name_accounts, &Join::merge_changes}) {
    if (Status done = (this->*step)(); !done) return done;
  }
  collect_columns();
  return Done{};
}

Status Join::merge_texts() {
  std::vector<std::uint32_t> sizes;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    sizes.push_back(static_cast<std::uint32_t>(store(part).texts.size()));
    texts_of_.emplace_back(space_);
    lists_of_.emplace_back(2 * store(part).lists.size(), kNoText);
  }
  std::uint64_t texts = 0, bytes = 0;
  text_begins_.push(0);
  in_order(
      sizes, [&](std::size_t part, std::uint32_t id) { return store(part).texts.at(id); },
      [&](std::string_view text, auto where) {
        for (const auto& [part, id] : where) texts_of_[part].push(static_cast<std::uint32_t>(texts));
        ++texts;
        text_bytes_.append(text);
        text_begins_.push(bytes += text.size());
        space_.looked_at(where.size() * (text.size() + 2 * sizeof(std::uint64_t)));
      });
  if (texts >= UINT32_MAX) return too_many("different texts");
  if (Status done = text_begins_.finish(); !done) return done;
  if (Status done = text_bytes_.finish(); !done) return done;
  for (auto& spool : texts_of_) {
    if (Status done = spool.finish(); !done) return done;
  }
  return Done{};
}

Status Join::merge_leads() {
  std::vector<std::uint32_t> sizes;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    sizes.push_back(static_cast<std::uint32_t>(store(part).leads.size()));
  }
  rows_.resize(names().kinds.size());
  for (std::size_t kind = 0; kind < rows_.size(); ++kind) kind_plans_.emplace_back(space_);
  in_order(
      sizes, [&](std::size_t part, std::uint32_t lead) { return texts_of_[part][store(part).leads[lead]]; },
      [&](std::uint32_t text, auto where) { merge_lead(text, where); });
  lead_begin_.push(events_);
  if (Status done = plan_.finish(); !done) return done;
  for (Plan& plan : kind_plans_) {
    if (Status done = plan.finish(); !done) return done;
  }
  for (auto* spool : {&lead_texts_, &given_accounts_}) {
    if (Status done = spool->finish(); !done) return done;
  }
  if (Status done = lead_begin_.finish(); !done) return done;
  if (Status done = lead_created_.finish(); !done) return done;
  if (Status done = lead_marks_.finish(); !done) return done;
  return lead_parts_.finish();
}

void Join::merge_lead(std::uint32_t text, std::span<const std::pair<std::uint16_t, std::uint32_t>> in) {
  std::uint8_t marks = 0;
  Instant created = kNever;
  std::uint32_t account = kNoText;
  std::vector<Slice> slices;
  for (const auto& [part, lead] : in) {
    const std::uint8_t here = kept(part).leads[lead];
    marks |= here;
    if ((here & kBegan) != 0) created = std::min(created, store(part).lead_created[lead]);
    const std::uint32_t given = store(part).lead_account[lead];
    if ((here & kAccountGiven) != 0 && given != kNoAccount) account = texts_of_[part][store(part).accounts[given]];
    const Slice slice{part, store(part).lead_begin[lead], store(part).lead_begin[lead + 1]};
    if (slice.begin < slice.end) slices.push_back(slice);
    lead_parts_.push(static_cast<std::uint16_t>(&in.back().first == &part ? part | kFlag : part));
    space_.looked_at(64);
  }
  lead_texts_.push(text);
  lead_begin_.push(events_);
  lead_created_.push((marks & kBegan) != 0 ? created : first_);
  lead_marks_.push(marks);
  given_accounts_.push(account);
  facts_.leads_in_log += (marks & kInLog) != 0 ? 1 : 0;
  facts_.leads_in_table += (marks & kInTable) != 0 ? 1 : 0;
  merge_events(slices);
}

/// What follows one another in time is taken as it is.
void Join::merge_events(std::span<const Slice> slices) {
  for (std::size_t i = 1; i < slices.size(); ++i) {
    const Slice &before = slices[i - 1], &behind = slices[i];
    if (store(before.part).at[before.end - 1] >= store(behind.part).at[behind.begin]) return interleave(slices);
  }
  for (const Slice& slice : slices) take(slice.part, slice.begin, slice.end);
}

void Join::take(std::uint16_t part, EventIndex begin, EventIndex end, bool dropped) {
  constexpr std::size_t kEvent = 40;  // bytes of its columns, about
  const auto from = static_cast<std::uint16_t>(dropped ? part | kFlag : part);
  plan_.add(from, end - begin);
  const auto& kinds = store(part).kind;
  for (EventIndex event = begin; event < end; ++event) {
    kind_plans_[kinds[event]].add(from, 1);
    rows_[kinds[event]] += dropped ? 0 : 1;
  }
  if (!dropped) events_ += end - begin;
  space_.looked_at((end - begin) * kEvent);
}

void Join::interleave(std::span<const Slice> slices) {
  std::vector<Slice> rest(slices.begin(), slices.end()), tied;
  std::vector<EventIndex> dropped;  // of the slices, one after the other
  while (true) {
    Instant at = kNever;
    for (const Slice& slice : rest) {
      if (slice.begin < slice.end) at = std::min(at, store(slice.part).at[slice.begin]);
    }
    if (at == kNever) break;
    tied.clear();
    for (Slice& slice : rest) {
      const EventIndex begin = slice.begin;
      while (slice.begin < slice.end && store(slice.part).at[slice.begin] == at) ++slice.begin;
      if (begin < slice.begin) tied.push_back({slice.part, begin, slice.begin});
    }
    if (tied.size() == 1) {
      take(tied.front().part, tied.front().begin, tied.front().end);
    } else {
      merge_tie(tied, dropped);
    }
  }
  count_disorder(slices, dropped);
}

/// Events of one lead at one instant, of several parts: what repeats an id is dropped, and what was counted of each
/// part alone is counted again.
void Join::merge_tie(std::span<const Slice> tied, std::vector<EventIndex>& dropped) {
  std::set<std::pair<std::uint8_t, std::uint64_t>> seen;
  std::vector<std::uint64_t> hashes, here;
  for (const Slice& slice : tied) {
    here.clear();
    facts_.ties -= slice.end - slice.begin - 1;
    for (EventIndex event = slice.begin; event < slice.end; ++event) {
      const std::uint8_t kind = store(slice.part).kind[event];
      const std::uint64_t id = kept(slice.part).ids.empty() ? 0 : kept(slice.part).ids[event];
      const bool repeats = id != 0 && !seen.emplace(kind, id).second;
      here.push_back(content_hash(slice.part, event));
      if (repeats) {
        ++facts_.repeated_by[kind];
        dropped.push_back(std::uint64_t{slice.part} << 48 | event);
      } else {
        hashes.push_back(here.back());
      }
      take(slice.part, event, event + 1, repeats);
    }
    facts_.exact_repeats -= repeats_among(here);
  }
  facts_.exact_repeats += repeats_among(hashes);
  facts_.ties += hashes.size() - 1;  // the first is never dropped
}

/// Of these events of one lead, in the order of the log, without those that are dropped; in place of what was counted
/// of each part.
void Join::count_disorder(std::span<const Slice> slices, const std::vector<EventIndex>& dropped) {
  struct Row {
    std::uint32_t position;
    Instant at;
    bool dropped;
  };
  const std::set<EventIndex> gone(dropped.begin(), dropped.end());
  Instant before = INT64_MIN;
  for (const Slice& slice : slices) {
    std::vector<Row> rows;
    for (EventIndex event = slice.begin; event < slice.end; ++event) {
      rows.push_back({store(slice.part).position[event], store(slice.part).at[event],
                      gone.contains(std::uint64_t{slice.part} << 48 | event)});
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.position < b.position; });
    for (std::size_t i = 1; i < rows.size(); ++i) facts_.out_of_order -= rows[i].at < rows[i - 1].at ? 1 : 0;
    for (const Row& row : rows) {
      if (row.dropped) continue;
      facts_.out_of_order += row.at < before ? 1 : 0;
      before = row.at;
    }
  }
}

/// As Builder::content_hash, in the numbers of the merge.
std::uint64_t Join::content_hash(std::size_t part, EventIndex event) {
  const Store& from = store(part);
  const std::uint8_t kind = from.kind[event];
  std::vector<std::int64_t> words{kind};
  for (std::size_t i = 0; i < from.blocks[kind].columns.size(); ++i) {
    const Value cell =
        merged(part, names().kinds[kind].properties[i], from.blocks[kind].columns[i].at(from.row[event]));
    words.insert(words.end(), {cell.known ? 1 : 0, cell.bits});
  }
  const auto found = std::lower_bound(from.change_events.begin(), from.change_events.end(), event);
  if (kept(part).row_attributes.empty() && found != from.change_events.end() && *found == event) {
    const auto i = static_cast<std::size_t>(found - from.change_events.begin());
    for (std::uint32_t c = from.change_begin[i]; c < from.change_begin[i + 1]; ++c) {
      const AttributeChange& change = from.changes[c];
      const Value value = merged(part, names().lead[change.attribute], change.value);
      words.insert(words.end(), {change.attribute, value.known ? 1 : 0, value.bits, value.aux});
    }
  }
  return hash64({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::int64_t)});
}

Value Join::merged(std::size_t part, const FieldNames& type, Value value) {
  if (!value.known) return value;
  if (is_text(type.kind)) {
    space_.looked_at(kOneLookup);
    return Value::of_text(texts_of_[part][value.text()]);
  }
  if (type.kind != TypeKind::List) return value;
  const auto list = static_cast<ListId>(value.bits);
  const bool of_texts = is_text(type.element);
  std::uint32_t& number = lists_of_[part][2 * list + (of_texts ? 1 : 0)];
  if (number == kNoText) {
    const auto items = store(part).lists.at(list);
    std::vector<Value> made(items.begin(), items.end());
    for (Value& item : made) {
      if (of_texts && item.known) item = Value::of_text(texts_of_[part][item.text()]);
    }
    number = lists_.intern(std::move(made));
  }
  return Value::of(number);
}

/// What leads have of whom nothing is said: a programme may say so now, and have said otherwise then.
Value Join::otherwise(std::size_t attribute) {
  const std::size_t last = parts_.size() - 1;
  return merged(last, names().lead[attribute], kept(last).otherwise[attribute].at(0));
}

/// Every account that somebody names is one, and what an attribute of a lead begins with where no table gave the lead
/// another.
Status Join::name_accounts() {
  account_texts_.resize(text_begins_.size());
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    for (std::size_t account = 0; account < store(part).accounts.size(); ++account) {
      if (kept(part).accounts[account] == 0) continue;
      account_texts_.add(texts_of_[part][store(part).accounts[account]]);
    }
  }
  const std::size_t attribute = kept(0).account_attribute;
  std::size_t lead = 0;
  const auto name = [&](Value value) {
    std::uint32_t account = given_accounts_[lead++];
    const bool named = value.known && text_begins_[value.text()] < text_begins_[value.text() + std::size_t{1}];
    if (account == kNoText && named) account = value.text();
    if (account != kNoText) account_texts_.add(account);
    lead_accounts_.push(account);
  };
  if (attribute == bytecode::kNone) {
    while (lead < given_accounts_.size()) name(Value::unknown());
  } else {
    const Value none = otherwise(attribute);
    lead_values(attribute, false, [&](std::span<const Value> values) {
      for (const Value& value : values) name(value.known ? value : none);
    });
  }
  account_texts_.complete();
  return lead_accounts_.finish();
}

}  // namespace nurture::store
