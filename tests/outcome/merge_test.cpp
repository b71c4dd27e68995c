#include <rapidcheck.h>

#include "runtime/outcome/summary.h"
#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

Instant pause() { return *rc::gen::inRange<Instant>(0, 3 * kDay); }
bool chance(int percent) { return *rc::gen::inRange(0, 100) < percent; }

void random_send(Script& s) {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      s.add(Kind::Suppressed, kReminder, kSendReminder);
      return;
    case 1:
      s.add(Kind::Skipped, kReminder, kSendReminder).detail(Detail::WithSales);
      return;
    case 2:
      s.add(Kind::Sent, kReminder, kSendReminder);
      return;
    default:
      break;
  }
  if (chance(50)) s.add(Kind::Deferred, kGuide, kSendGuide).detail(Detail::WithSales).after(pause());
  s.add(chance(70) ? Kind::Sent : Kind::GaveUp, kGuide, kSendGuide);
}

/// One stay in a stage: some sends, a wait, and its end.
void random_stage(Script& s, bool last) {
  for (int n = *rc::gen::inRange(0, 3); n > 0; --n) random_send(s);
  if (chance(40)) s.add(Kind::Split, 0, *rc::gen::inRange(0, 2));
  s.add(Kind::WaitBegan, kWait, kNever).after(pause());
  WaitEnd end = last ? WaitEnd::Horizon : chance(50) ? WaitEnd::Timer : WaitEnd::Handler;
  s.add(Kind::WaitEnded, kWait, static_cast<std::int64_t>(end));
}

struct Expected {
  Count entered = 0, active = 0, exited = 0, sent = 0, refused = 0;
};

void random_membership(Script& s, std::uint32_t number) {
  s.membership(number).stage(bytecode::kNone).after(pause()).event(kForm).add(Kind::Entered);
  s.stage(kEducate).add(Kind::StageEntered, bytecode::kNone);
  Instant began = s.now();
  bool active = chance(30);
  for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
    random_stage(s, false);
    s.add(Kind::StageLeft, kEducate, kHour).add(Kind::StageEntered, kEducate);
  }
  random_stage(s, active);
  if (active) {
    s.add(Kind::InFlight, kWait);
  } else {
    s.add(Kind::StageLeft, bytecode::kNone, s.now() - began).add(Kind::Exited, kDone, s.now() - began);
  }
  if (chance(30)) {
    s.add(Kind::GoalCredited, 0, s.now() - began);
  } else if (chance(30)) {
    s.add(Kind::GoalCensored, 0);
  }
}

void random_run(Script& s, int leads) {
  for (int i = 0; i < leads; ++i) {
    s.lead("lead" + std::to_string(1000 + i));
    if (chance(20)) s.add(Kind::Refused, *rc::gen::inRange(0, 7), 0);
    for (std::uint32_t n = 0, most = static_cast<std::uint32_t>(*rc::gen::inRange(0, 3)); n < most; ++n) {
      random_membership(s, n);
    }
  }
}

struct Counter : Sink {
  Expected counts;
  void on(const Outcome& o) override {
    counts.entered += o.kind == Kind::Entered;
    counts.active += o.kind == Kind::InFlight;
    counts.exited += o.kind == Kind::Exited;
    counts.sent += o.kind == Kind::Sent;
    counts.refused += o.kind == Kind::Refused;
  }
};

Tally play(const bytecode::Module& module, const Script& script, std::size_t from, std::size_t to) {
  SummarySink sink(module, script.store().last_instant);
  script.play(sink, from, to);
  return sink.tally();
}

TEST_CASE("any cut into ranges gives the same summary, and it agrees with a plain count") {
  bytecode::Module module = make_module();
  bool ok = rc::check([&] {
    Script script(module);
    random_run(script, *rc::gen::inRange(0, 12));
    const store::Store& store = script.finish();
    RunFacts facts = run_facts(module, store, kNever);
    std::size_t leads = script.leads();
    std::string whole = to_json(summarize(module, facts, store, play(module, script, 0, leads)));

    Tally merged(module);
    for (std::size_t from = 0; from < leads;) {
      std::size_t to = std::min(leads, from + *rc::gen::inRange<std::size_t>(1, 5));
      merged.merge(play(module, script, from, to));
      from = to;
    }
    Summary summary = summarize(module, facts, store, merged);
    RC_ASSERT(to_json(summary) == whole);

    Counter counter;
    script.play(counter);
    const CampaignSummary& c = summary.campaigns[0];
    RC_ASSERT(c.entered == counter.counts.entered);
    RC_ASSERT(c.active == counter.counts.active);
    RC_ASSERT(c.exited == counter.counts.exited);
    RC_ASSERT(c.turned_away == counter.counts.refused);
    Count sent = 0;
    for (const SendSummary& m : c.messages) sent += m.of(SendEnd::Sent) + m.of(SendEnd::Later);
    RC_ASSERT(sent == counter.counts.sent);
  });
  CHECK(ok);
}

Spread naive(std::vector<std::int64_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  std::size_t n = values.size();
  std::int64_t a = values[(n - 1) / 2], b = values[n / 2];
  return {n, a + (b - a) / 2, values[(n * 95 + 99) / 100 - 1], true};
}

TEST_CASE("durations: exact up to their limit, then within 0.1 %, however they are merged") {
  bool ok = rc::check([] {
    auto values = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 400 * kDay));
    std::size_t limit = *rc::gen::inRange<std::size_t>(0, 60);
    std::size_t cut = *rc::gen::inRange<std::size_t>(0, values.size() + 1);
    Durations whole(limit), left(limit), right(limit);
    for (std::size_t i = 0; i < values.size(); ++i) {
      whole.add(values[i]);
      (i < cut ? left : right).add(values[i]);
    }
    left.merge(right);
    Spread a = whole.spread(), b = left.spread(), truth = naive(values);
    RC_ASSERT(a.exact == (values.size() <= limit));
    RC_ASSERT((a.exact == b.exact && a.median == b.median && a.p95 == b.p95 && a.count == b.count));
    auto near = [&](std::int64_t got, std::int64_t want) {
      return a.exact ? got == want : got <= want && got >= want - want / 1000 - 1;
    };
    RC_ASSERT(near(a.median, truth.median));
    RC_ASSERT(near(a.p95, truth.p95));
  });
  CHECK(ok);
}

}  // namespace
}  // namespace nurture::outcome
