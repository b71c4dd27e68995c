#include "compiler/picture/chart.h"

#include <algorithm>

#include "compiler/driver/driver.h"
#include "compiler/picture/traffic.h"
#include "runtime/host/memory_file_system.h"
#include "tests/catch.h"

namespace nurture {

using picture::Box;
using picture::Chart;
using picture::Observed;
using picture::Record;
using picture::Traffic;

namespace {

constexpr std::string_view kHead = R"(use std.b2b
content hello: email { subject "Hello" }
content guide: email { subject "A guide" }
)";

driver::Checked checked(const std::string& text) {
  host::MemoryFileSystem files;
  files.put("c.nurture", std::string(kHead) + text);
  auto found = driver::check("c.nurture", files);
  if (!found) FAIL(found.error().message);

  for (const Diagnostic& each : found->unit->diagnostics.all()) INFO(each.message);
  REQUIRE_FALSE(found->failed());
  return std::move(*found);
}

const Box& box(const Chart& chart, std::string_view line) {
  const auto found =
      std::find_if(chart.boxes.begin(), chart.boxes.end(), [&](const Box& each) { return each.lines[0] == line; });
  INFO(line);
  REQUIRE(found != chart.boxes.end());
  return *found;
}

/// "label > first line of the box that it leads to", of each arrow out of a box.
std::vector<std::string> ways(const Chart& chart, std::string_view line) {
  const auto from = static_cast<picture::Index>(&box(chart, line) - chart.boxes.data());
  std::vector<std::string> found;
  for (const picture::Arrow& each : chart.arrows) {
    if (each.from == from) found.push_back(each.label + " > " + chart.boxes[each.to].lines[0]);
  }
  return found;
}

using Ways = std::vector<std::string>;

constexpr std::string_view kCampaign = R"(campaign c {
  enter on form.submitted
  exit on email.unsubscribed as opted_out
  on demo.requested { go to late }
  stage early {
    if lead.country is "GB" { if lead.role is known { send hello now or skip } }
    wait up to 3 days {
      on email.replied { go to late }
      on email.clicked { notify "sales" "Look"  keep waiting }
    }
    go to late
  }
  stage late { send guide now or skip  exit as done }
})";

std::string at(const driver::Checked& from, std::string_view text) {
  return std::string(from.unit->sources.file(0).content().substr(0, from.unit->sources.file(0).content().find(text)));
}

picture::Spot spot(const driver::Checked& from, std::string_view text) {
  const std::string before = at(from, text);
  return picture::spot_of(*from.unit, {0, static_cast<std::uint32_t>(before.size()),
                                       static_cast<std::uint32_t>(before.size() + text.size())});
}

/// 100 came; 60 were sent hello; 10 answered; 5 went by a demo; 4 wait; 1 unsubscribed there; 80 waited to the end.
Observed observed(const driver::Checked& from) {
  Observed made;
  const auto add = [&](Record::Kind kind, picture::Spot where, std::int64_t detail, picture::Count count) {
    made.records[{kind, where, detail}].count = count;
  };
  add(Record::Kind::Entered, {}, 0, 100);
  add(Record::Kind::StageEntered, {}, 0, 100);
  add(Record::Kind::StageEntered, {}, 1, 95);
  add(Record::Kind::Asked, spot(from, "send hello"), 0, 60);
  add(Record::Kind::Began, spot(from, "wait up"), 0, 100);
  add(Record::Kind::TimeRanOut, spot(from, "wait up"), 0, 80);
  add(Record::Kind::Fired, spot(from, "on email.replied"), 0, 10);
  add(Record::Kind::Fired, spot(from, "on email.clicked"), 0, 7);
  add(Record::Kind::Fired, spot(from, "on demo.requested"), 0, 9);
  add(Record::Kind::StageLeft, spot(from, "go to late }\n  stage"), 0, 5);
  add(Record::Kind::StageLeft, spot(from, "go to late }\n      on"), 0, 10);
  add(Record::Kind::StageLeft, spot(from, "go to late\n"), 0, 80);
  add(Record::Kind::Did, spot(from, "notify"), 0, 7);
  add(Record::Kind::Asked, spot(from, "send guide"), 0, 95);
  add(Record::Kind::Exited, spot(from, "exit as done"), 1, 95);
  add(Record::Kind::Exited, spot(from, "exit on"), 0, 1);
  add(Record::Kind::Inside, spot(from, "wait up"), 0, 4);
  made.exits = {{"done", 95}, {"opted_out", 1}};
  return made;
}

}  // namespace

TEST_CASE("a chart has what people see of a campaign, and no more") {
  const auto made = checked(std::string(kCampaign));
  const Chart chart = picture::chart_of(*made.unit, made.graphs[0]);
  CHECK(ways(chart, "enter on form.submitted") == Ways{" > if lead.country is \"GB\""});
  CHECK(ways(chart, "if lead.country is \"GB\"") == Ways{"yes > if lead.role is known", "no > wait up to 3 days"});
  CHECK(ways(chart, "wait up to 3 days") == Ways{"on email.replied > send guide now or skip",
                                                 "on email.clicked > notify \"sales\"",
                                                 "otherwise, after 3 days > send guide now or skip"});
  CHECK(ways(chart, "notify \"sales\"") == Ways{" > wait up to 3 days"});
  CHECK(ways(chart, "on demo.requested") == Ways{" > send guide now or skip"});
  CHECK(ways(chart, "on email.unsubscribed").empty());
  CHECK(box(chart, "on email.unsubscribed").reason == "opted_out");
  CHECK(box(chart, "send guide now or skip").detail == "A guide");
  REQUIRE(chart.groups.size() == 4);
  CHECK(chart.groups[0].name == "early");
  CHECK(chart.groups[3].kind == picture::Group::Kind::Anytime);
}

TEST_CASE("a repeat is one box, and its first run the same arrow as the others") {
  const auto made = checked(
      "campaign c {\n  enter on form.submitted\n  stage a {\n    repeat every 2 weeks up to 3 times { send hello now "
      "or "
      "skip }\n    exit as done\n  }\n}\n");
  const Chart chart = picture::chart_of(*made.unit, made.graphs[0]);
  CHECK(ways(chart, "repeat every 14 days up to 3 times") ==
        Ways{"each time > send hello now or skip", "afterwards > exit as done"});
  CHECK(ways(chart, "send hello now or skip") == Ways{" > repeat every 14 days up to 3 times"});
}

TEST_CASE("what only writes something down is one box") {
  const auto made = checked(
      "campaign c {\n  enter on form.submitted\n  stage a {\n    remember x as now\n    remember y as today\n    add "
      "to "
      "audience readers\n    exit as done\n  }\n}\n");
  const Chart chart = picture::chart_of(*made.unit, made.graphs[0]);
  CHECK(box(chart, "remember x as now").lines ==
        std::vector<std::string>{"remember x as now", "remember y as today", "add to audience readers"});
  CHECK(ways(chart, "remember x as now") == Ways{" > exit as done"});
}

TEST_CASE("what nothing records follows from what is recorded, and is not known where nothing follows") {
  const auto made = checked(std::string(kCampaign));
  const Traffic traffic(*made.unit, made.graphs[0], observed(made));
  CHECK(traffic.contradictions().empty());
  const Chart chart = picture::chart_of(*made.unit, made.graphs[0], &traffic);
  CHECK(box(chart, "if lead.country is \"GB\"").reached == 100);
  CHECK(box(chart, "if lead.role is known").reached == std::nullopt);
  CHECK(box(chart, "wait up to 3 days").inside == 4);
  CHECK(box(chart, "send guide now or skip").reached == 95);
  CHECK(box(chart, "on demo.requested").reached == 9);
  CHECK(box(chart, "on email.unsubscribed").reached == 1);
  std::vector<std::optional<picture::Count>> into_late;
  for (const picture::Arrow& each : chart.arrows) {
    if (chart.boxes[each.to].lines[0] == "send guide now or skip") into_late.push_back(each.count);
  }
  std::sort(into_late.begin(), into_late.end());
  // Nine asked for a demo, and four of them were there already.
  CHECK(into_late == std::vector<std::optional<picture::Count>>{5, 10, 80});
}

TEST_CASE("figures that contradict each other are noticed") {
  const auto made = checked(std::string(kCampaign));
  Observed wrong = observed(made);
  wrong.records[{Record::Kind::Did, spot(made, "notify"), 0}].count = 8;
  CHECK(Traffic(*made.unit, made.graphs[0], wrong).contradictions().size() == 1);
}

TEST_CASE("whoever left by none of the boxes has one, too") {
  const auto made = checked(std::string(kCampaign));
  Observed more = observed(made);
  more.exits["merged"] = 2;
  const Traffic traffic(*made.unit, made.graphs[0], more);
  const Chart chart = picture::chart_of(*made.unit, made.graphs[0], &traffic);
  CHECK(box(chart, "became another lead").reached == 2);
}

TEST_CASE("campaigns feed each other") {
  const auto made = checked(R"(lead { warm: boolean = false }
campaign first {
  enter on form.submitted
  stage a { set lead.warm to true  enroll in campaign second  exit as over }
}
campaign second { enter on demo.requested  stage a { exit as done } }
campaign third { audience lead.warm  enter when was in first as over  stage a { exit as done } }
)");
  const Chart chart = picture::overview_of(*made.unit);
  CHECK(ways(chart, "first") == Ways{"enrolls > second", "lead.warm, after exit as over > third"});
  CHECK(ways(chart, "second").empty());
}

}  // namespace nurture
