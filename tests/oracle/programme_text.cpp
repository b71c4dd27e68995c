#include "tests/oracle/programme_text.h"

namespace nurture::oracle {

namespace {

void render_into(const Piece& piece, int depth, std::string& out) {
  std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (!piece.open.empty()) out += indent + piece.open + "\n";
  for (const Piece& part : piece.parts) render_into(part, piece.open.empty() ? depth : depth + 1, out);
  if (!piece.close.empty()) out += indent + piece.close + "\n";
}

/// Visits the droppable parts; `change` gets the list and the place in it, and says whether to stop.
bool take(Piece& piece, std::size_t& n, bool unwrap) {
  for (std::size_t i = 0; i < piece.parts.size(); ++i) {
    Piece& part = piece.parts[i];
    if (part.droppable && n-- == 0) {
      std::vector<Piece> parts = std::move(part.parts);
      auto at = piece.parts.erase(piece.parts.begin() + static_cast<std::ptrdiff_t>(i));
      if (unwrap) piece.parts.insert(at, parts.begin(), parts.end());
      return true;
    }
    if (take(piece.parts[i], n, unwrap)) return true;
  }
  return false;
}

}  // namespace

std::string render(const Piece& piece) {
  std::string out;
  render_into(piece, 0, out);
  return out;
}

std::size_t droppable(const Piece& piece) {
  std::size_t n = 0;
  for (const Piece& part : piece.parts) n += (part.droppable ? 1 : 0) + droppable(part);
  return n;
}

Piece without(const Piece& piece, std::size_t n) {
  Piece copy = piece;
  take(copy, n, false);
  return copy;
}

Piece unwrapped(const Piece& piece, std::size_t n) {
  Piece copy = piece;
  take(copy, n, true);
  return copy;
}

}  // namespace nurture::oracle
