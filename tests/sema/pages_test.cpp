#include <filesystem>
#include <fstream>
#include <sstream>

#include "programme.h"
#include "stdlib/stdlib.h"
#include "tests/catch.h"

// Every page of docs/diagnostics about a code of this stage: its example gives that code and nothing else of this
// stage, what it says to write instead gives nothing.

namespace nurture::tests {

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

bool of_this_stage(std::string_view code) {
  for (std::string_view prefix : {"E03", "E04", "E06", "E07", "E08", "E09", "W1"}) {
    if (code.starts_with(prefix)) return true;
  }
  return false;
}

std::string codes(const std::string& text) {
  MemoryFiles files;
  files.files["main.nurture"] = text;
  sema::Unit unit;
  Status status = sema::load(unit, "main.nurture", Embedded{}, files);
  REQUIRE(status.ok());
  std::string found;
  for (const Diagnostic& each : unit.diagnostics.all())
    found += (found.empty() ? "" : " ") + std::string(info(each.id).code);
  UNSCOPED_INFO(listing(unit));
  return found;
}

}  // namespace

TEST_CASE("pages: the example gives the code, the advice gives none") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(DiagnosticId::Count); ++i) {
    std::string code(info(static_cast<DiagnosticId>(i)).code);
    if (!of_this_stage(code)) continue;
    INFO(code);
    std::filesystem::path page = std::filesystem::path(NURTURE_DIAGNOSTIC_PAGES) / (code + ".md");
    CHECK(std::filesystem::exists(page));
    std::vector<std::string> examples = blocks(page);
    CHECK(!examples.empty());
    if (examples.size() == 2) CHECK(codes(examples.front()) == code);
    if (!examples.empty()) CHECK(codes(examples.back()) == "");
  }
}

}  // namespace nurture::tests
