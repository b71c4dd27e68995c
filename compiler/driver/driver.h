#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"
#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/coverage.h"
#include "runtime/bytecode/module.h"
#include "runtime/bytecode/test_plan.h"

/// The whole compiler in one call, for every tool that needs it.
namespace nurture::driver {

/// A programme that was read and checked. Its diagnostics say whether it may be lowered.
struct Checked {
  std::unique_ptr<sema::Unit> unit;
  std::vector<flow::CampaignGraph> graphs;
  bool failed() const { return unit->diagnostics.failed(); }
};

/// The programmes at a path: a file is one, so is a folder that holds .nurture files itself (with all below it); in any
/// other folder each folder below it that does. Sorted by code point. An Error where there is none.
Result<std::vector<std::string>> programmes(const std::string& path, FileSystem& files);

/// How closely a programme is looked at.
enum class Depth : std::uint8_t {
  Meaning,  ///< the language: enough to run it
  Review,   ///< also what a colleague would object to: conditions that decide nothing, what practice speaks against
};

/// Looks at a programme without errors, and reports into its diagnostics.
using Witness = std::function<void(Checked&)>;

/// Reads and checks a file, or all .nurture files below a folder; what comments allow is left out of its diagnostics.
/// `witness` is what looks at it with a log at hand (W1501 to W1599), if there is one. Errors are those of the file
/// system.
Result<Checked> check(const std::string& path, FileSystem& files, Depth depth = Depth::Meaning,
                      const Witness& witness = nullptr);

/// A programme as it runs.
struct Compiled {
  bytecode::Module module;
  std::vector<bytecode::TestPlan> tests;
  std::vector<bytecode::Spot> spots;  ///< for the coverage of the tests
};

/// Lowers what `check` found without errors.
Result<Compiled> compile(const Checked& checked);

}  // namespace nurture::driver
