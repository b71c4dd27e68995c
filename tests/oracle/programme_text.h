#pragma once

#include <string>
#include <vector>

/// A generated programme as text with a structure that the shrinker can take pieces out of.
namespace nurture::oracle {

struct Piece {
  std::string open;  ///< its line, or the line before its parts
  std::vector<Piece> parts;
  std::string close;  ///< the line after its parts; empty: none
  bool droppable = true;
};

std::string render(const Piece& piece);
/// How many pieces may be taken out, and the programme without the nth of them (depth first).
std::size_t droppable(const Piece& piece);
Piece without(const Piece& piece, std::size_t n);
/// The programme with the nth piece replaced by its parts; empty `open` in the result if it has none.
Piece unwrapped(const Piece& piece, std::size_t n);

}  // namespace nurture::oracle
