#include <fmt/format.h>

#include "runtime/bytecode/codec.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestText = 256u << 20;

struct Options {
  std::string input;
  std::string output;
};

int write_file(const std::string& path, std::string_view bytes, Host& host) {
  auto sink = host.files.create(path);
  if (!sink) return fail(sink.error());
  if (auto written = (*sink)->write(bytes); !written) return fail(written.error());
  if (auto committed = (*sink)->commit(); !committed) return fail(committed.error());
  return kOk;
}

int build(const Options& options, Host& host) {
  int exit_code = kOk;
  auto loaded = load_programme(options.input, host, exit_code);
  return loaded ? write_file(options.output, bytecode::encode(loaded->module), host) : exit_code;
}

int disassemble(const Options& options, Host& host) {
  int exit_code = kOk;
  auto loaded = load_programme(options.input, host, exit_code);
  if (!loaded) return exit_code;
  std::string text = bytecode::disassemble(loaded->module);
  return options.output.empty() ? print(text) : write_file(options.output, text, host);
}

int assemble(const Options& options, Host& host) {
  auto text = host.files.read_file(options.input, kLargestText);
  if (!text) return fail(text.error());
  auto module = bytecode::assemble(*text);
  if (!module)
    return fail({fmt::format("{}: {}", options.input, module.error().message), module.error().hint}, kFindings);
  return write_file(options.output, bytecode::encode(*module), host);
}

void add_build(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("build", "Compile a programme to a module that simulates without its source");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->input, "a .nurture file or a folder of them").required();
  command.add_option("-o,--output", options->output, "the module to write, a .nbc; - is standard output").required();
  command.footer(
      "Example:\n  nurture build examples/welcome -o welcome.nbc\n\n"
      "Exit codes: 0 written; 1 the programme has errors; 2 wrong command line; 3 could not read or write.");
  command.runs([options, &host, &exit_code] { exit_code = build(*options, host); });
}

void add_disasm(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("disasm", "Show a module as text: its tables and every instruction");
  auto options = std::make_shared<Options>();
  command.add_option("module", options->input, "a .nbc, or a programme to compile first").required();
  command.add_option("-o,--output", options->output, "write here instead of standard output");
  command.footer(
      "Example:\n  nurture disasm welcome.nbc\n\n"
      "`nurture asm` turns the text back into the same module. docs/bytecode.md explains every line.\n"
      "Exit codes: 0 shown; 1 the programme has errors; 2 wrong command line; 3 could not read or write.");
  command.runs([options, &host, &exit_code] { exit_code = disassemble(*options, host); });
}

void add_asm(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("asm", "Turn the text that disasm prints back into a module");
  auto options = std::make_shared<Options>();
  command.add_option("text", options->input, "what disasm printed").required();
  command.add_option("-o,--output", options->output, "the module to write, a .nbc").required();
  command.footer(
      "Example:\n  nurture disasm welcome.nbc -o welcome.nba\n  nurture asm welcome.nba -o again.nbc\n\n"
      "Exit codes: 0 written; 1 the text has errors; 2 wrong command line; 3 could not read or write.");
  command.runs([options, &host, &exit_code] { exit_code = assemble(*options, host); });
}

}  // namespace

void register_build(Command app, Host& host, int& exit_code) {
  add_build(app, host, exit_code);
  add_disasm(app, host, exit_code);
  add_asm(app, host, exit_code);
}

}  // namespace nurture::tool
