#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/glob.h"
#include "runtime/host/file_system.h"
#include "runtime/host/memory_file_system.h"
#include "tests/catch.h"

namespace nurture::host {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes away again.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "nurture-host-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string at(const std::string& name) const { return path_ + "/" + name; }
  std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {})); }

 private:
  std::string path_;
};

std::string content(const std::string& path) {
  auto read = real_file_system().read_file(path, 1 << 20);
  return read.ok() ? *read : read.error().message;
}

Status write(FileSystem& files, const std::string& path, std::string_view bytes) {
  auto sink = files.create(path);
  if (!sink) return sink.error();
  if (Status written = (*sink)->write(bytes); !written) return written;
  return (*sink)->commit();
}

}  // namespace

TEST_CASE("a file appears whole or not at all") {
  Scratch scratch;
  std::string path = scratch.at("out.txt");
  {
    auto sink = real_file_system().create(path);
    REQUIRE(sink.ok());
    REQUIRE((*sink)->write("half").ok());
    CHECK(!real_file_system().exists(path));
  }
  CHECK(scratch.entries() == 0);
  REQUIRE(write(real_file_system(), path, std::string(200'000, 'x')).ok());
  CHECK(content(path).size() == 200'000);
  REQUIRE(write(real_file_system(), path, "again").ok());
  CHECK(content(path) == "again");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a link keeps pointing where it points, and a file keeps its rights") {
  Scratch scratch;
  REQUIRE(write(real_file_system(), scratch.at("target"), "old").ok());
  ::chmod(scratch.at("target").c_str(), 0640);
  fs::create_symlink(scratch.at("target"), scratch.at("link"));
  REQUIRE(write(real_file_system(), scratch.at("link"), "new").ok());
  CHECK(fs::is_symlink(scratch.at("link")));
  CHECK(content(scratch.at("target")) == "new");
  struct stat info{};
  REQUIRE(::stat(scratch.at("target").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0640);
}

TEST_CASE("errors say what, which path and why") {
  Scratch scratch;
  FileSystem& files = real_file_system();
  std::string gone = scratch.at("gone.csv");
  CHECK(files.open(gone).error().message == "cannot read " + gone + ": no such file");
  CHECK(files.open(scratch.at("")).error().message == "cannot read " + scratch.at("") + ": it is a folder");
  CHECK(files.create(scratch.at("")).error().message == "cannot write " + scratch.at("") + ": it is a folder");
  CHECK(files.create(scratch.at("no/where")).error().message.ends_with(": no such file"));
  CHECK(files.list(gone).error().message == "cannot read " + gone + ": no such file");
  REQUIRE(write(files, scratch.at("big"), "12345").ok());
  CHECK(files.read_file(scratch.at("big"), 4).error().message.ends_with("it is larger than 4 bytes"));
  CHECK(files.read_file(scratch.at("big"), 5).ok());
  if (fs::exists("/dev/full")) {
    CHECK(write(files, "/dev/full", "bytes").error().message == "cannot write /dev/full: the disk is full");
  }
}

TEST_CASE("folders and globs list regular files, sorted, hidden ones left out") {
  Scratch scratch;
  for (const char* name : {"b.csv", "a/c.csv", "a/d/e.ndjson", ".hidden/f.csv", "a/.g.csv"}) {
    fs::create_directories(fs::path(scratch.at(name)).parent_path());
    std::ofstream(scratch.at(name)) << "x";
  }
  auto names = [&](const std::string& pattern) {
    std::vector<std::string> found;
    auto listed = real_file_system().list(scratch.at(pattern));
    REQUIRE(listed.ok());
    for (const std::string& path : *listed) found.push_back(path.substr(scratch.at("").size()));
    return found;
  };
  using Names = std::vector<std::string>;
  CHECK(names("").size() == 3);
  CHECK(names("*.csv") == Names{"b.csv"});
  CHECK(names("**/*.csv") == Names{"a/c.csv", "b.csv"});
  CHECK(names("?/?/*") == Names{"a/d/e.ndjson"});
  CHECK(names("b.csv") == Names{"b.csv"});
  CHECK(names("*.txt").empty());
}

TEST_CASE("globs") {
  CHECK(glob_matches("*.csv", "a.csv"));
  CHECK(!glob_matches("*.csv", "x/a.csv"));
  CHECK(glob_matches("**", "x/y/z"));
  CHECK(glob_matches("x/**/z", "x/z"));
  CHECK(!glob_matches("x/**/z", "y/z"));
  CHECK(glob_matches("a*b*c", "aXbYbc"));
  CHECK(!glob_matches("a*b*c", "aXbY"));
  CHECK(glob_matches("?.csv", "\xc3\xa9.csv"));
  CHECK(!glob_matches("*", ".hidden"));
  CHECK(glob_matches(".*", ".hidden"));
}

TEST_CASE("the twin in memory refuses and runs full like the machine") {
  MemoryFileSystem files;
  files.put("folder/a.csv", "1");
  files.limit_writes(4);
  CHECK(write(files, "out", "1234").ok());
  CHECK(write(files, "more", "5").error().message == "cannot write more: the disk is full");
  CHECK(files.content("more").empty());
  CHECK(files.open("folder").error().message == "cannot read folder: it is a folder");
  CHECK(files.list("folder/*.csv")->size() == 1);
}

}  // namespace nurture::host
