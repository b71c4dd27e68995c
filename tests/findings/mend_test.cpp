#include "compiler/findings/mend.h"

#include "runtime/host/memory_file_system.h"
#include "runtime/host/overlay_file_system.h"
#include "tests/catch.h"

using namespace nurture;
using findings::Mender;

namespace {

/// A file and what diagnostics would change in it.
struct Page {
  SourceManager sources;
  Diagnostics diagnostics;

  explicit Page(std::string text, std::string path = "a.nurture") { sources.add(std::move(path), std::move(text)); }
  void offer(std::vector<Edit> edits) {
    diagnostics.report(DiagnosticId::GoToWritten, Span{0, 0, 1}, std::to_string(diagnostics.all().size())).edits =
        std::move(edits);
  }
  Mender::Result mended() const {
    Mender mender;
    mender.take(diagnostics, sources);
    return mender.run();
  }
};

}  // namespace

TEST_CASE("changes are made in their places, whatever their order") {
  Page page("let a = 1\nlet b = 2\n");
  page.offer({{{0, 18, 19}, "3"}, {{0, 4, 5}, "c"}});
  page.offer({{{0, 9, 9}, "0"}});
  Mender::Result made = page.mended();
  REQUIRE(made.files.size() == 1);
  CHECK(made.files[0].after == "let c = 10\nlet b = 3\n");
  CHECK(made.mended == 2);
}

TEST_CASE("of two that change the same words the first does, the same change is made once") {
  Page page("let a = 1\n");
  page.offer({{{0, 4, 5}, "c"}});
  page.offer({{{0, 4, 5}, "d"}});
  page.offer({{{0, 4, 5}, "c"}});
  page.offer({{{0, 8, 9}, "2"}, {{0, 0, 5}, "let e"}});
  Mender::Result made = page.mended();
  REQUIRE(made.files.size() == 1);
  CHECK(made.files[0].after == "let c = 1\n");
  CHECK(made.mended == 2);
}

TEST_CASE("a change after which the file cannot be read is left out, the others are made") {
  Page page("let a = 1\nlet b = 2\n");
  page.offer({{{0, 0, 3}, "}"}});
  page.offer({{{0, 14, 15}, "c"}});
  Mender::Result made = page.mended();
  REQUIRE(made.files.size() == 1);
  CHECK(made.files[0].after == "let a = 1\nlet c = 2\n");
  CHECK(made.mended == 1);
  CHECK(made.unreadable == 1);
}

TEST_CASE("what would change a module that comes with nurture is left alone") {
  Page page("let a = 1\n", "<std/x.nurture>");
  page.offer({{{0, 4, 5}, "c"}});
  CHECK(page.mended().files.empty());
}

TEST_CASE("an overlay stands before the files until it is written") {
  host::MemoryFileSystem base;
  base.put("a", "1");
  base.put("b", "2");
  host::OverlayFileSystem overlay(base);
  overlay.put("x/../a", "3");
  CHECK(*overlay.read_file("./a", 10) == "3");
  CHECK(*overlay.read_file("b", 10) == "2");
  char buffer[4];
  auto source = overlay.open("a");
  REQUIRE(source);
  CHECK(*(*source)->read(buffer, 4) == 1);
  CHECK(buffer[0] == '3');
  CHECK(base.content("a") == "1");
  base.deny("a");
  CHECK(!overlay.write());
  CHECK(base.content("a") == "1");
}

TEST_CASE("an overlay is written whole") {
  host::MemoryFileSystem base;
  base.put("a", "1");
  host::OverlayFileSystem overlay(base);
  overlay.put("a", "3");
  overlay.put("b/c", "4");
  REQUIRE(overlay.write());
  CHECK(base.content("a") == "3");
  CHECK(base.content("b/c") == "4");
}
