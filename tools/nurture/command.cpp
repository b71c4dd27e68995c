#include "tools/nurture/command.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

#include "compiler/diagnostics/diagnostics.h"
#include "runtime/bytecode/codec.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestModule = 256u << 20;

std::optional<Loaded> load_module(const std::string& path, Host& host, int& exit_code) {
  auto bytes = host.files.read_file(path, kLargestModule);
  if (!bytes) {
    exit_code = fail(bytes.error());
    return std::nullopt;
  }
  auto module = bytecode::decode(*bytes);
  if (!module) {
    exit_code = fail({fmt::format("{}: {}", path, module.error().message), module.error().hint});
    return std::nullopt;
  }
  return Loaded{std::move(*module), {}, {}};
}

}  // namespace

int fail(const Error& error, int exit_code) {
  fmt::print(stderr, "nurture: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "hint: {}\n", error.hint);
  return exit_code;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names) {
  constexpr std::size_t kShown = 10;
  const std::string_view near = closest(name, names);
  if (!near.empty()) return fmt::format("Did you mean \"{}\"?", near);
  if (names.empty()) return "There are none.";
  const std::size_t shown = std::min(names.size(), kShown);
  const std::string list = fmt::format("{}", fmt::join(names.begin(), names.begin() + shown, ", "));
  if (shown == 1) return fmt::format("There is only \"{}\".", list);
  return names.size() == shown ? fmt::format("There are {}.", list)
                               : fmt::format("There are {} and {} more.", list, names.size() - shown);
}

int print(std::string_view text) {
  bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? kOk : fail({"cannot write to standard output", "Is the disk full, or the reader gone?"});
}

std::optional<driver::Checked> check_programme(const std::string& path, Host& host, int& exit_code) {
  auto checked = driver::check(path, host.files);
  if (!checked) {
    exit_code = fail(checked.error());
    return std::nullopt;
  }
  if (checked->failed()) {
    fmt::print(stderr, "{}", render_terminal(checked->unit->diagnostics, checked->unit->sources, host.color_err));
    exit_code = kFindings;
    return std::nullopt;
  }
  return std::move(*checked);
}

std::optional<Loaded> load_programme(const std::string& path, Host& host, int& exit_code) {
  if (path.ends_with(".nbc")) return load_module(path, host, exit_code);
  auto checked = check_programme(path, host, exit_code);
  if (!checked) return std::nullopt;
  auto compiled = driver::compile(*checked);
  if (!compiled) {
    exit_code = fail(compiled.error(), kFindings);
    return std::nullopt;
  }
  return Loaded{std::move(compiled->module), std::move(compiled->tests), std::move(compiled->spots)};
}

void add_format(Command command, std::string& format) {
  command.add_option("--format", format, "text for people, json for machines").one_of({"text", "json"}).shows_default();
}

}  // namespace nurture::tool
