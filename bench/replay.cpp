#include <fmt/format.h>

#include "bench/world.h"
#include "runtime/outcome/actions.h"
#include "runtime/outcome/summary_sink.h"

namespace nurture::bench {

namespace {

/// What comes out of a run in full, but to nowhere.
class Nowhere : public ByteSink {
 public:
  Status write(std::string_view bytes) override {
    written += bytes.size();
    return Done{};
  }
  Status commit() override { return Done{}; }
  std::uint64_t written = 0;
};

std::uint64_t summarized(const World& world, unsigned threads) {
  std::vector<std::unique_ptr<outcome::SummarySink>> sinks;
  engine::RunOptions options;
  options.threads = threads;
  auto status = engine::run(world.bound, world.store, options, [&](std::size_t) {
    sinks.push_back(std::make_unique<outcome::SummarySink>(world.compiled.module, world.store.last_instant));
    return sinks.back().get();
  });
  NURTURE_CHECK(status.ok());
  std::uint64_t entered = 0;
  for (const auto& sink : sinks) entered += sink->tally().leads_entered;
  return entered;
}

std::uint64_t written(const World& world, unsigned threads) {
  Nowhere nowhere;
  engine::RunOptions options;
  options.threads = threads;
  options.texts = true;
  outcome::ActionsWriter writer(world.compiled.module, world.store, nowhere, outcome::ActionFormat::Ndjson,
                                engine::ranges(world.store, options));
  auto status = engine::run(world.bound, world.store, options, [&](std::size_t range) { return writer.sink(range); });
  NURTURE_CHECK(status.ok() && writer.finish().ok());
  return nowhere.written;
}

void bench_sparse(std::uint32_t leads) {
  LogShape shape;
  shape.leads = leads;
  const auto world = make_world(sparse_programme(), shape);
  const store::Store& store = world->store;
  const std::uint64_t before = peak_memory();
  const Counts by_hand = sparse_by_hand(store);
  NURTURE_CHECK(by_hand == sparse_by_kind(store) && by_hand == sparse_with_jumps(store) &&
                by_hand == simulate(*world) && by_hand == simulate(*world, {.threads = 2}));
  headline(fmt::format("W1 sparse replay: {} events of {} leads, {} enter", store.events(), leads, by_hand.entered));
  std::vector<Contender> contenders = {
      {"hand-written loop, every kind and instant", [&] { return sparse_by_hand(store).sum(); }},
      {"hand-written loop, every kind", [&] { return sparse_by_kind(store).sum(); }},
      {"hand-written with jumps, one thread", [&] { return sparse_with_jumps(store).sum(); }},
      {"campaign from text, one thread", [&] { return simulate(*world).sum(); }},
      {"campaign from text, two threads", [&] { return simulate(*world, {.threads = 2}).sum(); }},
      {"campaign with its summary, one thread", [&] { return summarized(*world, 1); }},
  };
  report(contenders, race(contenders), static_cast<double>(store.events()), "events");
  fmt::print("  peak memory: building the store took {:.0f} bytes a lead, {:.1f} an event; the runs {:.1f} MiB more\n",
             static_cast<double>(world->grown) / leads,
             static_cast<double>(world->grown) / static_cast<double>(store.events()),
             static_cast<double>(peak_memory() - before) / (1 << 20));
}

void bench_dense(std::uint32_t leads) {
  LogShape shape;
  shape.leads = leads;
  const auto world = make_world(dense_programme(), shape);
  const store::Store& store = world->store;
  const Counts by_hand = dense_by_hand(store);
  NURTURE_CHECK(by_hand == simulate(*world));
  headline(fmt::format("W2 dense replay: {} events, every kind matters, {} enter", store.events(), by_hand.entered));
  std::vector<Contender> contenders = {
      {"hand-written loop, one thread", [&] { return dense_by_hand(store).sum(); }},
      {"campaign from text, one thread", [&] { return simulate(*world).sum(); }},
      {"campaign from text, two threads", [&] { return simulate(*world, {.threads = 2}).sum(); }},
  };
  report(contenders, race(contenders), static_cast<double>(store.events()), "events");
}

/// W3 to W5 have nothing to be compared with but W1: nobody writes them by hand.
void bench_others(std::uint32_t leads) {
  LogShape shape;
  shape.leads = leads;
  const auto sparse = make_world(sparse_programme(), shape);
  const auto history = make_world(history_programme(), shape);
  shape.entering = kCampaigns;
  const auto many = make_world(many_programme(), shape);
  headline(fmt::format("W3 to W5, {} events each, one thread: beside W1", sparse->store.events()));
  fmt::print("  W3: {} enter by score; W4: {} enter {} campaigns; W5 writes {} MB\n", simulate(*history).entered,
             simulate(*many).entered, kCampaigns, written(*many, 1) / 1'000'000);
  std::vector<Contender> contenders = {
      {"W1 sparse", [&] { return simulate(*sparse).sum(); }},
      {"W3 history and scores", [&] { return simulate(*history).sum(); }},
      {"W4 200 campaigns with a policy", [&] { return simulate(*many).sum(); }},
      {"W5 those, every action written", [&] { return written(*many, 1); }},
      {"W5 on two threads", [&] { return written(*many, 2); }},
  };
  report(contenders, race(contenders), static_cast<double>(sparse->store.events()), "events");
}

void bench_replay(std::uint32_t leads) {
  bench_sparse(leads);
  bench_dense(leads);
  bench_others(leads);
}

}  // namespace

void bench_replay() { bench_replay(200'000); }

void bench_growth() {
  for (const std::uint32_t leads : {20'000u, 200'000u, 2'000'000u}) bench_replay(leads);
}

}  // namespace nurture::bench
