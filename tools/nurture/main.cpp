#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <link.h>
#include <unistd.h>

#include "compiler/diagnostics/diagnostics.h"
#include "runtime/host/file_system.h"
#include "tools/nurture/command.h"
#include "tools/nurture/stop.h"

namespace {

using namespace nurture;
using tool::Host;

bool colour_wanted(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(descriptor) == 1 && (no_color == nullptr || *no_color == '\0');
}

/// Where it is gone, as it may be for a shell that stayed behind, paths are seen from the root.
std::string working_folder() {
  std::error_code gone;
  std::filesystem::path path = std::filesystem::current_path(gone);
  return gone ? "/" : path.generic_string();
}

std::string cache_folder() {
  auto set = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value && *value == '/' ? value : "";
  };
  if (std::string cache = set("XDG_CACHE_HOME"); !cache.empty()) return cache + "/nurture";
  std::string home = set("HOME");
  return home.empty() ? home : home + "/.cache/nurture";
}

/// The note that the linker leaves in a program, which is another for every other program.
std::string build_id() {
  std::string out;
  auto look = [](dl_phdr_info* program, std::size_t, void* into) {
    for (int i = 0; i < program->dlpi_phnum; ++i) {
      const auto& header = program->dlpi_phdr[i];
      if (header.p_type != PT_NOTE) continue;
      // The loader says where as a number.
      const auto* at = reinterpret_cast<const char*>(  // NOLINT(performance-no-int-to-ptr)
          program->dlpi_addr + header.p_vaddr);
      for (const char* end = at + header.p_memsz; at + sizeof(ElfW(Nhdr)) <= end;) {
        const auto& note = *reinterpret_cast<const ElfW(Nhdr)*>(at);
        const char* text = at + sizeof note + (note.n_namesz + 3) / 4 * 4;
        if (note.n_type == NT_GNU_BUILD_ID) *static_cast<std::string*>(into) = std::string(text, note.n_descsz);
        at = text + (note.n_descsz + 3) / 4 * 4;
      }
    }
    return 1;  // the first is the program itself
  };
  dl_iterate_phdr(look, &out);
  return out;
}

void describe(CLI::App& app) {
  app.require_subcommand(1);
  app.set_version_flag("--version", "nurture " NURTURE_VERSION);
  app.set_help_all_flag("--help-all", "the help of every command");
  app.footer(
      "Examples:\n"
      "  nurture new my_welcome                             start from a programme that works\n"
      "  nurture check my_welcome                           what a good colleague would say\n"
      "  nurture plan my_welcome                            what it will do to a person at most\n"
      "  nurture simulate my_welcome --events log.ndjson    what it would have done\n"
      "  nurture explain my_welcome --events log.ndjson --lead ada@example.com\n"
      "\n"
      "Exit codes: 0 all is well; 1 the programme has errors or a test failed; 2 the command line is wrong;\n"
      "3 something could not be read or written.");
}

/// No command is named; or, `nurture simluate`, none that there is: which one was meant.
Error no_command(const CLI::App& app, const std::string& name) {
  if (name.empty()) return {"no command is named", "`nurture --help` lists them."};
  std::vector<std::string_view> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  const std::string_view near = closest(name, names);
  return {fmt::format("there is no command \"{}\"", name),
          near.empty() ? "`nurture --help` lists them." : fmt::format("Did you mean `nurture {}`?", near)};
}

int parse_and_run(int argc, char** argv, Host& host) {
  CLI::App app{"nurture: write a lead-nurture campaign, check it, and replay it over what really happened.", "nurture"};
  describe(app);
  int exit_code = tool::kOk;
  for (auto add : {tool::register_new, tool::register_check, tool::register_fmt, tool::register_build,
                   tool::register_plan, tool::register_graph, tool::register_diff, tool::register_simulate,
                   tool::register_report, tool::register_experiment, tool::register_fit, tool::register_explain,
                   tool::register_render, tool::register_test, tool::register_log, tool::register_help}) {
    add(tool::Command(&app), host, exit_code);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const std::string first = argc > 1 ? argv[1] : "";
    const bool none = app.get_subcommands().empty() && !first.starts_with('-');
    if (none) return tool::fail(no_command(app, first), tool::kUsage);
    fmt::print(stderr, "nurture: {}\nhint: `nurture {} --help` shows what it takes.\n", error.what(),
               app.get_subcommands().empty() ? "" : app.get_subcommands().front()->get_name());
    return tool::kUsage;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  // Plain stdio in the handlers: what has just failed may be memory.
  try {
    tool::tidy_up_when_stopped();
    Host host{host::real_file_system(),
              colour_wanted(STDOUT_FILENO),
              colour_wanted(STDERR_FILENO),
              isatty(STDERR_FILENO) == 1,
              working_folder(),
              cache_folder(),
              build_id()};
    return parse_and_run(argc, argv, host);
  } catch (const std::bad_alloc&) {
    std::fputs("nurture: out of memory\nhint: Run fewer logs at a time, or on a larger machine.\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nurture: internal error: %s\n", error.what());
  }
  return tool::kTrouble;
}
