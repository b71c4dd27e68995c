#include <cstdlib>
#include <fmt/format.h>
#include <string>

#include "tests/catch.h"
#include "tests/native.h"
#include "tests/oracle/compare.h"
#include "tests/oracle/generate.h"
#include "tests/oracle/totals.h"

using namespace nurture;
using namespace nurture::oracle;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

/// One programme with its log; true if both sides agree. A failure is printed as small as it gets.
bool agrees(std::uint64_t seed, std::size_t& events) {
  Random random(seed);
  Random for_programme = random.fork();
  Random for_log = random.fork();
  Piece programme = generate_programme(for_programme);
  Built built = build(render(programme));
  // A holdout in a campaign whose longest stay cannot be proven is refused, rightly; all else that is drawn must
  // compile.
  if (built.complaint.find("error[E0511]") != std::string::npos) return true;
  if (!built.ok()) {
    fmt::print("seed {}: the generated programme does not compile\n{}\n{}\n", seed, render(programme), built.complaint);
    return false;
  }
  std::size_t leads = 1 + for_log.below(setting("NURTURE_ORACLE_LEADS", 60));
  Log log = generate_log(for_log, leads, 40);
  Asked asked;
  asked.threads = random.percent(15) ? 3 : 1;
  asked.until = random.percent(15) && log.events() ? log.last() - random.between(-30, 30) * kDay : kNever;
  if (random.percent(20) && log.events()) asked.deployed = log.first() + random.between(0, 40) * kDay;
  asked.linked = random.percent(30);
  asked.picky = random.percent(50);
  asked.vectors = random.below(6);
  asked.stored = random.percent(25);
  Random for_assumptions = random.fork();
  if (for_assumptions.percent(60))
    asked.assume = Assume{"usual", for_assumptions.below(1000), for_assumptions.below(200)};
  asked.native = testing::native_asked_for();
  events += log.events();
  if (std::getenv("NURTURE_ORACLE_PROGRESS")) fmt::print(stderr, "seed {}\n", seed);
  if (std::getenv("NURTURE_ORACLE_SHOW")) fmt::print(stderr, "{}\n{}{}\n", render(programme), show(log), show(asked));
  Verdict verdict = compare(built, log, asked);
  if (verdict.agree()) return true;
  if (!std::getenv("NURTURE_ORACLE_WHOLE")) {
    shrink(programme, log, asked);
    built = build(render(programme));
    verdict = compare(built, log, asked);
  }
  fmt::print("seed {}: the engine and the reference differ\n{}\n{}{}\n{}\n", seed, render(programme), show(log),
             show(asked), difference(verdict));
  return false;
}

constexpr std::uint64_t kParts = 4;

/// Every fourth of the programmes asked for.
void check_part(std::uint64_t part) {
  std::uint64_t programs = setting("NURTURE_ORACLE_PROGRAMS", 600);
  std::uint64_t seed = setting("NURTURE_ORACLE_SEED", 1);
  std::size_t events = 0;
  std::size_t run = 0;
  std::size_t failures = 0;
  for (std::uint64_t i = part; i < programs && failures < setting("NURTURE_ORACLE_FAILURES", 3); i += kParts, ++run) {
    if (!agrees(seed + i, events)) ++failures;
  }
  WARN(fmt::format("{} programmes from seed {}, {} events", run, seed + part, events));
  CHECK(failures == 0);
}

/// Campaigns that only listen, wait, move and exit come to the same counted as told one by one, and that agrees with
/// the reference. `flat`: how many were counted.
bool counts_the_same(std::uint64_t seed, std::size_t& flat) {
  Random random(seed);
  Random for_programme = random.fork();
  Random for_log = random.fork();
  const Piece programme = generate_plain_programme(for_programme);
  const Built built = build(render(programme));
  INFO(seed << "\n" << render(programme) << built.complaint);
  REQUIRE(built.ok());
  const Log log = quieted(generate_log(for_log, 1 + for_log.below(40), 40), built.module, for_log);
  if (log.events() == 0) return true;
  Asked asked;
  asked.threads = random.percent(30) ? 3 : 1;
  asked.until = random.percent(30) ? log.last() - random.between(-30, 30) * kDay : kNever;
  asked.vectors = random.below(6);
  asked.stored = random.percent(25);
  asked.native = testing::native_asked_for();
  const Verdict verdict = compare(built, log, asked);
  const Totals one_by_one = totals(built, log, asked, Totalled::OneByOne);
  const Totals counted = totals(built, log, asked, Totalled::Counted);
  const Totals untimed = totals(built, log, asked, Totalled::Untimed);
  flat += counted.counted > 0 ? 1 : 0;
  const bool same = verdict.agree() && one_by_one.counted == 0 && counted.text == one_by_one.text &&
                    counted.times == one_by_one.times && untimed.times == one_by_one.times;
  if (!same) {
    fmt::print("seed {}\n{}\n{}{}\n{}\none by one: {}\ncounted:    {}\n", seed, render(programme), show(log),
               show(asked), difference(verdict), one_by_one.text, counted.text);
  }
  return same;
}

}  // namespace

TEST_CASE("what is only counted comes to what is told one by one") {
  const std::uint64_t programs = setting("NURTURE_ORACLE_PROGRAMS", 600) / 5 + 1;
  const std::uint64_t seed = setting("NURTURE_ORACLE_SEED", 1);
  std::size_t flat = 0, failures = 0;
  for (std::uint64_t i = 0; i < programs && failures < setting("NURTURE_ORACLE_FAILURES", 3); ++i) {
    failures += counts_the_same(seed + i, flat) ? 0 : 1;
  }
  WARN(fmt::format("{} of {} programmes from seed {} in flat form", flat, programs, seed));
  CHECK(failures == 0);
  CHECK(flat * 4 > programs);
}

// In parts, so that they may run beside each other.
TEST_CASE("the engine agrees with the reference on random programmes and logs, part 1") { check_part(0); }
TEST_CASE("the engine agrees with the reference on random programmes and logs, part 2") { check_part(1); }
TEST_CASE("the engine agrees with the reference on random programmes and logs, part 3") { check_part(2); }
TEST_CASE("the engine agrees with the reference on random programmes and logs, part 4") { check_part(3); }

TEST_CASE("the same seed gives the same programme and log") {
  Random a(7), b(7);
  CHECK(render(generate_programme(a)) == render(generate_programme(b)));
  CHECK(show(generate_log(a, 5, 20)) == show(generate_log(b, 5, 20)));
}
