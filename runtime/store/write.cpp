#include "runtime/base/hash.h"
#include "runtime/store/file.h"
#include "runtime/store/layout.h"
#include "runtime/store/tidy.h"

namespace nurture::store {
namespace {

using namespace layout;

/// A section and the bytes that it has in memory.
struct Piece {
  Section section;
  std::string_view bytes;
};

template <typename Items>
std::string_view bytes_of(const Items& items) {
  using Item = std::remove_cvref_t<decltype(*items.data())>;
  return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(Item)};
}

template <typename Items>
Piece piece(What what, const Items& items) {
  using Item = std::remove_cvref_t<decltype(*items.data())>;
  Section section;
  section.what = what;
  section.width = sizeof(Item);
  section.count = items.size();
  return {section, bytes_of(items)};
}

class FileWriter {
 public:
  FileWriter(StoreFile& file, ByteSink& sink) : file_(file), sink_(sink), tidy_(tidy(file.store, file.names)) {
    clear_padding();
    collect();
    place();
  }

  Status run() {
    const std::string directory = directory_bytes();
    if (Status done = put(header(directory)); !done) return done;
    for (const Piece& each : pieces_) {
      if (Status done = pad_to(each.section.offset); !done) return done;
      if (Status done = put(each.bytes); !done) return done;
    }
    if (Status done = pad_to(directory_at_); !done) return done;
    return put(directory);
  }

 private:
  /// Bytes between members are whatever memory held: in a file they are 0.
  void clear_padding() {
    Store& store = file_.store;
    changes_.resize(store.changes.size() * sizeof(AttributeChange));
    for (std::size_t i = 0; i < store.changes.size(); ++i) {
      char* const to = changes_.data() + i * sizeof(AttributeChange);
      const AttributeChange& change = store.changes[i];
      std::memcpy(to + offsetof(AttributeChange, attribute), &change.attribute, sizeof change.attribute);
      put_value(to + offsetof(AttributeChange, value), change.value);
    }
    items_.resize(tidy_.list_items.size() * sizeof(Value));
    for (std::size_t i = 0; i < tidy_.list_items.size(); ++i) {
      put_value(items_.data() + i * sizeof(Value), tidy_.list_items[i]);
    }
  }
  static void put_value(char* to, const Value& value) {
    std::memcpy(to + offsetof(Value, bits), &value.bits, sizeof value.bits);
    std::memcpy(to + offsetof(Value, aux), &value.aux, sizeof value.aux);
    std::memcpy(to + offsetof(Value, known), &value.known, sizeof value.known);
  }

  void collect() {
    const Store& store = file_.store;
    pieces_ = {piece(What::TextBegins, tidy_.text_begins),
               piece(What::TextBytes, tidy_.text_bytes),
               piece(What::ListBegins, tidy_.list_begins),
               raw(What::ListItems, items_, sizeof(Value)),
               piece(What::Leads, store.leads),
               piece(What::LeadBegin, store.lead_begin),
               piece(What::LeadCreated, store.lead_created),
               piece(What::LeadAccount, store.lead_account),
               piece(What::Accounts, store.accounts),
               piece(What::Kind, store.kind),
               piece(What::At, store.at),
               piece(What::Row, store.row),
               piece(What::Position, store.position),
               piece(What::ChangeEvents, store.change_events),
               piece(What::ChangeBegin, store.change_begin),
               raw(What::Changes, changes_, sizeof(AttributeChange))};
    for (std::size_t i = 0; i < store.lead_attributes.size(); ++i) {
      column(What::LeadAttribute, 0, i, store.lead_attributes[i]);
    }
    for (std::size_t i = 0; i < store.account_attributes.size(); ++i) {
      column(What::AccountAttribute, 0, i, store.account_attributes[i]);
    }
    for (std::size_t kind = 0; kind < store.blocks.size(); ++kind) {
      for (std::size_t i = 0; i < store.blocks[kind].columns.size(); ++i) {
        column(What::Property, kind, i, store.blocks[kind].columns[i]);
      }
    }
  }
  static Piece raw(What what, const std::string& bytes, std::uint8_t width) {
    Section section;
    section.what = what;
    section.width = width;
    section.count = bytes.size() / width;
    return {section, bytes};
  }
  void column(What what, std::size_t kind, std::size_t field, const Column& column) {
    if (column.known_bits().empty()) return;
    const auto add = [&](Part part, std::uint8_t width, std::uint64_t count, std::string_view bytes) {
      Section section;
      section.what = what;
      section.part = part;
      section.kind = static_cast<std::uint16_t>(kind);
      section.field = static_cast<std::uint16_t>(field);
      section.width = width;
      section.count = count;
      pieces_.push_back({section, bytes});
    };
    add(Part::Bits, column.bits().width(), column.bits().size(), bytes_of(column.bits().bytes()));
    add(Part::Aux, column.aux().width(), column.aux().size(), bytes_of(column.aux().bytes()));
    add(Part::Known, sizeof(std::uint64_t), column.known_bits().size(), bytes_of(column.known_bits()));
  }

  void place() {
    std::uint64_t at = kHeader;
    for (Piece& each : pieces_) {
      at = aligned(at);
      each.section.offset = at;
      at += each.bytes.size();
      for (std::size_t from = 0; from < each.bytes.size(); from += kBlock) {
        each.section.checksums.push_back(checksum64(each.bytes.substr(from, kBlock)));
      }
    }
    directory_at_ = aligned(at);
  }

  std::string directory_bytes() const {
    ByteWriter out;
    write(file_.names, out);
    out.text(file_.facts);
    out.put(file_.store.first_instant);
    out.put(file_.store.last_instant);
    out.put(std::uint64_t{file_.store.blocks.size()});
    for (const KindBlock& block : file_.store.blocks) out.put(block.rows);
    out.put(std::uint64_t{pieces_.size()});
    for (const Piece& each : pieces_) put_section(each.section, out);
    return std::move(out).take();
  }
  static void put_section(const Section& section, ByteWriter& out) {
    out.put(static_cast<std::uint8_t>(section.what));
    out.put(static_cast<std::uint8_t>(section.part));
    out.put(section.kind);
    out.put(section.field);
    out.put(section.width);
    out.put(section.count);
    out.put(section.offset);
    for (std::uint64_t checksum : section.checksums) out.put(checksum);
  }

  std::string header(const std::string& directory) const {
    ByteWriter out;
    for (char c : kMagic) out.put(c);
    out.put(kVersion);
    out.put(std::uint32_t{0});
    out.put(directory_at_);
    out.put(std::uint64_t{directory.size()});
    out.put(checksum64(directory));
    out.put(directory_at_ + directory.size());
    out.put(hash64(out.bytes()));
    std::string page = std::move(out).take();
    page.resize(kHeader);
    return page;
  }

  Status put(std::string_view bytes) {
    written_ += bytes.size();
    return sink_.write(bytes);
  }
  Status pad_to(std::uint64_t offset) { return put(std::string(offset - written_, '\0')); }

  StoreFile& file_;
  ByteSink& sink_;
  Tidy tidy_;
  std::string changes_, items_;  // as they stand in the file
  std::vector<Piece> pieces_;
  std::uint64_t directory_at_ = 0;
  std::uint64_t written_ = 0;
};

}  // namespace

Status write(StoreFile file, ByteSink& sink) { return FileWriter(file, sink).run(); }

}  // namespace nurture::store
