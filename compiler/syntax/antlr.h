#pragma once

// The one door to ANTLR. Included by sources of this folder only; no public header may include it.
#include <antlr4-runtime.h>

#include "NurtureLexer.h"
#include "NurtureParser.h"

namespace nurture::syntax {

using Lexer = grammar::NurtureLexer;
using Parser = grammar::NurtureParser;
using TokenPtr = std::unique_ptr<antlr4::Token>;

}  // namespace nurture::syntax
