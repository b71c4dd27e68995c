#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/experiment/experiment.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/store.h"

/// Experiments that the log itself records: a lead's arm is a value that it has.
namespace nurture::experiment {

/// The campaign that looks at a recorded experiment: a lead enters it when it gets its arm, and what is remembered
/// there and then is what was known when the arm was given. Indices are the module's; names are those of `remember`.
struct Lookout {
  std::uint16_t campaign = 0;
  bytecode::StringIndex arm = 0;
  bytecode::StringIndex later = bytecode::kNone;  ///< another arm, given later; kNone: none is looked for
  bytecode::StringIndex by = bytecode::kNone;     ///< within what arms were drawn; kNone: within everybody
  std::vector<bytecode::StringIndex> policies;    ///< per policy: the number of its rule that holds
  bytecode::Type arm_type, by_type;
};

/// Leads that are alike in all that an estimate looks at.
struct Alike {
  std::string arm;
  std::string by;                    ///< empty where arms were drawn within everybody
  std::vector<std::uint16_t> rules;  ///< per policy
  auto operator<=>(const Alike&) const = default;
};

/// Of leads that are alike: how many, and per goal of the campaign who reached it.
struct Outcomes {
  Count leads = 0;
  std::vector<Reached> goals;
};

struct Recorded {
  std::map<Alike, Outcomes> groups;
  Count moved = 0;  ///< leads that another arm was given later on
  void merge(const Recorded& other);
};

/// Counts one range of a run of the lookout. Module and store must outlive the sink.
class RecordedSink : public outcome::Sink {
 public:
  /// `horizon`: as the run's (outcome::horizon_of).
  RecordedSink(const bytecode::Module& module, const store::Store& store, const Lookout& lookout, Instant horizon);

  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;
  const Recorded& recorded() const { return recorded_; }

 private:
  struct Lead {
    store::LeadIndex lead;
    Instant at;
    const calendar::Zone* zone;
    Alike alike;
    bool moved = false;
    std::vector<Instant> reached;  // per goal; kNever: not
  };

  void remember(Lead& lead, const outcome::Outcome& o);
  void count(const Lead& lead);
  std::string text_of(Value value, const bytecode::Type& type) const;

  const bytecode::Module& module_;
  const store::Store& store_;
  const Lookout& lookout_;
  Instant horizon_;
  Recorded recorded_;
  bool merged_ = false;
  std::vector<Lead> leads_;  // the one at hand, with those who became it
};

/// Arms by name, in equal parts unless `shares` has them (by name, on any positive scale); goals by these names.
/// `against`: the arm compared with, or empty for the first.
struct Reading {
  std::string name;
  std::vector<std::string> goals;
  std::map<std::string, double> shares;
  std::string against;
};

/// The experiment; an Error where `reading` speaks of an arm that the log has not, or leaves one out.
Result<Experiment> experiment_of(const Recorded& recorded, const Reading& reading);

}  // namespace nurture::experiment
