#include <algorithm>
#include <optional>

#include "runtime/calendar/calendar.h"
#include "runtime/testing/describe.h"
#include "runtime/testing/follow.h"
#include "runtime/testing/judge.h"

namespace nurture::testing {
namespace {

using bytecode::kNone;
using bytecode::TestLine;
using outcome::Kind;
using outcome::Outcome;
using What = TestLine::What;

std::string length_text(std::int64_t length) {
  const auto days = static_cast<std::int16_t>(std::min<std::int64_t>(length / kDay, INT16_MAX));
  return calendar::format_duration({0, days, length - days * kDay});
}

std::string apart(Instant at, const Question& question) {
  if (at > question.to) return ", " + length_text(at - question.to) + " too late";
  if (at < question.from) return ", " + length_text(question.from - at) + " too early";
  return {};
}

std::int64_t distance(Instant at, const Question& question) {
  return at > question.to ? at - question.to : at < question.from ? question.from - at : 0;
}

std::string told(const Outcome& out, const Question& question, const World& world) {
  return outcome_text(out, world) + " at " + clock_text(out.at, world) + apart(out.at, question);
}

/// Why the lead has no part in the campaign; empty if it has.
std::string absence(const std::vector<Outcome>& outcomes, std::uint16_t campaign, const Question& question,
                    const World& world) {
  const Outcome* refused = nullptr;
  for (const Outcome& out : outcomes) {
    if (out.campaign != campaign || out.at > question.to) continue;
    if (out.kind == Kind::Entered) return {};
    if (out.kind == Kind::HeldOut) return "the lead is held out";
    if (out.kind == Kind::Refused && refused == nullptr) refused = &out;
  }
  if (refused != nullptr) return "the lead " + told(*refused, question, world);
  const bytecode::Module& module = *world.bound.module;
  return "the lead does not enter " + module.strings[module.campaigns[campaign].name];
}

/// A send that was asked for and did not go out at once: why.
const Outcome* held_back(const Question& question, const std::vector<Outcome>& outcomes) {
  if (question.line->what != What::Send && question.line->what != What::AnySend) return nullptr;
  for (const Outcome& out : outcomes) {
    const bool send = out.kind >= Kind::Deferred && out.kind <= Kind::Pending;
    const bool same = question.line->what == What::AnySend || out.a == question.line->content;
    if (send && same && out.at >= question.from && out.at <= question.to) return &out;
  }
  return nullptr;
}

/// The outcome that agrees most with what is asked; of those that agree alike, the one nearest in time.
const Outcome* best_fit(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                        const World& world, Fit& best_fit) {
  const Outcome* best = nullptr;
  for (const Outcome& out : outcomes) {
    const Fit here = fit(out, *question.line, campaign, world);
    if (here == Fit::None || here < best_fit) continue;
    if (best != nullptr && here == best_fit && distance(out.at, question) >= distance(best->at, question)) continue;
    best = &out;
    best_fit = here;
  }
  return best;
}

std::string nearest_outcome(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                            const World& world, Instant until) {
  Fit how = Fit::None;
  const Outcome* best = best_fit(question, outcomes, campaign, world, how);
  const Outcome* held = held_back(question, outcomes);
  if (question.line->negated) held = nullptr;
  if (held != nullptr && how == Fit::All) return told(*held, question, world) + "; " + told(*best, question, world);
  if (held != nullptr) return told(*held, question, world);
  if (best != nullptr) return told(*best, question, world);
  std::string absent = absence(outcomes, campaign, question, world);
  if (!absent.empty()) return absent;
  return "nothing of the sort happened, nor would it by " + clock_text(until, world) + " if nothing else did";
}

/// When something is so: from an instant on, up to another or for good.
struct Stretch {
  Instant from = 0;
  std::optional<Instant> to;
};

/// The stretch next to the time asked about, before or after it.
std::optional<Stretch> nearest_stretch(const std::vector<Stretch>& all, const Question& question) {
  const auto apart = [&](const Stretch& each) {
    if (each.from > question.to) return each.from - question.to;
    return each.to && *each.to < question.clock ? question.clock - *each.to : 0;
  };
  auto found = std::min_element(all.begin(), all.end(), [&](auto& a, auto& b) { return apart(a) < apart(b); });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string state_text(const Question& question, const World& world) {
  if (question.line->what == What::Outside) return "outside it";
  const bytecode::Module& module = *world.bound.module;
  return "in " + module.strings[module.campaigns[question.line->campaign].stages[question.line->stage].name];
}

std::string stretch_text(const Stretch& stretch, const Question& question, const World& world) {
  std::string text = "; it is " + state_text(question, world) + " from " + clock_text(stretch.from, world);
  if (stretch.to) text += " to " + clock_text(*stretch.to, world);
  return text;
}

/// Where the lead is at the first instant that speaks against it, and when it is where it should be.
std::string nearest_state(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                          const World& world) {
  const TestLine& line = *question.line;
  if (line.campaign != kNone) campaign = line.campaign;
  Whereabouts lead(campaign);
  std::vector<Stretch> stretches;
  std::string instead;
  const auto look = [&](Instant at) {
    const bool is = lead.is(line);
    const bool open = !stretches.empty() && !stretches.back().to;
    if (is && !open) stretches.push_back({at, std::nullopt});
    if (!is && open) stretches.back().to = at;
    const bool asked = at >= question.clock && at <= question.to;
    if (asked && is == line.negated && instead.empty()) instead = lead.text(world) + " at " + clock_text(at, world);
  };
  bool asked = false;
  for (std::size_t next = 0; next < outcomes.size();) {
    const Instant at = outcomes[next].at;
    if (!asked && at > question.clock) look(question.clock);
    asked |= at > question.clock;
    while (next < outcomes.size() && outcomes[next].at == at) lead.follow(outcomes[next++]);
    look(at);
  }
  if (!asked) look(question.clock);
  if (line.negated) return instead;
  const auto nearest = nearest_stretch(stretches, question);
  if (nearest) return instead + stretch_text(*nearest, question, world);
  const std::string absent = absence(outcomes, campaign, question, world);
  return instead + (absent.empty() ? "; it is never " + state_text(question, world) : ": " + absent);
}

std::string nearest_score(const Question& question, const std::vector<Outcome>& outcomes, const World& world) {
  const TestLine& line = *question.line;
  ScoreCurve score(line, world);
  std::string instead;
  std::string late;
  const auto look = [&](Instant at) {
    const bool is = score.passes(at);
    if (at <= question.to && is == line.negated && instead.empty()) instead = score.text(at, world);
    if (at > question.to && is && late.empty()) late = "; " + score.text(at, world) + apart(at, question);
  };
  std::size_t next = 0;
  while (next < outcomes.size() && outcomes[next].at <= question.clock) score.follow(outcomes[next++]);
  look(question.clock);
  bool asked = false;
  for (; next < outcomes.size(); ++next) {
    if (!score.changes(outcomes[next])) continue;
    const bool later = outcomes[next].at > question.to;
    if (!asked && later) look(question.to);
    asked |= later;
    if (!later) look(outcomes[next].at - 1);
    score.follow(outcomes[next]);
    look(outcomes[next].at);
  }
  if (!asked) look(question.to);
  return line.negated ? instead : instead + late;
}

}  // namespace

std::string nearest(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                    const World& world, Instant until) {
  const What what = question.line->what;
  if (what == What::Score) return nearest_score(question, outcomes, world);
  if (what == What::Stage || what == What::Outside) return nearest_state(question, outcomes, campaign, world);
  if (what == What::Exit || what == What::Goal) campaign = question.line->campaign;
  return nearest_outcome(question, outcomes, campaign, world, until);
}

}  // namespace nurture::testing
