#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/base/io.h"

namespace nurture::tool::evidence {

/// A campaign that a lead is in exactly while it is in a segment.
struct Probe {
  std::uint32_t segment = 0;   ///< of the programme as it was checked
  std::string name;            ///< the campaign's
  std::uint16_t campaign = 0;  ///< of the module with probes
};

/// A programme and its probes, compiled together: one replay is enough for both.
struct Probed {
  bytecode::Module module;
  std::vector<Probe> probes;
  bool is_probe(std::uint16_t campaign) const;
};

/// Adds a probe for each segment that the programme declares in its own files. Segments that cannot be asked of a lead,
/// only of an account, get none.
Result<Probed> with_probes(const std::string& root, const driver::Checked& checked, FileSystem& files);
/// With a probe for these segments, whichever files declare them.
Result<Probed> with_probes(const std::string& root, const driver::Checked& checked, FileSystem& files,
                           std::vector<std::uint32_t> segments);

}  // namespace nurture::tool::evidence
