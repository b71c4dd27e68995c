#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/outcome/summary.h"
#include "runtime/outcome/tee.h"
#include "runtime/review/breakdown.h"
#include "runtime/review/owners.h"
#include "runtime/review/paths.h"
#include "runtime/review/sample.h"
#include "runtime/review/touches.h"

/// So many owners are told one by one: with all others and nobody, as many as a chart has colours.
inline constexpr std::size_t kMostOwners = 6;

/// What a report shows of a run beyond its summary.
///
///   std::vector<std::unique_ptr<ReviewSink>> sinks;          // one a range, given to engine::run beside a SummarySink
///   Counts counts;
///   for (auto& sink : sinks) counts.merge(sink->counts());   // in the order of ranges
///   std::string json = to_json({module, summary, tally, counts, breakdown});
namespace nurture::review {

/// Of a range of leads, or of several.
struct Counts {
  std::vector<PathTally> paths;  ///< as Module::campaigns
  TouchTally touches;
  Owners owners;
  Sample sample;
  std::vector<outcome::Tally> groups;  ///< as Groups::names; empty without a breakdown
  /// Adds those of the leads that come after.
  void merge(const Counts& later);
};

class ReviewSink : public outcome::Sink {
 public:
  /// `groups`: null without a breakdown. All arguments outlive the sink.
  ReviewSink(const vm::BoundModule& program, const store::Store& store, Instant horizon, const Groups* groups);
  void on(const outcome::Outcome& outcome) override { tee_.on(outcome); }
  outcome::Kinds wants() const override { return tee_.wants(); }
  void lead_done(store::LeadIndex lead) override { tee_.lead_done(lead); }
  Counts counts() const;

 private:
  PathSink paths_;
  TouchSink touches_;
  OwnerSink owners_;
  SampleSink sample_;
  std::unique_ptr<BreakdownSink> breakdown_;
  outcome::Tee tee_;
};

/// How a run looks for each group of leads.
struct Breakdown {
  std::string by;
  std::vector<std::string> groups;
  std::vector<outcome::Summary> summaries;  ///< one for each group
};

struct Review {
  const bytecode::Module& module;
  const outcome::Summary& summary;  ///< of the same run, its campaigns as the module's
  const outcome::Tally& tally;
  const Counts& counts;
  const store::Store& store;             ///< whose texts name the owners
  const Breakdown* breakdown = nullptr;  ///< null: none was asked for
};

/// One object. A rate is {part of rate low high}: so many of so many, and its 95 % interval (Wilson), null of nothing.
/// Durations are in microseconds.
///
///   level        of all intervals: 0.95
///   campaigns[]  name
///                goals[]    name treated{rate} held_out{rate} within_us[null] where time{distribution}
///                           time_held_out{distribution}
///                stages[]   name entries where memberships returns active share{rate} time{distribution}
///                visits     how many are told apart
///                paths[]    visit from[null] to("stage" "exit" "inside" "further") name[null] count
///                stay, response: distributions
///                distribution: count median_us p10_us p25_us p75_us p90_us p95_us exact width_us parts[] longer
///   touches      leads_sent per_lead[]{messages leads} per_week[]{messages weeks}
///                limits[]   owner rule where allowed most leads_at held_back
///   owners[]     name[null: nobody is named] people (whom it stands for: 1, or all behind the kMostOwners who have
///   most to
///                do; 0: nobody is named) hand_offs calls tasks most_in_a_week missed answers{distribution}
///                weeks[] week_of hand_offs calls tasks all (those in which something came up)
///   contents[]   name channel where sent leads reactions[] event events leads{rate of leads} machine
///   breakdown    null, or by groups[] (those that anybody entered from) name leads_entered leads_sent
///                campaigns[] name entered held_out active exited sent handed_off goals[] name treated{rate}
///                held_out{rate}
std::string to_json(const Review& review);

}  // namespace nurture::review
