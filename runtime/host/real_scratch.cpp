#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/host/machine.h"
#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

class MappedScratch final : public ScratchView {
 public:
  MappedScratch(void* begin, std::size_t size) : begin_(begin), size_(size) {}
  MappedScratch(const MappedScratch&) = delete;
  MappedScratch& operator=(const MappedScratch&) = delete;
  ~MappedScratch() override {
    if (size_ > 0) ::munmap(begin_, size_);
  }
  std::string_view bytes() const override { return {static_cast<const char*>(begin_), size_}; }
  /// The pages stay in the cache of the system as long as there is room for them.
  void release() const override {
    if (size_ > 0) ::madvise(begin_, size_, MADV_DONTNEED);
  }

 private:
  void* begin_;
  std::size_t size_;
};

/// A file without a name: it goes with the process, whatever ends it.
class NamelessFile final : public Scratch {
 public:
  NamelessFile(int fd, std::string folder) : fd_(fd), folder_(std::move(folder)) {}
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  ~NamelessFile() override { close(); }

  Status write(std::string_view bytes) override {
    size_ += bytes.size();
    return done(writes_.write(fd_, bytes));
  }

  Result<std::shared_ptr<const ScratchView>> view() override {
    if (Status flushed = done(writes_.flush(fd_)); !flushed) return flushed.error();
    void* begin = nullptr;
    if (size_ > 0) begin = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd_, 0);
    if (begin == MAP_FAILED) return failed(errno);
    close();
    return std::shared_ptr<const ScratchView>(std::make_shared<MappedScratch>(begin, size_));
  }

 private:
  Status done(int error) const { return error == 0 ? Status(Done{}) : failed(error); }
  Error failed(int error) const { return path_error("keep what does not fit into memory in", folder_, error); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  int fd_;
  std::string folder_;
  GatheredWrites writes_;
  std::size_t size_ = 0;  // of all that was to be written
};

/// Where the file system cannot make one without a name, it loses it at once.
int open_nameless(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  std::string name = folder + "/.nurture-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<std::unique_ptr<Scratch>> create_scratch(const std::string& beside) {
  const std::size_t slash = beside.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : beside.substr(0, slash + 1);
  const int fd = open_nameless(folder);
  if (fd < 0) return path_error("keep what does not fit into memory in", folder, errno);
  return std::unique_ptr<Scratch>(std::make_unique<NamelessFile>(fd, folder));
}

}  // namespace nurture::host
