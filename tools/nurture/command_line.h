#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What a command takes. The library that reads the command line is all in headers, which take a compiler seconds:
/// command_line.cpp alone includes it, and main.cpp.
namespace nurture::tool {

/// One option, flag or argument of a command: a handle. Every function returns it, so that they are written in a row.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& required();
  /// Nothing but one of these words.
  Option& one_of(const std::vector<std::string>& words);
  Option& between(int low, int high);
  Option& between(std::uint64_t low, std::uint64_t high);
  Option& between(double low, double high);
  /// A wrong command line where that one is not given as well.
  Option& needs(const Option& other);
  /// `--help` says what holds where it is not given: what the variable has now.
  Option& shows_default();
  /// Where it is not given it is what this variable of the environment says, if it is set.
  Option& or_from_environment(const std::string& variable);
  /// So many values.
  Option& takes(int least, int most);
  /// One value each time that it is written: what comes after that is not its own.
  Option& one_each();
  /// All values where it is written several times.
  Option& takes_all();

 private:
  CLI::Option* option_;
};

/// A command, or the whole program: a handle. What options write into must live as long as the program's own.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  Command add_command(const std::string& name, const std::string& description);
  /// It is one of its commands that is called.
  void needs_command();

  /// `names` without dashes are an argument's: "programme", "--seed", "-o,--output".
  Option add_option(const std::string& names, std::string& value, const std::string& description);
  Option add_option(const std::string& names, std::vector<std::string>& values, const std::string& description);
  Option add_option(const std::string& names, int& value, const std::string& description);
  Option add_option(const std::string& names, unsigned& value, const std::string& description);
  Option add_option(const std::string& names, std::uint64_t& value, const std::string& description);
  Option add_option(const std::string& names, double& value, const std::string& description);
  Option add_option(const std::string& names, std::vector<double>& values, const std::string& description);
  Option add_flag(const std::string& names, bool& value, const std::string& description);

  /// What stands below the options in its help.
  void footer(const std::string& text);
  /// What it does.
  void runs(std::function<void()> call);

 private:
  CLI::App* app_;
};

}  // namespace nurture::tool
