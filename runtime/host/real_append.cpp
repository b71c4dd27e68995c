#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/host/append.h"
#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

constexpr const char* kDoing = "append to";

/// The lock goes with the descriptor, however the process ends.
class LockedFile final : public Appender {
 public:
  LockedFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() override {
    discard();
    ::close(fd_);
  }

  /// The file is never shorter than where the held bytes end: somebody may be looking at them.
  Status begin(std::uint64_t end, std::uint64_t at, std::size_t held) override {
    end_ = end;
    at_ = at;
    held_ = held;
    begun_ = true;
    const auto behind = static_cast<off_t>(at + held);
    if (::ftruncate(fd_, behind) != 0 || ::lseek(fd_, behind, SEEK_SET) < 0) return failed(errno);
    return Done{};
  }

  Status write(std::string_view bytes) override {
    const std::string_view first = bytes.substr(0, held_ - first_.size());
    first_.append(first);
    bytes.remove_prefix(first.size());
    return done(writes_.write(fd_, bytes));
  }

  Status commit() override {
    if (Status flushed = done(writes_.flush(fd_)); !flushed) return flushed;
    if (::fsync(fd_) != 0) return failed(errno);
    if (::lseek(fd_, static_cast<off_t>(at_), SEEK_SET) < 0) return failed(errno);
    if (const int error = write_all(fd_, first_)) return failed(error);
    if (::fsync(fd_) != 0) return failed(errno);
    begun_ = false;
    return Done{};
  }

 private:
  Status done(int error) { return error == 0 ? Status(Done{}) : failed(error); }
  Status failed(int error) {
    discard();
    return path_error(kDoing, path_, error);
  }
  /// What cannot even be cut off is behind zeros, and so belongs to nothing.
  void discard() {
    if (begun_) (void)!::ftruncate(fd_, static_cast<off_t>(end_));
    begun_ = false;
  }

  int fd_;
  std::string path_;
  std::uint64_t end_ = 0, at_ = 0;
  std::size_t held_ = 0;
  bool begun_ = false;
  std::string first_;
  GatheredWrites writes_;
};

/// Somebody may have put another file in its place before it was locked.
bool still_there(const struct stat& opened, const std::string& path) {
  struct stat now{};
  return ::stat(path.c_str(), &now) == 0 && now.st_dev == opened.st_dev && now.st_ino == opened.st_ino;
}

}  // namespace

Error being_appended(const std::string& path) {
  return {"cannot append to " + path + ": another process does just now", "wait until it is done"};
}

Result<std::unique_ptr<Appender>> open_appender(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return path_error(kDoing, path, errno);
  auto file = std::make_unique<LockedFile>(fd, path);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return path_error(kDoing, path, errno);
  if (!S_ISREG(info.st_mode)) return Error{"cannot append to " + path + ": it is no file", "name a file"};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? being_appended(path) : path_error(kDoing, path, errno);
  }
  if (!still_there(info, path)) return being_appended(path);
  return std::unique_ptr<Appender>(std::move(file));
}

}  // namespace nurture::host
