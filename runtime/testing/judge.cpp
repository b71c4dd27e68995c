#include "runtime/testing/judge.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "runtime/testing/describe.h"
#include "runtime/vm/decay.h"

namespace nurture::testing {
namespace {

using bytecode::kNone;
using bytecode::TestLine;
using outcome::Kind;
using outcome::Outcome;
using What = TestLine::What;

/// What of an expectation an outcome agrees with: all of it, only its sort (a send, but of something else), or nothing.
enum class Fit : std::uint8_t { None, Sort, All };

Fit fit_if(bool sort, bool all) { return !sort ? Fit::None : all ? Fit::All : Fit::Sort; }

bool is_work_named(const Outcome& out, const TestLine& line, const World& world) {
  if (line.text.empty()) return true;
  const bytecode::Module& module = *world.bound.module;
  const bytecode::AssignSite& site = module.campaigns[out.campaign].assigns[static_cast<std::size_t>(out.a)];
  if (line.text == (site.kind == bytecode::WorkKind::Call ? "call" : "task")) return true;
  return site.name != kNone && module.strings[site.name] == line.text;
}

bool same_reason(const Outcome& out, const TestLine& line) {
  return out.campaign == line.campaign && out.a == line.reason;
}

Fit fit(const Outcome& out, const TestLine& line, std::uint16_t campaign, const World& world) {
  switch (line.what) {
    case What::Send:
      return fit_if(out.kind == Kind::Sent, out.a == line.content);
    case What::AnySend:
      return fit_if(out.kind == Kind::Sent, true);
    case What::Exit:
      return fit_if(out.kind == Kind::Exited && out.campaign == line.campaign, same_reason(out, line));
    case What::HandOff:
      return fit_if(out.kind == Kind::HandedOff, true);
    case What::TakeBack:
      return fit_if(out.kind == Kind::TakenBack, true);
    case What::Assign:
      return out.kind != Kind::Assigned ? Fit::None : fit_if(true, is_work_named(out, line, world));
    case What::Notify:
      return fit_if(out.kind == Kind::Notified, true);
    case What::Goal:
      return fit_if(out.kind == Kind::GoalCredited && out.campaign == line.campaign, out.a == line.goal);
    case What::Entry:
      return fit_if((out.kind == Kind::Entered || out.kind == Kind::HeldOut) && out.campaign == campaign, true);
    case What::Stage:
    case What::Outside:
    case What::Score:
      return Fit::None;
  }
  return Fit::None;
}

std::string apart(Instant at, const Question& question) {
  if (at > question.to) return ", " + calendar::format_duration({0, 0, at - question.to}) + " too late";
  if (at < question.from) return ", " + calendar::format_duration({0, 0, question.from - at}) + " too early";
  return {};
}

std::int64_t distance(Instant at, const Question& question) {
  return at > question.to ? at - question.to : at < question.from ? question.from - at : 0;
}

std::string told(const Outcome& out, const Question& question, const World& world) {
  return outcome_text(out, world) + " at " + clock_text(out.at, world) + apart(out.at, question);
}

/// A send that was asked for and did not go out says more than another that did.
const Outcome* held_back(const Question& question, const std::vector<Outcome>& outcomes) {
  if (question.line->what != What::Send && question.line->what != What::AnySend) return nullptr;
  for (const Outcome& out : outcomes) {
    const bool send = out.kind >= Kind::Deferred && out.kind <= Kind::Pending;
    const bool same = question.line->what == What::AnySend || out.a == question.line->content;
    if (send && same && out.at >= question.from && out.at <= question.to) return &out;
  }
  return nullptr;
}

std::string nearest_outcome(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                            const World& world) {
  const Outcome* best = nullptr;
  Fit best_fit = Fit::None;
  for (const Outcome& out : outcomes) {
    const Fit here = fit(out, *question.line, campaign, world);
    if (here == Fit::None || here < best_fit) continue;
    if (best != nullptr && here == best_fit && distance(out.at, question) >= distance(best->at, question)) continue;
    best = &out;
    best_fit = here;
  }
  if (best_fit != Fit::All) {
    if (const Outcome* held = held_back(question, outcomes)) return told(*held, question, world);
  }
  if (best != nullptr) return told(*best, question, world);
  for (const Outcome& out : outcomes) {
    if (out.kind == Kind::Refused && out.campaign == campaign) return told(out, question, world);
  }
  return "nothing of the sort happened up to " + clock_text(world.horizon, world);
}

Verdict judge_outcomes(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                       const World& world) {
  const TestLine& line = *question.line;
  const auto found = std::find_if(outcomes.begin(), outcomes.end(), [&](const Outcome& out) {
    return out.at >= question.from && out.at <= question.to && fit(out, line, campaign, world) == Fit::All;
  });
  const bool happened = found != outcomes.end();
  if (happened != line.negated) return {true, {}};
  if (happened) return {false, told(*found, question, world)};
  return {false, nearest_outcome(question, outcomes, campaign, world)};
}

/// Where the memberships of one campaign are, outcome by outcome.
class Whereabouts {
 public:
  explicit Whereabouts(std::uint16_t campaign) : campaign_(campaign) {}

  void follow(const Outcome& out) {
    if (out.campaign != campaign_) return;
    if (out.kind == Kind::Entered || out.kind == Kind::HeldOut) stage_[out.membership] = kNone;
    if (out.kind == Kind::StageEntered) stage_[out.membership] = out.stage;
    if (out.kind == Kind::Exited) stage_.erase(out.membership);
  }
  bool is(const TestLine& line) const {
    if (line.what == What::Outside) return stage_.empty();
    return std::any_of(stage_.begin(), stage_.end(), [&](const auto& at) { return at.second == line.stage; });
  }
  std::string text(const World& world) const {
    if (stage_.empty()) return "the lead is outside the campaign";
    const bytecode::Module& module = *world.bound.module;
    std::string text;
    for (const auto& [membership, stage] : stage_) {
      text += text.empty() ? "the lead is " : " and ";
      text +=
          stage == kNone ? "held out" : "in stage " + module.strings[module.campaigns[campaign_].stages[stage].name];
    }
    return text;
  }

 private:
  std::uint16_t campaign_;
  std::map<std::uint32_t, std::uint16_t> stage_;
};

/// A state: at the clock; for a span, at some instant of it, or with `for` (and `no`) at every one.
Verdict judge_state(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                    const World& world) {
  const TestLine& line = *question.line;
  Whereabouts lead(line.campaign == kNone ? campaign : line.campaign);
  bool ever = false;
  bool always = true;
  std::string instead;
  const auto look = [&](Instant at) {
    const bool is = lead.is(line);
    ever |= is;
    always &= is;
    if (is == line.negated && instead.empty()) instead = lead.text(world) + " at " + clock_text(at, world);
  };
  std::size_t next = 0;
  const auto follow_through = [&](Instant at) {
    while (next < outcomes.size() && outcomes[next].at <= at) lead.follow(outcomes[next++]);
  };
  follow_through(question.clock);
  look(question.clock);
  while (next < outcomes.size() && outcomes[next].at <= question.to) {
    const Instant at = outcomes[next].at;
    follow_through(at);
    look(at);
  }
  const bool holds = line.negated ? !ever : line.span == TestLine::Span::For ? always : ever;
  return {holds, holds ? std::string() : instead};
}

/// One score over time: what it was set to last, and what is left of that.
class ScoreCurve {
 public:
  ScoreCurve(const TestLine& line, const World& world) : line_(line), score_(world.bound.module->scores[line.score]) {}

  void follow(const Outcome& out) {
    if (out.kind != Kind::ScoreChanged || out.a != line_.score) return;
    since_ = out.at;
    millionths_ = out.b;
  }
  bool changes(const Outcome& out) const { return out.kind == Kind::ScoreChanged && out.a == line_.score; }
  std::int64_t at(Instant at) const { return vm::decayed(millionths_, at - since_, score_.half_life); }
  bool passes(Instant instant) const {
    return vm::passes(at(instant), static_cast<vm::ScoreTest>(line_.test), line_.bound);
  }
  std::string text(Instant instant, const World& world) const {
    return fmt::format("score.{} is {} at {}", world.bound.module->strings[score_.name],
                       outcome::score_text(at(instant)), clock_text(instant, world));
  }

 private:
  const TestLine& line_;
  const bytecode::Score& score_;
  Instant since_ = 0;
  std::int64_t millionths_ = 0;
};

/// Between two changes a score only goes towards 0, so the ends of each piece tell all of it.
Verdict judge_score(const Question& question, const std::vector<Outcome>& outcomes, const World& world) {
  const TestLine& line = *question.line;
  ScoreCurve score(line, world);
  bool ever = false;
  bool always = true;
  std::string instead;
  const auto look = [&](Instant at) {
    const bool is = score.passes(at);
    ever |= is;
    always &= is;
    if (is == line.negated && instead.empty()) instead = score.text(at, world);
  };
  std::size_t next = 0;
  while (next < outcomes.size() && outcomes[next].at <= question.clock) score.follow(outcomes[next++]);
  look(question.clock);
  for (; next < outcomes.size() && outcomes[next].at <= question.to; ++next) {
    if (!score.changes(outcomes[next])) continue;
    look(outcomes[next].at - 1);
    score.follow(outcomes[next]);
    look(outcomes[next].at);
  }
  look(question.to);
  const bool holds = line.negated ? !ever : line.span == TestLine::Span::For ? always : ever;
  return {holds, holds ? std::string() : instead};
}

}  // namespace

Verdict judge(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
              const World& world) {
  const What what = question.line->what;
  if (what == What::Score) return judge_score(question, outcomes, world);
  if (what == What::Stage || what == What::Outside) return judge_state(question, outcomes, campaign, world);
  return judge_outcomes(question, outcomes, campaign, world);
}

}  // namespace nurture::testing
