#include "bench/world.h"

#include <fmt/format.h>

#include "runtime/generate/random.h"

namespace nurture::bench {

namespace {

constexpr int kNoises = 17;

std::string noise(int i) { return fmt::format("noise.{}", static_cast<char>('a' + i)); }

/// The twenty kinds of the first three programmes.
std::string kinds(const std::string& properties) {
  std::string text = "event signed.up  event left.us  event bought.it\n";
  for (int i = 0; i < kNoises; ++i) text += fmt::format("event {} {}\n", noise(i), properties);
  return text;
}

class LogMaker {
 public:
  LogMaker(store::Store& store, const bytecode::Module& module, const LogShape& shape)
      : store_(store), module_(module), shape_(shape) {}

  void make() {
    store_.blocks.resize(module_.schema.kinds.size());
    for (std::size_t kind = 0; kind < store_.blocks.size(); ++kind) {
      store_.blocks[kind].columns.resize(module_.schema.kinds[kind].properties.size());
    }
    for (std::uint32_t lead = 0; lead < shape_.leads; ++lead) add_lead(lead);
    store_.lead_begin.push_back(store_.kind.size());
    store_.lead_attributes.resize(module_.schema.lead.size());
  }

 private:
  void add_lead(std::uint32_t lead) {
    store_.leads.push_back(store_.texts.intern(fmt::format("{:07}", lead)));
    store_.lead_begin.push_back(store_.kind.size());
    Instant at = 0;
    for (std::uint32_t i = 0; i < kEventsPerLead; ++i) {
      at += random_.between(0, shape_.minutes) * kMinute;
      add_event(at);
    }
    store_.lead_created.push_back(store_.at[store_.lead_begin.back()]);
    store_.lead_account.push_back(store::kNoAccount);
    store_.first_instant = std::min(store_.first_instant, store_.at[store_.lead_begin.back()]);
    store_.last_instant = store_.last_instant == kNever ? at : std::max(store_.last_instant, at);
  }

  void add_event(Instant at) {
    const auto kinds = static_cast<std::int64_t>(store_.blocks.size());
    const bool enters = random_.between(1, shape_.one_in) == 1;
    const std::int64_t drawn =
        enters ? random_.between(0, shape_.entering - 1) : random_.between(shape_.entering, kinds - 1);
    const auto kind = static_cast<std::uint8_t>(drawn);
    store::KindBlock& block = store_.blocks[kind];
    for (store::Column& column : block.columns) column.set(block.rows, Value::of(random_.between(0, 99)));
    store_.kind.push_back(kind);
    store_.at.push_back(at);
    store_.row.push_back(block.rows++);
  }

  store::Store& store_;
  const bytecode::Module& module_;
  const LogShape& shape_;
  generate::Random random_{7};
};

class CountingSink : public outcome::Sink {
 public:
  CountingSink(const bytecode::Module& module, bool one_by_one) : module_(module), one_by_one_(one_by_one) {}
  void on(const outcome::Outcome& o) override { counted(o, 1, {}); }
  outcome::Kinds wants() const override {
    return outcome::kinds({outcome::Kind::Entered, outcome::Kind::InFlight, outcome::Kind::Exited});
  }
  outcome::Kinds told(std::uint16_t /*campaign*/) const override { return one_by_one_ ? wants() : 0; }
  outcome::Kinds timed() const override { return 0; }  // as the loops by hand
  void counted(const outcome::Outcome& like, std::uint64_t times, std::span<const std::int64_t> /*lengths*/) override {
    if (like.kind == outcome::Kind::Entered) counts.entered += times;
    if (like.kind == outcome::Kind::InFlight) counts.active += times;
    if (like.kind == outcome::Kind::Exited) exits_by(like) += times;
  }
  Counts counts;

 private:
  std::uint64_t& exits_by(const outcome::Outcome& o) {
    const std::string& reason = module_.strings[module_.campaigns[o.campaign].reasons[static_cast<std::size_t>(o.a)]];
    return reason == "left" ? counts.left : reason == "bought" ? counts.bought : counts.finished;
  }
  const bytecode::Module& module_;
  bool one_by_one_;
};

}  // namespace

std::unique_ptr<World> make_world(const std::string& programme, const LogShape& shape) {
  auto world = std::make_unique<World>();
  world->compiled = compile(programme);
  const std::uint64_t before = peak_memory();
  LogMaker(world->store, world->compiled.module, shape).make();
  world->grown = peak_memory() - before;
  world->bound = vm::bind(world->compiled.module, world->store.texts, world->store.lists);
  return world;
}

namespace {

std::string sparse(std::string_view reentry) {
  return fmt::format(R"(program {{ name "bench"  timezone "UTC" }}
{}
campaign sparse {{
  enter on signed.up
  reenter {}
  exit on left.us as left
  exit on bought.it as bought
  stage first {{ wait 5 days  go to second }}
  stage second {{ wait 10 days  exit as finished }}
}}
)",
                     kinds(""), reentry);
}

}  // namespace

std::string sparse_programme() { return sparse("after 30 days"); }
std::string sparse_once_programme() { return sparse("never"); }

std::string dense_programme() {
  std::string cold, warm;
  for (int i = 0; i < kNoises; ++i) {
    cold += fmt::format("    on {} where amount >= 98 {{ go to warm }}\n", noise(i));
    warm += fmt::format("    on {} where amount < 2 {{ go to cold }}\n", noise(i));
  }
  return "program { name \"bench\"  timezone \"UTC\" }\n" + kinds("{ amount: integer }") + R"(
campaign dense {
  enter on signed.up
  reenter always
  lasts at most 4000 days as expired
  exit on left.us as left
  stage cold {
)" + cold +
         "    stay\n  }\n  stage warm {\n    on bought.it { exit as bought }\n" + warm + "    stay\n  }\n}\n";
}

std::string history_programme() {
  return "program { name \"bench\"  timezone \"UTC\" }\n" + kinds("") + R"(
score interest {
  noise.a gives 5
  noise.b gives 10 at most 3 times per 1 day
  noise.c gives 20
  halves every 30 days
}
campaign scored {
  enter when score.interest >= 30 if count(noise.d in last 90 days) >= 2
  reenter after 30 days
  exit on left.us as left
  exit on bought.it as bought
  stage first { wait 5 days  if any(noise.e in last 30 days) { exit as finished }  go to second }
  stage second { wait 10 days  exit as finished }
}
)";
}

std::string many_programme() {
  std::string text = R"(
program { name "bench"  timezone "UTC" }
policy room {
  never send email after left.us until bought.it
  limit email to 2 per 7 days
}
)";
  std::string events = "event left.us  event bought.it\n", campaigns;
  for (int i = 0; i < kNoises; ++i) events += fmt::format("event {}\n", noise(i));
  std::string entering;
  for (int i = 0; i < kCampaigns; ++i) {
    entering += fmt::format("event signed.up_{}\n", i);
    campaigns += fmt::format(R"(
content mail_{0}: email {{ subject "News {0}" }}
campaign many_{0} {{
  enter on signed.up_{0}
  reenter after 30 days
  exit on left.us as left
  stage first {{ wait 1 day  send mail_{0}  wait 5 days  exit as finished }}
}}
)",
                             i);
  }
  return entering + events + text + campaigns;
}

Counts simulate(const World& world, const How& how) {
  std::vector<std::unique_ptr<CountingSink>> sinks;
  engine::RunOptions options;
  options.threads = how.threads;
  const vm::BoundModule& program = how.program != nullptr ? *how.program : world.bound;
  auto status = engine::run(program, world.store, options, [&](std::size_t) {
    sinks.push_back(std::make_unique<CountingSink>(world.compiled.module, how.one_by_one));
    return sinks.back().get();
  });
  NURTURE_CHECK(status.ok());
  Counts total;
  for (const auto& sink : sinks) {
    total.entered += sink->counts.entered;
    total.left += sink->counts.left;
    total.bought += sink->counts.bought;
    total.finished += sink->counts.finished;
    total.active += sink->counts.active;
  }
  return total;
}

}  // namespace nurture::bench
