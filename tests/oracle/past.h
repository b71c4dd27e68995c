#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/sema/model.h"
#include "runtime/calendar/calendar.h"
#include "tests/oracle/log.h"

/// What a lead has behind it (§3.2, §5.10), kept whole and looked through from the beginning each time.
namespace nurture::oracle {

struct Scene;

/// Where something stands in the order of a unit: instant, position (of what has none, before or after all of them),
/// and whether a step did it rather than the log.
using Stamp = std::tuple<Instant, std::int64_t, bool>;

/// An event of the log, one that is assumed, or a send of this run.
struct Happened {
  LogEvent event;
  const calendar::Zone* zone = nullptr;  ///< in force then
  const LogEvent* logged = nullptr;      ///< in the log; null: of this run
  Stamp stamp{};
  const LogEvent* assumed = nullptr;  ///< assumed to happen (§7.5)
};

struct Departure {
  std::string campaign, reason;
  Instant at = 0;
  const calendar::Zone* zone = nullptr;
};

struct Points {
  std::int64_t millionths = 0;
  Instant at = 0;
};

struct Past {
  std::deque<Happened> events;
  std::vector<Departure> departures;
  std::set<std::string> sent;  ///< contents
  std::map<std::string, Points> scores;
  /// When each row of a score gave points, with the zone then.
  std::map<const ast::ScoreRow*, std::vector<std::pair<Instant, const calendar::Zone*>>> given;
};

/// What membership or entry test looks back.
struct Looking {
  const Past* past = nullptr;
  std::size_t entry = 0;  ///< events before these do not count as since
  std::size_t stage = 0;
  const std::map<std::string, std::int64_t>* visits = nullptr;
};

Datum look_back(const ast::Aggregate& node, const Scene& scene);
Datum content_past(const ast::ContentPast& node, const Scene& scene);
Datum days_since(const Datum& at, const Scene& scene);
bool in_last(const Datum& at, Duration length, const Scene& scene);
bool within_next(const Datum& at, Duration length, const Scene& scene);
bool was_in(const ast::WasInCampaign& node, const Scene& scene);

/// Millionths left after some time.
std::int64_t left_of(std::int64_t millionths, Instant passed, std::int64_t half_life);
std::int64_t half_life(const sema::Model& model, const sema::Score& score);
std::int64_t score_now(const std::string& name, const Scene& scene);
/// The scoring of one more event.
void score_event(Past& past, const Happened& what, const Scene& scene);
void add_points(Past& past, const sema::Model& model, const std::string& name, Instant at, std::int64_t points);

/// Every instant after now at which the condition might turn though nothing happens; some at which it does not.
void turning_points(const ast::Expr& expr, const Scene& scene, std::set<Instant>& out);

}  // namespace nurture::oracle
