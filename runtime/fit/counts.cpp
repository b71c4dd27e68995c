#include "runtime/fit/counts.h"

#include <algorithm>

#include "runtime/fit/over_leads.h"

namespace nurture::fit {

namespace {

// Delays that are kept one by one, of each content and reaction; more of them go to buckets.
constexpr std::size_t kExactDelays = 20'000;

// So many earlier sends and more are one step: nobody gets that many and still says something about tiring.
constexpr std::uint32_t kMostEarlier = 63;

}  // namespace

void Steps::add(std::uint32_t earlier, bool reacted) {
  const std::uint32_t at = std::min(earlier, kMostEarlier);
  if (steps.size() <= at) steps.resize(at + 1);
  ++steps[at].causes;
  if (reacted) ++steps[at].reactions;
}

void Steps::merge(const Steps& other) {
  if (steps.size() < other.steps.size()) steps.resize(other.steps.size());
  for (std::size_t i = 0; i < other.steps.size(); ++i) {
    steps[i].causes += other.steps[i].causes;
    steps[i].reactions += other.steps[i].reactions;
  }
}

void Sample::merge(const Sample& other) {
  evidence.causes += other.evidence.causes;
  evidence.reactions += other.evidence.reactions;
  evidence.first = std::min(evidence.first, other.evidence.first);
  evidence.last = std::max(evidence.last, other.evidence.last);
  steps.merge(other.steps);
}

Counts::Counts(const Plan& plan, const Windows& windows)
    : plan_(&plan),
      windows_(&windows),
      rows_(plan.module().contents.size() + 1),
      cells_(rows_ * (windows.segments.size() + 1)),
      delays_(rows_ * plan.reactions().size(), outcome::Durations(kExactDelays)),
      fates_(plan.reactions().size()),
      young_(plan.causes().size()) {}

const std::vector<Sample>* Counts::cell(std::uint16_t content, std::size_t segment) const {
  const std::vector<Sample>& found = cells_[row_of(content) * (windows_->segments.size() + 1) + segment];
  return found.empty() ? nullptr : &found;
}

const outcome::Durations& Counts::delays(std::uint16_t content, std::size_t reaction) const {
  return delays_[row_of(content) * plan_->reactions().size() + reaction];
}

std::vector<Sample>& Counts::cell_of(const Touch& touch) {
  const std::vector<Value>& segments = windows_->segments;
  const auto segment = std::find(segments.begin(), segments.end(), touch.segment);
  auto& cell =
      cells_[row_of(touch.content) * (segments.size() + 1) + static_cast<std::size_t>(segment - segments.begin())];
  cell.resize(plan_->reactions().size());
  return cell;
}

void Counts::add(const Trail& trail) {
  unclear_ += trail.unclear();
  for (std::size_t r = 0; r < fates_.size(); ++r) {
    fates_[r].repeated += trail.fates()[r].repeated;
    fates_[r].orphan += trail.fates()[r].orphan;
    fates_[r].foreign += trail.fates()[r].foreign;
  }
  for (std::size_t i = 0; i < trail.touches().size(); ++i) {
    const Touch& touch = trail.touches()[i];
    if (!touch.known) continue;
    if (plan_->store().last_instant - touch.at < windows_->causes[touch.cause].longest) ++young_[touch.cause];
    std::vector<Sample>& samples = cell_of(touch);
    for (std::size_t r = 0; r < samples.size(); ++r) {
      if (plan_->follows(r, touch.cause)) add(trail, i, r, samples[r]);
    }
  }
}

void Counts::add(const Trail& trail, std::size_t i, std::size_t r, Sample& sample) {
  const Touch& touch = trail.touches()[i];
  const Instant window = windows_->causes[touch.cause].of_reaction[r];
  const Instant delay = trail.delay(i, r);
  if (plan_->store().last_instant - touch.at < window) {
    if (delay != kNever) ++fates_[r].young;
    return;
  }
  const bool reacted = delay <= window;
  ++sample.evidence.causes;
  sample.evidence.first = std::min(sample.evidence.first, touch.at);
  sample.evidence.last = std::max(sample.evidence.last, touch.at);
  sample.steps.add(touch.earlier, reacted);
  if (reacted) {
    ++sample.evidence.reactions;
    ++fates_[r].used;
    delays_[row_of(touch.content) * fates_.size() + r].add(delay);
  } else if (delay != kNever) {
    ++fates_[r].late;
  }
}

void Counts::merge(const Counts& other) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    cells_[i].resize(std::max(cells_[i].size(), other.cells_[i].size()));
    for (std::size_t r = 0; r < other.cells_[i].size(); ++r) cells_[i][r].merge(other.cells_[i][r]);
  }
  for (std::size_t i = 0; i < delays_.size(); ++i) delays_[i].merge(other.delays_[i]);
  for (std::size_t r = 0; r < fates_.size(); ++r) {
    fates_[r].used += other.fates_[r].used;
    fates_[r].repeated += other.fates_[r].repeated;
    fates_[r].late += other.fates_[r].late;
    fates_[r].young += other.fates_[r].young;
    fates_[r].orphan += other.fates_[r].orphan;
    fates_[r].foreign += other.fates_[r].foreign;
  }
  for (std::size_t c = 0; c < young_.size(); ++c) young_[c] += other.young_[c];
  unclear_ += other.unclear_;
}

Counts count(const Plan& plan, const Windows& windows, const Options& options) {
  return over_leads(plan, options, Counts(plan, windows),
                    [](Counts& counts, const Trail& trail) { counts.add(trail); });
}

}  // namespace nurture::fit
