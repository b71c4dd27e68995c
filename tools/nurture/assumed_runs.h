#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/base/json.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/figures.h"
#include "runtime/outcome/summary.h"
#include "runtime/outcome/unassumed.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/run_options.h"

/// Runs that assume reactions (§7.5): once with what of it is history, or many times with what chance makes of every
/// figure.
namespace nurture::tool {

/// Counts one range of a run that assumes: all of it, what of it is history, and who hangs on what is assumed.
class AssumedSink final : public outcome::Sink {
 public:
  AssumedSink(const bytecode::Module& module, Instant horizon)
      : whole_(module, horizon), history_(module, horizon), unassumed_(history_) {}
  void on(const outcome::Outcome& outcome) override {
    whole_.on(outcome);
    unassumed_.on(outcome);
  }
  outcome::Kinds wants() const override { return whole_.wants(); }
  outcome::Kinds told(std::uint16_t campaign) const override { return whole_.told(campaign); }
  void counted(const outcome::Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) override {
    whole_.counted(like, times, lengths);
    history_.counted(like, times, lengths);
  }
  void entered(std::size_t leads) override {
    whole_.entered(leads);
    history_.entered(leads);
  }
  void lead_done(store::LeadIndex lead) override {
    whole_.lead_done(lead);
    history_.lead_done(lead);
  }
  void hangs(store::LeadIndex lead) override { hanging_.push_back(lead); }
  void untouched(std::size_t leads) override {
    whole_.untouched(leads);
    history_.untouched(leads);
  }
  const outcome::Tally& whole() const { return whole_.tally(); }
  const outcome::Tally& history() const { return history_.tally(); }
  const std::vector<store::LeadIndex>& hanging() const { return hanging_; }

 private:
  outcome::SummarySink whole_, history_;
  outcome::Unassumed unassumed_;
  std::vector<store::LeadIndex> hanging_;
};

/// What the sinks of a run come to, in the order of ranges.
struct AssumedTally {
  explicit AssumedTally(const bytecode::Module& module) : whole(module), history(module) {
    history.ends_missing = true;
  }
  void add(const AssumedSink& sink);
  outcome::Tally whole, history;
  std::vector<store::LeadIndex> hanging;  ///< ascending
};

/// One figure over all runs.
struct FigureRange {
  outcome::Figure figure;              ///< its name; the value is that of history alone
  std::uint64_t known = 0;             ///< runs in which there was anything to measure
  double mean = 0, low = 0, high = 0;  ///< of those: the mean, and the 2.5 % and 97.5 % quantiles
  bool hangs = false;                  ///< some run had another value than history alone
};

/// Every figure of every run. Memory: a number for each.
class FigureRuns {
 public:
  explicit FigureRuns(std::uint64_t runs) : runs_(runs) {}
  /// Of one run; for any thread that holds the lock, in any order.
  void add(std::uint64_t run, const std::vector<outcome::Figure>& figures);
  /// What history alone comes to.
  void history(const std::vector<outcome::Figure>& figures);
  /// This minus the other, run by run: both of the same number of runs.
  FigureRuns minus(const FigureRuns& other) const;
  std::vector<FigureRange> ranges() const;
  std::uint64_t runs() const { return runs_; }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  struct Row {
    std::optional<std::size_t> place;  ///< among those of run 0; others stand behind them, group by group
    outcome::Figure figure;
    std::vector<double> values;  ///< per run; NaN where there was nothing to measure
    double history = 0;
    bool in_history = false;
  };
  static Key key_of(const outcome::Figure& figure) { return {figure.campaign, figure.group, figure.name}; }
  Row& row(const outcome::Figure& figure);
  std::vector<const Row*> in_order() const;

  std::uint64_t runs_;
  std::map<Key, Row> rows_;
};

/// All runs of one programme over one log. What does not hang on the draws is computed once: the binding, and all leads
/// of whom nothing is assumed. Runs are shared among the threads of `options`; the result is the same for any number.
Result<FigureRuns> run_many(const vm::BoundModule& bound, const store::Store& store, const engine::RunOptions& options,
                            const Assuming& assuming, Host& host, std::string_view what);

/// The text of a run that assumes, with that of its history alone beside it: said at its head, and every line marked in
/// which something assumed is counted.
std::string assumed_text(const std::string& run, const std::string& history, const Assuming& assuming);
/// {scenario figures[{campaign group figure unit value history}]}: those in which something assumed is counted.
std::string assumed_json(const outcome::Summary& run, const outcome::Summary& history, const Assuming& assuming);

/// What stands above the figures of many runs.
std::string runs_head(const bytecode::Module& module, const FigureRuns& runs, const Assuming& assuming);
/// The figures with their ranges, as tables and as a document. `difference`: they are those between two versions.
std::string ranges_text(const FigureRuns& runs, bool colour, bool difference = false);
void ranges_json(const FigureRuns& runs, const Assuming& assuming, JsonWriter& json);

}  // namespace nurture::tool
