#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/outcome/summary_sink.h"
#include "runtime/store/store.h"

/// The summary of a run, once for each group of leads: by the value of an attribute, or by a segment. What is counted
/// of a group is counted by the same sink as of all, so the groups sum up to the whole.
namespace nurture::review {

/// What the log says of an attribute of a lead, into Schema::lead, up to an instant.
Value attribute_at(const store::Store& store, store::LeadIndex lead, std::uint16_t attribute, Instant at);

/// Which group a lead belongs to, as of an instant: that of its first entry.
class Groups {
 public:
  virtual ~Groups() = default;
  virtual const std::vector<std::string>& names() const = 0;  ///< in the order in which they are shown
  virtual std::size_t of(store::LeadIndex member, Instant at) const = 0;
};

/// By an attribute: a group for each of the most frequent values of the log, one for all other values, one for those of
/// whom it is not known.
class AttributeGroups : public Groups {
 public:
  static constexpr std::size_t kMostValues = 12;
  /// `attribute`: into Schema::lead, of a type that can be grouped (see `groupable`). Module and store outlive it.
  AttributeGroups(const bytecode::Module& module, const store::Store& store, std::uint16_t attribute);
  static bool groupable(const bytecode::Type& type);
  const std::vector<std::string>& names() const override { return names_; }
  std::size_t of(store::LeadIndex member, Instant at) const override;

 private:
  Value value_at(store::LeadIndex lead, Instant at) const { return attribute_at(store_, lead, attribute_, at); }

  const store::Store& store_;
  std::uint16_t attribute_;
  std::vector<std::int64_t> values_;  ///< bits of those with a group of their own
  std::vector<std::string> names_;    ///< theirs, then "other values" and "not known"
};

/// When a lead was in something.
struct Stay {
  store::LeadIndex lead = 0;
  Instant from = 0;
  Instant to = kNever;
};

/// The stays of one range of leads in one campaign, in the order of leads.
class StaySink : public outcome::Sink {
 public:
  explicit StaySink(std::uint16_t campaign) : campaign_(campaign) {}
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  const std::vector<Stay>& stays() const { return stays_; }

 private:
  std::uint16_t campaign_;
  std::vector<Stay> stays_;
};

/// By a segment: in it, or not.
class SegmentGroups : public Groups {
 public:
  /// `stays`: in the segment, by lead.
  SegmentGroups(const std::string& segment, std::vector<Stay> stays);
  const std::vector<std::string>& names() const override { return names_; }
  std::size_t of(store::LeadIndex member, Instant at) const override;

 private:
  std::vector<Stay> stays_;
  std::vector<std::string> names_;
};

/// Counts one range of leads, each lead with its group.
class BreakdownSink : public outcome::Sink {
 public:
  BreakdownSink(const bytecode::Module& module, Instant horizon, const Groups& groups);
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override { return sinks_.front().wants(); }
  void lead_done(store::LeadIndex lead) override;
  std::size_t groups() const { return sinks_.size(); }
  const outcome::Tally& tally(std::size_t group) const { return sinks_[group].tally(); }

 private:
  std::size_t group() const;

  const Groups& groups_;
  std::vector<outcome::SummarySink> sinks_;  ///< as Groups::names
  // The lead at hand, with those who became it
  struct Done {
    std::size_t before;  ///< how many outcomes
    store::LeadIndex lead;
  };
  std::vector<outcome::Outcome> outcomes_;
  std::vector<Done> done_;
  bool merged_ = false;  ///< it became another, who is told next
};

}  // namespace nurture::review
