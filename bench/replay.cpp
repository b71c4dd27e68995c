#include <array>
#include <cstring>
#include <fmt/format.h>

#include "bench/harness.h"
#include "runtime/engine/engine.h"
#include "runtime/generate/random.h"
#include "runtime/store/store.h"

namespace nurture::bench {

namespace {

constexpr std::uint32_t kLeads = 200'000;
constexpr std::uint32_t kEventsPerLead = 50;
constexpr int kKinds = 20;
enum SpecialKind : std::uint8_t { kSignup = 0, kLeft = 1, kBought = 2 };

/// Two stages, two waits, two exits; one event in a hundred enters.
constexpr const char* kProgramme = R"(
program { name "bench"  timezone "UTC" }
event signed.up  event left.us  event bought.it
event noise.a event noise.b event noise.c event noise.d event noise.e event noise.f event noise.g event noise.h event noise.i
event noise.j event noise.k event noise.l event noise.m event noise.n event noise.o event noise.p event noise.q
campaign sparse {
  enter on signed.up
  reenter after 30 days
  exit on left.us as left
  exit on bought.it as bought
  stage first { wait 5 days  go to second }
  stage second { wait 10 days  exit as finished }
}
)";

/// A year of events, 50 a lead, one in a hundred a sign-up; kinds as the programme declares them.
store::Store make_store(const bytecode::Module& module) {
  store::Store store;
  generate::Random random(7);
  store.blocks.resize(module.schema.kinds.size());
  for (std::uint32_t lead = 0; lead < kLeads; ++lead) {
    store.leads.push_back(store.texts.intern(fmt::format("{:07}", lead)));
    store.lead_begin.push_back(store.kind.size());
    Instant at = 0;
    for (std::uint32_t i = 0; i < kEventsPerLead; ++i) {
      at += random.between(0, 14 * 24 * 60) * kMinute;
      bool special = random.between(0, 99) == 0;
      auto kind = special ? std::uint8_t{kSignup} : static_cast<std::uint8_t>(random.between(1, kKinds - 1));
      store.kind.push_back(kind);
      store.at.push_back(at);
      store.row.push_back(store.blocks[kind].rows++);
    }
    store.lead_created.push_back(store.at[store.lead_begin.back()]);
    store.lead_account.push_back(store::kNoAccount);
    store.first_instant = std::min(store.first_instant, store.at[store.lead_begin.back()]);
    store.last_instant = store.last_instant == kNever ? at : std::max(store.last_instant, at);
  }
  store.lead_begin.push_back(store.kind.size());
  return store;
}

struct Counts {
  std::uint64_t entered = 0, left = 0, bought = 0, finished = 0, active = 0;
  bool operator==(const Counts&) const = default;
  std::uint64_t sum() const { return entered * 31 + left * 7 + bought * 5 + finished * 3 + active; }
};

/// What an engineer would write for this one campaign: one loop that looks at every event.
class HandWritten {
 public:
  explicit HandWritten(const store::Store& store) : store_(store) {}

  Counts run() {
    for (std::uint32_t lead = 0; lead < kLeads; ++lead) {
      stage_ = 0;
      opens_ = INT64_MIN;
      for (auto event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
        timers(store_.at[event] - 1);
        step(store_.kind[event], store_.at[event]);
      }
      timers(store_.last_instant);
      counts_.active += stage_ != 0;
    }
    return counts_;
  }

 private:
  void timers(Instant up_to) {
    while (stage_ != 0 && deadline_ <= up_to) {
      if (stage_ == 1) {
        stage_ = 2;
        deadline_ += 10 * kDay;
      } else {
        leave(counts_.finished, deadline_);
      }
    }
  }
  void step(std::uint8_t kind, Instant at) {
    if (stage_ == 0) {
      if (kind != kSignup || at < opens_) return;
      ++counts_.entered;
      stage_ = 1;
      deadline_ = at + 5 * kDay;
    } else if (kind == kLeft) {
      leave(counts_.left, at);
    } else if (kind == kBought) {
      leave(counts_.bought, at);
    }
  }
  void leave(std::uint64_t& reason, Instant at) {
    ++reason;
    stage_ = 0;
    opens_ = at + 30 * kDay;
  }

  const store::Store& store_;
  Counts counts_;
  int stage_ = 0;
  Instant deadline_ = 0, opens_ = 0;
};

/// The same with jumps: nothing is looked at between a membership and the next sign-up of anybody.
class HandWrittenJumps {
 public:
  explicit HandWrittenJumps(const store::Store& store) : store_(store) {}

  Counts run() {
    const std::uint8_t* const kinds = store_.kind.data();
    const std::size_t events = store_.kind.size();
    std::uint32_t lead = 0;
    Instant opens = INT64_MIN;
    std::uint64_t event = 0;
    for (;;) {
      const void* found = std::memchr(kinds + event, kSignup, events - event);
      if (found == nullptr) return counts_;
      event = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - kinds);
      if (event >= store_.lead_begin[lead + 1]) {
        while (event >= store_.lead_begin[lead + 1]) ++lead;
        opens = INT64_MIN;
      }
      const Instant at = store_.at[event];
      if (at < opens) {
        ++event;
        continue;
      }
      event = member(event, at, store_.lead_begin[lead + 1], opens);
    }
  }

 private:
  std::uint64_t member(std::uint64_t event, Instant at, std::uint64_t end, Instant& opens) {
    ++counts_.entered;
    const Instant over = at + 15 * kDay;
    for (++event; event < end && store_.at[event] <= over; ++event) {
      const std::uint8_t kind = store_.kind[event];
      if (kind != kLeft && kind != kBought) continue;
      ++(kind == kLeft ? counts_.left : counts_.bought);
      opens = store_.at[event] + 30 * kDay;
      return event + 1;
    }
    if (over > store_.last_instant) {
      ++counts_.active;
      opens = kNever;
    } else {
      ++counts_.finished;
      opens = over + 30 * kDay;
    }
    return event;
  }

  const store::Store& store_;
  Counts counts_;
};

class CountingSink : public outcome::Sink {
 public:
  explicit CountingSink(const bytecode::Module& module) : module_(module) {}
  void on(const outcome::Outcome& o) override {
    if (o.kind == outcome::Kind::Entered) ++counts.entered;
    if (o.kind == outcome::Kind::InFlight) ++counts.active;
    if (o.kind == outcome::Kind::Exited)
      exited(module_.strings[module_.campaigns[o.campaign].reasons[static_cast<std::size_t>(o.a)]]);
  }
  outcome::Kinds wants() const override {
    return outcome::kinds({outcome::Kind::Entered, outcome::Kind::InFlight, outcome::Kind::Exited});
  }
  Counts counts;

 private:
  void exited(const std::string& reason) {
    ++(reason == "left" ? counts.left : reason == "bought" ? counts.bought : counts.finished);
  }
  const bytecode::Module& module_;
};

Counts simulate(const vm::BoundModule& bound, const store::Store& store, unsigned threads) {
  std::vector<std::unique_ptr<CountingSink>> sinks;
  engine::RunOptions options;
  options.threads = threads;
  auto status = engine::run(bound, store, options, [&](std::size_t) {
    sinks.push_back(std::make_unique<CountingSink>(*bound.module));
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

}  // namespace

void bench_replay() {
  driver::Compiled compiled = compile(kProgramme);
  const std::uint64_t before = peak_memory();
  store::Store store = make_store(compiled.module);
  const std::uint64_t grown = peak_memory() - before;
  vm::BoundModule bound = vm::bind(compiled.module, store.texts, store.lists);
  Counts by_hand = HandWritten(store).run();
  NURTURE_CHECK(by_hand == HandWrittenJumps(store).run());
  NURTURE_CHECK(by_hand == simulate(bound, store, 1));
  headline(fmt::format("W1 sparse replay: {} events of {} leads, {} enter", store.events(), kLeads, by_hand.entered));
  std::vector<Contender> contenders = {
      {"hand-written loop, one thread", [&] { return HandWritten(store).run().sum(); }},
      {"hand-written with jumps, one thread", [&] { return HandWrittenJumps(store).run().sum(); }},
      {"campaign from text, one thread", [&] { return simulate(bound, store, 1).sum(); }},
      {"campaign from text, two threads", [&] { return simulate(bound, store, 2).sum(); }},
  };
  report(contenders, race(contenders), static_cast<double>(store.events()), "events");
  fmt::print("  peak memory: building the store took {:.0f} bytes a lead, {:.1f} an event; the runs {:.1f} MiB more\n",
             static_cast<double>(grown) / kLeads, static_cast<double>(grown) / static_cast<double>(store.events()),
             static_cast<double>(peak_memory() - before - grown) / (1 << 20));
}

}  // namespace nurture::bench
