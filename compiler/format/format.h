#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

/// The one layout of a file, as docs/reference/layout.md describes it.
namespace nurture::format {

/// Lines of the file, from 1, both included.
struct LineRange {
  std::uint32_t first = 1;
  std::uint32_t last = UINT32_MAX;
};

struct Formatted {
  std::string text;         ///< the whole file in its layout
  std::vector<Edit> edits;  ///< the same as changes of the file, in order, none touching another
  /// Where the first error begins to matter: from this byte of the file on everything is left as it is.
  std::optional<std::uint32_t> stopped_at;
  /// The layout did not read back as what was written, so nothing was changed. Never seen; a promise kept by looking.
  bool withheld = false;
};

/// Lays out a file, or those of its lines that are in the range. What cannot be read is reported.
Formatted format(const SourceFile& source, Diagnostics& diagnostics, LineRange range = {});

}  // namespace nurture::format
