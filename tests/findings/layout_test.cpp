#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/findings/comments.h"
#include "compiler/findings/constructs.h"
#include "compiler/format/format.h"
#include "compiler/syntax/syntax.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

constexpr std::string_view kException = "// allow(W0501): because";

/// What the exception in a text is about, without white space and without the exception; nothing where it cannot be
/// read, or has none.
std::string subject(const std::string& text) {
  SourceManager sources;
  const SourceFile& source = sources.add("a.nurture", text);
  ast::Tree tree;
  Diagnostics diagnostics;
  ast::File file = syntax::parse(source, tree, diagnostics);
  auto found = findings::allow_comments(file, source);
  if (diagnostics.failed() || found.size() != 1) return {};
  std::string about(sources.text(findings::subject_of(found[0], file, source, findings::constructs(file))));
  if (std::size_t at = about.find(kException); at != std::string::npos) about.erase(at, kException.size());
  std::erase_if(about, [](unsigned char c) { return std::isspace(c) != 0; });
  return about;
}

std::string laid_out(const std::string& text) {
  SourceManager sources;
  Diagnostics diagnostics;
  return format::format(sources.add("a.nurture", text), diagnostics).text;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

/// How many texts were tried.
int try_line(std::vector<std::string> lines, std::size_t at) {
  std::vector<std::string> behind = lines;
  behind[at] += " " + std::string(kException);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(kException));
  int tried = 0;
  for (const std::string& text : {joined(lines), joined(behind)}) {
    std::string about = subject(text);
    if (about.empty()) continue;
    INFO(text.substr(text.find(kException) < 200 ? 0 : text.find(kException) - 200, 400));
    CHECK(subject(laid_out(text)) == about);
    ++tried;
  }
  return tried;
}

}  // namespace

TEST_CASE("layout does not change what an exception is about") {
  int tried = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(NURTURE_EXAMPLES)) {
    if (entry.path().extension() != ".nurture") continue;
    std::vector<std::string> lines = lines_of(entry.path());
    for (std::size_t at = 0; at < lines.size(); at += 6) {
      bool words = lines[at].find_first_not_of(' ') != std::string::npos && lines[at].find("//") == std::string::npos;
      if (words) tried += try_line(lines, at);
    }
  }
  CHECK(tried > 500);
}
