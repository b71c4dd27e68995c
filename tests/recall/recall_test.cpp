#include <fmt/format.h>
#include <random>

#include "compiler/driver/driver.h"
#include "compiler/recall/memory.h"
#include "runtime/host/memory_file_system.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

constexpr const char* kRoot = "camp";

host::MemoryFileSystem programme() {
  host::MemoryFileSystem files;
  files.put("camp/a.nurture",
            "use std.b2b\nuse \"../shared/words.nurture\"\ncampaign c {\n  enter on form.submitted\n  stage s { send "
            "guide  exit as done }\n}\n");
  files.put("camp/b.nurture", "content unused: email { subject \"Nobody gets it\" }\n");
  files.put("shared/words.nurture", "content guide: email { subject \"Your guide\"  body \"guide.md\" }\n");
  files.put("shared/guide.md", "Hello {lead.first_name else 'there'}\n");
  return files;
}

struct Fresh {
  driver::Checked checked;
  std::vector<recall::Input> inputs;
};

Fresh check(FileSystem& files) {
  recall::RecordingFileSystem recorded(files);
  auto checked = driver::check(kRoot, recorded, driver::Depth::Review);
  REQUIRE(checked.ok());
  REQUIRE(recorded.complete());
  return {std::move(*checked), recorded.inputs()};
}

/// A memory that went through its file.
recall::Memory remembered(FileSystem& files, const std::string& maker = "this") {
  Fresh fresh = check(files);
  recall::Memory first(maker);
  first.remember(kRoot, fresh.inputs, *fresh.checked.unit);
  CHECK(first.changed());
  recall::Memory second(maker);
  second.load(first.save());
  CHECK_FALSE(second.changed());
  return second;
}

std::string told(const Diagnostics& diagnostics, const SourceManager& sources) {
  return render_terminal(diagnostics, sources, false);
}

}  // namespace

TEST_CASE("what is recalled is what a fresh check tells") {
  host::MemoryFileSystem files = programme();
  auto found = remembered(files).recall(kRoot, files);
  REQUIRE(found);
  Fresh fresh = check(files);
  std::string text = told(fresh.checked.unit->diagnostics, fresh.checked.unit->sources);
  CHECK(text.find("W0301") != std::string::npos);
  CHECK(told(found->diagnostics, found->sources) == text);
  CHECK(found->diagnostics.warnings() == fresh.checked.unit->diagnostics.warnings());
  CHECK(found->campaigns == 1);
}

TEST_CASE("whatever a check read, a change of it makes the memory useless") {
  host::MemoryFileSystem files = programme();
  recall::Memory memory = remembered(files);
  SECTION("a file of its own") { files.put("camp/b.nurture", "content unused: email { subject \"Nobody\" }\n"); }
  SECTION("a file that it uses") { files.put("shared/words.nurture", "content guide: email { subject \"Yours\" }\n"); }
  SECTION("the body of a message") { files.put("shared/guide.md", "Hello {lead.nobody}\n"); }
  SECTION("another file in its folder") { files.put("camp/c.nurture", "let x = 1\n"); }
  REQUIRE_FALSE(memory.recall(kRoot, files));
}

TEST_CASE("a file that was not there and now is, is a change") {
  host::MemoryFileSystem files = programme();
  files.put("camp/a.nurture", "use \"absent.nurture\"\n");
  recall::Memory memory = remembered(files);
  CHECK(memory.recall(kRoot, files));
  files.put("camp/absent.nurture", "let x = 1\n");
  CHECK_FALSE(memory.recall(kRoot, files));
}

TEST_CASE("another maker, other programmes and damaged bytes are nothing remembered") {
  host::MemoryFileSystem files = programme();
  recall::Memory memory = remembered(files);
  const std::string bytes = memory.save();
  recall::Memory other("that");
  other.load(bytes);
  CHECK_FALSE(other.recall(kRoot, files));
  CHECK_FALSE(memory.recall("elsewhere", files));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    recall::Memory read("this");
    read.load(damaged);
    if (read.recall(kRoot, files)) FAIL(fmt::format("byte {} changed, and something is remembered", at));
    read.load(std::string_view(bytes).substr(0, at));
    if (read.recall(kRoot, files)) FAIL(fmt::format("cut at byte {}, and something is remembered", at));
  }
}

TEST_CASE("the answer of a memory is never another than that of a fresh check, whatever is edited") {
  host::MemoryFileSystem files = programme();
  std::mt19937 random(7);
  recall::Memory memory("this");
  const std::vector<std::string> paths{"camp/a.nurture", "camp/b.nurture", "shared/words.nurture", "shared/guide.md"};
  const std::vector<std::string> words{"guide", "unused", "form", "email", "done", " ", "}", "{", "\n// word\n"};
  std::size_t recalled = 0;
  for (int round = 0; round < 300; ++round) {
    auto found = memory.recall(kRoot, files);
    Fresh fresh = check(files);
    if (found) {
      ++recalled;
      CHECK(told(found->diagnostics, found->sources) ==
            told(fresh.checked.unit->diagnostics, fresh.checked.unit->sources));
    }
    memory.remember(kRoot, fresh.inputs, *fresh.checked.unit);
    if (round % 3 == 0) continue;
    const std::string& path = paths[random() % paths.size()];
    std::string text = files.content(path);
    if (round % 7 == 0) {
      files = programme();
    } else {
      files.put(path, text.insert(random() % (text.size() + 1), words[random() % words.size()]));
    }
  }
  CHECK(recalled >= 90);
}
