#include "tests/oracle/totals.h"

#include <algorithm>
#include <memory>
#include <set>

#include "runtime/engine/engine.h"
#include "runtime/engine/flat.h"
#include "runtime/outcome/summary.h"
#include "runtime/outcome/tee.h"
#include "tests/native.h"
#include "tests/oracle/build_store.h"

namespace nurture::oracle {

namespace {

/// Notes what it is told, and what is counted for it, without lengths of time.
class Counter final : public outcome::Sink {
 public:
  explicit Counter(Totalled how) : how_(how) {}
  void on(const outcome::Outcome& o) override { add(o, 1); }
  outcome::Kinds wants() const override { return engine::kFlatKinds; }
  outcome::Kinds told(std::uint16_t) const override { return how_ == Totalled::OneByOne ? outcome::kAllKinds : 0; }
  outcome::Kinds timed() const override { return 0; }
  void counted(const outcome::Outcome& like, std::uint64_t times, std::span<const std::int64_t>) override {
    add(like, times);
    ++sorts;
  }
  Times records;
  std::uint64_t sorts = 0;

 private:
  void add(const outcome::Outcome& o, std::uint64_t times) {
    if (!outcome::has(wants(), o.kind)) return;  // another sink wants it
    records[{o.kind, o.campaign, o.stage, o.place, o.kind == outcome::Kind::Exited ? o.a : 0}] += times;
  }
  Totalled how_;
};

struct Sinks {
  Sinks(const bytecode::Module& module, Instant horizon, Totalled how)
      : summary(module, horizon),
        counter(how),
        tee({how == Totalled::Untimed ? nullptr : static_cast<outcome::Sink*>(&summary), &counter}) {}
  outcome::SummarySink summary;
  Counter counter;
  outcome::Tee tee;
};

}  // namespace

Totals totals(const Built& built, const Log& log, const Asked& asked, Totalled how) {
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
    sinks.push_back(std::make_unique<Sinks>(built.module, outcome::horizon_of(store, asked.until), how));
    return &sinks.back()->tee;
  });
  if (!status) return {"the engine failed: " + status.error().message, {}, 0};
  Totals out;
  outcome::Tally total(built.module);
  for (const auto& each : sinks) {
    total.merge(each->summary.tally());
    for (const auto& [record, times] : each->counter.records) out.times[record] += times;
    out.counted += each->counter.sorts;
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
