#include "compiler/findings/levels.h"

#include "runtime/host/memory_file_system.h"
#include "tests/catch.h"

using namespace nurture;
using findings::Levels;

namespace {

Levels levels(std::string_view toml) {
  auto read = findings::read_levels(toml, "nurture.toml", "/p");
  REQUIRE(read);
  return *read;
}

}  // namespace

TEST_CASE("without a word about a code, its level is the table's") {
  Levels none = levels("");
  CHECK(none.of(DiagnosticId::UnusedContent, "/p/a.nurture") == Severity::Warning);
  CHECK(none.of(DiagnosticId::UnknownStage, "/p/a.nurture") == Severity::Error);
}

TEST_CASE("the last word about a path counts") {
  Levels some = levels(
      "[levels]\nW0301 = \"error\"\n[[paths]]\nmatch = \"a/**\"\nlevels = { W0301 = \"off\" }\n"
      "[[paths]]\nmatch = [\"x\", \"./a/b/*\"]\nlevels = { W0301 = \"advice\" }\n");
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/c.nurture") == Severity::Error);
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/a/c.nurture") == std::nullopt);
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/a/b/c.nurture") == Severity::Advice);
  CHECK(some.of(DiagnosticId::UnusedContent, "/q/a/b/c.nurture") == Severity::Error);
  CHECK(some.of(DiagnosticId::UnusedSegment, "/p/a/c.nurture") == Severity::Warning);
}

TEST_CASE("a folder stands for all below it, and for nothing beside it") {
  Levels some = levels("[[paths]]\nmatch = [\"./a/b/\", \"old*\"]\nlevels = { W0301 = \"off\" }\n");
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/a/b/c/d.nurture") == std::nullopt);
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/a/bc/d.nurture") == Severity::Warning);
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/older/d.nurture") == std::nullopt);
  CHECK(some.of(DiagnosticId::UnusedContent, "/p/a/d.nurture") == Severity::Warning);
}

TEST_CASE("paths from the root of the machine") {
  CHECK(findings::absolute("a/../b", "/w") == "/w/b");
  CHECK(findings::absolute(".", "/w") == "/w");
  CHECK(findings::absolute("..", "/w") == "/");
  CHECK(findings::absolute("/x/", "/w") == "/x");
}

TEST_CASE("the nearest nurture.toml counts, not beyond the repository") {
  host::MemoryFileSystem files;
  files.put("/w/nurture.toml", "[levels]\nW0301 = \"error\"\n");
  files.put("/w/in/a.nurture", "");
  files.put("/w/near/nurture.toml", "[levels]\nW0301 = \"off\"\n");
  files.put("/w/near/x/a.nurture", "");
  files.put("/w/repo/.git/HEAD", "");
  files.put("/w/repo/x/a.nurture", "");
  findings::LevelFinder finder(files, "/w");
  auto of = [&](const std::string& programme) {
    auto found = finder.of(programme);
    REQUIRE(found);
    return (*found)->of(DiagnosticId::UnusedContent, programme + "/a.nurture");
  };
  CHECK(of("/w/in") == Severity::Error);
  CHECK(of("/w/near/x") == std::nullopt);
  CHECK(of("/w/near/x/a.nurture") == std::nullopt);
  CHECK(of("/w/repo/x") == Severity::Warning);
  CHECK(findings::repository_of("/w/repo/x", files) == "/w/repo");
  CHECK(findings::repository_of("/w/in", files).empty());
}

TEST_CASE("what is wrong is named with its place") {
  auto wrong = [](std::string_view toml) {
    auto read = findings::read_levels(toml, "n.toml", "/p");
    REQUIRE(!read);
    return read.error().message;
  };
  CHECK(wrong("[levels]\nW9999 = \"off\"\n") == "n.toml:2:1: there is no code \"W9999\"");
  CHECK(wrong("[levels]\nW0301 = true\n") ==
        "n.toml:2:9: the level of W0301 must be \"error\", \"warning\", \"advice\" or \"off\"");
  CHECK(wrong("[[paths]]\nmatch = []\n") == "n.toml:1:1: each [[paths]] says which: match = \"legacy/**\"");
  CHECK(wrong("paths = 3\n") == "n.toml:1:9: \"paths\" is a list of tables: [[paths]]");
}

TEST_CASE("what people can do in a week is read, and nothing is made up") {
  Levels some = levels("[capacity]\ncalls_per_week = 200\ncalls_per_owner_per_week = 0\n");
  CHECK(some.capacity().calls == 200);
  CHECK(some.capacity().calls_per_owner == 0);
  CHECK(some.capacity().tasks == std::nullopt);
  CHECK(some.capacity().hand_offs == std::nullopt);
  CHECK_FALSE(findings::read_levels("[capacity]\ncalls_per_week = -1\n", "n.toml", "/p"));
  CHECK_FALSE(findings::read_levels("[capacity]\ncalls = 1\n", "n.toml", "/p"));
}
