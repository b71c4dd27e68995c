#include "tools/nurture/command.h"

#include <cstdio>
#include <fmt/format.h>

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

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "text for people, json for machines")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

}  // namespace nurture::tool
