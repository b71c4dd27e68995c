#include <filesystem>
#include <fstream>

#include "stdlib/stdlib.h"
#include "tests/catch.h"
#include "tests/flow/compile.h"

// Every page of docs/diagnostics about a code of this stage: its example gives that code and nothing else, what it says
// to write instead gives nothing. Pages show pieces; what stands around them is added here.

namespace nurture {

namespace {

struct Embedded : sema::Library {
  const std::string_view* find(std::string_view dotted) const override { return find_stdlib(dotted); }
};

std::vector<std::string> blocks(const std::filesystem::path& page) {
  std::ifstream file(page);
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```nurture") {
      inside = true;
      found.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

std::string whole(std::string piece) {
  if (piece.starts_with("wait")) piece = "stage s {\n" + piece + "exit as done\n}\n";
  if (piece.starts_with("stage")) {
    std::string others;
    for (const char* name : {"awake", "rest"}) {
      if (piece.find("go to " + std::string(name)) == std::string::npos) continue;
      others += "stage " + std::string(name) + " { wait 1 day  exit as done }\n";
    }
    piece = "campaign c {\nenter on lead.created\nlasts at most 90 days as late\n" + piece + others + "}\n";
  }
  std::string text = "use std.b2b\n";
  for (const char* name : {"hello", "again", "farewell", "survey", "reminder", "tip", "newsletter", "price_guide"}) {
    text += "content " + std::string(name) + ": email { subject \"A word\"  body \"a.md\" }\n";
  }
  return text + piece;
}

std::string codes(const std::string& text) {
  sema::Unit unit;
  const SourceFile& file = unit.sources.add("page.nurture", text);
  unit.files.push_back(syntax::parse(file, unit.tree, unit.diagnostics));
  test::NoFiles files;
  sema::analyze(unit, Embedded{}, files);
  flow::build(unit.model, unit.diagnostics);
  std::string found;
  for (const Diagnostic& each : unit.diagnostics.all()) {
    std::string code(info(each.id).code);
    if (!code.starts_with("W1")) found += (found.empty() ? "" : " ") + code;
  }
  return found;
}

}  // namespace

TEST_CASE("pages: the example gives the code, the advice gives none") {
  int pages = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(DiagnosticId::Count); ++i) {
    const DiagnosticInfo& row = info(static_cast<DiagnosticId>(i));
    if (!row.code.starts_with("E05") && !row.code.starts_with("W05")) continue;
    INFO(row.code);
    auto found = blocks(std::filesystem::path(NURTURE_ROOT) / "docs/diagnostics" / (std::string(row.code) + ".md"));
    REQUIRE(found.size() == 2);
    CHECK(codes(whole(found[0])) == row.code);
    CHECK(codes(whole(found[1])) == "");
    ++pages;
  }
  CHECK(pages == 12);
}

}  // namespace nurture
