#include "runtime/review/review.h"

#include <algorithm>

namespace nurture::review {

void Counts::merge(const Counts& later) {
  paths.resize(std::max(paths.size(), later.paths.size()));
  for (std::size_t i = 0; i < later.paths.size(); ++i) paths[i].merge(later.paths[i]);
  touches.merge(later.touches);
  review::merge(owners, later.owners);
  sample.merge(later.sample);
  if (groups.empty()) {
    groups = later.groups;
    return;
  }
  for (std::size_t i = 0; i < later.groups.size(); ++i) groups[i].merge(later.groups[i]);
}

ReviewSink::ReviewSink(const vm::BoundModule& program, const store::Store& store, Instant horizon, const Groups* groups)
    : paths_(*program.module),
      touches_(program, store, horizon),
      owners_(*program.module, store),
      sample_(*program.module, store),
      breakdown_(groups == nullptr ? nullptr : std::make_unique<BreakdownSink>(*program.module, horizon, *groups)),
      tee_({&paths_, &touches_, &owners_, &sample_, breakdown_.get()}) {}

Counts ReviewSink::counts() const {
  Counts counts{paths_.campaigns(), touches_.tally(), owners_.owners(), sample_.sample(), {}};
  for (std::size_t i = 0; breakdown_ && i < breakdown_->groups(); ++i) counts.groups.push_back(breakdown_->tally(i));
  return counts;
}

}  // namespace nurture::review
