#pragma once

#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/review/sample.h"

/// The stories of some leads, as `nurture explain` tells them.
namespace nurture::tool::report {

/// At most so many leads of the sample, and so much text: those that no longer fit are left out and counted.
inline constexpr std::size_t kMostStories = 60;
inline constexpr std::size_t kMostStoryBytes = std::size_t{3} << 19;

struct Told {
  std::string key;
  bool asked_for = false;            ///< by --lead, not drawn
  std::vector<std::string> because;  ///< which endings it stands for: "welcome: left as engaged"
  std::string json;                  ///< outcome::to_json of its story
};
struct Stories {
  std::vector<Told> told;
  std::size_t left_out = 0;
};

/// `asked_for` come first, whatever their size; then those of the sample. `assumed`: as Assuming::words.
Result<Stories> tell_stories(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                             const std::string& assumed, const std::vector<store::LeadIndex>& asked_for,
                             const review::Sample& sample);

}  // namespace nurture::tool::report
