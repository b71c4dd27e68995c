#pragma once

#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"

/// Reading `// allow(W0501, W0302): reason`, and what it is about.
namespace nurture::findings {

/// A code between the parentheses, as written.
struct AllowedCode {
  std::string_view text;
  Span span;
};

struct AllowComment {
  Span comment;
  bool alone = false;  ///< nothing else stands on its line
  bool closed = false;
  std::vector<AllowedCode> codes;
  std::string_view reason;
};

/// The comments of a file that are exceptions, in order.
std::vector<AllowComment> allow_comments(const ast::File& file, const SourceFile& source);

/// What an exception is about. Behind something: the construct that ends there, or whose brace opens there. Alone: the
/// construct that begins next. Where none does, the construct whose lines go on there; between braces, that line.
Span subject_of(const AllowComment& allow, const ast::File& file, const SourceFile& source,
                const std::vector<Span>& constructs);

}  // namespace nurture::findings
