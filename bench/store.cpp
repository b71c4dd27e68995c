#include <array>
#include <csignal>
#include <fmt/format.h>
#include <numeric>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/world.h"
#include "runtime/eventlog/stored.h"
#include "runtime/host/file_system.h"

namespace nurture::bench {

namespace {

/// Writes the log of a world as a store file; gives its size in bytes.
std::uint64_t keep(World world, const std::string& path) {
  std::vector<std::uint32_t> position(world.store.events());
  std::iota(position.begin(), position.end(), 0U);
  world.store.position = std::move(position);
  world.store.change_begin.push_back(0);
  eventlog::StoredFacts facts;
  facts.totals.read = facts.totals.applied = world.store.events();
  auto sink = host::real_file_system().create(path);
  NURTURE_CHECK(sink.ok());
  const store::SchemaNames names = store::names_of(world.compiled.module);
  store::Kept kept;
  kept.rows = static_cast<std::uint32_t>(world.store.kind.size());
  kept.leads = std::vector<std::uint8_t>(world.store.leads.size(), store::kInLog | store::kBegan);
  kept.accounts = std::vector<std::uint8_t>(world.store.accounts.size(), store::kAccountNamed);
  NURTURE_CHECK(
      store::write({names, eventlog::encode(facts), "", std::move(world.store), std::move(kept)}, **sink).ok());
  NURTURE_CHECK((*sink)->commit().ok());
  return std::filesystem::file_size(path);
}

/// Starts the command and waits for the first byte that it prints, or for its end.
std::uint64_t command(const Folder& folder, std::vector<std::string> words, bool to_the_end) {
  std::array<int, 2> ends{};
  NURTURE_CHECK(::pipe(ends.data()) == 0);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  ::posix_spawn_file_actions_addclose(&actions, ends[1]);
  words.insert(words.begin(), NURTURE_BINARY);
  std::vector<char*> arguments;
  for (std::string& word : words) {
    if (word.ends_with(".nurture") || word.starts_with("log.")) word.insert(0, folder.path() + "/");
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  pid_t process = 0;
  NURTURE_CHECK(::posix_spawn(&process, NURTURE_BINARY, &actions, nullptr, arguments.data(), ::environ) == 0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::array<char, 4096> printed{};
  NURTURE_CHECK(::read(ends[0], printed.data(), to_the_end ? printed.size() : 1) > 0);
  while (to_the_end && ::read(ends[0], printed.data(), printed.size()) > 0) continue;
  if (!to_the_end) ::kill(process, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(process, &status, 0);
  return 1;
}

/// The programme, and the same with one line changed.
std::string changed(std::string programme) {
  const std::string_view before = "wait 5 days";
  return programme.replace(programme.find(before), before.size(), "wait 6 days");
}

/// The same log as lines of text and as a store: what each run has to do again, and what is done once.
void bench_text() {
  const Folder folder;
  folder.put("one.nurture", sparse_programme());
  LogShape shape;
  shape.leads = 20'000;
  auto world = make_world(sparse_programme(), shape);
  const auto events = static_cast<double>(world->store.events());
  keep(std::move(*world), folder.path() + "/log.store");
  command(folder, {"log", "export", "log.store", "-o", "log.ndjson", "--leads", "log.csv"}, true);
  const std::uint64_t size = std::filesystem::file_size(folder.path() + "/log.ndjson");
  headline(fmt::format("Replay of {:.0f} M events, as a process: from {} MB of NDJSON, and from the store",
                       events / 1e6, size / 1'000'000));
  const auto simulate = [&](const char* log) {
    return command(folder, {"simulate", "one.nurture", "--events", log, "--threads", "2"}, true);
  };
  const std::vector<Contender> contenders = {
      {"`simulate --events log.ndjson`", [&] { return simulate("log.ndjson"); }},
      {"`simulate --events log.store`", [&] { return simulate("log.store"); }},
  };
  report(contenders, race(contenders), events, "events");
}

}  // namespace

/// From the start of the process, with a warm file cache, after a change of the programme.
void bench_store() {
  bench_text();
  Folder folder;
  folder.put("one.nurture", sparse_programme());
  folder.put("other.nurture", changed(sparse_programme()));
  auto world = make_world(sparse_programme(), {});
  const auto events = static_cast<double>(world->store.events());
  const std::uint64_t size = keep(std::move(*world), folder.path() + "/log.store");
  headline(fmt::format("Replay of a store of {:.0f} M events, {} MB, as a process", events / 1e6, size / 1'000'000));
  std::uint64_t runs = 0;
  const auto simulate = [&](bool to_the_end) {
    const char* const programme = ++runs % 2 == 0 ? "one.nurture" : "other.nurture";
    return command(folder, {"simulate", programme, "--events", "log.store"}, to_the_end);
  };
  std::vector<Contender> contenders = {
      {"`simulate`, a line changed: first line printed", [&] { return simulate(false); }},
      {"to its end", [&] { return simulate(true); }},
      {"`log verify`", [&] { return command(folder, {"log", "verify", "log.store"}, true); }},
  };
  report(contenders, race(contenders), events, "events");
}

}  // namespace nurture::bench
