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
  std::vector<RowIndex> rows;  ///< per kind
  std::vector<Section> sections;

  /// Null if there is none.
  const Section* find(What what, Part part = Part::Bits, std::size_t kind = 0, std::size_t field = 0) const;
};

/// The directory, its checksum and the bounds of every section looked at. `path` is for messages.
Result<Directory> read_directory(std::string_view file, const std::string& path);

/// "the instants", "the property form.submitted.form (known)".
std::string section_name(const Section& section, const SchemaNames& names);

/// "the store x is damaged: …", and what to do.
Error damaged(const std::string& path, const std::string& how);

}  // namespace nurture::store::layout
