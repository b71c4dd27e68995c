#pragma once

#include "compiler/findings/mend.h"
#include "runtime/host/overlay_file_system.h"
#include "tools/nurture/checker.h"

namespace nurture::tool {

/// What `check --fix` does before it reports: makes the changes that findings offer, first in memory alone.
class Mending {
 public:
  Mending(const std::vector<std::string>& paths, Host& host, Checker::Witness witness)
      : host_(host), files_(host.files), checker_(paths, files_, host, nullptr, std::move(witness)) {}

  /// What is mended may bring other findings to light, so it goes on until nothing is left to change; a few times at
  /// most, in case two of them undo each other. `first` sees each programme as it was. An exit code.
  int run(const Checker::Visit& first);
  /// Writes the files that change. An exit code.
  int write();
  /// Prints what would be written, as a unified diff. An exit code.
  int show() const;
  /// A line for people.
  std::string text() const;

 private:
  int round(const Checker::Visit& visit, bool& changed);
  int put(findings::Mender::File& file);

  Host& host_;
  host::OverlayFileSystem files_;
  Checker checker_;
  std::size_t mended_ = 0, unreadable_ = 0;  ///< findings
};

}  // namespace nurture::tool
