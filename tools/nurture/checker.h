#pragma once

#include <functional>
#include <future>
#include <set>
#include <tuple>

#include "compiler/findings/levels.h"
#include "compiler/recall/memory.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

/// A programme that was checked, now or by an earlier run whose findings still hold, with what is to be told of it.
struct CheckedProgramme {
  const std::string& root;
  const SourceManager& sources;
  const Diagnostics& diagnostics;
  std::size_t campaigns = 0;
  bool sound = false;                      ///< it has no error, whatever the levels of the project make of its findings
  const driver::Checked* fresh = nullptr;  ///< null where an earlier run is remembered
};

/// Checks the programmes at some paths: exceptions, levels and all. Several at a time, told one after the other.
class Checker {
 public:
  using Visit = std::function<int(const CheckedProgramme&)>;
  /// Looks at a programme without errors with a log at hand, and reports into its diagnostics. An exit code.
  using Witness = std::function<int(const std::string& root, driver::Checked&, const findings::Levels&, FileSystem&)>;

  /// `files` are those that programmes are read from, and may have other contents than the machine's. With a memory
  /// only those are checked anew whose files have changed.
  /// With a witness, one programme is looked at after the other.
  Checker(const std::vector<std::string>& paths, FileSystem& files, Host& host, recall::Memory* memory = nullptr,
          Witness witness = nullptr);

  /// Calls `visit` for each programme until one does not give kOk, and gives that. What is less grave than `least` is
  /// left out. May be run again, when files have changed.
  int run(Severity least, const Visit& visit);

 private:
  /// What a look at one programme gives; made by any thread.
  struct Looked {
    std::optional<Error> error;
    int code = kOk;  ///< of what was printed already
    std::optional<driver::Checked> fresh;
    std::optional<recall::Findings> remembered;
    std::vector<recall::Input> inputs;
    bool complete = false;
  };

  int all(const std::vector<std::string>& roots, Severity least, const Visit& visit);
  std::future<Looked> start(const std::string& root, std::launch how);
  Looked look(const std::string& root);
  int tell(const std::string& root, Looked looked, Severity least, const Visit& visit);
  void judge(Diagnostics& diagnostics, const SourceManager& sources, const findings::Levels& levels, Severity least);

  const std::vector<std::string>& paths_;
  FileSystem& files_;
  std::string working_folder_;
  recall::Memory* memory_;
  Witness witness_;
  findings::LevelFinder levels_;
  std::set<std::tuple<DiagnosticId, std::uint32_t, std::uint32_t, std::string, std::string>> told_;
};

}  // namespace nurture::tool
