#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/result.h"

/// The text form of a module, shared by assembler and disassembler.
///
///   nurture bytecode 4
///   name 0 "acme"                     a field: its name, its value; a text after an index is a remark and not read
///   strings [ "acme" "email" ]        rows; struct rows stand in { … }; fields at rest (0, no, none, empty) are left
///   out code [ L0:                               ; a comment runs to the end of the line
///     push.const 3 "US"
///     jump.false L1
///   ]
namespace nurture::bytecode {

/// In quotes, with \" \\ \n and \xNN for other control bytes and bytes that are not UTF-8.
std::string quoted(std::string_view text);

struct Token {
  enum class Kind : std::uint8_t { Word, Text, End } kind = Kind::End;
  std::string text;  ///< a Word as it stands, one of { } [ ] included; a Text without its quotes and escapes
  std::uint32_t line = 0;
};
/// Ends in a token of Kind::End.
Result<std::vector<Token>> tokenize(std::string_view text);

}  // namespace nurture::bytecode
