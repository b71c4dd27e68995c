#include "runtime/store/tidy.h"

#include <algorithm>
#include <numeric>

#include "runtime/store/builder.h"

namespace nurture::store {
namespace {

/// Calls `use` with each column, the type of its values, and how many rows it has.
template <typename Use>
void for_each_column(Store& store, const SchemaNames& names, Use use) {
  for (std::size_t i = 0; i < names.lead.size(); ++i) use(store.lead_attributes[i], names.lead[i], store.leads.size());
  for (std::size_t i = 0; i < names.account.size(); ++i) {
    use(store.account_attributes[i], names.account[i], store.accounts.size());
  }
  for (std::size_t kind = 0; kind < names.kinds.size(); ++kind) {
    for (std::size_t i = 0; i < names.kinds[kind].properties.size(); ++i) {
      use(store.blocks[kind].columns[i], names.kinds[kind].properties[i], std::size_t{store.blocks[kind].rows});
    }
  }
}

class Tidier {
 public:
  Tidier(Store& store, const SchemaNames& names)
      : store_(store), names_(names), texts_(store.texts.size()), lists_(2 * store.lists.size()) {}

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
    for_each_column(store_, names_, [this](const Column& column, const FieldNames& field, std::size_t rows) {
      for (std::size_t row = 0; row < rows; ++row) mark(field, column.known(row) ? column.at(row) : Value::unknown());
    });
    for (const AttributeChange& change : store_.changes) mark(names_.lead[change.attribute], change.value);
  }
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
    for_each_column(store_, names_, [this](Column& column, const FieldNames& field, std::size_t rows) {
      Column fresh;
      for (std::size_t row = 0; row < rows; ++row) {
        if (column.known(row)) fresh.set(row, renumbered(field, column.at(row)));
      }
      column = std::move(fresh);
    });
    for (std::size_t i = 0; i < store_.changes.size(); ++i) {
      AttributeChange& change = store_.changes.edit(i);
      change.value = renumbered(names_.lead[change.attribute], change.value);
    }
  }

  Store& store_;
  const SchemaNames& names_;
  std::vector<std::uint32_t> texts_, lists_;  // by old number, or key: whether used, then the new one
  Tidy tidy_;
};

}  // namespace

Tidy tidy(Store& store, const SchemaNames& names) { return Tidier(store, names).run(); }

}  // namespace nurture::store
