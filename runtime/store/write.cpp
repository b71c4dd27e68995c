#include "runtime/store/file.h"
#include "runtime/store/image.h"
#include "runtime/store/tidy.h"

namespace nurture::store {
namespace {

using namespace layout;

/// From a store in memory to the pieces of a file.
class FileWriter {
 public:
  explicit FileWriter(StoreFile& file) : file_(file), tidy_(tidy(file)) {
    clear_padding();
    collect();
  }

  Status run(ByteSink& sink, Readers readers) {
    const Store& store = file_.store;
    Directory about{file_.names, file_.facts,     store.first_instant,          store.last_instant,
                    {},          file_.kept.rows, file_.kept.account_attribute, file_.kept.row_attributes,
                    {}};
    for (const KindBlock& block : store.blocks) about.rows.push_back(block.rows);
    return write_image(about, std::move(pieces_), sink, readers);
  }

 private:
  /// Bytes between members are whatever memory held: in a file they are 0.
  void clear_padding() {
    const Store& store = file_.store;
    changes_.resize(store.changes.size() * sizeof(AttributeChange));
    for (std::size_t i = 0; i < store.changes.size(); ++i) {
      put_change(changes_.data() + i * sizeof(AttributeChange), store.changes[i]);
    }
    items_.resize(tidy_.list_items.size() * sizeof(Value));
    for (std::size_t i = 0; i < tidy_.list_items.size(); ++i) {
      put_value(items_.data() + i * sizeof(Value), tidy_.list_items[i]);
    }
  }

  void collect() {
    const Store& store = file_.store;
    items(What::TextBegins, tidy_.text_begins);
    items(What::TextBytes, tidy_.text_bytes);
    items(What::ListBegins, tidy_.list_begins);
    raw(What::ListItems, items_, sizeof(Value));
    items(What::Leads, store.leads);
    items(What::LeadBegin, store.lead_begin);
    items(What::LeadCreated, store.lead_created);
    items(What::LeadAccount, store.lead_account);
    items(What::Accounts, store.accounts);
    items(What::Kind, store.kind);
    items(What::At, store.at);
    items(What::Row, store.row);
    items(What::Position, store.position);
    items(What::ChangeEvents, store.change_events);
    items(What::ChangeBegin, store.change_begin);
    raw(What::Changes, changes_, sizeof(AttributeChange));
    items(What::LeadMarks, file_.kept.leads);
    items(What::AccountMarks, file_.kept.accounts);
    items(What::Ids, file_.kept.ids);
    raw(What::Rejects, file_.rejects, 1);
    for_each_column(file_, [&](const Column& each, const ColumnPlace& place, std::size_t) { column(each, place); });
  }
  template <typename Items>
  void items(What what, const Items& items) {
    using Item = std::remove_cvref_t<decltype(*items.data())>;
    raw(what, {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(Item)}, sizeof(Item));
  }
  void raw(What what, std::string_view bytes, std::uint8_t width) {
    Section section;
    section.what = what;
    section.width = width;
    section.count = bytes.size() / width;
    pieces_.push_back({section, [bytes](const UseBytes& use) { use(bytes); }});
  }
  void column(const Column& column, const ColumnPlace& place) {
    if (column.known_bits().empty()) return;
    const auto add = [&](Part part, std::uint8_t width, std::uint64_t count, std::string_view bytes) {
      Section section;
      section.what = place.what;
      section.part = part;
      section.kind = static_cast<std::uint16_t>(place.kind);
      section.field = static_cast<std::uint16_t>(place.field);
      section.width = width;
      section.count = count;
      pieces_.push_back({section, [bytes](const UseBytes& use) { use(bytes); }});
    };
    const auto bytes_of = [](const auto& all) {
      return std::string_view(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(*all.data()));
    };
    add(Part::Bits, column.bits().width(), column.bits().size(), bytes_of(column.bits().bytes()));
    add(Part::Aux, column.aux().width(), column.aux().size(), bytes_of(column.aux().bytes()));
    add(Part::Known, sizeof(std::uint64_t), column.known_bits().size(), bytes_of(column.known_bits()));
  }

  StoreFile& file_;
  Tidy tidy_;
  std::string changes_, items_;  // as they stand in the file
  std::vector<Piece> pieces_;
};

}  // namespace

Status write(StoreFile file, ByteSink& sink, Readers readers) { return FileWriter(file).run(sink, readers); }

}  // namespace nurture::store
