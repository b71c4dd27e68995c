#pragma once

#include <functional>
#include <set>

#include "compiler/sema/model.h"

namespace nurture::tool::evidence {

/// A comparison of an attribute or a property with texts that are the same for everybody.
struct Compared {
  enum class Op : std::uint8_t { Is, StartsWith, EndsWith, Contains } op{};
  struct Text {
    std::string text;
    Span span;
    bool literal = false;  ///< it stands there between quotes
  };
  const ast::NameRef* what = nullptr;
  std::vector<Text> texts;  ///< of `in [a, b]` several
  Span span;                ///< of the texts together
  bool list = false;
  bool ignoring_case = false;
};

/// Every such comparison in the declarations of these files, in the order written, tests left out. In what was made
/// from a template, none.
std::vector<Compared> comparisons(const sema::Model& model, const std::vector<const ast::File*>& files);

/// The attributes that statements of the programme set: (attribute, text), with no text where it is not the same for
/// everybody.
std::set<std::pair<std::uint32_t, std::string>> set_by_programme(const sema::Model& model);

}  // namespace nurture::tool::evidence
