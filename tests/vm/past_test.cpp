#include <random>

#include "runtime/vm/past_ops.h"
#include "tests/catch.h"

using namespace nurture;
using namespace nurture::vm;

namespace {

Instant local(std::int32_t month, std::int32_t day, std::int64_t time, const calendar::Zone* zone) {
  return calendar::from_local(calendar::days_from_civil(2026, month, day), time, zone);
}

Frame at(Instant now, const calendar::Zone* zone, Instant* turns = nullptr) {
  Frame frame;
  frame.now = now;
  frame.zone = zone;
  frame.turns = turns;
  return frame;
}

}  // namespace

TEST_CASE("days since counts whole days of the lead's calendar, over changes of the clocks") {
  const calendar::Zone* london = calendar::find_zone("Europe/London");
  const Value seen = Value::of(local(3, 28, 10 * kHour, london));  // the clocks go forward the night after
  CHECK(past::days_since(at(seen.bits, london), seen).bits == 0);
  CHECK(past::days_since(at(seen.bits + 23 * kHour - 1, london), seen).bits == 0);
  CHECK(past::days_since(at(seen.bits + 23 * kHour, london), seen).bits == 1);
  CHECK(past::days_since(at(seen.bits - 1, london), seen).bits == -1);
  CHECK_FALSE(past::days_since(at(seen.bits, london), Value::unknown()).known);
}

TEST_CASE("a question about a date says when its answer changes, and it changes then and not before") {
  std::mt19937_64 random(5);
  const char* const zones[] = {"UTC", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"};
  for (int i = 0; i < 4'000; ++i) {
    const calendar::Zone* zone = calendar::find_zone(zones[random() % 5]);
    const Instant now = local(3, 20, 0, zone) + static_cast<Instant>(random() % (40 * kDay));
    const Value then = Value::of(now + static_cast<Instant>(random() % (20 * kDay)) - 10 * kDay);
    const Value date = Value::of(calendar::to_local(then.bits, zone).date);
    const Value length = Value::of_duration({0, static_cast<std::int16_t>(random() % 9), i % 3 == 0 ? kHour : 0});
    const auto answer = [&](Instant when, Instant* turns) -> std::int64_t {
      const Frame frame = at(when, zone, turns);
      switch (i % 5) {
        case 0:
          return past::days_since(frame, then).bits;
        case 1:
          return past::in_last(frame, then, length);
        case 2:
          return past::within_next(frame, then, length);
        case 3:
          return past::within_next_date(frame, date, length);
        default:
          return past::today(frame).bits;
      }
    };
    Instant turns = kNever;
    const std::int64_t here = answer(now, &turns);
    if (turns != kNever) {
      CHECK(answer(turns - 1, nullptr) == here);
      CHECK(answer(turns, nullptr) != here);
    }
    for (int probe = 0; probe < 10; ++probe) {
      const Instant until = turns == kNever ? now + 300 * kDay : turns;
      CHECK(answer(now + static_cast<Instant>(random() % static_cast<std::uint64_t>(until - now)), nullptr) == here);
    }
  }
}

TEST_CASE("windows include their beginning and not their end; what is to come includes both") {
  const calendar::Zone* utc = calendar::utc();
  const Value then = Value::of(local(5, 10, 9 * kHour, utc));
  const Value two_days = Value::of_duration({0, 2, 0});
  CHECK(past::in_last(at(then.bits, utc), then, two_days));
  CHECK(past::in_last(at(then.bits + 2 * kDay - 1, utc), then, two_days));
  CHECK_FALSE(past::in_last(at(then.bits + 2 * kDay, utc), then, two_days));
  CHECK_FALSE(past::in_last(at(then.bits - 1, utc), then, two_days));
  CHECK(past::within_next(at(then.bits - 2 * kDay, utc), then, two_days));
  CHECK(past::within_next(at(then.bits, utc), then, two_days));
  CHECK_FALSE(past::within_next(at(then.bits + 1, utc), then, two_days));
  const Value day = Value::of(calendar::days_from_civil(2026, 5, 10));
  CHECK(past::within_next_date(at(local(5, 8, 0, utc), utc), day, two_days));
  CHECK(past::within_next_date(at(local(5, 11, 0, utc) - 1, utc), day, two_days));
  CHECK_FALSE(past::within_next_date(at(local(5, 11, 0, utc), utc), day, two_days));
  CHECK_FALSE(past::in_last(at(then.bits, utc), Value::unknown(), two_days));
}
