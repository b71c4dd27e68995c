#pragma once

#include "runtime/outcome/outcome.h"

namespace nurture::outcome {

/// Passes on what a run decided before anything was assumed of the lead: what comes from the log and the programme
/// alone. Of leads of whom something was assumed, the ends are missing.
class Unassumed final : public Sink {
 public:
  explicit Unassumed(Sink& to) : to_(to) {}
  void on(const Outcome& outcome) override {
    if (!outcome.assumed) to_.on(outcome);
  }
  Kinds wants() const override { return to_.wants(); }
  Kinds told(std::uint16_t campaign) const override { return to_.told(campaign); }
  Kinds timed() const override { return to_.timed(); }
  void counted(const Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) override {
    to_.counted(like, times, lengths);
  }
  void entered(std::size_t leads) override { to_.entered(leads); }
  void lead_done(store::LeadIndex lead) override { to_.lead_done(lead); }
  void untouched(std::size_t leads) override { to_.untouched(leads); }
  void range_done() override { to_.range_done(); }

 private:
  Sink& to_;
};

}  // namespace nurture::outcome
