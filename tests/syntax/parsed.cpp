#include "tests/syntax/parsed.h"

#include <algorithm>

#include "tests/catch.h"

using namespace nurture;

Parsed::Parsed(std::string_view text, const syntax::Limits& limits) {
  const SourceFile& source = sources.add("test.nurture", std::string(text));
  file = syntax::parse(source, tree, diagnostics, limits);
  diagnostics.sort();
}

std::string Parsed::codes() const {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) {
    LineColumn at = sources.file(0).locate(d.span.begin);
    out += fmt::format("{}{} {}:{}", out.empty() ? "" : ", ", info(d.id).code, at.line, at.column);
  }
  return out;
}

std::string declaration(std::string_view text) {
  Parsed parsed(text);
  INFO(text << "\n" << parsed.shown());
  CHECK(parsed.diagnostics.all().empty());
  return parsed.dump();
}

namespace {

/// What the wrapping added around the part, taken off: the lines between, without their indentation, on one line.
std::string between(std::string dump, std::string_view head, std::size_t closing) {
  std::size_t begin = dump.find(head);
  REQUIRE(begin != std::string::npos);
  begin += head.size();
  std::string inner = dump.substr(begin, dump.size() - begin - closing);
  std::string out;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '\n') {
      out += inner[i];
      continue;
    }
    while (i + 1 < inner.size() && inner[i + 1] == ' ') ++i;
    if (!out.empty()) out += ' ';
  }
  return out;
}

}  // namespace

std::string expression(std::string_view text) {
  return between(declaration(fmt::format("let x = {}", text)), "(let x ", 1);
}

std::string statement(std::string_view text) {
  return between(declaration(fmt::format("campaign c {{ stage s {{ {} }} }}", text)), "(stage s\n    ", 2);
}

std::string clause(std::string_view text) {
  return between(declaration(fmt::format("campaign c {{ {} }}", text)), "(campaign c\n  ", 1);
}

std::string mended(const Parsed& parsed) {
  std::vector<Edit> edits;
  for (const Diagnostic& d : parsed.diagnostics.all()) edits.insert(edits.end(), d.edits.begin(), d.edits.end());
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.span.begin > b.span.begin; });
  std::string text(parsed.sources.file(0).content());
  for (const Edit& edit : edits) text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.replacement);
  return text;
}
