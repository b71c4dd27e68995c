#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/store/file.h"
#include "runtime/store/layout.h"

namespace nurture::store::layout {

/// What the header and the directory of a file say, held against its size.
struct Directory {
  SchemaNames names;
  std::string facts;
  Instant first_instant = kNever, last_instant = kNever;
  std::vector<RowIndex> rows;                    ///< per kind
  std::uint32_t log_rows = 0;                    ///< Kept::rows
  std::uint16_t account_attribute = UINT16_MAX;  ///< Kept::account_attribute
  std::vector<std::uint16_t> row_attributes;
  std::vector<Section> sections;

  /// Null if there is none.
  const Section* find(What what, Part part = Part::Bits, std::size_t kind = 0, std::size_t field = 0) const;
  /// "the instants", "the property form.submitted.form (known)".
  std::string name_of(const Section& section) const;
};

/// The directory of an image, its checksum and the bounds of every section looked at. `path`, and the `begin` of the
/// image in the file, are for messages.
Result<Directory> read_directory(std::string_view image, const std::string& path, std::uint64_t begin = 0);

/// "the store x is damaged: …", and what to do.
Error damaged(const std::string& path, const std::string& how);

}  // namespace nurture::store::layout
