#include "runtime/store/invariants.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "runtime/base/utf8.h"
#include "runtime/store/scan.h"
#include "runtime/store/tasks.h"
#include "runtime/store/tidy.h"

namespace nurture::store {
namespace {

using layout::damaged;

constexpr std::size_t kPiece = std::size_t{1} << 18;                ///< items that one task looks at
constexpr std::int64_t kFirstDay = -719'162, kLastDay = 2'932'896;  // years 1 to 9999
constexpr Instant kEarliest = kFirstDay * kDay, kLatest = (kLastDay + 1) * kDay - 1;

bool utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint64_t word = 0;
    if (i + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + i, sizeof word);
      if ((word & 0x8080808080808080U) == 0) {
        i += sizeof word;
        continue;
      }
    }
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

/// The least and the greatest of the numbers that stand there; there is one.
Range range_in(const Packed& packed) {
  return packed.width() == 0 ? Range{0, 0} : range_of(packed.bytes(), packed.width());
}

/// The texts that the pool of a store stands on begin where they should; nothing of them has been read before.
class Checker {
 public:
  Checker(const StoreFile& file, const std::string& path)
      : file_(file), store_(file.store), names_(file.names), path_(path) {}

  std::optional<Error> run(Trust trust, const std::function<void(const Error&)>& found) {
    Tasks tasks;
    check_tables(tasks);
    check_events(tasks);
    check_columns(tasks);
    if (auto error = tasks.run(found)) return error;
    if (trust == Trust::Checked) return std::nullopt;
    Tasks order;
    check_order(order);
    return order.run(found);
  }

 private:
  using Errors = std::vector<Error>;
  Errors wrong(const std::string& how) const { return {damaged(path_, how)}; }
  /// A task for each kPiece of `count`.
  template <typename Use>
  static void pieces(Tasks& tasks, std::size_t count, Use use) {
    for (std::size_t from = 0; from < count; from += kPiece) {
      tasks.add([=] { return use(from, std::min(from + kPiece, count)); });
    }
  }

  void check_tables(Tasks& tasks) const;
  void check_events(Tasks& tasks) const;
  void check_columns(Tasks& tasks) const;
  void check_order(Tasks& tasks) const;

  Errors numbers(const std::string& what, const Array<std::uint32_t>& ids, std::size_t limit) const;
  Errors events(std::size_t from, std::size_t to) const;
  Errors instants(std::size_t from, std::size_t to) const;
  Errors wrong_instant(std::size_t from, std::size_t to) const;
  Errors leads(std::size_t from, std::size_t to) const;
  Errors changes(std::size_t from, std::size_t to) const;
  Errors lists() const;
  Errors texts(std::size_t from, std::size_t to) const;
  Errors column(const Column& column, const ColumnPlace& place, std::size_t rows) const;
  std::string name_of(const ColumnPlace& place) const;
  Errors text_order(std::size_t from, std::size_t to) const;
  Errors list_order() const;
  Errors rows_in_order() const;
  Errors each_position_once() const;

  Range range(const FieldNames& field) const;
  bool fits(const FieldNames& field, const Value& value) const;

  const StoreFile& file_;
  const Store& store_;
  const SchemaNames& names_;
  const std::string& path_;
};

/// Which numbers a value of that type may be.
Range Checker::range(const FieldNames& field) const {
  switch (field.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return {0, static_cast<std::int64_t>(store_.texts.size()) - 1};
    case TypeKind::List:
      return {0, static_cast<std::int64_t>(store_.lists.size()) - 1};
    case TypeKind::Boolean:
      return {0, 1};
    case TypeKind::Date:
      return {kFirstDay, kLastDay};
    case TypeKind::Time:
      return {0, kDay - 1};
    case TypeKind::DateTime:
      return {kEarliest, kLatest};
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Duration:
    case TypeKind::Percent:
      return {};
  }
  return {};
}

bool Checker::fits(const FieldNames& field, const Value& value) const {
  unsigned char known = 0;
  std::memcpy(&known, reinterpret_cast<const char*>(&value) + offsetof(Value, known), 1);
  if (known > 1) return false;
  if (known == 0) return value.bits == 0 && value.aux == 0;
  if (!range(field).has(value.bits)) return false;
  if (field.kind != TypeKind::List) return true;
  const FieldNames element{"", field.element, TypeKind::Text, ""};
  const auto items = store_.lists.at(static_cast<ListId>(value.bits));
  return field.element != TypeKind::List &&
         std::all_of(items.begin(), items.end(), [&](const Value& item) { return fits(element, item); });
}

void Checker::check_tables(Tasks& tasks) const {
  tasks.add([this] { return numbers("a lead's name", store_.leads, store_.texts.size()); });
  tasks.add([this] { return numbers("an account's name", store_.accounts, store_.texts.size()); });
  pieces(tasks, store_.texts.size(), [this](std::size_t from, std::size_t to) { return texts(from, to); });
  pieces(tasks, store_.leads.size(), [this](std::size_t from, std::size_t to) { return leads(from, to); });
}

/// Below the limit, each greater than the one before: leads and accounts are in the order of their keys, texts are too.
Checker::Errors Checker::numbers(const std::string& what, const Array<std::uint32_t>& ids, std::size_t limit) const {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= limit) return wrong(fmt::format("{} is text {} of {}", what, ids[i], limit));
    if (i > 0 && ids[i] <= ids[i - 1]) return wrong(fmt::format("{} comes before the one that it is behind", what));
  }
  return {};
}

Checker::Errors Checker::texts(std::size_t from, std::size_t to) const {
  const auto id_at = [](std::size_t at) { return static_cast<TextId>(at); };
  const char* const begin = store_.texts.at(id_at(from)).data();
  const std::string_view last = store_.texts.at(id_at(to - 1));
  if (ascii({begin, last.data() + last.size()})) return {};  // they stand one behind the other
  for (std::size_t id = from; id < to; ++id) {
    if (!utf8(store_.texts.at(id_at(id)))) return wrong(fmt::format("text {} is not UTF-8", id));
  }
  return {};
}

Checker::Errors Checker::leads(std::size_t from, std::size_t to) const {
  for (std::size_t lead = from; lead < to; ++lead) {
    const std::uint32_t account = store_.lead_account[lead];
    if (account != kNoAccount && account >= store_.accounts.size()) {
      return wrong(fmt::format("lead {} is of account {} of {}", lead, account, store_.accounts.size()));
    }
    const Instant created = store_.lead_created[lead];
    if (created != kNever && !Range{kEarliest, kLatest}.has(created)) {
      return wrong(fmt::format("lead {} begins outside the calendar", lead));
    }
  }
  return {};
}

void Checker::check_events(Tasks& tasks) const {
  pieces(tasks, store_.kind.size(), [this](std::size_t from, std::size_t to) { return events(from, to); });
  pieces(tasks, store_.leads.size(), [this](std::size_t from, std::size_t to) { return instants(from, to); });
  pieces(tasks, store_.change_events.size(), [this](std::size_t from, std::size_t to) { return changes(from, to); });
}

Checker::Errors Checker::events(std::size_t from, std::size_t to) const {
  std::uint32_t rows[256] = {};
  for (std::size_t kind = 0; kind < store_.blocks.size(); ++kind) rows[kind] = store_.blocks[kind].rows;
  bool inside = true;
  for (std::size_t event = from; event < to; ++event) inside &= store_.row[event] < rows[store_.kind[event]];
  if (inside) return {};
  for (std::size_t event = from; event < to; ++event) {
    if (store_.row[event] < rows[store_.kind[event]]) continue;
    return wrong(fmt::format("event {} is row {} of kind {}, which has {}", event, store_.row[event],
                             store_.kind[event], rows[store_.kind[event]]));
  }
  return {};
}

/// Of these leads: their events are in order, and in the calendar. An instant is below the one before it only where
/// another lead begins.
Checker::Errors Checker::instants(std::size_t from, std::size_t to) const {
  const EventIndex begin = store_.lead_begin[from], end = store_.lead_begin[to];
  if (begin == end) return {};
  const std::span<const Instant> at(store_.at.data() + begin, end - begin);
  const auto bytes = std::span(reinterpret_cast<const std::uint8_t*>(at.data()), at.size_bytes());
  std::size_t others = descents(at);
  for (std::size_t lead = from + 1; lead < to; ++lead) {
    const EventIndex event = store_.lead_begin[lead];
    const bool first = event != store_.lead_begin[lead - 1] && event != end && event != begin;
    others -= first && store_.at[event] < store_.at[event - 1] ? 1 : 0;
  }
  if (others == 0 && Range{kEarliest, kLatest}.has(range_of(bytes, sizeof(Instant)))) return {};
  return wrong_instant(from, to);
}

Checker::Errors Checker::wrong_instant(std::size_t from, std::size_t to) const {
  for (std::size_t lead = from; lead < to; ++lead) {
    Instant before = kEarliest;
    for (EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
      if (store_.at[event] < before || store_.at[event] > kLatest) {
        return wrong(fmt::format("event {} of lead {} is out of order, or outside the calendar", event, lead));
      }
      before = store_.at[event];
    }
  }
  return {};
}

Checker::Errors Checker::changes(std::size_t from, std::size_t to) const {
  for (std::size_t i = from; i < to; ++i) {
    if (store_.change_events[i] >= store_.events() ||
        (i > 0 && store_.change_events[i] <= store_.change_events[i - 1])) {
      return wrong(fmt::format("the changes with number {} are of no event, or out of order", i));
    }
    for (std::uint32_t c = store_.change_begin[i]; c < store_.change_begin[i + 1]; ++c) {
      const AttributeChange& change = store_.changes[c];
      if (change.attribute < names_.lead.size() && fits(names_.lead[change.attribute], change.value)) continue;
      return wrong(fmt::format("change {} is of no attribute, or its value is none of the attribute's type", c));
    }
  }
  return {};
}

void Checker::check_columns(Tasks& tasks) const {
  for_each_column(file_, [&](const Column& each, const ColumnPlace& place, std::size_t rows) {
    tasks.add([this, &each, place, rows] { return column(each, place, rows); });
  });
}

std::string Checker::name_of(const ColumnPlace& place) const {
  using layout::What;
  if (place.what == What::Property) return names_.kinds[place.kind].name + "." + place.type.name;
  const bool of_account = place.what == What::AccountAttribute || place.what == What::AccountCleared;
  return of_account
             ? "account." + names_.account[place.field].name
             : "lead." +
                   names_.lead[place.what == What::Said ? file_.kept.row_attributes[place.field] : place.field].name;
}

Checker::Errors Checker::column(const Column& column, const ColumnPlace& place, std::size_t rows) const {
  const FieldNames& field = place.type;
  const std::string what = name_of(place);
  const std::size_t has = column.bits().size();
  const auto& known = column.known_bits();
  if (known.empty()) return {};
  const bool aux_fits = column.aux().width() == 0 || column.aux().size() == has;
  if (has > rows || known.size() != (has + 63) / 64 || !aux_fits) {
    return wrong(fmt::format("{} has {} values for {} rows", what, has, rows));
  }
  if (has % 64 != 0 && known.back() >> (has % 64) != 0) return wrong(what + " knows values behind its end");
  const Range wanted = range(field), found = range_in(column.bits());
  if (!wanted.has(found)) {
    return wrong(fmt::format("{} has the number {}, which is none of its type", what,
                             wanted.has(found.low) ? found.high : found.low));
  }
  if (field.kind != TypeKind::List) return {};
  for (std::size_t row = 0; row < has; ++row) {
    if (column.known(row) && !fits(field, column.at(row))) {
      return wrong(fmt::format("{} has a list in row {} whose items are none of its type", what, row));
    }
  }
  return {};
}

void Checker::check_order(Tasks& tasks) const {
  pieces(tasks, store_.texts.size(), [this](std::size_t from, std::size_t to) { return text_order(from, to); });
  tasks.add([this] { return list_order(); });
  tasks.add([this] { return rows_in_order(); });
  tasks.add([this] { return each_position_once(); });
}

Checker::Errors Checker::text_order(std::size_t from, std::size_t to) const {
  for (std::size_t id = std::max<std::size_t>(from, 1); id < to; ++id) {
    if (store_.texts.at(static_cast<TextId>(id - 1)) < store_.texts.at(static_cast<TextId>(id))) continue;
    return wrong(fmt::format("text {} is not behind the one before it", id));
  }
  return {};
}

Checker::Errors Checker::list_order() const {
  for (ListId id = 1; id < store_.lists.size(); ++id) {
    if (nurture::list_order(store_.lists.at(id - 1), store_.lists.at(id)) < 0) continue;
    return wrong(fmt::format("list {} is not behind the one before it", id));
  }
  return {};
}

/// The rows of each kind stand in the order of the events, and each is of one.
Checker::Errors Checker::rows_in_order() const {
  std::vector<RowIndex> next(store_.blocks.size());
  for (EventIndex event = 0; event < store_.events(); ++event) {
    if (store_.row[event] != next[store_.kind[event]]++) return wrong(fmt::format("event {} has another's row", event));
  }
  for (std::size_t kind = 0; kind < next.size(); ++kind) {
    if (next[kind] != store_.blocks[kind].rows) return wrong(names_.kinds[kind].name + " has rows of no event");
  }
  return {};
}

Checker::Errors Checker::each_position_once() const {
  for (std::size_t lead = 0; lead < store_.leads.size(); ++lead) {
    for (EventIndex event = store_.lead_begin[lead] + 1; event < store_.lead_begin[lead + 1]; ++event) {
      const bool tie = store_.at[event] == store_.at[event - 1];
      if (tie && store_.position[event] <= store_.position[event - 1]) {
        return wrong(fmt::format("event {} is not behind the one before it", event));
      }
    }
  }
  std::vector<std::uint32_t> positions(store_.position.begin(), store_.position.end());
  std::sort(positions.begin(), positions.end());
  if (!positions.empty() && positions.back() >= file_.kept.rows)
    return wrong("an event stands behind the end of the log");
  if (std::adjacent_find(positions.begin(), positions.end()) == positions.end()) return {};
  return wrong("two events stand in one place of the log");
}

}  // namespace

std::optional<Error> check_shape(const layout::Directory& directory, const std::string& path) {
  using layout::What;
  const auto count = [&](What what) { return directory.find(what)->count; };
  const std::uint64_t events = count(What::Kind), leads = count(What::Leads), changes = count(What::ChangeEvents);
  const bool fits = count(What::TextBegins) > 0 && count(What::TextBegins) < UINT32_MAX &&
                    count(What::ListBegins) > 0 && count(What::ListBegins) < UINT32_MAX && leads < UINT32_MAX &&
                    events < UINT32_MAX && count(What::LeadBegin) == leads + 1 && count(What::LeadCreated) == leads &&
                    count(What::LeadAccount) == leads && count(What::Accounts) < UINT32_MAX &&
                    count(What::At) == events && count(What::Row) == events && count(What::Position) == events &&
                    count(What::ChangeBegin) == changes + 1 && count(What::LeadMarks) == leads &&
                    count(What::AccountMarks) == count(What::Accounts) &&
                    (count(What::Ids) == 0 || count(What::Ids) == events) && directory.log_rows >= events;
  if (fits) return std::nullopt;
  return damaged(path, "its tables do not belong together");
}

namespace {

/// From 0 to `end`, none below the one before it.
template <typename Numbers>
bool rises(const Numbers& begins, std::uint64_t end) {
  return begins[0] == 0 && begins[begins.size() - 1] == end && std::is_sorted(begins.begin(), begins.end());
}

}  // namespace

std::optional<Error> check_begins(const Store& store, const SortedTexts& texts, std::uint64_t text_bytes,
                                  const SortedLists& lists, std::uint64_t items, const std::string& path) {
  const std::pair<bool, const char*> checks[] = {
      {rises(texts.begins, text_bytes), "the texts"},
      {rises(lists.begins, items), "the lists"},
      {rises(store.lead_begin, store.events()), "the first events of the leads"},
      {rises(store.change_begin, store.changes.size()), "the places of the changes"}};
  for (const auto& [right, what] : checks) {
    if (!right) return damaged(path, fmt::format("{} do not begin one behind the other", what));
  }
  return std::nullopt;
}

std::optional<Error> check_invariants(const StoreFile& file, const std::string& path, Trust trust,
                                      const std::function<void(const Error&)>& found) {
  return Checker(file, path).run(trust, found);
}

}  // namespace nurture::store
