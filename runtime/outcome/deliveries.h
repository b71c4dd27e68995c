#pragma once

#include <memory>
#include <vector>

#include "runtime/outcome/outcome.h"

/// When messages are delivered under the `throttle` rules of policies (§5.14). No decision depends on it, so it is
/// worked out after the run: one pass over what was sent, in the order of instant, lead key and sequence.
namespace nurture::outcome {

/// What a rule did.
struct ThrottleTally {
  std::uint16_t rule = bytecode::kNone;  ///< into Module::rules
  std::uint64_t messages = 0;            ///< that it is about
  std::uint64_t delayed = 0;             ///< of all those, by more than a minute, whichever rule it was
  std::int64_t longest = 0;              ///< microseconds
  store::LeadIndex slowest = 0;          ///< who waited longest
};

/// Three steps: a sink per range listens to the run, `settle`, then the answers.
class Deliveries {
 public:
  explicit Deliveries(const bytecode::Module& module);
  ~Deliveries();

  /// Whether there is any throttle at all; otherwise nobody need listen.
  bool any() const { return !rules_.empty(); }
  /// Asked for in the order of ranges, before the run.
  Sink* sink();
  void settle();
  /// Of a message that was sent; kNever where no throttle is about it.
  Instant of(const Outcome& sent) const;
  const std::vector<ThrottleTally>& tallies() const { return tallies_; }

 private:
  struct Sent {
    Instant at;
    Instant delivered;
    store::LeadIndex lead;
    std::uint32_t sequence;
    std::uint16_t content;
  };
  class RangeSink;
  bool concerns(std::uint16_t rule, std::uint16_t content) const;

  const bytecode::Module& module_;
  std::vector<std::uint16_t> rules_;  ///< the throttles
  std::vector<bool> listens_;         ///< per content: some throttle is about it
  std::vector<std::unique_ptr<RangeSink>> sinks_;
  std::vector<Sent> sent_;  ///< settled: by lead and sequence
  std::vector<ThrottleTally> tallies_;
};

}  // namespace nurture::outcome
