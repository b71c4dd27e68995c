#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/catch.h"
#include "tests/format/laid_out.h"

// What holds for every text: of everything in the tree that holds nurture, as it is and with its layout shaken.

namespace {

namespace fs = std::filesystem;

struct Sample {
  std::string from;
  std::string text;
};

std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

/// Lines between one that begins a part and one that ends it.
template <typename Begins, typename Ends>
void parts(const fs::path& path, Begins begins, Ends ends, std::vector<Sample>& out) {
  std::istringstream lines(read(path));
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (inside && ends(line)) inside = false;
    if (inside) out.back().text += line + '\n';
    if (!inside && begins(line)) {
      inside = true;
      out.push_back({path.string() + ":" + std::to_string(number), ""});
    }
  }
}

void add(const fs::path& path, std::vector<Sample>& out) {
  std::string name = path.extension().string();
  if (name == ".nurture" || path.parent_path().filename() == "parse") {
    out.push_back({path.string(), read(path)});
  } else if (name == ".golden") {
    parts(
        path, [](const std::string& line) { return line.starts_with("--- file ") && line.ends_with(".nurture"); },
        [](const std::string& line) { return line.starts_with("--- "); }, out);
  } else if (name == ".md") {
    parts(
        path, [](const std::string& line) { return line.starts_with("```nurture"); },
        [](const std::string& line) { return line == "```"; }, out);
  }
}

/// The blocks of the documentation that are statements or conditions are made files of.
std::string whole(const Sample& sample) {
  if (fault(sample.text) == "" && !LaidOut(sample.text).diagnostics.failed()) return sample.text;
  return "campaign c {\n  stage s {\n" + sample.text + "  }\n}\n";
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = [] {
    std::vector<Sample> out;
    for (const char* folder : {"examples", "stdlib", "docs", "tests", "fuzz/corpus/parse"}) {
      for (const auto& entry : fs::recursive_directory_iterator(fs::path(NURTURE_ROOT) / folder)) {
        if (entry.is_regular_file()) add(entry.path(), out);
      }
    }
    add(fs::path(NURTURE_ROOT) / "README.md", out);
    // In one order on every machine, so that what is shaken is the same too.
    std::sort(out.begin(), out.end(), [](const Sample& a, const Sample& b) { return a.from < b.from; });
    return out;
  }();
  return all;
}

/// Whether the line of this position says what is sent. There a content may have a name that is a word of the language,
/// and only the line tells which it is.
bool sends(const std::string& text, std::size_t at) {
  std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  std::size_t send = text.find("send ", begin);
  return send != std::string::npos && send < at && text[at] != '\n';
}

bool follows(std::string_view word, const std::string& text, std::size_t at) {
  return at >= word.size() && text.compare(at - word.size(), word.size(), word) == 0;
}

/// Whether the line is part of what is said here. With the next word on the line of an `expect send`, that would be
/// what is sent; on a line below its `wait`, the name of a length that is also a word of the language begins a clause.
bool line_tells(const std::string& text, std::size_t at) {
  return text[at] == '\n' ? follows("send", text, at) : follows("wait", text, at);
}

/// Drawn from the text alone, so that one more file in the tree shakes no other in another way.
std::mt19937 drawn_for(const std::string& text) {
  std::seed_seq seed(text.begin(), text.end());
  return std::mt19937(seed);
}

/// The same with other white space between its words, with comments here and there, and with lines that end as on
/// another system.
std::string shaken(const std::string& text, std::mt19937& random) {
  static const std::vector<std::string> kSpaces = {" ",      "  ",     "\n",       "\n\n\n",   "\t",
                                                   " \r\n ", "\n    ", " // n\n ", " # n\r\n", "\n/// n\n\n"};
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    bool comment = !quoted && (text[i] == '#' || text.compare(i, 2, "//") == 0);
    if (comment) {
      std::size_t end = std::min(text.find('\n', i), text.size());
      out += text.substr(i, end - i);
      i = end;
      out += '\n';
    } else if (!quoted && (text[i] == ' ' || text[i] == '\n')) {
      std::size_t kinds = sends(text, i) ? 2 : kSpaces.size();
      const bool stays = random() % 3 != 0 || line_tells(text, i);
      out += stays ? std::string(1, text[i]) : kSpaces[random() % kinds];
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("what is written keeps its meaning, its comments and its layout") {
  REQUIRE(samples().size() > 100);
  for (const Sample& sample : samples()) {
    INFO(sample.from);
    CHECK(fault(sample.text) == "");
    CHECK(fault(whole(sample)) == "");
  }
}

TEST_CASE("so it does when its layout is shaken") {
  std::size_t read = 0;
  for (const Sample& sample : samples()) {
    std::string text = whole(sample);
    std::mt19937 random = drawn_for(text);
    for (int i = 0; i < 3; ++i) {
      std::string other = shaken(text, random);
      INFO(sample.from << "\n" << other);
      CHECK(fault(other) == "");
      read += !LaidOut(other).diagnostics.failed();
    }
  }
  CHECK(read > samples().size() / 3);
}

TEST_CASE("so it does up to where it breaks off") {
  for (const Sample& sample : samples()) {
    for (std::size_t part = 1; part < 8; ++part) {
      std::string text = sample.text.substr(0, sample.text.size() * part / 8);
      INFO(sample.from << "\n" << text);
      CHECK(fault(text) == "");
    }
  }
}
