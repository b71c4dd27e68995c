#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

/// A file, mapped for reading. Pages come as they are looked at.
class MappedFile final : public FileView {
 public:
  MappedFile(void* begin, std::size_t size) : begin_(begin), size_(size) {}
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() override {
    if (size_ > 0) ::munmap(begin_, size_);
  }
  std::string_view bytes() const override { return {static_cast<const char*>(begin_), size_}; }

 private:
  void* begin_;
  std::size_t size_;
};

}  // namespace

Result<std::shared_ptr<const FileView>> map_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return path_error("read", path, errno);
  struct stat info{};
  int error = ::fstat(fd, &info) != 0 ? errno : 0;
  if (error == 0 && S_ISDIR(info.st_mode)) error = EISDIR;
  const auto size = static_cast<std::size_t>(info.st_size);
  void* begin = nullptr;
  if (error == 0 && size > 0) {
    begin = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
    if (begin == MAP_FAILED) error = errno;
  }
  ::close(fd);
  if (error != 0) return path_error("read", path, error);
  return std::shared_ptr<const FileView>(std::make_shared<MappedFile>(begin, size));
}

}  // namespace nurture::host
