#include "tools/nurture/graph/process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/host/file_system.h"

namespace nurture::tool {

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Error cannot(int error) {
  return {"cannot run another program: " + host::errno_text(error), "Is the machine out of memory or of disk space?"};
}

/// A file without a name: unlike a pipe it can be read by a program that ends early.
File unnamed_file(const std::string& content) {
  File file(std::tmpfile(), std::fclose);
  if (!file) return file;
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  if (!written || std::fflush(file.get()) != 0 || std::fseek(file.get(), 0, SEEK_SET) != 0) file.reset();
  return file;
}

std::string whole(std::FILE* file) {
  std::string text;
  std::array<char, 16384> buffer{};
  if (std::fseek(file, 0, SEEK_SET) != 0) return text;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file)) text.append(buffer.data(), got);
  return text;
}

}  // namespace

Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input) {
  const File in = unnamed_file(input), out = unnamed_file("");
  if (!in || !out) return cannot(errno);
  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) return cannot(error);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> words;
  for (const std::string& each : command) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  Ran ran;
  if (error == ENOENT || error == EACCES) return ran;
  if (error != 0) return cannot(error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return cannot(errno);
  }
  ran.started = true;
  ran.well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  ran.output = whole(out.get());
  return ran;
}

}  // namespace nurture::tool
