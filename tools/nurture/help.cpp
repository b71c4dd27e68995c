#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "compiler/diagnostics/diagnostics.h"
#include "runtime/base/embedded.h"
#include "tools/nurture/command.h"
#include "tools/nurture/pages.h"

namespace nurture {
extern const std::span<const EmbeddedFile> diagnostic_pages;
}

namespace nurture::tool {

std::string_view page_of(std::string_view code) {
  for (const EmbeddedFile& page : diagnostic_pages) {
    if (page.name.starts_with(code) && page.name.substr(code.size()) == ".md") return page.content;
  }
  return {};
}

namespace {

std::string list_of_codes() {
  std::string text;
  for (std::string_view code : diagnostic_codes()) {
    text += fmt::format("{}  {}\n", code, info(*find_diagnostic(code)).message);
  }
  return text;
}

int show(std::string code, Host&) {
  if (code.empty()) return print(list_of_codes());
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::toupper(c); });
  if (std::string_view page = page_of(code); !page.empty()) return print(page);
  return fail({fmt::format("there is no code \"{}\"", code), "`nurture help` lists them all."}, kUsage);
}

}  // namespace

void register_help(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("help", "Explain a code that `check` printed, or list them all");
  auto code = std::make_shared<std::string>();
  command.add_option("code", *code, "as in E0304");
  command.footer("Example:\n  nurture help E0304\n\nExit codes: 0 shown; 2 there is no such code.");
  command.runs([code, &host, &exit_code] { exit_code = show(*code, host); });
}

}  // namespace nurture::tool
