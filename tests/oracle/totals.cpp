#include "tests/oracle/totals.h"

#include <algorithm>
#include <memory>
#include <set>

#include "runtime/engine/engine.h"
#include "runtime/outcome/summary.h"
#include "runtime/outcome/tee.h"
#include "tests/native.h"
#include "tests/oracle/build_store.h"

namespace nurture::oracle {

namespace {

/// Wants nothing, and notes what is counted beside it.
class Counter final : public outcome::Sink {
 public:
  explicit Counter(bool one_by_one) : one_by_one_(one_by_one) {}
  void on(const outcome::Outcome&) override {}
  outcome::Kinds wants() const override { return 0; }
  outcome::Kinds told(std::uint16_t) const override { return one_by_one_ ? outcome::kAllKinds : 0; }
  void counted(const outcome::Outcome&, std::uint64_t, std::span<const std::int64_t>) override { ++times; }
  std::uint64_t times = 0;

 private:
  bool one_by_one_;
};

struct Sinks {
  Sinks(const bytecode::Module& module, Instant horizon, bool one_by_one)
      : summary(module, horizon), counter(one_by_one), tee({&summary, &counter}) {}
  outcome::SummarySink summary;
  Counter counter;
  outcome::Tee tee;
};

}  // namespace

Totals totals(const Built& built, const Log& log, const Asked& asked, bool one_by_one) {
  store::Store store = build_store(log, built.module);
  if (asked.stored) store = through_file(std::move(store), built.module);
  vm::BoundModule bound = vm::bind(built.module, store.texts, store.lists);
  if (asked.native) testing::go_native(bound);
  engine::RunOptions options;
  options.threads = asked.threads;
  options.until = asked.until;
  options.vectors = asked.vectors;
  std::vector<std::unique_ptr<Sinks>> sinks;
  const Status status = engine::run(bound, store, options, [&](std::size_t) {
    sinks.push_back(std::make_unique<Sinks>(built.module, outcome::horizon_of(store, asked.until), one_by_one));
    return &sinks.back()->tee;
  });
  if (!status) return {"the engine failed: " + status.error().message, 0};
  Totals out;
  outcome::Tally total(built.module);
  for (const auto& each : sinks) {
    total.merge(each->summary.tally());
    out.counted += each->counter.times;
  }
  const auto facts = outcome::run_facts(built.module, store, asked.until);
  out.text = outcome::to_json(outcome::summarize(built.module, facts, store, total));
  return out;
}

Log quieted(const Log& log, const bytecode::Module& module, Random& random) {
  std::set<std::string> loud;
  for (const bytecode::EventKind& kind : module.schema.kinds) {
    const bool reacts = kind.actor == bytecode::Actor::Lead && kind.content_property != bytecode::kNone;
    const bool holds = kind.starts_sales_hold || kind.ends_sales_hold || kind.answers_hand_off;
    if (reacts || holds || kind.records_send || kind.merges_into != bytecode::kNone) {
      loud.insert(module.strings[kind.name]);
    }
  }
  Log out = log;
  for (LogLead& lead : out.leads) {
    if (random.percent(25)) continue;
    std::erase_if(lead.events, [&](const LogEvent& e) { return !e.changes.empty() || loud.contains(e.kind); });
  }
  return out;
}

}  // namespace nurture::oracle
