#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "compiler/syntax/antlr.h"

namespace nurture::syntax {

/// What stands where a rule stands, in plain words ("a stage name"); empty where the parts of the rule say more.
std::string_view noun(std::size_t rule);

/// How a statement, clause or declaration that begins with this token is written, for one that is broken; may be empty.
std::string_view usage(std::size_t token_type);
/// The same of what begins with a name; may be empty.
std::string_view usage_of_rule(std::size_t rule);

/// The rules whose braces (or file) hold items that stand by themselves; errors are mended item by item.
struct Body {
  std::size_t item;               ///< the rule of one item
  std::string_view what;          ///< "a statement"
  std::string_view where;         ///< "in a block"
  std::string_view such_as = {};  ///< some words that begin one, for who has no idea
};
const Body* body(std::size_t rule);
bool is_item(std::size_t rule);

/// Whether this word is a connective, which is never a name.
bool is_reserved_word(std::string_view word);

/// A token type as it is written, in quotes, or its kind: `"to"`, `a text in quotes`.
std::string word(const antlr4::dfa::Vocabulary& vocabulary, std::size_t token_type);

}  // namespace nurture::syntax
