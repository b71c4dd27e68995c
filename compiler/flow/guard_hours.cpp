#include "compiler/flow/guard_hours.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "compiler/flow/blocks.h"
#include "compiler/flow/domain.h"
#include "compiler/flow/length.h"
#include "compiler/sema/walk.h"

namespace nurture::flow {

namespace {

using ast::as;
using ast::NodeKind;

constexpr Range kWeek{0, 7 * kDay - 1};
/// Where clocks are changed at night, a time may be another than was asked for.
constexpr std::int64_t kSettled = 4 * kHour;
constexpr std::uint8_t kEveryDay = 0x7f;

Ranges tidy(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
  Ranges made;
  for (const Range& each : ranges) {
    if (!made.empty() && each.low <= made.back().high + 1) {
      made.back().high = std::max(made.back().high, each.high);
    } else {
      made.push_back(each);
    }
  }
  return made;
}

/// A range that wraps midnight belongs to the day it began; one that wraps Sunday's goes on with the week.
void add_span(Ranges& ranges, std::uint8_t weekdays, std::int64_t from, std::int64_t to) {
  const std::int64_t length = to > from ? to - from : to - from + kDay;
  for (std::int64_t day = 0; day < 7; ++day) {
    if ((weekdays >> day & 1) == 0) continue;
    const std::int64_t begin = day * kDay + from, end = begin + length - 1;
    ranges.push_back({begin, std::min(end, kWeek.high)});
    if (end > kWeek.high) ranges.push_back({0, end - kWeek.high - 1});
  }
}

/// When a rule lets something out, week by week; calendars only take away from it.
struct Opening {
  const sema::Rule* rule = nullptr;
  std::string zone;  ///< empty: the lead's
  Ranges open;
  bool gives_up = false;  ///< `never … outside`: what comes at another time is not sent at all
};

std::optional<Opening> opening_of(const sema::Model& model, const sema::Rule& rule) {
  using Kind = ast::Clause::Kind;
  const ast::Clause& clause = *rule.clause;
  if (rule.governs != sema::Rule::Governs::Sends) return std::nullopt;
  Opening made{&rule, rule.zone, {}, clause.kind == Kind::Never};
  if (clause.kind == Kind::Quiet) {
    Ranges quiet;
    add_span(quiet, kEveryDay, clause.from_time, clause.to_time);
    made.open = without(kWeek, tidy(quiet));
    return made;
  }
  const bool outside = clause.kind == Kind::Never && !clause.condition && clause.after.empty();
  if ((clause.kind != Kind::SendOnlyIn && !outside) || rule.window == sema::kNoIndex) return std::nullopt;
  const sema::Window& window = model.windows[rule.window];
  for (const ast::WindowSpan& span : window.decl->spans) add_span(made.open, span.weekdays, span.from, span.to);
  made.open = tidy(made.open);
  made.zone = window.zone;
  return made;
}

std::string clock_text(std::int64_t in_week) {
  static constexpr std::array kDays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  return fmt::format("{} {:02}:{:02}", kDays[static_cast<std::size_t>(in_week / kDay)], in_week % kDay / kHour,
                     in_week % kHour / kMinute);
}

/// How long from an instant of the week to the next that is open.
std::optional<std::int64_t> until_open(const Ranges& open, std::int64_t now) {
  for (const Range& each : open) {
    if (each.high >= now) return std::max<std::int64_t>(0, each.low - now);
  }
  if (open.empty()) return std::nullopt;
  return open.front().low + kWeek.high + 1 - now;
}

/// Which instants of the week it can be.
struct Clock {
  std::vector<std::int64_t> instants;
  std::string zone;
  Span since;  ///< what says so
};
using Known = std::optional<Clock>;

class Hours {
 public:
  Hours(const sema::Model& model, const sema::Campaign& campaign, Diagnostics& diagnostics)
      : model_(model), campaign_(campaign), diagnostics_(diagnostics) {
    for (const auto* rules : {&campaign.rules, &model.rules}) {
      for (const sema::Rule& rule : *rules) {
        if (auto opening = opening_of(model, rule)) openings_.push_back(std::move(*opening));
      }
    }
  }

  void run() {
    if (openings_.empty() || campaign_.decl->for_account) return;
    for (std::size_t i = 0; i < campaign_.stages.size(); ++i) {
      const ast::Clause& clause = *campaign_.stages[i].clause;
      for (const ast::Trigger& trigger : clause.triggers) block(trigger.body, std::nullopt);
      block(clause.body, i == 0 ? entered() : std::nullopt);
    }
    for (const ast::Clause* each : campaign_.triggers) block(each->trigger.body, std::nullopt);
  }

 private:
  Known at(const ast::When& when, Span span) const;
  Known entered() const;
  Known block(const ast::Block& block, Known clock);
  Known statement(const ast::Stmt& stmt, const Known& clock);
  Known waited(const ast::Wait& wait, const Known& clock);
  void send(const ast::Send& send, const Known& clock);
  void never_open(const ast::Send& send, const std::vector<const Opening*>& openings);
  void report(const ast::Send& send, const Clock& clock, const std::vector<const Opening*>& openings);
  const sema::Content* marketing(const ast::Send& send) const;

  const sema::Model& model_;
  const sema::Campaign& campaign_;
  Diagnostics& diagnostics_;
  std::vector<Opening> openings_;
  std::vector<std::string> told_;  ///< channels for which nothing is ever open
};

Known Hours::at(const ast::When& when, Span span) const {
  const auto* time = ast::try_as<ast::TimeLit>(when.time);
  if (!time || when.target || time->time_of_day < kSettled) return std::nullopt;
  Clock made{{}, when.zone, span};
  for (std::int64_t day = 0; day < 7; ++day) {
    if (when.weekdays == 0 || (when.weekdays >> day & 1) != 0) made.instants.push_back(day * kDay + time->time_of_day);
  }
  return made;
}

/// Where all come in at the same time of day.
Known Hours::entered() const {
  if (campaign_.enrolled || campaign_.entries.size() != 1) return std::nullopt;
  const ast::Clause& clause = *campaign_.entries.front();
  const bool first = !clause.name || clause.name.text == campaign_.stages.front().name;
  if (clause.entry != ast::Clause::EntryForm::Every || !first || clause.or_at_once_if_late) return std::nullopt;
  bool back = false;
  const auto look = [&](const ast::Block& body) {
    sema::for_each_statement(body, [&](const ast::Stmt& stmt) {
      const auto* going = ast::try_as<ast::GoTo>(&stmt);
      back =
          back || stmt.kind == NodeKind::RestartStage || (going && going->stage.text == campaign_.stages.front().name);
    });
  };
  for (const sema::Stage& stage : campaign_.stages) {
    look(stage.clause->body);
    for (const ast::Trigger& trigger : stage.clause->triggers) look(trigger.body);
  }
  for (const ast::Clause* each : campaign_.triggers) look(each->trigger.body);
  return back ? std::nullopt : at(clause.at, clause.span);
}

Known Hours::block(const ast::Block& block, Known clock) {
  for (const ast::Stmt* each : block.statements) clock = statement(*each, clock);
  return clock;
}

Known Hours::statement(const ast::Stmt& stmt, const Known& clock) {
  switch (stmt.kind) {
    case NodeKind::Send: {
      const auto& sent = as<ast::Send>(stmt);
      send(sent, clock);
      if (sent.otherwise) block(*sent.otherwise, std::nullopt);
      return sent.now_or_skip ? clock : std::nullopt;
    }
    case NodeKind::Wait:
      return waited(as<ast::Wait>(stmt), clock);
    case NodeKind::Repeat: {
      const auto& repeat = as<ast::Repeat>(stmt);
      block(repeat.body, repeat.every ? std::nullopt : at(repeat.at, repeat.head));
      return std::nullopt;
    }
    case NodeKind::If:
    case NodeKind::SplitStmt: {
      bool plain = true;  // whoever comes out does so at once
      sema::for_each_block(stmt, [&](const ast::Block& inner, bool) {
        block(inner, clock);
        sema::for_each_statement(inner, [&](const ast::Stmt& each) {
          plain = plain && each.kind != NodeKind::Send && each.kind != NodeKind::Wait && each.kind != NodeKind::Repeat;
        });
      });
      return plain ? clock : std::nullopt;
    }
    default:
      return clock;  // every other statement works at one instant
  }
}

Known Hours::waited(const ast::Wait& wait, const Known& clock) {
  bool moves_on = false;
  for (const ast::Trigger& handler : wait.handlers) {
    block(handler.body, std::nullopt);
    sema::for_each_statement(handler.body,
                             [&](const ast::Stmt& stmt) { moves_on = moves_on || stmt.kind == NodeKind::MoveOn; });
  }
  Known after;
  const bool limited = wait.at_least || wait.at_most || wait.business_days || wait.window;
  if (wait.form == ast::Wait::Form::Until && !limited) {
    after = at(wait.until, wait.head.end > wait.head.begin ? wait.head : wait.span);
  } else if (clock && wait.duration && !limited) {
    const auto length = constant_duration(model_, wait.duration);
    if (length && length->months == 0 && length->micros == 0) {
      after = clock;
      for (std::int64_t& each : after->instants) each = (each + length->days * kDay) % (kWeek.high + 1);
    }
  }
  if (wait.otherwise) {
    Known out = block(*wait.otherwise, after);
    if (!moves_on) return out;
  }
  return moves_on ? std::nullopt : after;
}

/// What it sends, where windows and quiet hours are for it.
const sema::Content* Hours::marketing(const ast::Send& send) const {
  if (send.what == ast::Send::What::FirstPermitted) return nullptr;
  const sema::Content* first = nullptr;
  for (std::uint32_t each : model_.contents_of(send)) {
    const sema::Content& content = model_.contents[each];
    if (content.message_class != sema::Content::Class::Marketing) return nullptr;
    if (!first) first = &content;
    if (first->channel != content.channel) return nullptr;
  }
  return first;
}

void Hours::send(const ast::Send& send, const Known& clock) {
  const sema::Content* content = marketing(send);
  if (!content || send.to_leads) return;
  std::vector<const Opening*> lead, same;
  for (const Opening& each : openings_) {
    if (!each.rule->channel.empty() && each.rule->channel != content->channel) continue;
    if (each.zone.empty()) lead.push_back(&each);
    if (clock && each.zone == clock->zone) same.push_back(&each);
  }
  Ranges open{kWeek};
  for (const Opening* each : lead) open = common(open, each->open);
  if (open.empty()) {
    const bool told = std::find(told_.begin(), told_.end(), content->channel) != told_.end();
    told_.push_back(content->channel);
    if (!told) never_open(send, lead);
    return;
  }
  if (clock && !same.empty()) report(send, *clock, same);
}

void Hours::never_open(const ast::Send& send, const std::vector<const Opening*>& openings) {
  Diagnostic& said =
      diagnostics_.report(DiagnosticId::NeverSent, send.span, "the hours in which it may go out exclude each other");
  for (const Opening* each : openings) said.labels.push_back({each->rule->clause->span, "one of them"});
  said.hint = "Make the hours overlap, or leave one of them out.";
}

void Hours::report(const ast::Send& send, const Clock& clock, const std::vector<const Opening*>& openings) {
  Ranges open{kWeek};
  for (const Opening* each : openings) open = common(open, each->open);
  std::int64_t soonest = kWeek.high + 1, opens = 0;
  bool refused = true;
  for (std::int64_t now : clock.instants) {
    const auto delay = until_open(open, now);
    if (!delay || *delay == 0) return;
    if (*delay < soonest) {
      soonest = *delay;
      opens = (now + *delay) % (kWeek.high + 1);
    }
    refused = refused && std::any_of(openings.begin(), openings.end(), [&](const Opening* each) {
                return each->gives_up && until_open(each->open, now) != 0;
              });
  }
  const auto longest = send.for_up_to ? constant_duration(model_, send.for_up_to) : std::nullopt;
  const bool given_up = longest && soonest > longest->nominal() + kHour;
  const bool never = refused || send.now_or_skip || given_up;
  Diagnostic& said =
      never ? diagnostics_.report(DiagnosticId::NeverSent, send.span,
                                  refused            ? "it is forbidden at the hour at which it comes"
                                  : send.now_or_skip ? "its window is closed when it comes, and it is skipped then"
                                                     : "it is given up before its window opens")
            : diagnostics_.report(DiagnosticId::AlwaysWaits, send.span);
  said.labels.push_back({clock.since, clock.instants.size() == 1 ? "it comes on " + clock_text(clock.instants.front())
                                                                 : "this says when it comes"});
  for (const Opening* each : openings) {
    const bool closed = std::any_of(clock.instants.begin(), clock.instants.end(),
                                    [&](std::int64_t now) { return until_open(each->open, now) != 0; });
    if (closed) said.labels.push_back({each->rule->clause->span, "this is closed then"});
  }
  said.hint = "It may go out from " + clock_text(opens) + " on: come at such a time, or open the window earlier.";
}

}  // namespace

void review_hours(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics) {
  Hours(model, model.campaigns[graph.campaign], diagnostics).run();
}

}  // namespace nurture::flow
