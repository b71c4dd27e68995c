#pragma once

#include <functional>
#include <set>
#include <tuple>

#include "compiler/findings/levels.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

/// A programme that was checked, with what is to be told of it.
struct CheckedProgramme {
  const driver::Checked& checked;
  const std::string& root;
  bool sound = false;  ///< it has no error, whatever the levels of the project make of its findings
};

/// Checks the programmes at some paths, one after the other: exceptions, levels and all.
class Checker {
 public:
  using Visit = std::function<int(const CheckedProgramme&)>;

  /// `files` are those that programmes are read from, and may have other contents than the machine's.
  Checker(const std::vector<std::string>& paths, FileSystem& files, Host& host);

  /// Calls `visit` for each programme until one does not give kOk, and gives that. What is less grave than `least` is
  /// left out. May be run again, when files have changed.
  int run(Severity least, const Visit& visit);

 private:
  int programme(const std::string& root, Severity least, const Visit& visit);
  void judge(driver::Checked& checked, const findings::Levels& levels, Severity least);

  const std::vector<std::string>& paths_;
  FileSystem& files_;
  std::string working_folder_;
  findings::LevelFinder levels_;
  std::set<std::tuple<DiagnosticId, std::uint32_t, std::uint32_t, std::string, std::string>> told_;
};

}  // namespace nurture::tool
