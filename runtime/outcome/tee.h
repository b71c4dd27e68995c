#pragma once

#include <utility>
#include <vector>

#include "runtime/outcome/outcome.h"

namespace nurture::outcome {

/// Gives each outcome of a range to several sinks, in the order given. Null sinks are left out.
class Tee : public Sink {
 public:
  explicit Tee(const std::vector<Sink*>& sinks) {
    for (Sink* sink : sinks) {
      if (sink != nullptr) sinks_.push_back(sink);
    }
  }
  void on(const Outcome& outcome) override {
    for (Sink* sink : sinks_) sink->on(outcome);
  }
  Kinds wants() const override {
    Kinds all = 0;
    for (const Sink* sink : sinks_) all |= sink->wants();
    return all;
  }
  Kinds told(std::uint16_t campaign) const override {
    Kinds all = 0;
    for (const Sink* sink : sinks_) all |= sink->told(campaign);
    return all;
  }
  Kinds timed() const override {
    Kinds all = 0;
    for (const Sink* sink : sinks_) all |= sink->timed();
    return all;
  }
  void counted(const Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) override {
    for (Sink* sink : sinks_) sink->counted(like, times, lengths);
  }
  void entered(std::size_t leads) override {
    for (Sink* sink : sinks_) sink->entered(leads);
  }
  void lead_done(store::LeadIndex lead) override {
    for (Sink* sink : sinks_) sink->lead_done(lead);
  }
  void hangs(store::LeadIndex lead) override {
    for (Sink* sink : sinks_) sink->hangs(lead);
  }
  void untouched(std::size_t leads) override {
    for (Sink* sink : sinks_) sink->untouched(leads);
  }
  void range_done() override {
    for (Sink* sink : sinks_) sink->range_done();
  }

 private:
  std::vector<Sink*> sinks_;
};

}  // namespace nurture::outcome
