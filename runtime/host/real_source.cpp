#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/host/file_system.h"
#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

class FdSource final : public ByteSource {
 public:
  FdSource(int fd, bool owned, std::string name) : fd_(fd), owned_(owned), name_(std::move(name)) {}
  FdSource(const FdSource&) = delete;
  FdSource& operator=(const FdSource&) = delete;
  ~FdSource() override {
    if (owned_) ::close(fd_);
  }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    ssize_t count = 0;
    do {
      count = ::read(fd_, buffer, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return path_error("read", name_, errno);
    return static_cast<std::size_t>(count);
  }

 private:
  int fd_;
  bool owned_;
  std::string name_;
};

std::string hint_for(int error) {
  switch (error) {
    case ENOENT:
      return "check the spelling of the path; it is read from the folder you are in";
    case EACCES:
    case EPERM:
      return "ask for the right to it, or use another path";
    case EISDIR:
      return "name a file in it";
    case ENOSPC:
    case EDQUOT:
      return "free some space, or write to another disk";
    default:
      return "";
  }
}

}  // namespace

std::string errno_text(int error) {
  switch (error) {
    case ENOENT:
      return "no such file";
    case EACCES:
    case EPERM:
      return "no permission";
    case EISDIR:
      return "it is a folder";
    case ENOTDIR:
      return "a part of the path is not a folder";
    case ENOSPC:
      return "the disk is full";
    case EDQUOT:
      return "the disk quota is used up";
    case EROFS:
      return "the disk is read-only";
    case EFBIG:
      return "the file would be too large";
    case ENAMETOOLONG:
      return "the name is too long";
    case ELOOP:
      return "too many symbolic links";
    case EMFILE:
    case ENFILE:
      return "too many files are open";
    case EIO:
      return "the disk or device reports an error";
    case EPIPE:
      return "nobody reads the other end";
    default:
      return std::strerror(error);
  }
}

Error path_error(const char* doing, const std::string& path, int error) {
  return {std::string("cannot ") + doing + " " + path + ": " + errno_text(error), hint_for(error)};
}

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path) {
  bool standard_input = path == "-";
  int fd = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string name = standard_input ? "standard input" : path;
  if (fd < 0) return path_error("read", name, errno);
  auto source = std::make_unique<FdSource>(fd, !standard_input, name);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return path_error("read", name, errno);
  if (S_ISDIR(info.st_mode)) return path_error("read", name, EISDIR);
  return std::unique_ptr<ByteSource>(std::move(source));
}

}  // namespace nurture::host
