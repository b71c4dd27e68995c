#include "tests/format/laid_out.h"

#include <regex>

#include "compiler/syntax/syntax.h"

using namespace nurture;

namespace {

struct Read {
  SourceManager sources;
  ast::Tree tree;
  Diagnostics diagnostics;
  ast::File file;

  explicit Read(std::string_view text) {
    file = syntax::parse(sources.add("a.nurture", std::string(text)), tree, diagnostics);
  }

  /// Without the channels of sends: they go where the content says the same.
  std::string tree_text() const {
    static const std::regex kChannel(R"(\(send \[[a-z_]+\] )");
    return std::regex_replace(ast::dump(file), kChannel, "(send ");
  }

  std::vector<std::string> comments() const {
    std::vector<std::string> out;
    for (const ast::Comment& comment : file.comments) {
      std::string text(sources.text(comment.span));
      std::size_t begin = text.find_first_not_of("#/ ");
      std::size_t end = text.find_last_not_of(" \t");
      out.push_back(begin == std::string::npos ? "" : text.substr(begin, end + 1 - begin));
    }
    return out;
  }
};

}  // namespace

LaidOut::LaidOut(std::string_view text, format::LineRange range) {
  made = format::format(sources.add("a.nurture", std::string(text)), diagnostics, range);
}

std::string laid_out(std::string_view text) {
  LaidOut out(text);
  return out.diagnostics.failed() ? render_terminal(out.diagnostics, out.sources, false) : out.made.text;
}

std::string fault(std::string_view text) {
  LaidOut once(text);
  if (once.made.withheld) return "withheld";
  std::string by_edits(once.sources.file(0).content());
  for (auto edit = once.made.edits.rbegin(); edit != once.made.edits.rend(); ++edit) {
    by_edits.replace(edit->span.begin, edit->span.end - edit->span.begin, edit->replacement);
  }
  if (by_edits != once.made.text) return "edits:\n" + by_edits;
  LaidOut twice(once.made.text);
  if (twice.made.text != once.made.text) return "twice:\n" + once.made.text + "then:\n" + twice.made.text;
  if (once.made.stopped_at) {
    std::string_view rest = once.sources.file(0).content().substr(*once.made.stopped_at);
    return once.made.text.ends_with(rest) ? "" : "what comes after the error:\n" + once.made.text;
  }
  Read before(text), after(once.made.text);
  if (after.diagnostics.failed()) return "errors:\n" + render_terminal(after.diagnostics, after.sources, false);
  if (before.tree_text() != after.tree_text()) return "tree:\n" + before.tree_text() + "\nthen:\n" + after.tree_text();
  if (before.comments() != after.comments()) return "comments:\n" + once.made.text;
  return {};
}
