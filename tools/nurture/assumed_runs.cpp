#include "tools/nurture/assumed_runs.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <mutex>
#include <numeric>
#include <thread>

#include "runtime/outcome/summary.h"
#include "runtime/statistics/quantiles.h"

namespace nurture::tool {

void AssumedTally::add(const AssumedSink& sink) {
  whole.merge(sink.whole());
  history.merge(sink.history());
  hanging.insert(hanging.end(), sink.hanging().begin(), sink.hanging().end());
}

// Figures over runs ---------------------------------------------------------------------------------------------------

FigureRuns::Row& FigureRuns::row(const outcome::Figure& figure) {
  auto [at, fresh] = rows_.try_emplace(key_of(figure));
  if (fresh) {
    at->second.figure = figure;
    at->second.values.assign(runs_,
                             figure.unit == outcome::Unit::Number ? 0 : std::numeric_limits<double>::quiet_NaN());
  }
  return at->second;
}

void FigureRuns::add(std::uint64_t run, const std::vector<outcome::Figure>& figures) {
  for (std::size_t i = 0; i < figures.size(); ++i) {
    Row& at = row(figures[i]);
    if (run == 0) at.place = i;
    if (figures[i].known) at.values[run] = figures[i].value;
  }
}

void FigureRuns::history(const std::vector<outcome::Figure>& figures) {
  for (const outcome::Figure& figure : figures) {
    Row& at = row(figure);
    at.history = figure.value;
    at.in_history = figure.known;
  }
}

FigureRuns FigureRuns::minus(const FigureRuns& other) const {
  FigureRuns out = *this;
  for (const auto& [key, theirs] : other.rows_) {
    Row& mine = out.row(theirs.figure);
    mine.history -= theirs.history;
    mine.in_history = mine.in_history && theirs.in_history;
    for (std::size_t run = 0; run < runs_; ++run) mine.values[run] -= theirs.values[run];
  }
  return out;
}

/// As run 0 tells them; what it does not tell stands behind the rest of its group, by name.
std::vector<const FigureRuns::Row*> FigureRuns::in_order() const {
  std::map<std::pair<std::string, std::string>, std::size_t> last;
  for (const auto& [key, row] : rows_) {
    if (row.place) {
      std::size_t& end = last[{row.figure.campaign, row.figure.group}];
      end = std::max(end, *row.place);
    }
  }
  std::map<std::tuple<std::size_t, bool, std::string, std::string>, const Row*> sorted;
  for (const auto& [key, row] : rows_) {
    const auto end = last.find({row.figure.campaign, row.figure.group});
    const std::size_t behind = end == last.end() ? SIZE_MAX : end->second;
    sorted[{row.place.value_or(behind), !row.place, row.figure.campaign + "/" + row.figure.group, row.figure.name}] =
        &row;
  }
  std::vector<const Row*> out;
  for (const auto& [order, row] : sorted) out.push_back(row);
  return out;
}

std::vector<FigureRange> FigureRuns::ranges() const {
  std::vector<FigureRange> out;
  for (const Row* row : in_order()) {
    FigureRange range;
    range.figure = row->figure;
    range.figure.value = row->history;
    range.figure.known = row->in_history;
    std::vector<double> known;
    for (const double value : row->values) {
      if (!std::isnan(value)) known.push_back(value);
      range.hangs = range.hangs || std::isnan(value) == row->in_history || (row->in_history && value != row->history);
    }
    std::sort(known.begin(), known.end());
    range.known = known.size();
    if (!known.empty()) {
      range.mean = std::accumulate(known.begin(), known.end(), 0.0) / static_cast<double>(known.size());
      range.low = statistics::quantile(known, 0.025);
      range.high = statistics::quantile(known, 0.975);
    }
    out.push_back(std::move(range));
  }
  return out;
}

// Runs ----------------------------------------------------------------------------------------------------------------

namespace {

/// What the threads that share the runs have in common.
class Runs {
 public:
  Runs(const vm::BoundModule& bound, const store::Store& store, const engine::RunOptions& options,
       const Assuming& assuming)
      : bound_(bound),
        module_(*bound.module),
        store_(store),
        options_(options),
        assumption_(*assuming.first),
        horizon_(outcome::horizon_of(store, options.until)),
        constant_(module_),
        runs_(assuming.runs) {}

  Result<FigureRuns> all(Progress& progress) {
    if (Status done = first(progress); !done) return done.error();
    if (hanging_.empty()) {
      for (std::uint64_t run = 1; run < runs_.runs(); ++run) runs_.add(run, first_);
      return std::move(runs_);
    }
    if (Status done = those_who_do_not_hang(); !done) return done.error();
    const auto threads = std::min<std::uint64_t>(std::max(1U, options_.threads), runs_.runs());
    std::vector<std::thread> others;
    for (std::uint64_t i = 1; i < threads; ++i) others.emplace_back([this] { work(nullptr); });
    work(&progress);
    for (std::thread& other : others) other.join();
    if (failed_) return *failed_;
    return std::move(runs_);
  }

 private:
  std::vector<outcome::Figure> figures_of(const outcome::Tally& tally) const {
    return outcome::figures(
        outcome::summarize(module_, outcome::run_facts(module_, store_, options_.until), store_, tally));
  }

  /// Run 0, over all leads: it also says what is history, and who hangs on the draws.
  Status first(Progress& progress) {
    engine::RunOptions options = options_;
    options.assumed = assumption_;
    options.progress = [&](std::uint64_t done) { progress.show(done, store_.leads.size(), "leads"); };
    std::vector<std::unique_ptr<AssumedSink>> sinks;
    auto status = engine::run(bound_, store_, options, [&](std::size_t) {
      return sinks.emplace_back(std::make_unique<AssumedSink>(module_, horizon_)).get();
    });
    if (!status) return status;
    AssumedTally tally(module_);
    for (const auto& sink : sinks) tally.add(*sink);
    hanging_ = std::move(tally.hanging);
    std::sort(hanging_.begin(), hanging_.end());
    first_ = figures_of(tally.whole);
    runs_.add(0, first_);
    runs_.history(figures_of(tally.history));
    return Done{};
  }

  Result<outcome::Tally> tally_of(const engine::RunOptions& options) const {
    std::vector<std::unique_ptr<outcome::SummarySink>> sinks;
    auto status = engine::run(bound_, store_, options, [&](std::size_t) {
      return sinks.emplace_back(std::make_unique<outcome::SummarySink>(module_, horizon_)).get();
    });
    if (!status) return status.error();
    outcome::Tally total(module_);
    for (const auto& sink : sinks) total.merge(sink->tally());
    return total;
  }

  Status those_who_do_not_hang() {
    engine::RunOptions options = options_;
    options.assumed = assumption_;
    auto next = hanging_.begin();
    for (store::LeadIndex lead = 0; lead < store_.leads.size(); ++lead) {
      if (next != hanging_.end() && *next == lead) {
        ++next;
      } else {
        options.leads.push_back(lead);
      }
    }
    if (options.leads.empty()) return Done{};
    auto tally = tally_of(options);
    if (!tally) return tally.error();
    constant_ = std::move(*tally);
    return Done{};
  }

  /// Takes the next run, until there is none. Each is the work of one thread.
  void work(Progress* progress) {
    engine::RunOptions options = options_;
    options.threads = 1;
    options.leads = hanging_;
    options.assumed = assumption_;
    for (std::uint64_t run = next_.fetch_add(1); run < runs_.runs() && !stop_; run = next_.fetch_add(1)) {
      options.assumed->run = run;
      auto tally = tally_of(options);
      if (tally) tally->merge(constant_);
      std::vector<outcome::Figure> figures = tally ? figures_of(*tally) : std::vector<outcome::Figure>{};
      const std::lock_guard lock(mutex_);
      if (!tally) {
        failed_ = tally.error();
        stop_ = true;
        return;
      }
      runs_.add(run, figures);
      if (progress != nullptr)
        progress->show(++done_, runs_.runs(), "runs");
      else
        ++done_;
    }
  }

  const vm::BoundModule& bound_;
  const bytecode::Module& module_;
  const store::Store& store_;
  const engine::RunOptions& options_;
  const engine::Assumption assumption_;
  const Instant horizon_;
  std::vector<store::LeadIndex> hanging_;
  outcome::Tally constant_;  ///< of those who fare the same in every run
  std::vector<outcome::Figure> first_;
  FigureRuns runs_;
  std::atomic<std::uint64_t> next_{1};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;  ///< of what follows, and of runs_
  std::uint64_t done_ = 1;
  std::optional<Error> failed_;
};

}  // namespace

Result<FigureRuns> run_many(const vm::BoundModule& bound, const store::Store& store, const engine::RunOptions& options,
                            const Assuming& assuming, Host& host, std::string_view what) {
  Progress progress(host, std::string(what));
  return Runs(bound, store, options, assuming).all(progress);
}

}  // namespace nurture::tool
