// Whether a message may go out now, or when, or why not (§5.5 to §5.7): the one place where all rules meet.
#include <algorithm>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using bytecode::MessageClass;
using bytecode::Rule;
using bytecode::RuleKind;
using outcome::Detail;

namespace {

/// Rules open and close in turn, once a day or so; so many turns without a common instant are years.
constexpr int kMostTurns = 1'000;

Detail detail_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::Never:
      return Detail::Never;
    case RuleKind::Window:
      return Detail::Window;
    case RuleKind::Quiet:
      return Detail::Quiet;
    case RuleKind::Limit:
      return Detail::Limit;
    case RuleKind::Holdout:
      return Detail::Holdout;
    case RuleKind::Throttle:
      break;
  }
  return Detail::None;
}

}  // namespace

/// What a send statement would send now.
Permission Replay::ask(const bytecode::SendSite& site, const CampaignPlan& plan) {
  if (site.stream != kNone) return ask_stream(module().streams[site.stream], plan);
  if (site.choices.empty()) return ask_content(site.content, plan);
  Permission best;
  for (std::uint16_t content : site.choices) {
    const Permission each = ask_content(content, plan);
    if (each.answer == Permission::Answer::Now) return each;
    const bool first = best.answer == Permission::Answer::Now;
    const bool sooner =
        each.answer == Permission::Answer::Later && (best.answer != Permission::Answer::Later || each.at < best.at);
    if (first || sooner) best = each;
  }
  return best;
}

/// The first content that the lead has not been sent, or not for long, and that is there today; where nothing may be
/// sent yet, one that will be there may hold the statement until then.
Permission Replay::ask_stream(const bytecode::Stream& stream, const CampaignPlan& plan) {
  std::uint16_t coming = kNone;
  for (std::uint16_t content : stream.contents) {
    const LedgerRow& row = lead_.ledger[content];
    const bool again = stream.again_after != kNone && row.times > 0 &&
                       step_.now >= later(row.last, program_.duration(stream.again_after), row.zone);
    if (row.times > 0 && !again) continue;
    const Dates dates = dates_of(content);
    if (dates == Dates::Within) return ask_content(content, plan);
    if (dates == Dates::Before && coming == kNone) coming = content;
  }
  if (coming != kNone) {
    const Permission later = ask_content(coming, plan);
    if (later.answer == Permission::Answer::Later) return later;
  }
  Permission none;
  none.answer = Permission::Answer::Exhausted;
  none.content = stream.contents.front();
  return none;
}

Replay::Dates Replay::dates_of(std::uint16_t index) const {
  const bytecode::Content& content = module().contents[index];
  if (content.available_from == kNone && content.available_until == kNone) return Dates::Within;
  const auto date = [&](std::uint16_t constant) { return module().constants[constant].value.bits; };
  const std::int64_t today = calendar::to_local(step_.now, lead_.zone).date;
  if (content.available_until != kNone && today > date(content.available_until)) return Dates::Over;
  return content.available_from != kNone && today < date(content.available_from) ? Dates::Before : Dates::Within;
}

/// Of what may be sent later only, the dates are asked then; those that are over do not come again.
Permission Replay::ask_content(std::uint16_t index, const CampaignPlan& plan) {
  Permission asked = ask_rules(index, plan);
  const Dates dates = dates_of(index);
  const bool early = dates == Dates::Before && asked.answer != Permission::Answer::Later;
  if (dates != Dates::Over && !early) return asked;
  Permission skipped;
  skipped.content = index;
  skipped.at = step_.now;
  skipped.answer = Permission::Answer::Skipped;
  skipped.why = Detail::NotAvailable;
  return skipped;
}

Permission Replay::ask_rules(std::uint16_t index, const CampaignPlan& plan) {
  const bytecode::Content& content = module().contents[index];
  Permission asked;
  asked.content = index;
  asked.at = step_.now;
  const bool transactional = content.message_class == MessageClass::Transactional;
  const bytecode::Governs governs = transactional ? bytecode::Governs::Transactional : bytecode::Governs::Sends;
  asked.rule = forbidden_by(plan, governs, content.channel);
  if (asked.rule == kNone && !transactional && !answers_in_time(content)) {
    asked.rule = held_out_by(plan, content.channel);
    if (asked.rule == kNone) find_opening(asked, plan, content.channel);
  } else if (asked.rule != kNone) {
    asked.answer = Permission::Answer::Suppressed;
  }
  if (asked.rule == kNone) return asked;
  const RuleKind kind = module().rules[asked.rule].kind;
  if (kind == RuleKind::Holdout) asked.answer = Permission::Answer::Suppressed;
  asked.why = detail_of(kind);
  return asked;
}

bool Replay::concerns(const Rule& rule, bytecode::StringIndex channel) const {
  if (rule.channel == kNone) return true;
  return channel != kNone && program_.bound->strings[rule.channel] == program_.bound->strings[channel];
}

/// The first `never` rule that holds now; kNone: none.
std::uint16_t Replay::forbidden_by(const CampaignPlan& plan, bytecode::Governs governs, bytecode::StringIndex channel) {
  for (std::uint16_t index : plan.rules) {
    const Rule& rule = module().rules[index];
    if (rule.kind != RuleKind::Never || rule.governs != governs) continue;
    if (governs != bytecode::Governs::Work && !concerns(rule, channel)) continue;
    if (!rule.after.empty() && !begun(index)) continue;
    if (rule.window != kNone && hours_of(rule.window).contains(step_.now, zone_of(rule.window))) continue;
    if (vm::holds(frame_, nullptr, rule.condition)) return index;
  }
  return kNone;
}

/// Of `never … after …`: such an event has happened, and none since that ends it.
bool Replay::begun(std::uint16_t rule) {
  return program_.looked_back[rule] ? past_.begun(frame_, rule) : lead_.since_event[rule] != 0;
}

std::uint16_t Replay::held_out_by(const CampaignPlan& plan, bytecode::StringIndex channel) const {
  for (std::uint16_t index : plan.rules) {
    const Rule& rule = module().rules[index];
    if (rule.kind != RuleKind::Holdout || !concerns(rule, channel)) continue;
    if (drawn_out(rule.owner, rule.share)) return index;
  }
  return kNone;
}

/// The earliest instant at which nothing stands in the way; if that is later, what stands there longest. A hold comes
/// before everything: when it ends is not known.
void Replay::find_opening(Permission& asked, const CampaignPlan& plan, bytecode::StringIndex channel) {
  const bool held = lead_.hold.held && plan.code->while_with_sales != bytecode::WhileWithSales::Continue;
  Instant longest = step_.now;
  for (std::uint16_t index : plan.rules) {
    if (!concerns(module().rules[index], channel)) continue;
    const Instant opens = opening(index, step_.now);
    if (opens <= longest) continue;
    longest = opens;
    asked.rule = index;
  }
  if (held) {
    longest = std::max(longest, lead_.hold.expires);
    asked.rule = kNone;
    asked.why = Detail::WithSales;
  }
  if (!held && asked.rule == kNone) return;
  asked.answer = Permission::Answer::Later;
  asked.at = common_opening(plan, channel, longest);
}

/// The first instant from `at` on that every rule allows.
Instant Replay::common_opening(const CampaignPlan& plan, bytecode::StringIndex channel, Instant at) const {
  for (int turn = 0; turn < kMostTurns && at != kNever; ++turn) {
    const Instant before = at;
    for (std::uint16_t index : plan.rules) {
      if (at != kNever && concerns(module().rules[index], channel)) at = opening(index, at);
    }
    if (at == before) return at;
  }
  return kNever;
}

/// The earliest instant from `at` on that this rule allows.
Instant Replay::opening(std::uint16_t index, Instant at) const {
  const Rule& rule = module().rules[index];
  switch (rule.kind) {
    case RuleKind::Window:
      return hours_of(rule.window).next_inside(at, zone_of(rule.window));
    case RuleKind::Quiet:
      return hours_of(rule.window).next_outside(at, zone_of(rule.window));
    case RuleKind::Limit: {
      // The n that count longest: fewer than n count once the first of them has expired.
      const std::vector<Instant>& expiries = lead_.counted[index];
      return expiries.size() < rule.most ? at : std::max(at, expiries.front());
    }
    case RuleKind::Never:
    case RuleKind::Holdout:
    case RuleKind::Throttle:
      return at;
  }
  return at;
}

/// A sending counts towards every limit that concerns it; `plan` is null for one that the log reports.
void Replay::count_sending(const CampaignPlan* plan, bytecode::StringIndex channel) {
  const std::vector<std::uint16_t>& rules = plan != nullptr ? plan->rules : program_.everywhere;
  for (std::uint16_t index : rules) {
    const Rule& rule = module().rules[index];
    if (rule.kind != RuleKind::Limit || !concerns(rule, channel)) continue;
    std::vector<Instant>& expiries = lead_.counted[index];
    const Instant expires = after(program_.duration(rule.per));
    expiries.insert(std::upper_bound(expiries.begin(), expiries.end(), expires), expires);
    if (expiries.size() > rule.most) expiries.erase(expiries.begin());
    lead_.rules_used = true;
  }
}

void Replay::forget_rules() {
  std::fill(lead_.since_event.begin(), lead_.since_event.end(), std::uint8_t{0});
  std::fill(lead_.noted.begin(), lead_.noted.end(), store::EventIndex{0});
  for (std::vector<Instant>& expiries : lead_.counted) expiries.clear();
  lead_.rules_used = false;
}

/// A transactional message counts towards no limit, and neither does an answer in time.
bool Replay::counts(const bytecode::Content& content) const {
  return content.message_class != MessageClass::Transactional && !answers_in_time(content);
}

/// What `never … after …` remembers of events, where it is not looked for later (LeadPast::begun). One that both ends
/// and begins a rule begins it.
void Replay::note_never(std::uint16_t kind) {
  for (std::uint16_t index : program_.never_on[kind]) {
    const Rule& rule = module().rules[index];
    const auto any = [&](const std::vector<bytecode::EventMatch>& list) {
      return std::any_of(list.begin(), list.end(), [&](const bytecode::EventMatch& match) {
        return match.hears(kind) && matches(match, nullptr);
      });
    };
    if (any(rule.until)) lead_.since_event[index] = 0;
    if (any(rule.after)) lead_.since_event[index] = 1;
    lead_.rules_used = true;
  }
}

/// Whether this answers an event that the lead, not a robot, did within the last hour.
bool Replay::answers_in_time(const bytecode::Content& content) const {
  if (content.message_class != MessageClass::Answers) return false;
  const auto answers = [&](std::uint16_t kind) {
    return std::find(content.answers.begin(), content.answers.end(), kind) != content.answers.end();
  };
  const Instant since = step_.now - kHour;
  if (answers_assumed(content, since)) return true;
  if (lead_.late_at != kNever && lead_.late_at >= since && answers(program_.late_kind)) return true;
  for (store::EventIndex event = lead_.cursor; event > lead_.begin && store_.at[event - 1] >= since; --event) {
    const std::uint16_t kind = store_.kind[event - 1];
    if (!answers(kind) || !store_.visible(event - 1, lead_.cursor)) continue;
    const std::uint16_t machine = module().schema.kinds[kind].machine_property;
    EventCells cells;
    cells.show(store_, *assumed_, EventRef{kind, event - 1});
    if (machine == kNone || !cells.at(machine).truth()) return true;
  }
  return false;
}

/// §5.6, of a campaign or a policy. Tests decide it from outside.
bool Replay::drawn_out(bytecode::StringIndex owner, std::uint16_t share) const {
  if (share == 0) return false;
  if (options_.draws.holdout) return *options_.draws.holdout;
  return draw(module().seed, module().strings[owner], "holdout", store_.texts.at(store_.leads[lead_.index]),
              std::nullopt) < share;
}

const calendar::Zone* Replay::zone_of(std::uint16_t window) const {
  return program_.bound->windows[window].zone(lead_.zone);
}

const calendar::Hours& Replay::hours_of(std::uint16_t window) const { return program_.bound->windows[window].hours; }

}  // namespace nurture::engine
