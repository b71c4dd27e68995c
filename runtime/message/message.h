#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/vm/vm.h"

/// What a lead gets: a content with its values filled in, as text and as HTML.
namespace nurture::message {

/// A stretch of a message: what its author wrote, or a value.
struct Piece {
  std::string text;
  bool value = false;
};
using Pieces = std::vector<Piece>;

/// The pieces of a message for the lead of the frame. A value that is not known prints as `unknown`.
Pieces fill(const vm::Frame& frame, const bytecode::Campaign* campaign, const bytecode::Message& message,
            std::string_view unknown = {});

/// All pieces in a row.
std::string plain(const Pieces& pieces);
/// The body as text: of HTML, its words without its markup.
std::string to_text(const Pieces& body, bytecode::BodyFormat format);
/// The body as an HTML document. Values are shown as they are, never read as markup; one that is the address of a link
/// must be an address of the web, of mail or of a telephone.
std::string to_html(const Pieces& body, bytecode::BodyFormat format, std::string_view title);

/// What a lead gets: of the first variant that fits, or the content's own.
struct Rendered {
  std::string from;      ///< empty: the programme's own address
  std::string reply_to;  ///< empty: `from`
  std::string subject;
  Pieces body;
  bytecode::BodyFormat format = bytecode::BodyFormat::Plain;
  std::vector<std::uint16_t> asks;  ///< lead attributes
};
Rendered render(const vm::Frame& frame, const bytecode::Campaign* campaign, const bytecode::Content& content,
                std::string_view unknown = {});

}  // namespace nurture::message
