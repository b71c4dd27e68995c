#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/host/real_bytes.h"
#include "runtime/host/unfinished.h"

namespace nurture::host {
namespace {

/// Writes through to a descriptor that can't be replaced by a rename: standard output, a pipe, a device.
class DirectSink final : public ByteSink {
 public:
  DirectSink(int fd, bool owned, std::string name) : fd_(fd), owned_(owned), name_(std::move(name)) {}
  DirectSink(const DirectSink&) = delete;
  DirectSink& operator=(const DirectSink&) = delete;
  ~DirectSink() override {
    if (owned_ && fd_ >= 0) ::close(fd_);
  }

  Status write(std::string_view bytes) override {
    if (int error = write_all(fd_, bytes)) return path_error("write", name_, error);
    return Done{};
  }

  Status commit() override {
    if (!owned_) return Done{};
    int result = ::close(fd_);
    fd_ = -1;
    if (result != 0) return path_error("write", name_, errno);
    return Done{};
  }

 private:
  int fd_;
  bool owned_;
  std::string name_;
};

/// Writes under a temporary name beside the target and renames at commit.
class AtomicSink final : public ByteSink {
 public:
  AtomicSink(int fd, std::string temporary, std::string target)
      : fd_(fd), temporary_(std::move(temporary)), target_(std::move(target)) {}
  AtomicSink(const AtomicSink&) = delete;
  AtomicSink& operator=(const AtomicSink&) = delete;
  ~AtomicSink() override { discard(); }

  Status write(std::string_view bytes) override { return done(writes_.write(fd_, bytes)); }

  Status commit() override {
    if (Status flushed = done(writes_.flush(fd_)); !flushed) return flushed;
    if (::fsync(fd_) != 0) return failed();
    int closed = ::close(fd_);
    fd_ = -1;
    if (closed != 0) return failed();
    errno = Unfinished::of_process().finish(temporary_, target_);
    if (errno != 0) return failed();
    temporary_.clear();
    return Done{};
  }

 private:
  Status done(int error) {
    if (error == 0) return Done{};
    errno = error;
    return failed();
  }

  Status failed() {
    Error error = path_error("write", target_, errno);
    discard();
    return error;
  }

  void discard() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    if (!temporary_.empty()) {
      ::unlink(temporary_.c_str());
      Unfinished::of_process().drop(temporary_);
    }
    temporary_.clear();
  }

  int fd_;
  std::string temporary_;  // empty once renamed or removed
  std::string target_;
  GatheredWrites writes_;
};

/// A link keeps pointing where it points: its target is what gets replaced.
std::string without_links(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode)) return path;
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

std::string temporary_name(const std::string& target) {
  static std::atomic<unsigned> counter{0};
  std::size_t slash = target.rfind('/');
  std::string folder = slash == std::string::npos ? "" : target.substr(0, slash + 1);
  std::string name = slash == std::string::npos ? target : target.substr(slash + 1);
  return folder + "." + name + "." + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".part";
}

}  // namespace

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int GatheredWrites::write(int fd, std::string_view bytes) {
  constexpr std::size_t kWorthACall = 64 * 1024;
  if (waiting_.size() + bytes.size() > kWorthACall) {
    if (const int error = flush(fd)) return error;
  }
  if (bytes.size() >= kWorthACall) return write_all(fd, bytes);
  waiting_.append(bytes);
  return 0;
}

int GatheredWrites::flush(int fd) {
  const int error = write_all(fd, waiting_);
  waiting_.clear();
  return error;
}

Result<std::unique_ptr<ByteSink>> create_sink(const std::string& path) {
  if (path == "-") return std::unique_ptr<ByteSink>(new DirectSink(STDOUT_FILENO, false, "standard output"));
  std::string target = without_links(path);
  struct stat info{};
  mode_t mode = 0666;
  if (::stat(target.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return path_error("write", path, EISDIR);
    if (!S_ISREG(info.st_mode)) {
      int fd = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) return path_error("write", path, errno);
      return std::unique_ptr<ByteSink>(new DirectSink(fd, true, path));
    }
    if (::access(target.c_str(), W_OK) != 0) return path_error("write", path, errno);
    mode = info.st_mode & 0777;
  }
  std::string temporary = temporary_name(target);
  Unfinished::of_process().begin(temporary);
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) {
    const int why = errno;
    Unfinished::of_process().drop(temporary);
    return path_error("write", path, why);
  }
  return std::unique_ptr<ByteSink>(new AtomicSink(fd, std::move(temporary), std::move(target)));
}

}  // namespace nurture::host
