#include "tests/catch.h"
#include "tests/flow/compile.h"

namespace nurture {

using flow::CampaignGraph;
using flow::Edge;
using flow::Node;
using test::campaign;
using test::compile;

namespace {

/// Shortest and longest of the first timer out of a suspension of this kind of statement.
std::pair<Instant, Instant> timer_of(const CampaignGraph& graph, ast::NodeKind statement) {
  for (const Edge& edge : graph.edges) {
    const Node& from = graph.nodes[edge.from];
    if (edge.kind == Edge::Kind::Timer && from.kind == Node::Kind::Suspension && from.statement->kind == statement) {
      return {edge.shortest, edge.longest};
    }
  }
  return {-1, -1};
}

std::pair<Instant, Instant> wait_delays(const std::string& wait) {
  auto made = compile(campaign("  lasts at most 1 year as late\n  stage a { " + wait + "  exit as done }\n"));
  REQUIRE(made.found().empty());
  return timer_of(made.graphs[0], ast::NodeKind::Wait);
}

std::optional<Duration> longest(const std::string& body) {
  auto made = compile(campaign(body));
  REQUIRE(made.found().empty());
  return made.graphs[0].longest_stay;
}

}  // namespace

TEST_CASE("waits have delays") {
  CHECK(wait_delays("wait 5 days") == std::pair{5 * kDay, 5 * kDay});
  CHECK(wait_delays("wait up to 90 minutes { on page.viewed { move on } }") == std::pair{90 * kMinute, 90 * kMinute});
  CHECK(wait_delays("wait until Tuesday 09:00") == std::pair{Instant{0}, 7 * kDay});
  CHECK(wait_delays("wait until next Tuesday 09:00") == std::pair{Instant{1}, 7 * kDay});
  CHECK(wait_delays("wait until 09:00") == std::pair{Instant{0}, kDay});
  CHECK(wait_delays("wait until entry.starts_at") == std::pair{Instant{0}, kNever});
  CHECK(wait_delays("wait until entry.starts_at, at most 9 days") == std::pair{Instant{0}, 9 * kDay});
  CHECK(wait_delays("wait until entry.starts_at, at least 1 day, at most 9 days") == std::pair{kDay, 9 * kDay});
}

TEST_CASE("a deferred send and a repeat have delays") {
  auto made =
      compile(campaign("  stage a { send hello for up to 3 days  repeat every 2 weeks up to 5 times { send again now "
                       "or skip }  exit as done }\n"));
  REQUIRE(made.found().empty());
  CHECK(timer_of(made.graphs[0], ast::NodeKind::Send) == std::pair{Instant{0}, 30 * kDay});  // the sales hold is longer
  CHECK(timer_of(made.graphs[0], ast::NodeKind::Repeat) == std::pair{14 * kDay, 14 * kDay});
}

TEST_CASE("the longest stay is proven") {
  CHECK(longest("  stage a { wait 5 days  wait 3 hours  exit as done }\n") == Duration{0, 5, 3 * kHour});
  CHECK(longest("  stage a { if lead.ready { wait 5 days } else { wait 1 month }  exit as done }\n") ==
        Duration{1, 0, 0});
  CHECK(longest("  stage a { wait up to 2 days { on page.viewed { go to b } }  exit as done }\n  stage b { wait 4 days "
                "exit as x }\n") == Duration{0, 6, 0});
  CHECK(longest("  stage a { repeat every 2 weeks up to 5 times { send hello now or skip }  exit as done }\n") ==
        Duration{0, 70, 0});
  CHECK(longest("  stage a { repeat every Tuesday 10:00 up to 5 times { send hello now or skip }  exit as done }\n") ==
        Duration{0, 42, 0});
  CHECK(longest("  on order.placed { go to b }\n  stage a { wait 2 days exit as done }\n  stage b { wait 4 days exit "
                "as x }\n") == Duration{0, 6, 0});
  CHECK(longest("  stage a { wait until entry.starts_at exit as done }\n") == std::nullopt);
  CHECK(longest("  lasts at most 9 days as late\n  stage a { wait 2 days exit as done }\n") == std::nullopt);
}

TEST_CASE("sends in bodies that may not wait are detached") {
  auto made = compile(
      campaign("  stage a {\n    on page.viewed { send hello }\n    wait up to 1 day {\n      on order.placed { send "
               "again  keep waiting }\n"
               "      on sales.accepted { send hello  move on }\n    }\n    send hello\n    exit as done\n  }\n"));
  REQUIRE(made.found().empty());
  std::vector<bool> may_wait;
  for (const Node& node : made.graphs[0].nodes) {
    if (node.kind == Node::Kind::SendWork) may_wait.push_back(node.may_wait);
  }
  CHECK(may_wait == std::vector<bool>{false, false, true, true});
}

TEST_CASE("the dump shows the graph") {
  auto made =
      compile(campaign("  on order.placed { exit as bought }\n  stage a {\n    send bill\n    wait up to 1 day { on "
                       "page.viewed { move on } }\n    exit as done\n  }\n"));
  REQUIRE(made.found().empty());
  CHECK(flow::dump(made.graphs[0], made.unit->model) == R"(campaign c
  0 entry
    enter -> 1
  1 stage a
    next -> 2
  2 send bill
    next -> 3
  3 suspension (wait)
    handler 0 -> 4 after 0 to no bound
    timer -> 6 after 1 d
    campaign trigger 0 -> 7 after 0 to no bound
  4 body
    next -> 5
  5 move on
    moved on -> 6
  6 exit as done
  7 body
    next -> 8
  8 exit as bought
  longest stay 1 d
)");
}

}  // namespace nurture
