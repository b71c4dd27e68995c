#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/engine/engine.h"
#include "runtime/experiment/experiment.h"
#include "runtime/outcome/passages.h"
#include "runtime/review/review.h"

/// The one replay that everything in a report is made from.
namespace nurture::tool::report {

/// What was counted of a run, or of what in it is history.
struct Seen {
  outcome::Summary summary;
  outcome::Tally tally;
  std::vector<outcome::Passages> passages;
  review::Counts counts;
  std::optional<review::Breakdown> breakdown;
};

struct Replayed {
  Seen all;
  std::optional<Seen> history;                      ///< of a run that assumes: what hangs on nothing assumed
  std::vector<experiment::Experiment> experiments;  ///< none where the run assumes: they would say what was assumed
};

/// What `--by` names, sought among attributes and segments. Nothing where it is empty.
struct By {
  enum class What : std::uint8_t { Nothing, Attribute, Segment } what = What::Nothing;
  std::string name;
  std::uint16_t attribute = 0;  ///< into Schema::lead
  std::uint32_t segment = 0;    ///< into Model::segments
};
/// Error: there is neither, or the attribute has too many values to be grouped by.
Result<By> find_by(const std::string& name, const sema::Model& model, const bytecode::Module& module);

/// The leads in groups; null for By::What::Nothing. A segment is asked of the whole log first: by a campaign that one
/// is in as long as one is in the segment, in a replay of its own.
Result<std::unique_ptr<review::Groups>> groups_of(const By& by, const std::string& programme,
                                                  const driver::Checked& checked, const bytecode::Module& module,
                                                  store::Store& store, const engine::RunOptions& run,
                                                  FileSystem& files);

/// `groups`: null, or those of `by`.
Result<Replayed> replay(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                        const std::string& by, const review::Groups* groups);

}  // namespace nurture::tool::report
