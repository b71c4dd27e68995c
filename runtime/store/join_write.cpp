#include <algorithm>
#include <cstring>

#include "runtime/store/join_inner.h"

// What was merged as a file, without what nothing refers to, and numbered as Tidy does it.

namespace nurture::store {
namespace {

using namespace layout;

/// Items on their way into a file, many at a time.
template <typename T>
class Items {
 public:
  explicit Items(const UseBytes& use) : use_(use) { block_.reserve(kBlockItems); }
  Items(const Items&) = delete;
  Items& operator=(const Items&) = delete;
  ~Items() { flush(); }
  void put(const T& item) {
    block_.push_back(item);
    if (block_.size() == kBlockItems) flush();
  }

 private:
  static constexpr std::size_t kBlockItems = 4096;
  void flush() {
    if (!block_.empty()) use_({reinterpret_cast<const char*>(block_.data()), block_.size() * sizeof(T)});
    block_.clear();
  }

  const UseBytes& use_;
  std::vector<T> block_;
};

template <typename T>
std::string_view bytes_of(std::span<const T> items) {
  return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

Piece table(What what, std::uint8_t width, std::uint64_t count, std::function<void(const UseBytes&)> bytes) {
  Section section;
  section.what = what;
  section.width = width;
  section.count = count;
  return {section, std::move(bytes)};
}

/// Bytes that numbers from `low` to `high` need, which are not above and not below zero.
std::uint8_t width_of(std::int64_t low, std::int64_t high) {
  if (low == 0 && high == 0) return 0;
  const auto fit = [&]<typename Number>(Number) {
    return low == static_cast<Number>(low) && high == static_cast<Number>(high);
  };
  return fit(std::int8_t{}) ? 1 : fit(std::int16_t{}) ? 2 : fit(std::int32_t{}) ? 4 : 8;
}

/// The values of a column as packed numbers, until `count`.
class PackedBytes {
 public:
  PackedBytes(const UseBytes& use, std::uint8_t width, std::uint64_t count) : use_(use), width_(width), left_(count) {}
  PackedBytes(const PackedBytes&) = delete;
  PackedBytes& operator=(const PackedBytes&) = delete;
  ~PackedBytes() { flush(); }
  void put(std::int64_t number) {
    if (left_ == 0) return;
    --left_;
    std::memcpy(block_ + used_, &number, width_);
    used_ += width_;
    if (used_ + sizeof number > sizeof block_) flush();
  }

 private:
  void flush() {
    if (used_ > 0) use_({block_, used_});
    used_ = 0;
  }

  const UseBytes& use_;
  std::uint8_t width_;
  std::uint64_t left_;
  std::size_t used_ = 0;
  char block_[16 * 1024] = {};
};

}  // namespace

void Join::mark(const FieldNames& type, Value value) {
  if (!value.known) return;
  if (is_text(type.kind)) used_texts_.add(value.text());
  if (type.kind != TypeKind::List) return;
  const std::size_t list = 2 * static_cast<std::size_t>(value.bits) + (is_text(type.element) ? 1 : 0);
  if (list >= final_lists_.size()) final_lists_.resize(2 * lists_.size());
  final_lists_[list] = 1;
}

void Join::survey(const MergedColumn& column, Survey& found) {
  std::uint64_t row = 0;
  found = Survey();
  if (!column.said) return;
  column.values([&](std::span<const Value> values) {
    for (const Value& value : values) {
      ++row;
      if (!value.known) continue;
      found.count = row;
      found.low = std::min(found.low, value.bits);
      found.high = std::max(found.high, value.bits);
      found.aux_low = std::min<std::int64_t>(found.aux_low, value.aux);
      found.aux_high = std::max<std::int64_t>(found.aux_high, value.aux);
      mark(*column.type, value);
    }
  });
}

/// What is referred to, and how wide each column is.
void Join::survey() {
  used_texts_.resize(text_begins_.size());
  surveys_.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) survey(columns_[i], surveys_[i]);
  for (const std::uint32_t text : lead_texts_.items()) used_texts_.add(text);
  account_texts_.for_each([&](std::uint32_t text) { used_texts_.add(text); });
  for (const AttributeChange& change : changes_.items()) mark(names().lead[change.attribute], change.value);
  number_lists();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const FieldNames& type = *columns_[i].type;
    Survey& found = surveys_[i];
    if (is_text(type.kind) && found.count > 0) found.high = used_texts_.rank(static_cast<std::size_t>(found.high));
    if (type.kind != TypeKind::List || found.count == 0) continue;
    found.high = 0;
    columns_[i].values([&](std::span<const Value> values) {
      for (const Value& value : values) found.high = std::max(found.high, final_value(type, value).bits);
    });
  }
}

/// Those that are used, in the order that they have once their texts are numbered as in the file.
void Join::number_lists() {
  final_lists_.resize(2 * lists_.size());
  std::vector<std::uint32_t> used;
  for (std::uint32_t list = 0; list < final_lists_.size(); ++list) {
    if (final_lists_[list] == 0) continue;
    used.push_back(list);
    if (list % 2 == 0) continue;
    for (const Value& item : lists_.at(list / 2)) used_texts_.add(item.text());
  }
  used_texts_.complete();
  std::vector<std::vector<Value>> items(used.size());
  std::vector<std::uint32_t> order(used.size());
  for (std::uint32_t i = 0; i < used.size(); ++i) {
    order[i] = i;
    const auto from = lists_.at(used[i] / 2);
    items[i].assign(from.begin(), from.end());
    for (Value& item : items[i]) {
      if (used[i] % 2 == 1) item = Value::of_text(used_texts_.rank(item.text()));
    }
  }
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return list_order(items[a], items[b]) < 0; });
  list_begins_.push_back(0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || list_order(items[order[i - 1]], items[order[i]]) != 0) {
      for (const Value& item : items[order[i]]) {
        list_items_.resize(list_items_.size() + sizeof(Value));
        put_value(list_items_.data() + list_items_.size() - sizeof(Value), item);
      }
      list_begins_.push_back(list_items_.size() / sizeof(Value));
    }
    final_lists_[used[order[i]]] = static_cast<std::uint32_t>(list_begins_.size() - 2);
  }
}

Value Join::final_value(const FieldNames& type, Value value) const {
  if (!value.known) return value;
  if (is_text(type.kind)) return Value::of_text(used_texts_.rank(value.text()));
  if (type.kind != TypeKind::List) return value;
  return Value::of(final_lists_[2 * static_cast<std::size_t>(value.bits) + (is_text(type.element) ? 1 : 0)]);
}

void Join::text_pieces(std::vector<Piece>& out) const {
  const std::uint32_t texts = used_texts_.count();
  std::uint64_t bytes = 0;
  used_texts_.for_each([&](std::uint32_t text) { bytes += text_begins_[text + std::size_t{1}] - text_begins_[text]; });
  out.push_back(table(What::TextBegins, sizeof bytes, texts + std::uint64_t{1}, [this](const UseBytes& use) {
    Items<std::uint64_t> items(use);
    std::uint64_t at = 0;
    items.put(at);
    used_texts_.for_each([&](std::uint32_t text) {
      items.put(at += text_begins_[text + std::size_t{1}] - text_begins_[text]);
      space_.looked_at(sizeof at);
    });
  }));
  out.push_back(table(What::TextBytes, 1, bytes, [this](const UseBytes& use) {
    used_texts_.for_each([&](std::uint32_t text) {
      const std::uint64_t begin = text_begins_[text], size = text_begins_[text + std::size_t{1}] - begin;
      use(bytes_of(text_bytes_.items().subspan(begin, size)));
      space_.looked_at(size + sizeof begin);
    });
  }));
  out.push_back(table(What::ListBegins, sizeof(std::uint64_t), list_begins_.size(),
                      [this](const UseBytes& use) { use(bytes_of(std::span<const std::uint64_t>(list_begins_))); }));
  out.push_back(table(What::ListItems, sizeof(Value), list_items_.size() / sizeof(Value),
                      [this](const UseBytes& use) { use(list_items_); }));
}

void Join::lead_pieces(std::vector<Piece>& out) const {
  const std::uint64_t leads = lead_texts_.size();
  const auto spooled = [&](What what, const auto& spool) {
    using Item = std::remove_cvref_t<decltype(spool[0])>;
    out.push_back(table(what, sizeof(Item), spool.size(), [this, &spool](const UseBytes& use) {
      Items<Item> items(use);
      for (const Item& item : spool.items()) {
        items.put(item);
        space_.looked_at(sizeof item);
      }
    }));
  };
  const auto numbered = [&](What what, const auto& spool, const Marks& numbers) {
    out.push_back(table(what, sizeof(std::uint32_t), leads, [this, &spool, &numbers](const UseBytes& use) {
      Items<std::uint32_t> items(use);
      for (const std::uint32_t text : spool.items()) {
        items.put(text == kNoText ? kNoAccount : numbers.rank(text));
        space_.looked_at(sizeof text);
      }
    }));
  };
  numbered(What::Leads, lead_texts_, used_texts_);
  spooled(What::LeadBegin, lead_begin_);
  spooled(What::LeadCreated, lead_created_);
  numbered(What::LeadAccount, lead_accounts_, account_texts_);
  out.push_back(table(What::Accounts, sizeof(std::uint32_t), account_texts_.count(), [this](const UseBytes& use) {
    Items<std::uint32_t> items(use);
    account_texts_.for_each([&](std::uint32_t text) { items.put(used_texts_.rank(text)); });
  }));
}

void Join::event_pieces(std::vector<Piece>& out) const {
  /// `item_of(part, event)` for each event.
  const auto events = [&](What what, auto item_of) {
    using Item = decltype(item_of(0, 0));
    out.push_back(table(what, sizeof(Item), events_, [this, item_of](const UseBytes& use) mutable {
      Items<Item> items(use);
      each_row(plan_, [&](std::size_t part, std::uint64_t event) {
        items.put(item_of(part, event));
        space_.looked_at(sizeof(Item));
      });
    }));
  };
  events(What::Kind, [this](std::size_t part, std::uint64_t event) { return store(part).kind[event]; });
  events(What::At, [this](std::size_t part, std::uint64_t event) { return store(part).at[event]; });
  out.push_back(table(What::Row, sizeof(RowIndex), events_, [this](const UseBytes& use) {
    Items<RowIndex> items(use);
    std::vector<RowIndex> next(rows_.size());
    each_row(plan_, [&](std::size_t part, std::uint64_t event) {
      items.put(next[store(part).kind[event]]++);
      space_.looked_at(1);
    });
  }));
  events(What::Position, [this](std::size_t part, std::uint64_t event) {
    return positions_before_[part] + store(part).position[event];
  });
}

void Join::change_pieces(std::vector<Piece>& out) const {
  out.push_back(table(What::ChangeEvents, sizeof(EventIndex), change_events_.size(),
                      [this](const UseBytes& use) { use(bytes_of(change_events_.items())); }));
  out.push_back(table(What::ChangeBegin, sizeof(std::uint32_t), change_begin_.size(),
                      [this](const UseBytes& use) { use(bytes_of(change_begin_.items())); }));
  out.push_back(table(What::Changes, sizeof(AttributeChange), changes_.size(), [this](const UseBytes& use) {
    char bytes[sizeof(AttributeChange)];
    for (const AttributeChange& change : changes_.items()) {
      put_change(bytes, {change.attribute, final_value(names().lead[change.attribute], change.value)});
      use({bytes, sizeof bytes});
      space_.looked_at(sizeof bytes);
    }
  }));
}

void Join::kept_pieces(std::vector<Piece>& out, std::string_view rejects) const {
  out.push_back(table(What::LeadMarks, 1, lead_marks_.size(),
                      [this](const UseBytes& use) { use(bytes_of(lead_marks_.items())); }));
  out.push_back(table(What::AccountMarks, 1, account_texts_.count(), [this](const UseBytes& use) {
    Items<std::uint8_t> items(use);
    each_account([&](std::uint32_t, const std::vector<std::uint32_t>& rows) {
      std::uint8_t marks = 0;
      for (std::size_t part = 0; part < rows.size(); ++part) {
        if (rows[part] != kNoAccount) marks |= kept(part).accounts[rows[part]];
      }
      items.put(marks);
    });
  }));
  const bool ids =
      std::any_of(parts_.begin(), parts_.end(), [](const LogPart& part) { return !part.file.kept.ids.empty(); });
  out.push_back(table(What::Ids, sizeof(std::uint64_t), ids ? events_ : 0, [this, ids](const UseBytes& use) {
    if (!ids) return;
    Items<std::uint64_t> items(use);
    each_row(plan_, [&](std::size_t part, std::uint64_t event) {
      items.put(kept(part).ids[event]);
      space_.looked_at(sizeof(std::uint64_t));
    });
  }));
  out.push_back(table(What::Rejects, 1, rejects.size(), [rejects](const UseBytes& use) { use(rejects); }));
}

void Join::column_pieces(const MergedColumn& column, const Survey& found, std::vector<Piece>& out) const {
  if (found.count == 0) return;
  const auto add = [&](Part part, std::uint8_t width, std::uint64_t count, std::function<void(const UseBytes&)> bytes) {
    Piece piece = table(column.what, width, count, std::move(bytes));
    piece.section.part = part;
    piece.section.kind = column.kind;
    piece.section.field = column.field;
    out.push_back(std::move(piece));
  };
  const std::uint64_t count = found.count;
  const std::uint8_t width = width_of(found.low, found.high), aux = width_of(found.aux_low, found.aux_high);
  add(Part::Bits, width, count, [this, &column, width, count](const UseBytes& use) {
    if (width == 0) return;
    PackedBytes out_bytes(use, width, count);
    column.values([&](std::span<const Value> values) {
      for (const Value& value : values) out_bytes.put(final_value(*column.type, value).bits);
    });
  });
  add(Part::Aux, aux, count, [&column, aux, count](const UseBytes& use) {
    if (aux == 0) return;
    PackedBytes out_bytes(use, aux, count);
    column.values([&](std::span<const Value> values) {
      for (const Value& value : values) out_bytes.put(value.aux);
    });
  });
  add(Part::Known, sizeof(std::uint64_t), (count + 63) / 64, [&column, count](const UseBytes& use) {
    PackedBytes words(use, sizeof(std::uint64_t), (count + 63) / 64);
    std::uint64_t word = 0, row = 0;
    column.values([&](std::span<const Value> values) {
      for (const Value& value : values) {
        word |= std::uint64_t{value.known} << (row % 64);
        if (++row % 64 != 0) continue;
        words.put(static_cast<std::int64_t>(word));
        word = 0;
      }
    });
    words.put(static_cast<std::int64_t>(word));
  });
}

Status Join::write(std::string facts, std::string_view rejects, ByteSink& sink, Readers readers) {
  survey();
  std::vector<Piece> out;
  text_pieces(out);
  lead_pieces(out);
  event_pieces(out);
  change_pieces(out);
  kept_pieces(out, rejects);
  for (std::size_t i = 0; i < columns_.size(); ++i) column_pieces(columns_[i], surveys_[i], out);
  std::uint32_t log_rows = 0;
  for (const LogPart& part : parts_) log_rows += part.file.kept.rows;
  Directory about{
      names(), std::move(facts), first_, last_, rows_, log_rows, kept(0).account_attribute, kept(0).row_attributes, {}};
  return write_image(about, std::move(out), sink, readers);
}

void Join::each_lead(std::uint16_t attribute, const std::function<void(Value, std::string_view)>& use) {
  const bool text = is_text(names().lead[attribute].kind);
  const Value none = otherwise(attribute);
  lead_values(attribute, false, [&](std::span<const Value> values) {
    for (const Value& value : values) {
      const Value said = value.known ? value : none;
      std::string_view found;
      if (text && said.known) {
        const std::uint64_t begin = text_begins_[said.text()], end = text_begins_[said.text() + std::size_t{1}];
        found = std::string_view(text_bytes_.items().data() + begin, end - begin);
      }
      use(said, found);
    }
  });
}

}  // namespace nurture::store
