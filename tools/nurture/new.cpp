#include <filesystem>
#include <fmt/format.h>

#include "runtime/base/embedded.h"
#include "tools/nurture/command.h"

namespace nurture {
extern const std::span<const EmbeddedFile> starter_files;
}

namespace nurture::tool {

namespace {

/// Folders are made here: nothing else in the product makes any, and a mistyped path of an output stays an error.
Status make_folder_of(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error)
    return Error{fmt::format("cannot make the folder of {}: {}", path, error.message()),
                 "Choose a place you may write to."};
  return Done{};
}

Status write_file(const std::string& path, std::string_view content, Host& host) {
  if (auto made = make_folder_of(path); !made) return made;
  auto sink = host.files.create(path);
  if (!sink) return sink.error();
  if (auto written = (*sink)->write(content); !written) return written;
  return (*sink)->commit();
}

int write_starter(const std::string& folder, Host& host) {
  if (host.files.exists(folder)) {
    return fail(
        {fmt::format("{} is there already", folder), "Name a folder that does not exist yet; nothing was written."});
  }
  for (const EmbeddedFile& file : starter_files) {
    if (auto written = write_file(fmt::format("{}/{}", folder, file.name), file.content, host); !written)
      return fail(written.error());
  }
  return print(
      fmt::format("{0} holds a welcome programme that works as it stands. Try it:\n\n"
                  "  nurture check {0}\n"
                  "  nurture test {0}\n"
                  "  nurture log generate {0}/generate.toml --count 1000 -o {0}/log.ndjson --leads {0}/leads.csv\n"
                  "  nurture simulate {0} --events {0}/log.ndjson --leads {0}/leads.csv\n\n"
                  "Then open {0}/welcome.nurture and make it yours.\n",
                  folder));
}

}  // namespace

void register_new(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("new", "Start a programme: a welcome campaign that checks, tests and simulates");
  auto folder = std::make_shared<std::string>();
  command.add_option("folder", *folder, "the folder to make").required();
  command.footer(
      "Example:\n  nurture new my_welcome\n\n"
      "Exit codes: 0 written; 2 wrong command line; 3 the folder is there already or could not be written.");
  command.runs([folder, &host, &exit_code] { exit_code = write_starter(*folder, host); });
}

}  // namespace nurture::tool
