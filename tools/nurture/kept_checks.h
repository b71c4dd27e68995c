#pragma once

#include <string>
#include <vector>

#include "compiler/recall/memory.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

/// The memory of `nurture check`, in a file of the user's cache folder: one for each working folder and list of paths.
/// It saves time and decides nothing, so that a cache that cannot be read or written is passed over in silence.
class KeptChecks {
 public:
  KeptChecks(const std::vector<std::string>& paths, Host& host);
  recall::Memory& memory() { return memory_; }
  void save();

 private:
  Host& host_;
  std::string path_;  ///< empty: there is nowhere to keep it
  recall::Memory memory_;
};

}  // namespace nurture::tool
