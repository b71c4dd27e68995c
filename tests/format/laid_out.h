#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/format/format.h"

/// A text and its layout.
struct LaidOut {
  nurture::SourceManager sources;
  nurture::Diagnostics diagnostics;
  nurture::format::Formatted made;

  explicit LaidOut(std::string_view text, nurture::format::LineRange range = {});
};

/// The layout of a text without errors.
std::string laid_out(std::string_view text);

/// What is wrong with the layout of a text, or nothing: it keeps the tree, every comment, and what comes after an
/// error; laid out again it stays the same; and its edits give the same text.
std::string fault(std::string_view text);
