#include "runtime/testing/follow.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/testing/describe.h"
#include "runtime/vm/decay.h"

namespace nurture::testing {

using bytecode::kNone;
using bytecode::TestLine;
using outcome::Kind;
using outcome::Outcome;
using What = TestLine::What;

namespace {

Fit fit_if(bool sort, bool all) { return !sort ? Fit::None : all ? Fit::All : Fit::Sort; }

bool is_work_named(const Outcome& out, const TestLine& line, const World& world) {
  if (line.text.empty()) return true;
  const bytecode::Module& module = *world.bound.module;
  const bytecode::AssignSite& site = module.campaigns[out.campaign].assigns[static_cast<std::size_t>(out.a)];
  if (line.text == (site.kind == bytecode::WorkKind::Call ? "call" : "task")) return true;
  return site.name != kNone && module.strings[site.name] == line.text;
}

/// Without a name in the line, any.
bool is_named(std::int64_t index, std::uint16_t name) { return name == kNone || index == name; }

}  // namespace

bool is_entry(const Outcome& out) { return out.kind == Kind::Entered || out.kind == Kind::HeldOut; }

Fit fit(const Outcome& out, const TestLine& line, std::uint16_t campaign, const World& world) {
  switch (line.what) {
    case What::Send:
      return fit_if(out.kind == Kind::Sent, out.a == line.content);
    case What::AnySend:
      return fit_if(out.kind == Kind::Sent, true);
    case What::Exit:
      return fit_if(out.kind == Kind::Exited && out.campaign == line.campaign, is_named(out.a, line.reason));
    case What::HandOff:
      return fit_if(out.kind == Kind::HandedOff || out.kind == Kind::AlreadyWithSales, out.kind == Kind::HandedOff);
    case What::TakeBack:
      return fit_if(out.kind == Kind::TakenBack || out.kind == Kind::HoldEnded, out.kind == Kind::TakenBack);
    case What::Assign:
      if (out.kind != Kind::Assigned && out.kind != Kind::NotAssigned) return Fit::None;
      return fit_if(true, out.kind == Kind::Assigned && is_work_named(out, line, world));
    case What::Notify:
      return fit_if(out.kind == Kind::Notified, true);
    case What::Goal:
      return fit_if(out.kind == Kind::GoalCredited && out.campaign == line.campaign, is_named(out.a, line.goal));
    case What::Entry:
      if (out.campaign != campaign) return Fit::None;
      return fit_if(is_entry(out) || out.kind == Kind::Refused, is_entry(out));
    case What::Stage:
    case What::Outside:
    case What::Score:
      return Fit::None;
  }
  return Fit::None;
}

void Whereabouts::follow(const Outcome& out) {
  if (out.kind == Kind::MergedInto) stage_.clear();
  if (out.campaign != campaign_) return;
  if (out.kind == Kind::MovedHere && out.value.truth()) stage_[out.membership] = out.stage;
  if (is_entry(out)) stage_[out.membership] = kNone;
  if (out.kind == Kind::StageEntered) stage_[out.membership] = out.stage;
  if (out.kind == Kind::Exited) stage_.erase(out.membership);
}

bool Whereabouts::is(const TestLine& line) const {
  if (line.what == What::Outside) return stage_.empty();
  return std::any_of(stage_.begin(), stage_.end(), [&](const auto& at) { return at.second == line.stage; });
}

std::string Whereabouts::text(const World& world) const {
  if (stage_.empty()) return "the lead is outside the campaign";
  const bytecode::Module& module = *world.bound.module;
  std::string text;
  for (const auto& [membership, stage] : stage_) {
    text += text.empty() ? "the lead is " : " and ";
    text += stage == kNone ? "held out" : "in stage " + module.strings[module.campaigns[campaign_].stages[stage].name];
  }
  return text;
}

bool ScoreCurve::changes(const Outcome& out) const { return out.kind == Kind::ScoreChanged && out.a == line_.score; }

void ScoreCurve::follow(const Outcome& out) {
  if (!changes(out)) return;
  since_ = out.at;
  millionths_ = out.b;
}

std::int64_t ScoreCurve::at(Instant at) const { return vm::decayed(millionths_, at - since_, score_.half_life); }

bool ScoreCurve::passes(Instant instant) const {
  return vm::passes(at(instant), static_cast<vm::ScoreTest>(line_.test), line_.bound);
}

std::string ScoreCurve::text(Instant instant, const World& world) const {
  return fmt::format("score.{} is {} at {}", world.bound.module->strings[score_.name], outcome::score_text(at(instant)),
                     clock_text(instant, world));
}

}  // namespace nurture::testing
