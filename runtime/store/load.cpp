#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <optional>

#include "runtime/base/hash.h"
#include "runtime/store/directory.h"
#include "runtime/store/invariants.h"
#include "runtime/store/tasks.h"

namespace nurture::store {
namespace {

using namespace layout;

constexpr std::size_t kBlocksATask = 16;

/// From bytes that are what was written to a store whose columns are views of them.
class Viewer {
 public:
  Viewer(const Directory& directory, std::string_view file) : directory_(directory), file_(file) {}

  SortedTexts texts() const { return {items<std::uint64_t>(What::TextBegins), items<char>(What::TextBytes).data()}; }
  SortedLists lists() const { return {items<std::uint64_t>(What::ListBegins), items<Value>(What::ListItems).data()}; }

  Store run() const {
    Store store;
    store.texts = TextPool(texts());
    store.lists = ListPool(lists());
    view(store.leads, What::Leads);
    view(store.lead_begin, What::LeadBegin);
    view(store.lead_created, What::LeadCreated);
    view(store.lead_account, What::LeadAccount);
    view(store.accounts, What::Accounts);
    view(store.kind, What::Kind);
    view(store.at, What::At);
    view(store.row, What::Row);
    view(store.position, What::Position);
    view(store.change_events, What::ChangeEvents);
    view(store.change_begin, What::ChangeBegin);
    view(store.changes, What::Changes);
    const SchemaNames& names = directory_.names;
    for (std::size_t i = 0; i < names.lead.size(); ++i) {
      store.lead_attributes.push_back(column(What::LeadAttribute, 0, i));
    }
    for (std::size_t i = 0; i < names.account.size(); ++i) {
      store.account_attributes.push_back(column(What::AccountAttribute, 0, i));
    }
    for (std::size_t kind = 0; kind < names.kinds.size(); ++kind) {
      KindBlock& block = store.blocks.emplace_back();
      block.rows = directory_.rows[kind];
      for (std::size_t i = 0; i < names.kinds[kind].properties.size(); ++i) {
        block.columns.push_back(column(What::Property, kind, i));
      }
    }
    store.first_instant = directory_.first_instant;
    store.last_instant = directory_.last_instant;
    return store;
  }

  Kept kept() const {
    Kept kept;
    kept.rows = directory_.log_rows;
    view(kept.leads, What::LeadMarks);
    view(kept.accounts, What::AccountMarks);
    view(kept.ids, What::Ids);
    kept.account_attribute = directory_.account_attribute;
    kept.row_attributes = directory_.row_attributes;
    const auto columns = [this](What what, std::size_t count) {
      std::vector<Column> out;
      for (std::size_t i = 0; i < count; ++i) out.push_back(column(what, 0, i));
      return out;
    };
    kept.lead_cleared = columns(What::LeadCleared, directory_.names.lead.size());
    kept.account_cleared = columns(What::AccountCleared, directory_.names.account.size());
    kept.said = columns(What::Said, kept.row_attributes.size());
    kept.otherwise = columns(What::Otherwise, directory_.names.lead.size());
    return kept;
  }

  std::string_view rejects() const {
    const std::span<const char> bytes = items<char>(What::Rejects);
    return {bytes.data(), bytes.size()};
  }

  StoreFile file() const { return {directory_.names, directory_.facts, rejects(), run(), kept()}; }

 private:
  template <typename Item>
  std::span<const Item> items(const Section& section) const {
    return {reinterpret_cast<const Item*>(file_.data() + section.offset), section.bytes() / sizeof(Item)};
  }
  template <typename Item>
  std::span<const Item> items(What what) const {
    return items<Item>(*directory_.find(what));
  }
  template <typename Item>
  void view(Array<Item>& to, What what) const {
    to = Array<Item>::view(items<Item>(what));
  }
  Packed packed(What what, Part part, std::size_t kind, std::size_t field) const {
    const Section* const section = directory_.find(what, part, kind, field);
    if (section == nullptr) return {};
    return Packed::view(section->width, section->count, items<std::uint8_t>(*section));
  }
  Column column(What what, std::size_t kind, std::size_t field) const {
    const Section* const known = directory_.find(what, Part::Known, kind, field);
    if (known == nullptr) return {};
    return {packed(what, Part::Bits, kind, field), packed(what, Part::Aux, kind, field),
            Array<std::uint64_t>::view(items<std::uint64_t>(*known))};
  }

  const Directory& directory_;
  std::string_view file_;
};

/// What messages say of where something stands.
struct Place {
  const std::string& path;
  std::uint64_t begin;  ///< of the image in the file
};

/// Holds each block against its checksum, a few blocks a task.
void check_blocks(const Directory& directory, std::string_view image, const Place& place, Tasks& tasks) {
  for (const Section& section : directory.sections) {
    for (std::size_t first = 0; first < section.checksums.size(); first += kBlocksATask) {
      tasks.add([&, image, first]() -> std::vector<Error> {
        std::vector<Error> errors;
        const std::size_t last = std::min(first + kBlocksATask, section.checksums.size());
        for (std::size_t block = first; block < last; ++block) {
          const std::uint64_t from = section.offset + block * kBlock;
          const std::uint64_t size = std::min<std::uint64_t>(kBlock, section.offset + section.bytes() - from);
          if (checksum64(image.substr(from, size)) == section.checksums[block]) continue;
          errors.push_back(damaged(
              place.path, fmt::format("block {} of {} (bytes {} to {}) is not what was written", block,
                                      directory.name_of(section), place.begin + from, place.begin + from + size)));
        }
        return errors;
      });
    }
  }
}

/// What stands between sections is 0.
void check_gaps(const Directory& directory, std::string_view image, const Place& place, Tasks& tasks) {
  tasks.add([&, image]() -> std::vector<Error> {
    std::vector<Error> errors;
    for (const Section& section : directory.sections) {
      const std::uint64_t from = section.offset + section.bytes();
      const std::uint64_t to = aligned(from);
      if (image.substr(from, to - from).find_first_not_of('\0') == std::string_view::npos) continue;
      errors.push_back(
          damaged(place.path, fmt::format("the gap behind {} (bytes {} to {}) is not empty", directory.name_of(section),
                                          place.begin + from, place.begin + to)));
    }
    return errors;
  });
}

}  // namespace

bool is_store(std::string_view bytes) { return bytes.starts_with(kMagic); }

Result<StoreFile> load(std::shared_ptr<const FileView> view, const Image& image, const std::string& path, Trust trust,
                       const std::function<void(const Error&)>& found) {
  const std::string_view file = view->bytes().substr(image.begin, image.size);
  const Place place{path, image.begin};
  auto directory = read_directory(file, path, image.begin);
  if (!directory) {
    if (found) found(directory.error());
    return directory.error();
  }
  Tasks blocks;
  check_blocks(*directory, file, place, blocks);
  if (trust == Trust::Verified) check_gaps(*directory, file, place, blocks);
  if (auto error = blocks.run(found)) return *error;
  const Viewer viewer(*directory, file);
  StoreFile out = viewer.file();
  auto error = check_shape(*directory, path);
  if (!error) {
    error = check_begins(out.store, viewer.texts(), directory->find(What::TextBytes)->count, viewer.lists(),
                         directory->find(What::ListItems)->count, path);
  }
  if (error) {
    if (found) found(*error);
    return *error;
  }
  error = check_invariants(out, path, trust, found);
  if (error) return *error;
  out.store.memory = std::move(view);
  return out;
}

Result<std::vector<StoreFile>> load(const std::shared_ptr<const FileView>& view, const std::string& path, Trust trust,
                                    const std::function<void(const Error&)>& found) {
  const auto images = images_in(view->bytes(), path);
  if (!images) {
    if (found) found(images.error());
    return images.error();
  }
  std::vector<StoreFile> all;
  std::optional<Error> first;
  for (const Image& image : images->all) {
    auto file = load(view, image, path, trust, found);
    if (file) {
      all.push_back(std::move(*file));
      continue;
    }
    if (!found) return file.error();
    if (!first) first = file.error();
  }
  if (first) return *first;
  return all;
}

Result<StoreFile> load_own(std::shared_ptr<const FileView> view) {
  auto directory = read_directory(view->bytes(), "");
  if (!directory) return directory.error();
  StoreFile out = Viewer(*directory, view->bytes()).file();
  out.store.memory = std::move(view);
  return out;
}

}  // namespace nurture::store
