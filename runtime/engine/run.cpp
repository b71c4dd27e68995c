// The whole log: ranges of leads, threads, and the published draw.
#include <algorithm>
#include <atomic>
#include <thread>

#include "runtime/base/hash.h"
#include "runtime/engine/flat_replay.h"
#include "runtime/engine/unit.h"

namespace nurture::engine {
namespace {

constexpr std::size_t kLeadsPerRange = 4096;
constexpr std::size_t kUnitsPerRange = 256;

/// Where leads are linked, units are cut into ranges; those that nobody asks about are none of the work.
std::size_t leads_asked(const store::Store& store, const RunOptions& options) {
  if (store.linked()) return store.units();
  return options.leads.empty() ? store.leads.size() : options.leads.size();
}

/// What the threads of one run share: ranges are taken in order, so that those before a failing one are always
/// finished.
struct Work {
  const Program& program;
  const Program& of_accounts;
  const store::Store& store;
  const RunOptions& options;
  Instant horizon;
  std::optional<Flat> flat{};
  std::vector<outcome::Sink*> sinks{};
  std::vector<Status> status{};
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> failed{false};
};

Status run_units(Work& work, Unit& unit, std::size_t range) {
  const std::size_t end = std::min(work.store.units(), (range + 1) * kUnitsPerRange);
  for (std::size_t i = range * kUnitsPerRange; i < end; ++i) {
    Status status = unit.run(i, *work.sinks[range]);
    if (!status.ok()) return status;
    work.done.fetch_add(work.store.unit_begin[i + 1] - work.store.unit_begin[i], std::memory_order_relaxed);
  }
  work.sinks[range]->range_done();
  return Done{};
}

/// Of what campaigns in flat form do, it is enough to count.
bool only_counts(const Program& program, const outcome::Sink& sink) {
  return std::all_of(program.campaigns.begin(), program.campaigns.end(),
                     [&](const CampaignPlan& plan) { return !plan.runs || (sink.told(plan.index) & kFlatKinds) == 0; });
}

/// One per thread.
struct Runner {
  Replay replay;
  std::optional<FlatReplay> flat;
};

Status run_range(Work& work, Runner& runner, std::size_t range) {
  Replay& replay = runner.replay;
  const std::size_t count = leads_asked(work.store, work.options);
  const std::size_t end = std::min(count, (range + 1) * kLeadsPerRange);
  outcome::Sink& sink = *work.sinks[range];
  if (work.program.passes_over && work.options.leads.empty() && !outcome::has(sink.wants(), outcome::Kind::Began)) {
    const auto first = static_cast<store::LeadIndex>(range * kLeadsPerRange);
    const auto last = static_cast<store::LeadIndex>(end);
    const bool counts = work.flat && only_counts(work.program, sink);
    Status status = counts ? runner.flat->run(first, last, sink) : replay.run(first, last, sink);
    if (!status.ok()) return status;
    work.done.fetch_add(end - first, std::memory_order_relaxed);
    work.sinks[range]->range_done();
    return Done{};
  }
  for (std::size_t i = range * kLeadsPerRange; i < end; ++i) {
    const auto lead = work.options.leads.empty() ? static_cast<store::LeadIndex>(i) : work.options.leads[i];
    Status status = replay.run(lead, *work.sinks[range]);
    if (!status.ok()) return status;
    work.done.fetch_add(1, std::memory_order_relaxed);
  }
  work.sinks[range]->range_done();
  return Done{};
}

template <typename Runner, typename RunRange>
void work_with(Work& work, bool reports, Runner& runner, const RunRange& run_one) {
  while (!work.failed.load(std::memory_order_relaxed)) {
    const std::size_t range = work.next.fetch_add(1);
    if (range >= work.sinks.size()) return;
    work.status[range] = run_one(work, runner, range);
    if (!work.status[range].ok()) work.failed = true;
    if (reports && work.options.progress) work.options.progress(work.done.load(std::memory_order_relaxed));
  }
}

void work_on(Work& work, bool reports) {
  if (work.store.linked()) {
    Unit unit(work.program, work.of_accounts, work.store, work.horizon);
    return work_with(work, reports, unit, run_units);
  }
  Runner runner{Replay(work.program, work.store, work.horizon), {}};
  if (work.flat) runner.flat.emplace(work.program, *work.flat, work.store, work.horizon);
  work_with(work, reports, runner, run_range);
}

/// How many events the run steps through; what flat campaigns hear needs no code.
std::uint64_t events_stepped(const Work& work) {
  if (work.flat) return 0;
  if (work.options.leads.empty()) return work.store.events();
  std::uint64_t events = 0;
  for (const store::LeadIndex lead : work.options.leads)
    events += work.store.lead_begin[lead + 1] - work.store.lead_begin[lead];
  return events;
}

Status add_native(vm::BoundModule& program, const Work& work) {
  auto made = work.options.native(program, events_stepped(work));
  if (!made) return made.error();
  program.native = std::move(*made);
  return Done{};
}

}  // namespace

std::size_t ranges(const store::Store& store, const RunOptions& options) {
  const std::size_t each = store.linked() ? kUnitsPerRange : kLeadsPerRange;
  return (leads_asked(store, options) + each - 1) / each;
}

Status run(const vm::BoundModule& given, const store::Store& store, const RunOptions& options,
           const std::function<outcome::Sink*(std::size_t range)>& make_sink) {
  std::optional<vm::BoundModule> compiled;
  const vm::BoundModule& bound = options.native ? compiled.emplace(given) : given;
  const Program program = prepare(bound, store, options, false);
  const Program of_accounts = store.linked() ? prepare(bound, store, options, true) : Program{};
  const Instant horizon = options.until != kNever ? options.until : store.last_instant;
  Work work{program, of_accounts, store, options, horizon};
  const std::size_t count = ranges(store, options);
  for (std::size_t i = 0; i < count; ++i) work.sinks.push_back(make_sink(i));
  if (count > 0 && only_counts(program, *work.sinks.front())) work.flat = flatten(program, store, horizon);
  if (compiled) {
    if (Status added = add_native(*compiled, work); !added) return added.error();
  }
  work.status.assign(count, Done{});
  const auto threads = static_cast<unsigned>(std::min<std::size_t>(std::max(1u, options.threads), count));
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back([&work] { work_on(work, false); });
  work_on(work, true);
  for (std::thread& other : others) other.join();
  for (Status& status : work.status) {
    if (!status.ok()) return status.error();
  }
  return Done{};
}

std::uint16_t draw(std::uint64_t seed, std::string_view campaign, std::string_view split, std::string_view lead,
                   std::optional<std::uint64_t> pass) {
  std::string bytes;
  for (std::string_view name : {campaign, split, lead}) {
    bytes.append(name);
    bytes.push_back('\0');
  }
  for (unsigned i = 0; pass && i < 8; ++i) bytes.push_back(static_cast<char>(*pass >> (8 * i)));
  return static_cast<std::uint16_t>(hash64(bytes, seed) % 10'000);
}

}  // namespace nurture::engine
