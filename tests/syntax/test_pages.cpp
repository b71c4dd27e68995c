#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/syntax/parsed.h"

// Every page of docs/diagnostics about reading and grammar: its example gives that code and nothing else, what it says
// to write instead gives nothing.

namespace {

std::vector<std::string> examples(const std::filesystem::path& page) {
  std::ifstream file(page);
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    bool opens = line == "```nurture";
    if (opens)
      found.emplace_back();
    else if (inside && line != "```")
      found.back() += line + '\n';
    inside = opens || (inside && line != "```");
  }
  return found;
}

}  // namespace

TEST_CASE("the example of a page gives its code, the advice gives none") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(nurture::DiagnosticId::Count); ++i) {
    std::string code(nurture::info(static_cast<nurture::DiagnosticId>(i)).code);
    if (!code.starts_with("E01") && !code.starts_with("E02")) continue;
    INFO(code);
    std::filesystem::path page = std::filesystem::path(NURTURE_DIAGNOSTIC_PAGES) / (code + ".md");
    REQUIRE(std::filesystem::exists(page));
    auto all = examples(page);
    if (!all.empty()) {
      Parsed bad(all[0]);
      INFO(bad.shown());
      CHECK(bad.diagnostics.all().size() == 1);
      CHECK(bad.codes().substr(0, 5) == code);
    }
    if (all.size() > 1) CHECK(Parsed(all[1]).codes().empty());
  }
}
