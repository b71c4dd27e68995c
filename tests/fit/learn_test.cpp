#include <cmath>

#include "tests/catch.h"
#include "tests/fit/world.h"

namespace nurture::fit::test {

namespace {

World plain_world() {
  World world;
  world.contents = {{"guide", 0.30}, {"story", 0.22}, {"offer", 0.15}, {"notice", 0.08}};
  world.countries = {{"DE", 1.3}, {"US", 1.0}, {"FR", 0.7}};
  world.delay = {{0.1, 10 * kMinute}, {0.5, 5 * kHour}, {0.9, 2 * kDay}, {1, 7 * kDay}};
  return world;
}

Fit fit_of(const Programme& programme, const store::Store& store, Options options = {}) {
  return learn(programme.module, store, options);
}

}  // namespace

TEST_CASE("a reaction is to the last send of its content, and only the first one counts") {
  Programme programme;
  Log log(programme);
  log.event("ada", 0, "email.sent", {"guide"});
  log.event("ada", kDay, "email.sent", {"story"});
  log.event("ada", kDay + kHour, "email.opened", {"guide"});  // a day and an hour after the guide
  log.event("ada", kDay + 2 * kHour, "email.opened", {"guide"});
  log.event("ada", 2 * kDay, "email.sent", {"guide"});
  log.event("ada", 2 * kDay + kHour, "email.opened", {"guide"});
  log.event("ben", kDay, "email.opened", {"guide"});  // nothing was sent to him
  log.event("ben", kDay, "email.opened", {"flyer"});  // not of this programme
  log.event("cid", 0, "email.sent", {"guide"});
  log.event("cid", 40 * kDay, "email.opened", {"guide"});  // too late
  log.event("dan", 90 * kDay, "email.sent", {"guide"});    // too young
  log.event("dan", 91 * kDay, "email.opened", {"guide"});
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  const Fates fates = fates_of(fit, programme, "email.opened");
  CHECK(fates.used == 2);
  CHECK(fates.repeated == 1);
  CHECK(fates.orphan == 1);
  CHECK(fates.foreign == 1);
  CHECK(fates.late == 1);
  CHECK(fates.young == 1);
  CHECK(fates.all() == 7);
  const Line* line = find_line(fit, programme, store, "", "email.opened");
  REQUIRE(line != nullptr);
  CHECK(line->rate.evidence.causes == 4);  // dan's is not over
  CHECK(line->rate.evidence.reactions == 2);
  CHECK(line->rate.evidence.first == kStart);
  CHECK(line->rate.evidence.last == kStart + 2 * kDay);
}

TEST_CASE("a message that the log names beats the last send of the content") {
  Programme programme;
  Log log(programme);
  log.event("ada", 0, "email.sent", {"guide", "m1"});
  log.event("ada", kDay, "email.sent", {"guide", "m2"});
  log.event("ada", 2 * kDay, "email.opened", {"guide", "m1"});
  log.event("ada", 3 * kDay, "email.opened", {"guide", "m2"});
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  CHECK(fates_of(fit, programme, "email.opened").used == 2);
  CHECK(find_line(fit, programme, store, "", "email.opened")->rate.evidence.reactions == 2);
}

TEST_CASE("an event without a content follows the last send on its channel") {
  Programme programme;
  Log log(programme);
  log.event("ada", 0, "email.sent", {"guide"});
  log.event("ada", kHour, "sms.sent", {"ping"});
  log.event("ada", 2 * kHour, "email.unsubscribed");
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  REQUIRE(fit.causes.size() == 2);
  CHECK(find_line(fit, programme, store, "", "email.unsubscribed")->rate.evidence.reactions == 1);
  CHECK(fit.causes[1].rules.back().lines.empty());  // nothing follows an sms here
}

TEST_CASE("the values of a required choice are reactions of their own") {
  Programme programme;
  Log log(programme);
  log.event("ada", 0, "email.sent", {"guide"});
  log.event("ada", kMinute, "email.bounced", {"guide", "", "hard"});
  log.event("ben", 0, "email.sent", {"guide"});
  log.event("ben", kMinute, "email.bounced", {"guide", "", "soft"});
  log.event("cid", 0, "email.sent", {"guide"});
  log.event("cid", kMinute, "email.bounced", {"guide", "", ""});
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  CHECK(fit.unclear == 1);
  std::size_t bounced = 0;
  for (const Line& line : fit.causes[0].rules.back().lines) {
    if (fit.reactions[line.reaction].kind != programme.kind("email.bounced")) continue;
    ++bounced;
    CHECK(line.rate.evidence.reactions == 1);
    CHECK(line.rate.evidence.causes == 3);
    CHECK(fit.reactions[line.reaction].record.size() == 1);
  }
  CHECK(bounced == 2);
}

TEST_CASE("the first answer closes a hand-off") {
  Programme programme;
  Log log(programme);
  log.event("ada", 0, "lead.handed_over");
  log.event("ada", kHour, "sales.accepted");
  log.event("ada", kDay, "sales.rejected");  // of nothing that is open
  log.event("ben", 0, "lead.handed_over");
  log.event("ben", kHour, "sales.rejected");
  log.event("cid", 0, "sales.accepted");  // never handed over
  log.event("dan", kHour, "sales.accepted");
  const store::Store store = log.build(100 * kDay);
  Options options;
  options.hand_off_kinds = {programme.kind("lead.handed_over")};
  options.hand_offs = {{3, kStart}};  // the caller knows of dan's
  const Fit fit = fit_of(programme, store, options);
  REQUIRE(fit.causes.size() == 1);
  CHECK(fit.causes[0].hand_off());
  CHECK(fit.causes[0].causes == 3);
  CHECK(find_line(fit, programme, store, "", "sales.accepted")->rate.evidence.reactions == 2);
  CHECK(find_line(fit, programme, store, "", "sales.rejected")->rate.evidence.reactions == 1);
  CHECK(fates_of(fit, programme, "sales.rejected").repeated == 1);
  CHECK(fates_of(fit, programme, "sales.accepted").orphan == 1);
}

TEST_CASE("a lead is in the segment of the time of the send") {
  Programme programme;
  Log log(programme);
  for (int i = 0; i < 30; ++i) {
    const std::string key = "lead-" + std::to_string(i);
    log.lead(key, "US");
    log.event(key, 0, "email.sent", {"guide"});
    log.event(key, kHour, "email.opened", {"guide"});
    log.event(key, kDay, "sales.accepted", {}, "DE");
    log.event(key, 2 * kDay, "email.sent", {"guide"});
  }
  const store::Store store = log.build(100 * kDay);
  Options options;
  options.by = 0;
  const Fit fit = fit_of(programme, store, options);
  CHECK(find_line(fit, programme, store, "", "email.opened", "US")->rate.evidence.reactions == 30);
  CHECK(find_line(fit, programme, store, "", "email.opened", "DE")->rate.evidence.reactions == 0);
  CHECK(find_line(fit, programme, store, "", "email.opened", "DE")->rate.evidence.causes == 30);
}

TEST_CASE("too few sends of a content have no rule of their own, and it is said") {
  Programme programme;
  Log log(programme);
  for (int i = 0; i < 100; ++i) {
    const std::string key = "lead-" + std::to_string(i);
    log.event(key, 0, "email.sent", {i < 19 ? "story" : "guide"});
    if (i % 4 == 0) log.event(key, kHour, "email.opened", {i < 19 ? "story" : "guide"});
  }
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  CHECK(find_line(fit, programme, store, "story", "email.opened") == nullptr);
  CHECK(fit.causes[0].too_few == std::vector<std::uint16_t>{programme.content("story")});
  CHECK(find_line(fit, programme, store, "guide", "email.opened") != nullptr);
  CHECK(find_line(fit, programme, store, "", "email.opened")->rate.evidence.causes == 100);
}

TEST_CASE("a log that ends soon is followed for as long as half of it allows") {
  Programme programme;
  Log log(programme);
  for (int i = 0; i < 100; ++i) {
    const std::string key = "lead-" + std::to_string(i);
    log.event(key, i * kHour, "email.sent", {"guide"});
    if (i % 2 == 0) log.event(key, i * kHour + 10 * kMinute, "email.opened", {"guide"});
  }
  const store::Store store = log.build(5 * kDay);  // the last send is 21 hours old, the 50th nearly three days
  const Fit fit = fit_of(programme, store);
  CHECK(fit.causes[0].window == 2 * kDay);
  const Line* line = find_line(fit, programme, store, "", "email.opened");
  CHECK(fit.causes[0].courses[line->reaction].window == kHour);  // all came within it
  CHECK(line->rate.evidence.causes == 100);
  CHECK(line->rate.own == 0.5);
}

TEST_CASE("rates, times and what tires are those of the world that was drawn") {
  Programme programme;
  World world = plain_world();
  world.factor = 0.9;
  world.leads = 6'000;
  const store::Store store = draw(world, programme, 7);
  Options options;
  options.by = 0;
  const Fit fit = fit_of(programme, store, options);
  for (const auto& [content, rate] : world.contents) {
    const Line* line = find_line(fit, programme, store, content, "email.opened");
    REQUIRE(line != nullptr);
    CHECK(line->rate.interval.holds(rate));
    CHECK(line->rate.interval.holds(line->rate.rate));
    CHECK(line->rate.rate == Approx(rate).epsilon(0.1));
  }
  const Line* all = find_line(fit, programme, store, "", "email.opened");
  const Course& course = fit.causes[0].courses[all->reaction];
  REQUIRE(course.tiring.has_value());
  CHECK(course.tiring->applies);
  CHECK(course.tiring->interval.holds(0.9));
  CHECK(course.window == 7 * kDay);
  for (const Point& point : all->delay) CHECK(point.interval.holds(quantile_of(world, point.share)));
  CHECK(all->delay.size() == 7);
  for (const auto& [country, times] : world.countries) {
    const Line* line = find_line(fit, programme, store, "", "email.opened", country);
    CHECK(line->rate.rate == Approx(0.1875 * times).epsilon(0.1));
  }
}

namespace {

/// The world that the fit describes, with the leads and sends of another.
World learned_world(const Fit& fit, const Programme& programme, const store::Store& store, const World& from) {
  World world = from;
  const Line* all = find_line(fit, programme, store, "", "email.opened");
  const auto& tiring = fit.causes[0].courses[all->reaction].tiring;
  world.factor = tiring && tiring->applies ? tiring->factor : 1;
  for (auto& [content, rate] : world.contents) {
    rate = find_line(fit, programme, store, content, "email.opened")->rate.rate;
  }
  for (auto& [country, times] : world.countries) {
    times = find_line(fit, programme, store, "", "email.opened", country)->rate.rate / all->rate.rate;
  }
  world.delay.clear();
  for (const Point& point : all->delay) world.delay.emplace_back(point.share, static_cast<Instant>(point.by));
  world.delay.emplace_back(1, fit.causes[0].courses[all->reaction].window);
  return world;
}

/// Of the causes whose window has passed.
statistics::Proportion reacted(const Line& line) { return {line.rate.evidence.reactions, line.rate.evidence.causes}; }

}  // namespace

TEST_CASE("a world drawn from what was learned has the funnel of the log") {
  Programme programme;
  World world = plain_world();
  world.factor = 0.92;
  world.leads = 4'000;
  const store::Store log = draw(world, programme, 21);
  Options options;
  options.by = 0;
  const Fit fit = fit_of(programme, log, options);
  const store::Store again = draw(learned_world(fit, programme, log, world), programme, 22);
  const Fit refit = fit_of(programme, again, options);
  for (const char* content : {"", "guide", "story", "offer", "notice"}) {
    for (const char* country : {"", "DE", "US", "FR"}) {
      const Line* before = find_line(fit, programme, log, content, "email.opened", country);
      const Line* after = find_line(refit, programme, again, content, "email.opened", country);
      INFO(content << " " << country);
      CHECK(statistics::newcombe(reacted(*before), reacted(*after), 0.99)->holds(0));
    }
  }
  const Line* before = find_line(fit, programme, log, "", "email.opened");
  const Line* after = find_line(refit, programme, again, "", "email.opened");
  for (std::size_t i = 0; i < before->delay.size(); ++i) {
    CHECK(after->delay[i].by == Approx(before->delay[i].by).epsilon(0.15));
  }
}

TEST_CASE("what always comes at the same place says nothing of tiring") {
  Programme programme;
  Log log(programme);
  for (int i = 0; i < 400; ++i) {
    const std::string key = "lead-" + std::to_string(i);
    log.event(key, 0, "email.sent", {"guide"});
    log.event(key, kDay, "email.sent", {"story"});
    if (i % 2 == 0) log.event(key, kHour, "email.opened", {"guide"});
    if (i % 8 == 0) log.event(key, kDay + kHour, "email.opened", {"story"});
  }
  const store::Store store = log.build(100 * kDay);
  const Fit fit = fit_of(programme, store);
  const Line* line = find_line(fit, programme, store, "", "email.opened");
  CHECK_FALSE(fit.causes[0].courses[line->reaction].tiring.has_value());
}

TEST_CASE("the same for any number of threads") {
  Programme programme;
  World world = plain_world();
  world.leads = 5'000;
  world.sends = 3;
  const store::Store store = draw(world, programme, 3);
  Options options;
  options.by = 0;
  const Fit one = fit_of(programme, store, options);
  for (unsigned threads : {2U, 5U}) {
    options.threads = threads;
    const Fit more = fit_of(programme, store, options);
    REQUIRE(more.causes[0].rules.size() == one.causes[0].rules.size());
    for (std::size_t i = 0; i < one.causes[0].rules.size(); ++i) {
      for (std::size_t l = 0; l < one.causes[0].rules[i].lines.size(); ++l) {
        const Line& a = one.causes[0].rules[i].lines[l];
        const Line& b = more.causes[0].rules[i].lines[l];
        CHECK(a.rate.rate == b.rate.rate);
        CHECK(a.rate.interval.low == b.rate.interval.low);
        CHECK(a.delay.size() == b.delay.size());
        for (std::size_t p = 0; p < a.delay.size(); ++p) CHECK(a.delay[p].by == b.delay[p].by);
      }
    }
  }
}

}  // namespace nurture::fit::test
