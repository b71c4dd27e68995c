#include "tools/nurture/command_line.h"

#include <CLI/CLI.hpp>

namespace nurture::tool {

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Option& Option::between(int low, int high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option& Option::between(std::uint64_t low, std::uint64_t high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option& Option::between(double low, double high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option& Option::needs(const Option& other) {
  option_->needs(other.option_);
  return *this;
}

Option& Option::shows_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::or_from_environment(const std::string& variable) {
  option_->envname(variable);
  return *this;
}

Option& Option::takes(int least, int most) {
  option_->expected(least, most);
  return *this;
}

Option& Option::one_each() {
  option_->allow_extra_args(false);
  return *this;
}

Option& Option::takes_all() {
  option_->take_all();
  return *this;
}

Command Command::add_command(const std::string& name, const std::string& description) {
  return Command(app_->add_subcommand(name, description));
}

void Command::needs_command() { app_->require_subcommand(1); }

Option Command::add_option(const std::string& names, std::string& value, const std::string& description) {
  return Option(app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::vector<std::string>& values, const std::string& description) {
  return Option(app_->add_option(names, values, description));
}

Option Command::add_option(const std::string& names, int& value, const std::string& description) {
  return Option(app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, unsigned& value, const std::string& description) {
  return Option(app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::uint64_t& value, const std::string& description) {
  return Option(app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, double& value, const std::string& description) {
  return Option(app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::vector<double>& values, const std::string& description) {
  return Option(app_->add_option(names, values, description));
}

Option Command::add_flag(const std::string& names, bool& value, const std::string& description) {
  return Option(app_->add_flag(names, value, description));
}

void Command::footer(const std::string& text) { app_->footer(text); }

void Command::runs(std::function<void()> call) { app_->callback(std::move(call)); }

}  // namespace nurture::tool
