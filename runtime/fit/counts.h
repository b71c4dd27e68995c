#pragma once

#include <vector>

#include "runtime/fit/trail.h"
#include "runtime/fit/windows.h"
#include "runtime/outcome/durations.h"

namespace nurture::fit {

/// Causes and those reacted to, by how many sends there were before (Touch::earlier).
struct Steps {
  struct Step {
    Count causes = 0, reactions = 0;
  };
  std::vector<Step> steps;

  void add(std::uint32_t earlier, bool reacted);
  void merge(const Steps& other);
};

/// Of one reaction to the causes of one cell: of a content, or of hand-offs, in one segment.
struct Sample {
  Evidence evidence;
  Steps steps;

  void merge(const Sample& other);
};

/// Second look: everything that is counted. Memory is that of the contents, segments and reactions, whatever the log.
class Counts {
 public:
  Counts(const Plan& plan, const Windows& windows);

  /// Of a content (kNone: hand-offs) in a segment (windows.segments.size(): in none of them); null: nothing.
  const std::vector<Sample>* cell(std::uint16_t content, std::size_t segment) const;
  const outcome::Durations& delays(std::uint16_t content, std::size_t reaction) const;
  const std::vector<Fates>& fates() const { return fates_; }
  Count unclear() const { return unclear_; }
  Count young(std::size_t cause) const { return young_[cause]; }

  void add(const Trail& trail);
  void merge(const Counts& other);

 private:
  std::size_t row_of(std::uint16_t content) const { return content == kNone ? rows_ - 1 : content; }
  std::vector<Sample>& cell_of(const Touch& touch);
  void add(const Trail& trail, std::size_t touch, std::size_t reaction, Sample& sample);

  const Plan* plan_;
  const Windows* windows_;
  std::size_t rows_;                        // contents, then hand-offs
  std::vector<std::vector<Sample>> cells_;  // rows by segments and "none": per reaction, or empty
  std::vector<outcome::Durations> delays_;  // rows by reactions
  std::vector<Fates> fates_;
  std::vector<Count> young_;
  Count unclear_ = 0;
};

Counts count(const Plan& plan, const Windows& windows, const Options& options);

}  // namespace nurture::fit
