// `never … after … until …`: most runs look for the latest such event when a send asks; one that is traced notes each
// as it happens. Both must come to the same.
#include <random>

#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;

namespace {

class Deaf final : public outcome::Tracer {
 public:
  void remark(const outcome::Remark&) override {}
};

/// Who sends a form gets a message at once and another six hours later, again and again.
struct Sending {
  Maker maker;
  std::uint16_t form = maker.kind("form");
  std::uint16_t left = maker.kind("left", {{"topic", TypeKind::Text}, {"content", TypeKind::Text}});
  std::uint16_t back = maker.kind("back");
  std::uint16_t other = maker.kind("other");
  std::uint16_t news = maker.content("news");
  CampaignMaker campaign{maker, "c", form};

  Sending() {
    campaign->reenter = bytecode::Reenter::Always;
    campaign.stage("s");
    campaign.send(news);
    campaign.wait({0, 0, 6 * kHour});
    campaign.send(news);
    campaign.exit("done");
  }
  /// After an event of that kind, until one of the other, if one is given.
  bytecode::Rule& never(std::uint16_t after, std::uint16_t until = bytecode::kNone) {
    bytecode::Rule rule;
    rule.everywhere = true;
    rule.after.push_back(maker.on(after));
    if (until != bytecode::kNone) rule.until.push_back(maker.on(until));
    maker.module.rules.push_back(rule);
    return maker.module.rules.back();
  }
  /// An expression: the event is about that.
  Pc about(std::string_view topic) {
    const std::uint16_t text = maker.constant(TypeKind::Text, Value::of(maker.text(topic)));
    const Pc at = maker.op(Opcode::LoadEvent, {left, 0});
    maker.op(Opcode::PushConst, {text});
    maker.op(Opcode::Equal);
    maker.op(Opcode::Return);
    return at;
  }
  LogMaker log() const {
    LogMaker log(maker);
    std::mt19937 random(5);
    for (int lead = 0; lead < 200; ++lead) {
      Instant at = 0;
      for (unsigned i = random() % 40; i > 0; --i) {
        at += static_cast<Instant>(random() % 4) * kHour;  // some at one instant, some at that of the second message
        const std::uint16_t kinds[] = {form, left, back, other};
        const std::uint16_t kind = kinds[random() % 4];
        const std::string who = "lead" + std::to_string(lead);
        if (kind != left) {
          log.event(who, at, kind);
        } else {
          log.event(who, at, kind, {random() % 2 == 0 ? "prices" : "jobs", random() % 2 == 0 ? "news" : ""});
        }
      }
    }
    return log;
  }
  /// How many sends a rule stopped.
  std::size_t stopped() const {
    Deaf deaf;
    RunOptions traced;
    traced.tracer = &deaf;
    LogMaker events = log();
    const auto noted = events.run_named(traced), looked_for = events.run_named();
    CHECK(noted == looked_for);
    CHECK(only(noted, {"Sent"}).size() > 50);
    return only(noted, {"Suppressed"}).size();
  }
};

}  // namespace

TEST_CASE("never after, for good and until: the latest event counts, of one instant the later") {
  Sending for_good;
  for_good.never(for_good.left);
  Sending until;
  until.never(until.left, until.back);
  CHECK(until.stopped() > 100);
  CHECK(for_good.stopped() > until.stopped());
}

TEST_CASE("never after an event that also ends it, and several rules of the same events") {
  Sending both;
  both.never(both.left, both.left);
  Sending for_good;
  for_good.never(for_good.left);
  CHECK(both.stopped() == for_good.stopped());
  Sending turned;
  turned.never(turned.left, turned.back);
  turned.never(turned.back, turned.left);  // one of them always holds, once either has happened
  Sending either;
  either.never(either.left).after.push_back(either.maker.on(either.back));
  CHECK(turned.stopped() == either.stopped());
}

TEST_CASE("never after an event about something, or of a message: others leave it as it is") {
  Sending plain;
  plain.never(plain.left, plain.back);
  Sending about;
  const Pc prices = about.about("prices");
  about.never(about.left, about.back).after[0].where = prices;
  Sending of;
  const std::uint16_t named = of.maker.text("news");
  of.never(of.left, of.back).after[0].of_content = named;
  for (const Sending* some : {&about, &of}) {
    CHECK(some->stopped() > 100);
    CHECK(some->stopped() < plain.stopped());
  }
}

TEST_CASE("never after an event that asks for what may change is noted as it happens") {
  Sending s;
  const std::uint16_t vip = s.maker.attribute("vip", TypeKind::Boolean);
  const Pc is_vip = s.maker.is_true(vip);
  s.never(s.left, s.back).after[0].where = is_vip;
  LogMaker log(s.maker);
  log.event("ann", 0, s.other, {}, {{vip, Value::of_bool(true)}});
  log.event("ann", kHour, s.left);
  log.event("ann", 2 * kHour, s.other, {}, {{vip, Value::of_bool(false)}});
  log.event("ann", 3 * kHour, s.form);
  CHECK(only(log.run(), {"Suppressed"}).size() == 1);
}
