#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/vm/machine.h"

namespace nurture::vm {
namespace {

using testing::Machine;
using testing::RecordedEffects;
using Kind = End::Kind;

Instant instant(const char* text) { return calendar::parse_rfc3339(text).value(); }

/// `repeat … up to n times { send }`, then a stay. Drives it as the engine does: each suspension to its deadline.
struct Repeat : Machine {
  explicit Repeat(std::string_view site, const char* now)
      : Machine(fmt::format(R"(nurture bytecode 8 name 0 timezone 0
strings [ "x" ]
constants [ {{ type {{ kind duration }} value 0:14 }} {{ type {{ kind duration }} value 0:65536 }}
  {{ type {{ kind duration }} value 60000000 }} {{ type {{ kind duration }} value 0:1 }} ]
places [ {{ file 0 }} ]
contents [ {{ name 0 channel 0 place 0 }} ]
campaigns [ {{
  name 0 stages [ {{ name 0 body start place 0 }} ]
  states [ {{ kind repeat stage 0 anchor 0 label 0 on_timer body place 0 }}
    {{ kind stay stage 0 anchor 0 label 0 place 0 }} {{ kind deferred stage 0 anchor 0 label 0 place 0 }} ]
  sends [ {{ content 0 state 2 next next otherwise next place 0 }} ]
  repeats [ {{ {} first_slot 0 state 0 body body after after place 0 }} ]
  slots 4 place 0 }} ]
code [ start: repeat.begin 0 body: send 0 next: repeat.next 0 after: stay 1 ])",
                            site)),
        effects(program) {
    frame.now = instant(now);
  }
  const bytecode::Campaign& campaign() const { return module.campaigns[0]; }
  void note(End end) {
    last = end;
    if (end.kind == Kind::Suspended && end.target == 0) anchors.push_back(calendar::format_utc(end.deadline));
  }
  void begin() { note(run(frame, campaign(), campaign().stages[0].body, effects)); }
  void timer() {
    frame.now = last.deadline;
    note(run(frame, campaign(), resume_repeat(frame, campaign(), last.target), effects));
  }
  void sent_at(const char* now) {
    frame.now = instant(now);
    note(run(frame, campaign(), campaign().sends[0].next, effects));
  }
  /// To the stay behind the repeat.
  void finish() {
    for (int i = 0; i < 100 && !(last.kind == Kind::Suspended && last.target == 1); ++i) timer();
  }

  RecordedEffects effects;
  End last{Kind::EndBody};
  std::vector<std::string> anchors;
};

}  // namespace

TEST_CASE("every D runs at once, then at anchors; the last run waits too") {
  Repeat r("every 0 times 3", "2026-03-05T10:00:00Z");
  CHECK(r.flaw() == "");
  r.begin();
  r.finish();
  CHECK(r.effects.log.size() == 3);
  CHECK(r.anchors == std::vector<std::string>{"2026-03-19T10:00:00Z", "2026-04-02T09:00:00Z", "2026-04-16T09:00:00Z"});
  CHECK(r.frame.now == instant("2026-04-16T09:00:00Z"));
}

TEST_CASE("anchors count from the first: months do not drift") {
  Repeat r("every 1 times 4", "2026-01-31T10:00:00Z");
  r.begin();
  r.finish();
  CHECK(r.anchors == std::vector<std::string>{"2026-02-28T10:00:00Z", "2026-03-31T09:00:00Z", "2026-04-30T09:00:00Z",
                                              "2026-05-31T09:00:00Z"});
}

TEST_CASE("anchors keep the zone of the first") {
  Repeat r("every 0 times 3", "2026-03-05T10:00:00Z");
  r.begin();
  r.frame.zone = calendar::find_zone("America/New_York");
  r.finish();
  CHECK(r.anchors[1] == "2026-04-02T09:00:00Z");
}

TEST_CASE("a weekday begins at the next such instant, which may be now") {
  for (const auto& [now, first] :
       {std::pair{"2026-03-03T10:00:00Z", ""}, {"2026-03-03T10:00:01Z", "2026-03-10T10:00:00Z"}}) {
    Repeat r("weekdays 2 at_time 36000000000 times 2", now);
    CHECK(r.flaw() == "");
    r.begin();
    CHECK(r.effects.log.size() == (*first == 0 ? 1u : 0u));
    if (*first != 0) CHECK(r.anchors.front() == first);
    r.finish();
    CHECK(r.effects.log.size() == 2);
    CHECK(r.anchors.back() == (*first == 0 ? "2026-03-17T10:00:00Z" : "2026-03-24T10:00:00Z"));
  }
}

TEST_CASE("anchors passed while a send is deferred are dropped without counting") {
  for (const char* site : {"every 0 times 3", "weekdays 8 at_time 36000000000 times 3"}) {
    Repeat r(site, "2026-03-05T10:00:00Z");  // a Thursday
    r.effects.outcomes = {SendOutcome::Deferred};
    r.begin();
    CHECK(r.last.target == 2);
    r.sent_at("2026-05-01T00:00:00Z");
    CHECK(r.anchors.size() == 1);
    CHECK(r.anchors[0] == (site[0] == 'e' ? "2026-05-14T09:00:00Z" : "2026-05-07T09:00:00Z"));
    r.finish();
    CHECK(r.effects.log.size() == 3);
  }
}

TEST_CASE("an anchor equal to now is taken at once") {
  for (const char* site : {"every 0 times 2", "weekdays 8 at_time 36000000000 times 2"}) {
    Repeat r(site, "2026-03-05T10:00:00Z");
    r.effects.outcomes = {SendOutcome::Deferred};
    r.begin();
    r.sent_at("2026-03-19T10:00:00Z");
    CHECK(r.effects.log.size() == 2);
    CHECK(r.anchors == std::vector<std::string>{site[0] == 'e' ? "2026-04-02T09:00:00Z" : "2026-03-26T10:00:00Z"});
  }
}

TEST_CASE("a repeat by the minute that slept for years finds its anchor") {
  Repeat r("every 2 times 2", "2026-01-01T00:00:00Z");
  r.effects.outcomes = {SendOutcome::Deferred};
  r.begin();
  r.sent_at("2046-01-01T00:00:30Z");
  CHECK(r.anchors == std::vector<std::string>{"2046-01-01T00:01:00Z"});
}

TEST_CASE("a daily repeat finds anchors beyond what one duration holds") {
  Repeat r("every 3 times 2", "2026-01-01T12:00:00Z");
  r.effects.outcomes = {SendOutcome::Deferred};
  r.begin();
  r.sent_at("2186-01-01T13:00:00Z");
  CHECK(r.anchors == std::vector<std::string>{"2186-01-02T12:00:00Z"});
}

TEST_CASE("at the end of the calendar a repeat waits for ever") {
  Repeat r("every 0 times 2", "9999-12-30T12:00:00Z");
  r.begin();
  CHECK(r.last.kind == Kind::Suspended);
  CHECK(r.last.deadline == kNever);
}

}  // namespace nurture::vm
