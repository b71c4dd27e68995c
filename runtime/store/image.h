#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"
#include "runtime/store/directory.h"

/// A store on its way into a file: sections one behind the other, then the directory.
namespace nurture::store::layout {

using UseBytes = std::function<void(std::string_view)>;

/// A section and who says its bytes. They are asked for twice, once for the checksums, and must be the same; once where
/// nobody asks for checksums.
struct Piece {
  Section section;  ///< `offset` and `checksums` are found out
  std::function<void(const UseBytes&)> bytes;
};

/// `about`: everything but the sections.
Status write_image(const Directory& about, std::vector<Piece> pieces, ByteSink& sink, Readers readers);

/// The bytes of values between whose members memory may hold anything.
void put_value(char* to, const Value& value);
void put_change(char* to, const AttributeChange& change);

}  // namespace nurture::store::layout
