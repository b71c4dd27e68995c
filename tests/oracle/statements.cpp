#include <algorithm>
#include <cmath>

#include "tests/oracle/lead_run.h"

/// Statements (§5.3, §5.6, §5.8, §5.9, §6.1, §6.2).
namespace nurture::oracle {

using ast::NodeKind;

namespace {

std::string when_text(Instant at) { return at == kNever ? "" : calendar::format_utc(at); }

}  // namespace

void LeadRun::push(Membership& m, const ast::Block* block, Running::Kind kind) {
  if (block != nullptr) m.running.push_back(Running{.kind = kind, .block = block});
}

/// Runs until the membership is suspended or ends.
void LeadRun::run_statements(Membership& m) {
  while (m.active && m.suspension.kind == Suspension::Kind::None && !m.running.empty()) {
    Running& top = m.running.back();
    if (top.next < top.block->statements.size()) {
      run_statement(m, *top.block->statements[top.next++]);
    } else if (top.kind == Running::Kind::Repeat) {
      next_run(m);
    } else {
      m.running.pop_back();
    }
  }
}

void LeadRun::run_statement(Membership& m, const ast::Stmt& stmt) {
  switch (stmt.kind) {
    case NodeKind::Send: {
      const auto& send = ast::as<ast::Send>(stmt);
      if (ask(m, send, nullptr) && send.otherwise) push(m, &*send.otherwise);
      return;
    }
    case NodeKind::Wait:
      wait(m, ast::as<ast::Wait>(stmt));
      return;
    case NodeKind::Stay:
      suspend(m, Suspension::Kind::Stay, stmt, kNever);
      return;
    case NodeKind::If:
    case NodeKind::SplitStmt:
      push(m, choose(m, stmt));
      return;
    case NodeKind::Repeat:
      start_repeat(m, ast::as<ast::Repeat>(stmt));
      return;
    case NodeKind::GoTo: {
      const std::string& name = ast::as<ast::GoTo>(stmt).stage.text;
      for (std::size_t i = 0; i < stages(m).size(); ++i) {
        if (stages(m)[i].name == name) {
          go_to(m, i, m.own_body, "left");
          return;
        }
      }
      return;
    }
    case NodeKind::RestartStage:
      go_to(m, m.stage, m.own_body, "left");
      return;
    case NodeKind::ExitStmt:
      exit(m, ast::as<ast::ExitStmt>(stmt).reason.text, nullptr, "left");
      return;
    case NodeKind::MoveOn:
      move_on(m);
      return;
    default:
      work(m, stmt);
  }
}

/// `move on`: out of the handler's body, on after its wait.
void LeadRun::move_on(Membership& m) {
  while (m.running.back().kind != Running::Kind::Handler) m.running.pop_back();
  m.running.pop_back();
  m.own_body = nullptr;
  tell_taken_wait(m);
}

LeadRun::Ran LeadRun::run_body(Membership& m, const ast::Block& block, const Body& body, const std::string& how) {
  for (const ast::Stmt* stmt : block.statements) {
    Ran ran = run_in_body(m, *stmt, body, how);
    if (ran != Ran::Through) return ran;
  }
  return Ran::Through;
}

LeadRun::Ran LeadRun::run_in_body(Membership& m, const ast::Stmt& stmt, const Body& body, const std::string& how) {
  switch (stmt.kind) {
    case NodeKind::Send: {
      const auto& send = ast::as<ast::Send>(stmt);
      bool not_sent = ask(m, send, &body);
      return not_sent && send.otherwise ? run_body(m, *send.otherwise, body, how) : Ran::Through;
    }
    case NodeKind::If:
    case NodeKind::SplitStmt: {
      const ast::Block* block = choose(m, stmt);
      return block ? run_body(m, *block, body, how) : Ran::Through;
    }
    case NodeKind::GoTo: {
      const std::string& name = ast::as<ast::GoTo>(stmt).stage.text;
      if (name == stages(m)[m.stage].name) return Ran::KeepWaiting;
      for (std::size_t i = 0; i < stages(m).size(); ++i) {
        if (stages(m)[i].name == name) {
          go_to(m, i, body.block, how);
          break;
        }
      }
      return Ran::Left;
    }
    case NodeKind::RestartStage:
      go_to(m, m.stage, body.block, how);
      return Ran::Left;
    case NodeKind::ExitStmt:
      exit(m, ast::as<ast::ExitStmt>(stmt).reason.text, body.block, how);
      return Ran::Left;
    case NodeKind::MoveOn:
      return Ran::MoveOn;
    case NodeKind::KeepWaiting:
      return Ran::KeepWaiting;
    default:
      work(m, stmt);
      return Ran::Through;
  }
}

/// Statements that neither wait nor go anywhere.
void LeadRun::work(Membership& m, const ast::Stmt& stmt) {
  std::uint32_t line = line_at(stmt.span);
  Scene sight = scene(&m);
  if (const auto* s = ast::try_as<ast::HandOff>(&stmt)) hand_off(m, *s);
  if (ast::try_as<ast::TakeBack>(&stmt) && held_) {
    tell(Kind::TakenBack, &m, line, "");
    end_hold("taken back");
  }
  if (const auto* s = ast::try_as<ast::Assign>(&stmt); s && !forbids_work(m, *s)) {
    std::string due = s->due_in ? when_text(due_after(now_, length(*s->due_in), s->business_days, s->window)) : "";
    tell(Kind::Assigned, &m, line, due, evaluate(*s->to, sight).text, words(s->note, m));
  }
  if (const auto* s = ast::try_as<ast::Notify>(&stmt)) {
    tell(Kind::Notified, &m, line, "", evaluate(*s->who, sight).text, words(s->note, m));
  }
  if (const auto* s = ast::try_as<ast::SetStmt>(&stmt)) {
    const std::string& name = s->target.parts.back().text;
    Datum value = s->value ? evaluate(*s->value, sight) : Datum::unknown();
    for (std::uint32_t i = 0; i < model_.lead.size(); ++i) {
      if (model_.lead[i].name != name) continue;
      tell(Kind::LeadSet, &m, line, name + " " + show(value));
      set_attribute(i, value);
    }
  }
  if (const auto* s = ast::try_as<ast::AddScore>(&stmt)) {
    Datum points = convert(evaluate(*s->amount, sight), TypeKind::Number, sight);
    const std::string& name = s->target.parts.back().text;
    if (!points.known) return;
    add_points(past_, model_, name, now_, std::llround(points.number * 1e6));
    tell(Kind::ScoreChanged, &m, line, name + " " + std::to_string(past_.scores[name].millionths));
  }
  if (const auto* s = ast::try_as<ast::ResetScore>(&stmt)) {
    const std::string& name = s->target.parts.back().text;
    past_.scores[name] = {0, now_};
    tell(Kind::ScoreChanged, &m, line, name + " 0");
  }
  if (const auto* s = ast::try_as<ast::Remember>(&stmt)) {
    Datum value = evaluate(*s->value, sight);
    for (std::size_t i = 0; i < m.remembered.size(); ++i) {
      if (m.campaign->remembered[i].name == s->name.text) m.remembered[i] = value;
    }
    tell(Kind::Remembered, &m, line, s->name.text + " " + show(value));
  }
  const auto ask = [&](const ast::Path& path, bool enrolls) {
    tell(enrolls ? Kind::AskedToEnroll : Kind::AskedToRemove, &m, line, path.text());
    std::uint32_t other = model_.find_campaign(path.text());
    if (runs(other)) requests_.emplace_back(other, enrolls);
  };
  if (const auto* s = ast::try_as<ast::Enroll>(&stmt)) ask(s->campaign, true);
  if (const auto* s = ast::try_as<ast::RemoveFrom>(&stmt)) ask(s->campaign, false);
  if (const auto* s = ast::try_as<ast::AudienceChange>(&stmt)) {
    tell(s->add ? Kind::AudienceJoined : Kind::AudienceLeft, &m, line, s->audience.text);
  }
  if (const auto* s = ast::try_as<ast::CallWebhook>(&stmt)) tell(Kind::WebhookCalled, &m, line, s->url);
}

/// The arm of an `if` or the branch of a split; null: none.
const ast::Block* LeadRun::choose(Membership& m, const ast::Stmt& stmt) {
  if (const auto* split = ast::try_as<ast::SplitStmt>(&stmt)) return draw_branch(m, *split);
  const auto& branch = ast::as<ast::If>(stmt);
  for (const ast::IfArm& arm : branch.arms) {
    if (true_for(arm.condition, &m)) return &arm.body;
  }
  return branch.otherwise ? &*branch.otherwise : nullptr;
}

const ast::Block* LeadRun::draw_branch(Membership& m, const ast::SplitStmt& split) {
  std::uint64_t pass = passes_[&split]++;
  std::int64_t drawn = draw(m.campaign->name, split.name.text, split.drawn_anew ? &pass : nullptr,
                            split.by_account && !belongs_to_.empty() ? belongs_to_ : key());
  std::int64_t upper = 0;
  for (const ast::SplitArm& arm : split.arms) {
    upper += arm.share / 100;
    if (drawn >= upper) continue;
    tell(Kind::Split, &m, line_at(split.span), split.name.text + " " + arm.name.text);
    return &arm.body;
  }
  return nullptr;
}

void LeadRun::suspend(Membership& m, Suspension::Kind kind, const ast::Stmt& stmt, Instant deadline) {
  tell_taken_wait(m);
  m.own_body = nullptr;
  m.suspension = {kind, &stmt, now_, deadline, ++suspensions_};
  if (kind == Suspension::Kind::Deferred) return;
  tell(Kind::WaitBegan, &m, line_at(stmt.span), deadline == kNever ? "never" : calendar::format_utc(deadline));
}

void LeadRun::wait(Membership& m, const ast::Wait& wait) {
  Datum deadline = deadline_of(m, wait, now_);
  if (!deadline.known || deadline.whole <= now_) {
    if (wait.otherwise) push(m, &*wait.otherwise);
    return;
  }
  suspend(m, Suspension::Kind::Wait, wait, deadline.whole);
  m.earliest = 0;
  if (sema::waits_for_condition(model_, wait) && wait.at_least) {
    m.earliest = after(now_, evaluate(*wait.at_least, scene(&m)).duration);
    m.earliest_due = m.earliest != kNever && m.earliest > now_;
  }
  for (const ast::Trigger* handler : handlers_of(wait)) arm(m, *handler);
  fire_handlers_at_arming(m);
}

void LeadRun::time_is_up(Membership& m) {
  Suspension was = m.suspension;
  end_suspension(m, "timer");
  if (const auto* wait = ast::try_as<ast::Wait>(was.statement)) {
    if (wait->otherwise) push(m, &*wait->otherwise);
  }
  run_statements(m);
}

/// When a wait that began at `began` is over; unknown: time has run out at once.
Datum LeadRun::deadline_of(Membership& m, const ast::Wait& wait, Instant began) {
  Datum start = Datum::of(TypeKind::DateTime, began);
  auto from_start = [&](const ast::Expr& d) { return after(began, evaluate(d, scene(&m)).duration); };
  if (sema::waits_for_condition(model_, wait)) {
    return Datum::of(TypeKind::DateTime, wait.at_most ? from_start(*wait.at_most) : kNever);
  }
  if (wait.business_days || wait.window) {
    return Datum::of(TypeKind::DateTime, due_after(began, length(*wait.duration), wait.business_days, wait.window));
  }
  if (wait.form != ast::Wait::Form::Until) {
    Datum d = evaluate(*wait.duration, scene(&m));
    return d.known ? Datum::of(TypeKind::DateTime, after(began, d.duration)) : Datum::unknown();
  }
  Datum deadline = instant_of(&m, wait.until);
  if (!deadline.known && wait.at_least) deadline = start;
  if (!deadline.known) return deadline;
  if (wait.at_least) deadline.whole = std::max(deadline.whole, from_start(*wait.at_least));
  if (wait.at_most) deadline.whole = std::min(deadline.whole, from_start(*wait.at_most));
  return deadline;
}

Datum LeadRun::instant_of(const Membership* m, const ast::When& when) {
  if (when.target && when.time) {
    Datum date = evaluate(*when.target, scene(m));
    std::int64_t clock = evaluate(*when.time, scene(m)).whole;
    return date.known ? Datum::of(TypeKind::DateTime, calendar::from_local(date.whole, clock, zone())) : date;
  }
  if (when.target) return convert(evaluate(*when.target, scene(m)), TypeKind::DateTime, scene(m));
  const calendar::Zone* in = when.zone.empty() ? zone() : calendar::find_zone(when.zone);
  std::int64_t time = when.time ? evaluate(*when.time, scene(m)).whole : 0;
  Instant at = when.weekdays ? calendar::next_weekday(now_, when.weekdays, time, when.next, in)
                             : calendar::next_time(now_, time, when.next, in);
  return Datum::of(TypeKind::DateTime, at);
}

namespace {

Duration times(Duration d, std::int64_t k) {
  return {static_cast<std::int16_t>(d.months * k), static_cast<std::int16_t>(d.days * k), d.micros * k};
}

}  // namespace

void LeadRun::start_repeat(Membership& m, const ast::Repeat& repeat) {
  push(m, &repeat.body, Running::Kind::Repeat);
  Running& run = m.running.back();
  run.repeat = &repeat;
  run.zone = repeat.at.zone.empty() ? zone() : calendar::find_zone(repeat.at.zone);
  run.first_anchor = now_;
  if (repeat.every == nullptr) {
    std::int64_t time = repeat.at.time ? evaluate(*repeat.at.time, scene(&m)).whole : 0;
    run.first_anchor = repeat.at.weekdays
                           ? calendar::next_weekday(now_, repeat.at.weekdays, time, repeat.at.next, run.zone)
                           : calendar::next_time(now_, time, repeat.at.next, run.zone);
  }
  run.anchor = run.first_anchor;
  if (run.anchor > now_) suspend(m, Suspension::Kind::Repeat, repeat, run.anchor);
}

/// A run is over: to the next anchor that has not passed. After the last one the repeat is over there.
void LeadRun::next_run(Membership& m) {
  Running& run = m.running.back();
  const ast::Repeat& repeat = *run.repeat;
  if (run.runs == repeat.times) {
    m.running.pop_back();
    return;
  }
  run.runs += 1;
  do {
    run.k += 1;
    if (repeat.every) {
      Duration every = length(*repeat.every);
      run.anchor = calendar::add(run.first_anchor, times(every, run.k), run.zone).value_or(kNever);
    } else {
      std::int64_t time = repeat.at.time ? evaluate(*repeat.at.time, scene(&m)).whole : 0;
      run.anchor = repeat.at.weekdays ? calendar::next_weekday(run.anchor, repeat.at.weekdays, time, true, run.zone)
                                      : calendar::next_time(run.anchor, time, true, run.zone);
    }
  } while (run.anchor < now_);
  run.next = run.runs == repeat.times ? run.block->statements.size() : 0;
  if (run.anchor > now_) suspend(m, Suspension::Kind::Repeat, repeat, run.anchor);
}

void LeadRun::set_attribute(std::uint32_t attribute, const Datum& value) {
  if (!same(attributes_[attribute], value)) changed_.insert(attribute);
  attributes_[attribute] = value;
  if (model_.lead[attribute].name == "timezone") zones_.emplace_back(stamp(), zone());
  if (model_.lead[attribute].name != "account") return;
  belongs_to_ = value.known ? value.text : "";
  belong();
}

/// `wait until` that names a date of the lead follows it (§6.2).
void LeadRun::follow_dates() {
  std::set<std::uint32_t> changed;
  changed.swap(changed_);
  for (Membership& m : memberships_) {
    if (changed.empty() || !m.active || m.suspension.kind != Suspension::Kind::Wait) continue;
    const auto& wait = ast::as<ast::Wait>(*m.suspension.statement);
    if (sema::waits_for_condition(model_, wait)) continue;
    std::set<std::uint32_t> named = attributes_of(wait.until.target, model_);
    bool moved = std::any_of(named.begin(), named.end(), [&](std::uint32_t a) { return changed.contains(a); });
    if (!moved) continue;
    Datum deadline = deadline_of(m, wait, m.suspension.began);
    m.suspension.hurried = !deadline.known || deadline.whole <= now_;
    m.suspension.deadline = m.suspension.hurried ? now_ : deadline.whole;
  }
}

}  // namespace nurture::oracle
