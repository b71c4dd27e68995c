#include "runtime/testing/describe.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::testing {
namespace {

using bytecode::kNone;
using bytecode::Module;
using bytecode::TestLine;
using outcome::Kind;
using outcome::Outcome;
using What = TestLine::What;

const std::string& name(const Module& module, std::uint16_t string) { return module.strings[string]; }

const bytecode::Campaign& campaign_of(const Outcome& out, const World& world) {
  return world.bound.module->campaigns[out.campaign];
}

std::string stage_text(const Outcome& out, const World& world) {
  const bytecode::Campaign& campaign = campaign_of(out, world);
  return name(*world.bound.module, campaign.stages[static_cast<std::size_t>(out.stage)].name);
}

std::string content_text(const Outcome& out, const World& world) {
  const Module& module = *world.bound.module;
  return name(module, module.contents[static_cast<std::size_t>(out.a)].name);
}

std::string send_text(const Outcome& out, const World& world) {
  const std::string content = content_text(out, world);
  const bool held = out.detail == outcome::Detail::WithSales;
  const std::string why =
      held ? "the lead is with sales" : outcome::why_text(*world.bound.module, out.detail, out.rule);
  if (out.kind == Kind::Sent) return "sends " + content;
  if (out.kind == Kind::Deferred) return "defers " + content + ": " + why;
  if (out.kind == Kind::Suppressed) return "suppresses " + content + ": " + why;
  if (out.kind == Kind::Skipped) {
    const bool pending = out.detail == outcome::Detail::AlreadyPending;
    return "skips " + content + ": " + (pending ? "it is pending already" : why);
  }
  if (out.kind == Kind::Exhausted) return "has nothing left to send";
  if (out.kind == Kind::GaveUp) return "gives up sending " + content;
  if (out.kind == Kind::Cancelled) return "cancels " + content + ", deferred before";
  return content + " is still deferred";
}

std::string sales_text(const Outcome& out) {
  if (out.kind == Kind::HandedOff) return "hands off to sales";
  if (out.kind == Kind::AlreadyWithSales) return "would hand off, but the lead is with sales already";
  if (out.kind == Kind::TakenBack) return "takes the lead back from sales";
  if (out.kind == Kind::HoldBegan) return "the lead is now with sales";
  if (out.kind == Kind::HoldEnded) return "the lead is no longer with sales";
  if (out.kind == Kind::Answered) return "sales answers after " + calendar::format_duration({0, 0, out.b});
  return "sales missed its promise to answer";
}

std::string refusal_text(const Outcome& out) {
  switch (static_cast<outcome::RefusalCause>(out.a)) {
    case outcome::RefusalCause::Guard:
      return "is not entered: the `if` of the entry is false";
    case outcome::RefusalCause::NotActive:
      return "is not entered: the campaign is not active then";
    case outcome::RefusalCause::Audience:
      return "is not entered: the lead is not in the audience";
    case outcome::RefusalCause::Exclude:
      return "is not entered: the lead is excluded";
    case outcome::RefusalCause::ExitCondition:
      return "is not entered: a condition to exit holds";
    case outcome::RefusalCause::Reentry:
      return "is not entered again: `reenter` does not allow it yet";
    case outcome::RefusalCause::Exclusive:
      return "is not entered: the lead is in another campaign of its group";
    case outcome::RefusalCause::Key:
      return "is not entered: the key is unknown";
    case outcome::RefusalCause::KeyLimit:
      return "is not entered: as many memberships as allowed are active";
    case outcome::RefusalCause::Inside:
      return "is not entered by `enroll in`: the lead is in it already";
    case outcome::RefusalCause::OncePerStep:
      return "is not entered again at the very same moment";
  }
  return {};
}

std::string work_text(const Outcome& out, const World& world) {
  const bytecode::AssignSite& site = campaign_of(out, world).assigns[static_cast<std::size_t>(out.a)];
  const std::string work = site.kind == bytecode::WorkKind::Call ? "a call" : "a task";
  if (out.kind == Kind::NotAssigned) {
    return "does not assign " + work + ": " + outcome::why_text(*world.bound.module, out.detail, out.rule);
  }
  std::string text = "assigns " + work;
  if (site.name != kNone) text += " (" + name(*world.bound.module, site.name) + ")";
  return out.text.empty() ? text : text + " to " + out.text;
}

std::string split_text(const Outcome& out, const World& world) {
  const Module& module = *world.bound.module;
  const bytecode::SplitSite& site = campaign_of(out, world).splits[static_cast<std::size_t>(out.a)];
  return "split " + name(module, site.name) + " takes " +
         name(module, site.branches[static_cast<std::size_t>(out.b)].name);
}

std::string membership_text(const Outcome& out, const World& world) {
  const Module& module = *world.bound.module;
  const bytecode::Campaign& campaign = campaign_of(out, world);
  const auto a = static_cast<std::size_t>(out.a);
  if (out.kind == Kind::Entered) return "enters";
  if (out.kind == Kind::HeldOut) return "enters as held out";
  if (out.kind == Kind::Refused) return refusal_text(out);
  if (out.kind == Kind::StageEntered) return "stage " + stage_text(out, world);
  if (out.kind == Kind::GoalCredited) return "reaches the goal " + name(module, campaign.goals[a].name);
  if (out.kind == Kind::Exited) return "exits as " + name(module, campaign.reasons[a]);
  const std::string wait = "waits: " + name(module, campaign.states[a].label);
  return out.b == kNever ? wait : wait + ", until " + clock_text(out.b, world);
}

std::string span_text(const Question& question, const World& world) {
  if (question.from == question.to) return "at " + clock_text(question.to, world);
  return "between " + clock_text(question.from, world) + " and " + clock_text(question.to, world);
}

/// "a send of x": "no send of x".
std::string negation(const std::string& asked) {
  for (std::string_view article : {"a ", "an "}) {
    if (asked.starts_with(article)) return "no " + asked.substr(article.size());
  }
  return "not " + asked;
}

std::string asked_text(const TestLine& line, const Module& module) {
  const auto named = [&](std::uint16_t string) { return name(module, string); };
  switch (line.what) {
    case What::Send:
      return "a send of " + named(module.contents[line.content].name);
    case What::AnySend:
      return "a send";
    case What::Stage:
      return "the lead to be in stage " + named(module.campaigns[line.campaign].stages[line.stage].name);
    case What::Exit:
      if (line.reason == kNone) return "an exit";
      return "an exit as " + named(module.campaigns[line.campaign].reasons[line.reason]);
    case What::HandOff:
      return "a hand-off to sales";
    case What::TakeBack:
      return "the lead to be taken back from sales";
    case What::Assign:
      return line.text.empty() ? "an assignment" : "an assignment (" + line.text + ")";
    case What::Notify:
      return "a notification";
    case What::Goal:
      if (line.goal == kNone) return "a goal";
      return "the goal " + named(module.campaigns[line.campaign].goals[line.goal].name);
    case What::Entry:
      return "an entry";
    case What::Outside:
      return "the lead to be outside the campaign";
    case What::Score: {
      constexpr std::string_view kTests[] = {"<", "<=", ">", ">=", "is"};
      return fmt::format("score.{} {} {}", named(module.scores[line.score].name), kTests[line.test], line.bound);
    }
  }
  return {};
}

}  // namespace

std::string clock_text(Instant at, const World& world) { return calendar::format_local(at, world.zone); }

std::string outcome_text(const Outcome& out, const World& world) {
  switch (out.kind) {
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
      return send_text(out, world);
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::Answered:
    case Kind::PromiseMissed:
      return sales_text(out);
    case Kind::Entered:
    case Kind::HeldOut:
    case Kind::Refused:
    case Kind::StageEntered:
    case Kind::WaitBegan:
    case Kind::GoalCredited:
    case Kind::Exited:
      return membership_text(out, world);
    case Kind::Assigned:
    case Kind::NotAssigned:
      return work_text(out, world);
    case Kind::Notified:
      return out.text.empty() ? "notifies" : "notifies " + out.text;
    case Kind::Split:
      return split_text(out, world);
    case Kind::LeadSet:
      return "sets lead." +
             name(*world.bound.module, world.bound.module->schema.lead[static_cast<std::size_t>(out.a)].name);
    case Kind::ScoreChanged:
      return "score." + name(*world.bound.module, world.bound.module->scores[static_cast<std::size_t>(out.a)].name) +
             " is now " + outcome::score_text(out.b);
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      return fmt::format("{} {}", outcome::action_word(out.kind),
                         outcome::action_target(*world.bound.module, out.kind, out.a));
    case Kind::PropertyViolated:
      return "violates \"" +
             name(*world.bound.module, world.bound.module->properties[static_cast<std::size_t>(out.a)].name) + "\"";
    case Kind::MergedInto:
      return fmt::format("becomes {}", world.store.texts.at(world.store.leads[static_cast<std::size_t>(out.a)]));
    case Kind::Merged:
    case Kind::MovedHere:
    case Kind::Reacted:
    case Kind::PropertyOpen:
    case Kind::HistoryCut:
    case Kind::Began:
    case Kind::StageLeft:
    case Kind::TriggerFired:
    case Kind::WaitEnded:
    case Kind::Remembered:
    case Kind::InFlight:
    case Kind::GoalCensored:
    case Kind::OrphanReaction:
    case Kind::SentToLeads:
      return {};
  }
  return {};
}

namespace {

/// Who it is, where a test has several.
std::string_view whose(store::LeadIndex member, const World& world) {
  return world.several ? world.store.texts.at(world.store.leads[member]) : std::string_view();
}

struct Line {
  Instant at;
  bool outcome;
  std::string text;
};

void add_events(store::LeadIndex member, const World& world, std::vector<Line>& lines) {
  const store::Store& store = world.store;
  for (store::EventIndex event = store.lead_begin[member]; event < store.lead_begin[member + 1]; ++event) {
    if (store.at[event] > world.horizon || (store.linked() && store.actor[event] != member)) continue;
    const std::string& kind = name(*world.bound.module, world.bound.module->schema.kinds[store.kind[event]].name);
    const std::string_view who = whose(member, world);
    lines.push_back(
        {store.at[event], false,
         fmt::format("{}  {}{}{}", clock_text(store.at[event], world), kind, who.empty() ? "" : " by ", who)});
  }
}

}  // namespace

/// The events of an instant, then what came of them.
std::vector<std::string> timeline(const std::vector<Outcome>& outcomes, const World& world) {
  const Module& module = *world.bound.module;
  std::vector<Line> lines;
  for (store::LeadIndex member = 0; member < world.store.lead_count(); ++member) add_events(member, world, lines);
  for (const Outcome& out : outcomes) {
    const std::string text = outcome_text(out, world);
    if (text.empty()) continue;
    std::string line = clock_text(out.at, world) + "    ";
    if (out.campaign != kNone) line += name(module, module.campaigns[out.campaign].name) + ": ";
    if (const std::string_view who = whose(out.lead, world); !who.empty()) line += fmt::format("{}: ", who);
    lines.push_back({out.at, true, line + text});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.at != b.at ? a.at < b.at : !a.outcome && b.outcome; });
  std::vector<std::string> texts;
  for (Line& line : lines) texts.push_back(std::move(line.text));
  return texts;
}

std::string question_text(const Question& question, const World& world) {
  const TestLine& line = *question.line;
  const bool state = line.what == What::Stage || line.what == What::Outside || line.what == What::Score;
  std::string text = asked_text(line, *world.bound.module) + " ";
  if (line.negated) text = negation(text);
  if (!state || line.span != TestLine::Span::Here) {
    const bool throughout = state && line.span == TestLine::Span::For;
    return text + (throughout ? "all the time " : "") + span_text(question, world);
  }
  return text + "at " + clock_text(question.clock, world);
}

}  // namespace nurture::testing
