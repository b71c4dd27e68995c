#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"

/// Programs of others.
namespace nurture::tool {

struct Ran {
  bool started = false;  ///< false: there is no such program
  bool well = false;     ///< it ended by itself, and said that all went well
  std::string output;
};

/// Runs a program that is looked for as a shell would, with `input` on its standard input. What it says on standard
/// error is thrown away. Error: this machine could not run anything.
Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input);

}  // namespace nurture::tool
