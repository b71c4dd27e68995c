#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/model.h"

/// What the types of the language can do (§3), apart from any programme.
namespace nurture::sema {

Type make(TypeKind kind, bool optional = false);
Type list_of(const Type& item);
/// The item type of a list.
Type item_of(const Type& list);
Type known(Type type);
Type maybe(Type type, bool optional);

/// The kind named by a word of the language, other than list.
std::optional<TypeKind> kind_named(std::string_view word);
/// "text", "choice": as written in a declaration.
std::string_view word_of(TypeKind kind);
/// "a, b or c" with every word quoted; at most `most` of them.
std::string alternatives(const std::vector<std::string>& words, std::size_t most = 8);

bool has_order(TypeKind kind);
bool is_number(TypeKind kind);
bool is_textual(TypeKind kind);  ///< text, choice and content: a text at run time
/// Whether values of both can be equal at all without any conversion.
bool alike(const Type& a, const Type& b);

}  // namespace nurture::sema
