#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "programme.h"
#include "stdlib/stdlib.h"
#include "tests/catch.h"

// Programmes with words taken out, doubled and swapped: whatever is left of them is answered, and nothing falls over.

namespace nurture::tests {

namespace {

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream row(line.substr(0, line.find("//")));
    for (std::string word; row >> word;) found.push_back(word);
    found.push_back("\n");
  }
  return found;
}

std::string damaged(std::vector<std::string> text, std::mt19937& random) {
  std::size_t times = 1 + random() % 3;
  for (std::size_t i = 0; i < times && text.size() > 2; ++i) {
    std::size_t at = random() % text.size(), other = random() % text.size();
    switch (random() % 4) {
      case 0:
        text.erase(text.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        text[at] = text[other];
        break;
      case 2:
        std::swap(text[at], text[other]);
        break;
      case 3:
        text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), text[other]);
        break;
    }
  }
  std::string joined;
  for (const std::string& word : text) joined += word + " ";
  return joined;
}

}  // namespace

TEST_CASE("damaged programmes are answered") {
  std::mt19937 random(20260305);
  std::vector<std::vector<std::string>> programmes;
  for (const auto& each : std::filesystem::recursive_directory_iterator(NURTURE_EXAMPLES)) {
    if (each.path().extension() != ".nurture") continue;
    std::ifstream file(each.path());
    std::stringstream text;
    text << file.rdbuf();
    programmes.push_back(words(text.str()));
  }
  REQUIRE(!programmes.empty());
  std::sort(programmes.begin(), programmes.end());
  for (int i = 0; i < 300; ++i) {
    std::string text = damaged(programmes[random() % programmes.size()], random);
    MemoryFiles files;
    files.files["main.nurture"] = text;
    sema::Unit unit;
    Status status = sema::load(unit, "main.nurture", sema::Library(stdlib_modules), files);
    REQUIRE(status.ok());
    for (const Diagnostic& each : unit.diagnostics.all()) REQUIRE(unit.sources.has(each.span.file));
  }
}

}  // namespace nurture::tests
