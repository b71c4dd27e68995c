#include "runtime/store/tidy.h"

#include <algorithm>
#include <numeric>

#include "runtime/store/builder.h"

namespace nurture::store {
namespace {

class Tidier {
 public:
  explicit Tidier(StoreFile& file)
      : file_(file),
        store_(file.store),
        names_(file.names),
        texts_(store_.texts.size()),
        lists_(2 * store_.lists.size()) {}

  Tidy run() {
    mark();
    number_texts();
    number_lists();
    rewrite();
    release(texts_);
    release(lists_);
    return std::move(tidy_);
  }

 private:
  static constexpr std::uint32_t kUsed = 1;

  /// A list of texts and one of numbers may be one list of the pool: their items become different ones.
  static std::size_t key(const FieldNames& field, Value list) {
    return 2 * static_cast<std::size_t>(list.bits) + (is_text(field.element) ? 1 : 0);
  }

  void mark() {
    for (TextId text : store_.leads) texts_[text] = kUsed;
    for (TextId text : store_.accounts) texts_[text] = kUsed;
    for_each_column(file_, [this](const Column& column, const ColumnPlace& place, std::size_t rows) {
      if (!refers(place.type)) return;
      for (std::size_t row = 0; row < rows; ++row) {
        mark(place.type, column.known(row) ? column.at(row) : Value::unknown());
      }
    });
    for (const AttributeChange& change : store_.changes) mark(names_.lead[change.attribute], change.value);
  }
  static bool refers(const FieldNames& field) { return is_text(field.kind) || field.kind == TypeKind::List; }
  void mark(const FieldNames& field, Value value) {
    if (!value.known) return;
    if (is_text(field.kind)) texts_[value.text()] = kUsed;
    if (field.kind != TypeKind::List) return;
    const std::size_t list = key(field, value);
    if (lists_[list] == kUsed) return;
    lists_[list] = kUsed;
    if (!is_text(field.element)) return;
    for (Value item : store_.lists.at(static_cast<ListId>(value.bits))) texts_[item.text()] = kUsed;
  }

  /// From marks to new numbers, in the order of `less`; returns one old number for each new one.
  template <typename Less>
  static std::vector<std::uint32_t> number(std::vector<std::uint32_t>& marks, Less less) {
    std::vector<std::uint32_t> used, chosen;
    for (std::uint32_t id = 0; id < marks.size(); ++id) {
      if (marks[id] == kUsed) used.push_back(id);
    }
    std::sort(used.begin(), used.end(), less);
    for (std::uint32_t id : used) {
      if (chosen.empty() || less(chosen.back(), id)) chosen.push_back(id);
      marks[id] = static_cast<std::uint32_t>(chosen.size() - 1);
    }
    return chosen;
  }

  void number_texts() {
    const auto order = number(texts_, [this](TextId a, TextId b) { return store_.texts.at(a) < store_.texts.at(b); });
    tidy_.text_begins.push_back(0);
    for (TextId text : order) {
      tidy_.text_bytes += store_.texts.at(text);
      tidy_.text_begins.push_back(tidy_.text_bytes.size());
    }
    store_.texts = TextPool();
  }

  /// Their items get their new numbers first: lists are in the order of those.
  void number_lists() {
    std::vector<std::vector<Value>> items(lists_.size());
    for (std::size_t list = 0; list < lists_.size(); ++list) {
      if (lists_[list] != kUsed) continue;
      const auto old = store_.lists.at(static_cast<ListId>(list / 2));
      items[list].assign(old.begin(), old.end());
      if (list % 2 == 0) continue;
      for (Value& item : items[list]) item = Value::of_text(texts_[item.text()]);
    }
    const auto order =
        number(lists_, [&](std::uint32_t a, std::uint32_t b) { return list_order(items[a], items[b]) < 0; });
    tidy_.list_begins.push_back(0);
    for (std::uint32_t list : order) {
      tidy_.list_items.insert(tidy_.list_items.end(), items[list].begin(), items[list].end());
      tidy_.list_begins.push_back(tidy_.list_items.size());
    }
    store_.lists = ListPool();
  }

  Value renumbered(const FieldNames& field, Value value) const {
    if (!value.known) return value;
    if (is_text(field.kind)) return Value::of_text(texts_[value.text()]);
    if (field.kind == TypeKind::List) return Value::of(lists_[key(field, value)]);
    return value;
  }

  void rewrite() {
    for (std::size_t i = 0; i < store_.leads.size(); ++i) store_.leads.edit(i) = texts_[store_.leads[i]];
    for (std::size_t i = 0; i < store_.accounts.size(); ++i) store_.accounts.edit(i) = texts_[store_.accounts[i]];
    for_each_column(file_, [this](Column& column, const ColumnPlace& place, std::size_t rows) {
      Column fresh;
      for (std::size_t row = 0; row < rows; ++row) {
        if (column.known(row)) fresh.set(row, renumbered(place.type, column.at(row)));
      }
      column = std::move(fresh);
    });
    for (std::size_t i = 0; i < store_.changes.size(); ++i) {
      AttributeChange& change = store_.changes.edit(i);
      change.value = renumbered(names_.lead[change.attribute], change.value);
    }
  }

  StoreFile& file_;
  Store& store_;
  const SchemaNames& names_;
  std::vector<std::uint32_t> texts_, lists_;  // by old number, or key: whether used, then the new one
  Tidy tidy_;
};

}  // namespace

Tidy tidy(StoreFile& file) { return Tidier(file).run(); }

}  // namespace nurture::store
