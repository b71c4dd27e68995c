#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"
#include "runtime/store/kept.h"
#include "runtime/store/names.h"
#include "runtime/store/store.h"

/// A store as a file: written once, mapped and read in place (docs/store.md).
namespace nurture::store {

/// A store in the numbering of its own names, and what else stands in the file.
struct StoreFile {
  SchemaNames names;
  std::string facts;         ///< what the importer keeps about the import; means nothing here
  std::string_view rejects;  ///< likewise, of any length; lives as long as `Store::memory`, or its owner
  Store store;               ///< not linked; Store::position is there
  Kept kept;
};

/// Whether these are the first bytes of a store file, whatever its version.
bool is_store(std::string_view bytes);

/// A store in a file, which may have several: what was appended stands behind what was there, and all of them are one.
struct Image {
  std::uint64_t begin = 0, size = 0;  ///< bytes
};
struct Images {
  std::vector<Image> all;   ///< as they were written
  std::uint64_t end = 0;    ///< of the last
  bool unfinished = false;  ///< behind it stands something that was never finished, and belongs to nothing
};
/// Goes by the headers, which it looks at. `path` is for messages.
Result<Images> images_in(std::string_view file, const std::string& path);

/// Who will read a file. One that this process alone reads, by `load_own`, has zeros for the checksums of its blocks.
enum class Readers : std::uint8_t { All, ThisProcess };

/// Writes the store. What nothing refers to is left out and texts are numbered by their bytes, so that the file is the
/// same whatever order texts came in. `sink` is not committed.
Status write(StoreFile file, ByteSink& sink, Readers readers = Readers::All);

enum class Trust : std::uint8_t {
  Checked,   ///< what the bytes say cannot lead out of bounds, and every block read is what was written
  Verified,  ///< and says what a store says: sorted, each row once, no byte that means nothing
};

/// Reads an image in place: its columns are views of `view`. Nothing is believed that was not looked at: an Error names
/// the section, the block and the byte. `path` is for messages. With Trust::Verified every error there is goes to
/// `found`, and the first is returned.
Result<StoreFile> load(std::shared_ptr<const FileView> view, const Image& image, const std::string& path,
                       Trust trust = Trust::Checked, const std::function<void(const Error&)>& found = {});
/// All of a file. With `found` the others are looked at where one is damaged.
Result<std::vector<StoreFile>> load(const std::shared_ptr<const FileView>& view, const std::string& path,
                                    Trust trust = Trust::Checked, const std::function<void(const Error&)>& found = {});

/// What this process has written itself just now: nothing is looked at twice.
Result<StoreFile> load_own(std::shared_ptr<const FileView> view);

/// The store in the numbering of a module, whose schema has these places in it: views stay views where nothing moved.
/// `by_attribute`: the changes of one event are in the order of their attributes, as in the native form; else in that
/// of the source.
Store renumbered(Store store, const bytecode::Schema& schema, const Places& places, bool by_attribute);

}  // namespace nurture::store
