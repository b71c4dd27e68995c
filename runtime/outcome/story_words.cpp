#include "runtime/outcome/story_words.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/base/check.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/vm/vm.h"

namespace nurture::outcome {
namespace {

template <typename Table>
const auto& at(const Table& table, std::int64_t index) {
  NURTURE_CHECK(index >= 0 && static_cast<std::size_t>(index) < table.size());
  return table[static_cast<std::size_t>(index)];
}

std::string quoted(std::string_view text) { return text.empty() ? "" : fmt::format(": “{}”", text); }

/// What might have happened and did not, or not yet.
constexpr std::array kNotDone{Kind::Refused,        Kind::Deferred,     Kind::Suppressed,       Kind::Skipped,
                              Kind::Exhausted,      Kind::GaveUp,       Kind::Cancelled,        Kind::Pending,
                              Kind::HeldOut,        Kind::GoalCensored, Kind::AlreadyWithSales, Kind::PromiseMissed,
                              Kind::OrphanReaction, Kind::NotAssigned,  Kind::PropertyOpen,     Kind::PropertyViolated};

bool is_not_done(Kind kind) { return std::find(kNotDone.begin(), kNotDone.end(), kind) != kNotDone.end(); }

}  // namespace

const bytecode::Campaign& StoryWords::campaign(const Outcome& o) const { return at(module_.campaigns, o.campaign); }

std::string StoryWords::clock(const Outcome& o, Instant when) const { return clock_text(when, zone_of(module_, o)); }

std::string StoryWords::asking(const Outcome& o) const {
  std::string names = asked_for(module_, o);
  return names.empty() ? "" : ", asking for " + names;
}

std::string StoryWords::message(const Outcome& o) const {
  return fmt::format("{} ({})", content_name(module_, o.a), channel_of(module_, o.a));
}

StoryLine StoryWords::line(const Outcome& o) {
  StoryLine line;
  line.tone = is_not_done(o.kind) ? StoryLine::Tone::NotDone : StoryLine::Tone::Done;
  line.action = kind_word(o.kind);
  line.rule = kind_rule(o.kind);
  if (o.campaign != bytecode::kNone) {
    line.campaign = name_of(module_, campaign(o).name);
    line.where = place_text(module_, o.place);
  }
  line.text = sentence(o);
  return line;
}

std::string StoryWords::sentence(const Outcome& o) {
  switch (o.kind) {
    case Kind::Began:
      return o.of_account() ? "the account begins here" : "the lead begins here";
    case Kind::StageLeft:
      return {};
    case Kind::Entered:
    case Kind::HeldOut:
    case Kind::Refused:
    case Kind::StageEntered:
    case Kind::Exited:
    case Kind::InFlight:
      return membership_sentence(o);
    case Kind::TriggerFired:
      return fmt::format("matched “{}”", reaction_text(module_, campaign(o), o.place));
    case Kind::WaitBegan:
      return wait_began(o);
    case Kind::WaitEnded:
      return wait_ended(o);
    case Kind::Split: {
      const bytecode::SplitSite& split = at(campaign(o).splits, o.a);
      return fmt::format("split {}: drawn into {}", name_of(module_, split.name),
                         name_of(module_, at(split.branches, o.b).name));
    }
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
      return send_sentence(o);
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::Answered:
    case Kind::PromiseMissed:
      return sales_sentence(o);
    case Kind::Assigned:
    case Kind::NotAssigned:
    case Kind::Notified:
    case Kind::LeadSet:
    case Kind::Remembered:
      return work_sentence(o);
    case Kind::ScoreChanged:
      return score_sentence(o);
    case Kind::HistoryCut:
      return fmt::format("“{}” looks at the latest {} events only", name_of(module_, at(module_.histories, o.a).label),
                         module_.history_max == 0 ? bytecode::kHistoryMax : module_.history_max);
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      return fmt::format("{} {}", action_word(o.kind), action_target(module_, o.kind, o.a));
    case Kind::GoalCredited:
    case Kind::GoalCensored:
      return goal_sentence(o);
    case Kind::SentToLeads:
      return fmt::format("sends {} to {} of its leads",
                         name_of(module_, at(module_.contents, at(campaign(o).sends, o.a).content).name), o.b);
    case Kind::MergedInto:
    case Kind::Merged:
    case Kind::MovedHere:
      return merged_sentence(o);
    case Kind::Reacted:
      return "assumed, not in the log";
    case Kind::PropertyViolated: {
      const bytecode::Property& property = at(module_.properties, o.a);
      return fmt::format("violates “{}”: {}", name_of(module_, property.name),
                         violation_text(module_, property, o.at, o.b, zone_of(module_, o)));
    }
    case Kind::PropertyOpen:
      return fmt::format("whether “{}” holds is not decided yet", name_of(module_, at(module_.properties, o.a).name));
    case Kind::OrphanReaction:
      return "a reaction to a message that this run never sent";
  }
  return {};
}

// Memberships and waits ---------------------------------------------------------------------------

std::string StoryWords::membership_sentence(const Outcome& o) {
  const bytecode::Campaign& c = campaign(o);
  if (o.kind == Kind::Refused) return refused(o);
  if (o.kind == Kind::Entered) return fmt::format("entered, by “{}”", entry_label(module_, c, o.a));
  if (o.kind == Kind::HeldOut) return "entered as held out: gets nothing, and is compared with those who do";
  if (o.kind == Kind::StageEntered) {
    std::string_view stage = name_of(module_, at(c.stages, o.stage).name);
    if (o.a == bytecode::kNone) return fmt::format("begins in stage {}", stage);
    if (o.a == o.stage) return fmt::format("begins stage {} anew", stage);
    return fmt::format("goes on to stage {}", stage);
  }
  if (o.kind == Kind::Exited) {
    std::string_view reason = name_of(module_, at(c.reasons, o.a));
    left_.push_back({o.campaign, o.at, std::string(reason)});
    return fmt::format("left as {}, after {}", reason, duration_text(o.b));
  }
  std::string in = o.stage == bytecode::kNone
                       ? " as held out"
                       : fmt::format(", in stage {}", name_of(module_, at(c.stages, o.stage).name));
  std::string doing = o.a == bytecode::kNone ? "" : fmt::format(": {}", state_label(module_, c, o.a));
  return fmt::format("still inside{}{}", in, doing);
}

std::string StoryWords::refused(const Outcome& o) {
  auto cause = static_cast<RefusalCause>(o.a);
  const bytecode::Campaign& c = campaign(o);
  std::string text = fmt::format("not entered by “{}”: ", entry_label(module_, c, o.b));
  auto last = std::find_if(left_.rbegin(), left_.rend(), [&](const Left& l) { return l.campaign == o.campaign; });
  if (cause != RefusalCause::Reentry || last == left_.rend()) return text + std::string(refusal_text(cause));
  text += fmt::format("was here before, left {} as {}, ", clock(o, last->at), last->reason);
  if (c.reenter != bytecode::Reenter::After) return text + "and nobody comes back (reenter never)";
  Duration after = at(module_.constants, c.reenter_after).value.duration();
  auto opens = calendar::add(last->at, after, zone_of(module_, o));
  return text + fmt::format("may come back after {}{}", calendar::format_duration(after),
                            opens ? ": from " + clock(o, *opens) : "");
}

std::string StoryWords::wait_began(const Outcome& o) const {
  const bytecode::State& state = at(campaign(o).states, o.a);
  if (state.kind == bytecode::StateKind::Deferred) return {};
  std::string_view label = name_of(module_, state.label);
  if (o.b == kNever) return fmt::format("waits until something happens (“{}”)", label);
  return fmt::format("waits until {} (“{}”)", clock(o, o.b), label);
}

std::string StoryWords::wait_ended(const Outcome& o) const {
  const bytecode::State& state = at(campaign(o).states, o.a);
  if (state.kind == bytecode::StateKind::Deferred || o.b == static_cast<std::int64_t>(WaitEnd::Horizon)) return {};
  std::string_view label = name_of(module_, state.label);
  if (o.b == static_cast<std::int64_t>(WaitEnd::Timer)) return fmt::format("the time to wait is up (“{}”)", label);
  if (o.b == static_cast<std::int64_t>(WaitEnd::Left)) return fmt::format("waits no longer (“{}”)", label);
  const bytecode::Trigger& handler = at(state.handlers, o.b - static_cast<std::int64_t>(WaitEnd::Handler));
  return fmt::format("the wait is over, by “{}”", name_of(module_, handler.label));
}

// Messages ----------------------------------------------------------------------------------------

StoryWords::HeldBack* StoryWords::held_back(const Outcome& o) {
  auto found = std::find_if(held_.begin(), held_.end(), [&](const HeldBack& h) {
    return h.campaign == o.campaign && h.membership == o.membership && h.site == o.b && h.account == o.account;
  });
  return found == held_.end() ? nullptr : &*found;
}

std::string StoryWords::why_not_now(const Outcome& o, Detail detail) const {
  if (detail != Detail::WithSales || with_sales_since_ == kNever) return why_text(module_, detail, o.rule);
  return fmt::format("with sales since {} ({})", clock(o, with_sales_since_), with_sales_by_);
}

void StoryWords::not_sent(const Outcome& o, std::string became) {
  not_sent_.push_back({o.at, std::string(name_of(module_, campaign(o).name)), std::string(content_name(module_, o.a)),
                       std::string(channel_of(module_, o.a)), why_not_now(o, o.detail), std::move(became),
                       place_text(module_, o.place)});
}

std::string StoryWords::send_sentence(const Outcome& o) {
  if (o.kind == Kind::Deferred) return deferred(o);
  if (o.detail != Detail::AlreadyPending && held_back(o) != nullptr) {
    if (o.kind == Kind::Sent) return ended_later(o, "sent");
    if (o.kind == Kind::GaveUp) return ended_later(o, "given up");
    if (o.kind == Kind::Cancelled) return ended_later(o, "dropped, since the lead moved on");
    if (o.kind == Kind::Pending) return ended_later(o, "still held back");
    if (o.kind == Kind::Suppressed) return ended_later(o, "suppressed, " + why_not_now(o, o.detail));
    if (o.kind == Kind::Exhausted) return ended_later(o, "nothing left to send");
    return ended_later(o, "skipped, " + why_not_now(o, o.detail));
  }
  if (o.kind == Kind::Sent) return fmt::format("sent {}{}{}", message(o), quoted(o.text), asking(o));
  std::string_view word = o.kind == Kind::Suppressed  ? "suppressed"
                          : o.kind == Kind::Exhausted ? "nothing left to send"
                          : o.kind == Kind::GaveUp    ? "given up"
                          : o.kind == Kind::Cancelled ? "dropped"
                                                      : "skipped";
  not_sent(o, std::string(word));
  std::string why = why_not_now(o, o.detail);
  return fmt::format("no {}: {}{}", message(o), word, why.empty() ? "" : ", " + why);
}

std::string StoryWords::deferred(const Outcome& o) {
  if (held_back(o) != nullptr) return fmt::format("no {} yet: {}", message(o), why_not_now(o, o.detail));
  not_sent(o, "still held back at the end");
  held_.push_back({o.campaign, o.membership, o.b, o.account, not_sent_.size() - 1});
  return fmt::format("no {} yet: held back, {}", message(o), why_not_now(o, o.detail));
}

std::string StoryWords::ended_later(const Outcome& o, std::string_view how) {
  HeldBack* held = held_back(o);
  NotSent& entry = not_sent_[held->index];
  if (o.kind != Kind::Pending) entry.became = fmt::format("{} {}", how, clock(o, o.at));
  std::string due = clock(o, entry.at);
  held_.erase(held_.begin() + (held - held_.data()));
  if (o.kind == Kind::Sent)
    return fmt::format("sent {}{}{}; it was due {}", message(o), quoted(o.text), asking(o), due);
  return fmt::format("no {}: {}; it was due {}", message(o), how, due);
}

// Sales -------------------------------------------------------------------------------------------

std::string StoryWords::handed_off(const Outcome& o) {
  with_sales_since_ = o.at;
  with_sales_by_ = fmt::format("handed over by {}", name_of(module_, campaign(o).name));
  const bytecode::HandOffSite& site = at(campaign(o).hand_offs, o.a);
  std::string text = "handed to sales" + quoted(o.text);
  if (site.answer_within == bytecode::kNone) return text;
  Duration within = at(module_.constants, site.answer_within).value.duration();
  return text + fmt::format("; an answer is promised within {}", calendar::format_duration(within));
}

std::string StoryWords::promise(const Outcome& o) const {
  for (const bytecode::HandOffSite& site : campaign(o).hand_offs) {
    if (site.place != o.place || site.answer_within == bytecode::kNone) continue;
    Duration within = at(module_.constants, site.answer_within).value.duration();
    return fmt::format("sales did not answer within {}", calendar::format_duration(within));
  }
  return "sales did not answer in time";
}

std::string StoryWords::sales_sentence(const Outcome& o) {
  if (o.kind == Kind::HandedOff) return handed_off(o);
  if (o.kind == Kind::AlreadyWithSales) return "not handed over again: " + why_not_now(o, Detail::WithSales);
  if (o.kind == Kind::TakenBack) return "taken back from sales";
  if (o.kind == Kind::PromiseMissed) return promise(o);
  if (o.kind == Kind::Answered) return fmt::format("sales answered, after {}", duration_text(o.b));
  if (o.kind == Kind::HoldBegan && o.account != store::kNoLead) {
    with_sales_since_ = o.at;
    with_sales_by_ = fmt::format("handed over with account {}", store_.texts.at(at(store_.leads, o.account)));
    return "with sales from here on, together with its account";
  }
  if (o.kind == Kind::HoldBegan) {
    with_sales_since_ = o.at;
    with_sales_by_ = name_of(module_, at(module_.schema.kinds, o.a).name);
    return "with sales from here on";
  }
  with_sales_since_ = kNever;
  std::string_view why = static_cast<HoldEnd>(o.a) == HoldEnd::Expired ? "the longest time was up"
                         : static_cast<HoldEnd>(o.a) == HoldEnd::Event ? "by this event"
                                                                       : "taken back";
  return fmt::format("no longer with sales, after {}: {}", duration_text(o.b), why);
}

// Work, attributes, goals -------------------------------------------------------------------------

std::string StoryWords::work_sentence(const Outcome& o) const {
  if (o.kind == Kind::Notified) return fmt::format("told {}{}", o.text.empty() ? "somebody" : o.text, quoted(o.text2));
  if (o.kind == Kind::NotAssigned) {
    const bytecode::AssignSite& site = at(campaign(o).assigns, o.a);
    return fmt::format("no {}: {}", work_word(site.kind), why_text(module_, o.detail, o.rule));
  }
  if (o.kind == Kind::Assigned) {
    const bytecode::AssignSite& site = at(campaign(o).assigns, o.a);
    std::string text =
        fmt::format("{} for {}{}", work_word(site.kind), o.text.empty() ? "somebody" : o.text, quoted(o.text2));
    return o.b == kNever ? text : text + ", due " + clock(o, o.b);
  }
  if (o.kind == Kind::Remembered) {
    return fmt::format("remembers {}{}", name_of(module_, static_cast<bytecode::StringIndex>(o.a)), quoted(o.text));
  }
  const bytecode::Field& field = at(module_.schema.lead, o.a);
  if (!o.value.known) return fmt::format("clears lead.{}", name_of(module_, field.name));
  std::string value = vm::format_value(o.value, field.type, store_.texts, store_.lists, zone_of(module_, o));
  return fmt::format("sets lead.{} to “{}”", name_of(module_, field.name), value);
}

std::string StoryWords::score_sentence(const Outcome& o) const {
  std::string_view name = name_of(module_, at(module_.scores, o.a).name);
  if (!o.value.known) return fmt::format("score.{} is reset to 0", name);
  const double points = o.value.number();
  return fmt::format("score.{} {} by {:g}, to {}", name, points < 0 ? "falls" : "grows", points < 0 ? -points : points,
                     score_text(o.b));
}

std::string StoryWords::merged_sentence(const Outcome& o) {
  const std::string_view other = store_.texts.at(at(store_.leads, o.a));
  if (o.kind == Kind::MergedInto) return fmt::format("is the same person as “{}”, and goes on as that lead", other);
  if (o.kind == Kind::Merged)
    return fmt::format("“{}” is the same person: from here on this lead stands for both", other);
  if (!o.value.truth()) return fmt::format("takes over what “{}” has been through", other);
  const std::string in = o.stage == bytecode::kNone
                             ? " as held out"
                             : fmt::format(", in stage {}", name_of(module_, at(campaign(o).stages, o.stage).name));
  return fmt::format("takes over the membership of “{}”{}", other, in);
}

std::string StoryWords::goal_sentence(const Outcome& o) const {
  const bytecode::Goal& goal = at(campaign(o).goals, o.a);
  std::string_view name = name_of(module_, goal.name);
  if (o.kind == Kind::GoalCensored) return fmt::format("goal {} not reached, and its time is not over", name);
  std::string worth =
      o.value.known ? ", worth " + vm::format_value(o.value, {TypeKind::Decimal}, store_.texts, store_.lists, nullptr)
                    : "";
  return fmt::format("goal {} reached, {} after {}{}", name, duration_text(o.b),
                     goal.of_send ? "the last message" : "entry", worth);
}

// Remarks -----------------------------------------------------------------------------------------

const bytecode::Campaign* StoryWords::campaign_of(const Remark& remark) const {
  if (remark.campaign != bytecode::kNone) return &at(module_.campaigns, remark.campaign);
  if (remark.kind != Remark::Kind::EntryUnmatched) return nullptr;
  for (const bytecode::Campaign& c : module_.campaigns) {
    for (const bytecode::Entry& entry : c.entries) {
      if (entry.place == remark.place) return &c;
    }
  }
  return nullptr;
}

StoryLine StoryWords::line(const Remark& r) {
  const bytecode::Campaign* c = campaign_of(r);
  StoryLine line{StoryLine::Tone::NotDone, "", "", "", "", c != nullptr ? place_text(module_, r.place) : ""};
  if (c != nullptr) line.campaign = name_of(module_, c->name);
  auto set = [&](std::string_view action, std::string_view rule, std::string text) {
    line.action = action;
    line.rule = rule;
    line.text = std::move(text);
  };
  std::string label = c != nullptr ? reaction_text(module_, *c, r.place) : "";
  std::uint32_t condition = std::uint32_t{r.campaign} << 16 | static_cast<std::uint16_t>(r.a);
  auto told = std::find(told_false_.begin(), told_false_.end(), condition);
  switch (r.kind) {
    case Remark::Kind::EventRead:
    case Remark::Kind::TimerDue:
      break;
    case Remark::Kind::EntryUnmatched:
      set("entry_unmatched", "§5.1", fmt::format("not entered: “{}” asks for something else", label));
      break;
    case Remark::Kind::TriggerUnmatched:
      set("trigger_unmatched", "§5.3", fmt::format("no match: “{}” asks for something else", label));
      break;
    case Remark::Kind::MachineIgnored:
      set("machine_ignored", "§3.3", "not counted: a machine did it, not the lead");
      break;
    case Remark::Kind::ConditionFalse:
      set("condition_false", "§5.4", fmt::format("not yet: “{}” does not hold", label));
      if (told != told_false_.end()) line.tone = StoryLine::Tone::Same;
      if (told == told_false_.end()) told_false_.push_back(condition);
      break;
    case Remark::Kind::AlreadyInside:
      set("already_inside", "§5.1", "already inside: no new entry");
      break;
    case Remark::Kind::StillDeferred: {
      const auto rule = static_cast<std::uint16_t>(r.b);
      set("still_deferred", "§5.5",
          fmt::format("no {} yet: asked again, {}", content_name(module_, r.a),
                      why_text(module_, rule == bytecode::kNone ? Detail::WithSales : Detail::None, rule)));
      break;
    }
    case Remark::Kind::SettledTrue:
      set("condition_true", "§5.4", fmt::format("“{}” holds now", label));
      line.tone = StoryLine::Tone::Done;
      if (told != told_false_.end()) told_false_.erase(told);
      break;
  }
  return line;
}

}  // namespace nurture::outcome
