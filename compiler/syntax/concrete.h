#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"
#include "compiler/syntax/syntax.h"

/// A file as the words and signs it is written with: what the tree leaves out, for tools that keep or make its layout.
namespace nurture::syntax {

/// How the items between two braces stand.
enum class Braces : std::uint8_t {
  None,
  Lines,   ///< each on its own line
  Single,  ///< one item may share the line of its braces
  Record,  ///< short entries of which several may share a line
};

/// What stands in one column over lines that follow one another. Cell: of a row of a table, which has several.
enum class Column : std::uint8_t { None, Value, As, Gives, Body, Cell };

/// A word, a sign, or several words that mean something only together.
struct Word {
  Span span;                     ///< as it is written; empty where something is to be put in
  std::string text;              ///< as it should be written; empty: to be left out
  Braces braces = Braces::None;  ///< of a "{"
  std::uint32_t partner = 0;     ///< of "{" and "}": the index of the other one; the number of words if it has none
  bool begins = false;           ///< begins an item of the braces around it, or a declaration
  bool goes_on = false;          ///< begins a line, but not an item: `else`
  bool tight = false;            ///< no space before it
  Column column = Column::None;
  /// Where a line that is too long may go on in the next one; smaller ones first; 0: not here. Each pair of brackets
  /// around it adds kRanks.
  std::uint16_t wrap = 0;
  bool wrap_all = false;  ///< if there, then at all of this rank: `and`, `or`
};

constexpr std::uint16_t kRanks = 8;
/// Brackets and parentheses around a place where a line may go on.
inline std::uint32_t depth(const Word& word) { return word.wrap / kRanks; }

/// The words in the order in which they should stand, with the accepted ways of writing in their one right form. Where
/// errors were reported, they are to be trusted only before the first of them.
struct Concrete {
  std::vector<Word> words;
  std::vector<Span> comments;
};

/// Reads a file as parse() does, and reports the same.
Concrete concrete(const SourceFile& source, Diagnostics& diagnostics, const Limits& limits = {});

}  // namespace nurture::syntax
