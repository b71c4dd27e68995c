#include <algorithm>
#include <map>

#include "compiler/sema/accounts.h"
#include "compiler/sema/bodies.h"
#include "compiler/sema/sending.h"
#include "compiler/sema/walk.h"
#include "runtime/calendar/calendar.h"

namespace nurture::sema {

namespace {

constexpr std::int64_t kMostTimes = 1'000'000;

std::string percent(std::int64_t millionths) {
  std::string text = fmt::format("{}", static_cast<double>(millionths) / static_cast<double>(kPercentScale));
  return text + " %";
}

/// Checks the statements of one campaign.
class StatementChecker : public BodyVisitor {
 public:
  StatementChecker(Context& context, Expressions& expressions, CampaignNames& names)
      : BodyVisitor(context), expressions_(expressions), names_(names), campaign_(*names.campaign) {}

  void run(const Scope& scope) {
    for (const ast::Clause& clause : campaign_.decl->clauses) {
      if (clause.kind == ast::Clause::Kind::TriggerClause) trigger_with_body(clause.trigger, scope, false);
      if (clause.kind == ast::Clause::Kind::Stage) stage(clause, scope);
      if (clause.kind == ast::Clause::Kind::OnExit) on_exit(clause, scope);
      // What goes out to many leads does not hold up the statements after it.
      std::vector<const ast::Send*> pending;
      if (campaign_.decl->for_account) sends_before_exit(clause.body, pending);
    }
  }

  void statement(const ast::Stmt& statement, const Scope& scope, const Body& body) override;
  void trigger(const ast::Trigger& trigger, const Scope& scope) override;
  void body_done(const ast::Block& block, const Body& body) override {
    std::vector<const ast::Send*> pending;
    if (body.of_trigger) sends_before_exit(block, pending);
    if (!body.of_exit) return;
    for (const ast::Send* each : pending) held_up(*each, nullptr);
  }

 private:
  void send(const ast::Send& statement, const Scope& scope);
  void wait(const ast::Wait& statement, const Scope& scope);
  void wait_until(const ast::Wait& statement, const Scope& scope);
  void wait_for_condition(const ast::Wait& statement, const Scope& scope);
  void other_campaign(const ast::Stmt& statement, const ast::Path& path, bool enrolls);
  void split(const ast::SplitStmt& statement);
  void shares(const ast::SplitStmt& statement);
  void repeat(const ast::Repeat& statement, const Scope& scope);
  void go_to(const ast::Name& stage);
  void hand_off(const ast::HandOff& statement, const Scope& scope);
  void assign(const ast::Assign& statement, const Scope& scope);
  void time_inside(const std::optional<Duration>& length, bool business_days, const ast::Name& window,
                   const ast::Expr* written);
  void set(const ast::SetStmt& statement, const Scope& scope);
  void remember(const ast::Remember& statement, const Scope& scope);
  void held_up(const ast::Send& send, const ast::Stmt* exit);
  void sends_before_exit(const ast::Block& block, std::vector<const ast::Send*>& pending);
  /// Whether its other way of writing was answered already: one mistake, one answer.
  bool answered(const ast::Stmt& statement) const {
    const auto& all = context_.out.all();
    return std::any_of(all.begin(), all.end(), [&](const Diagnostic& each) {
      return each.span.file == statement.span.file && each.span.begin == statement.span.begin;
    });
  }

  Expressions& expressions_;
  CampaignNames& names_;
  Campaign& campaign_;
  std::map<std::string, Span, std::less<>> splits_;
};

void StatementChecker::trigger(const ast::Trigger& trigger, const Scope& scope) {
  if (trigger.silence) return check_silence(context_, expressions_, trigger, scope);
  if (trigger.event) check_event(context_, expressions_, trigger.event, trigger.id, scope);
  expressions_.condition(trigger.condition, scope);
  check_watched(context_, trigger.condition);
}

void StatementChecker::statement(const ast::Stmt& statement, const Scope& scope, const Body&) {
  if (refuse_for_accounts(context_, campaign_, statement)) return;
  switch (statement.kind) {
    case ast::NodeKind::Send:
      return send(ast::as<ast::Send>(statement), scope);
    case ast::NodeKind::Wait:
      return wait(ast::as<ast::Wait>(statement), scope);
    case ast::NodeKind::If:
      for (const ast::IfArm& arm : ast::as<ast::If>(statement).arms) expressions_.condition(arm.condition, scope);
      return;
    case ast::NodeKind::SplitStmt:
      return split(ast::as<ast::SplitStmt>(statement));
    case ast::NodeKind::Repeat:
      return repeat(ast::as<ast::Repeat>(statement), scope);
    case ast::NodeKind::GoTo:
      return go_to(ast::as<ast::GoTo>(statement).stage);
    case ast::NodeKind::HandOff:
      return hand_off(ast::as<ast::HandOff>(statement), scope);
    case ast::NodeKind::TakeBack: {
      const ast::Name& from = ast::as<ast::TakeBack>(statement).from;
      if (!from || from.text == "sales") return;
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::OnlySales, from.span, "taken back from", from.text);
      diagnostic.hint = "Write `take back from sales`.";
      diagnostic.edits.push_back({from.span, "sales"});
      return;
    }
    case ast::NodeKind::Assign:
      return assign(ast::as<ast::Assign>(statement), scope);
    case ast::NodeKind::Notify: {
      const auto& notify = ast::as<ast::Notify>(statement);
      expressions_.value(notify.who, scope, make(TypeKind::Text));
      expressions_.message(notify.note, scope);
      return;
    }
    case ast::NodeKind::SetStmt:
      return set(ast::as<ast::SetStmt>(statement), scope);
    case ast::NodeKind::Remember:
      return remember(ast::as<ast::Remember>(statement), scope);
    case ast::NodeKind::AddScore:
      expressions_.value(ast::as<ast::AddScore>(statement).amount, scope, make(TypeKind::Number));
      return check_score_target(context_, ast::as<ast::AddScore>(statement).target, "added to");
    case ast::NodeKind::ResetScore:
      return check_score_target(context_, ast::as<ast::ResetScore>(statement).target, "reset");
    case ast::NodeKind::Enroll:
      if (answered(statement)) return;
      return other_campaign(statement, ast::as<ast::Enroll>(statement).campaign, true);
    case ast::NodeKind::RemoveFrom:
      return other_campaign(statement, ast::as<ast::RemoveFrom>(statement).campaign, false);
    case ast::NodeKind::AudienceChange:
    case ast::NodeKind::CallWebhook:
    case ast::NodeKind::Stay:
    case ast::NodeKind::RestartStage:
    case ast::NodeKind::ExitStmt:
    case ast::NodeKind::MoveOn:
    case ast::NodeKind::KeepWaiting:
    case ast::NodeKind::ErrorStmt:
      return;
#define NURTURE_EXPR(name) case ast::NodeKind::name:
#define NURTURE_STMT(name)
#define NURTURE_DECL(name) case ast::NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
      return;
  }
}

void StatementChecker::send(const ast::Send& statement, const Scope& scope) {
  check_recipients(context_, expressions_, campaign_, statement);
  switch (statement.what) {
    case ast::Send::What::Content: {
      std::uint32_t content = resolve_content(context_, statement.content);
      if (content != kBrokenIndex) check_channel_of(context_, statement.channel, content);
      break;
    }
    case ast::Send::What::NextOf:
      resolve_stream(context_, statement.content);
      break;
    case ast::Send::What::FirstPermitted:
      for (const ast::Name& choice : statement.choices) resolve_content(context_, choice);
      if (statement.choices.empty() && !context_.incomplete(statement.span)) {
        constexpr int kMostChoices = 100;
        context_.out
            .report(DiagnosticId::BadCount, head_line(context_, statement.span),
                    "the number of contents to choose from", 1, kMostChoices)
            .hint = "Name what it chooses from, best first: `send first permitted of [text_me, mail_me]`.";
      }
      break;
  }
  if (statement.if_none_left && statement.what != ast::Send::What::NextOf) {
    context_.out.report(DiagnosticId::NoneLeftOfWhat, head_line(context_, statement.otherwise->span)).hint =
        "Write `else { … }`: it runs whenever the message does not go out.";
  }
  expressions_.duration(statement.for_up_to, scope, true);
}

void StatementChecker::wait(const ast::Wait& statement, const Scope& scope) {
  const bool inside = static_cast<bool>(statement.window);
  std::optional<Duration> length = expressions_.duration(statement.duration, scope, inside);
  time_inside(length, statement.business_days, statement.window, statement.duration);
  if (statement.business_days && length && (length->months != 0 || length->micros != 0)) {
    context_.out
        .report(DiagnosticId::WrongType, statement.duration->span, "a number of business days",
                "another length of time")
        .hint = "Write `wait 2 business days`.";
  }
  expressions_.duration(statement.at_least, scope, false);
  expressions_.duration(statement.at_most, scope, false);
  if (statement.form == ast::Wait::Form::Until) wait_until(statement, scope);
  std::vector<const ast::Trigger*> exits;
  for (const ast::Clause* exit : campaign_.exits) exits.push_back(&exit->trigger);
  warn_never_reacts(context_, exits, statement.handlers);
}

void StatementChecker::wait_until(const ast::Wait& statement, const Scope& scope) {
  const ast::When& until = statement.until;
  if (!until.zone.empty()) check_zone(context_, until.zone, until.zone_span);
  if (until.time) expressions_.value(until.time, scope, make(TypeKind::Time));
  if (!until.target) return;
  Type type = expressions_.infer(*until.target, scope);
  if (type.kind == TypeKind::Boolean && !type.poison()) {
    check_watched(context_, until.target);
    return wait_for_condition(statement, scope);
  }
  if (type.poison()) return;
  bool date = type.kind == TypeKind::Date || type.kind == TypeKind::DateTime;
  if (!date || (until.time && type.kind == TypeKind::DateTime)) {
    context_.out.report(DiagnosticId::WrongType, until.target->span,
                        until.time ? "a date" : "a date, with a time or without", describe(known(type)));
    return;
  }
  if (!until.time) expressions_.value(until.target, scope, make(TypeKind::DateTime, true));
  if (statement.at_most || campaign_.lasts || !expressions_.names_attribute(*until.target)) return;
  Diagnostic& diagnostic = context_.out.report(
      DiagnosticId::UnboundedWait, statement.head.end > statement.head.begin ? statement.head : statement.span);
  diagnostic.hint = "Say how long at most: `, at most 400 days`; or give the campaign `lasts at most … as …`.";
}

/// Watched like a `when`; it may never turn true, so something must bound it.
void StatementChecker::wait_for_condition(const ast::Wait& statement, const Scope& scope) {
  expressions_.condition(statement.until.target, scope);
  if (statement.at_most || campaign_.lasts) return;
  Diagnostic& diagnostic = context_.out.report(
      DiagnosticId::MayNeverHold, statement.head.end > statement.head.begin ? statement.head : statement.span);
  diagnostic.hint = "Say how long at most: `, at most 30 days`; or give the campaign `lasts at most … as …`.";
}

void StatementChecker::other_campaign(const ast::Stmt& statement, const ast::Path& path, bool enrolls) {
  const std::uint32_t index = resolve_campaign(context_, path.text(), path.span);
  Symbol symbol;
  if (index != kNoIndex) {
    symbol.kind = Symbol::Kind::CampaignName;
    symbol.index = index;
    const Campaign& other = context_.model.campaigns[index];
    if (&other == &campaign_) {
      context_.out.report(DiagnosticId::OwnCampaign, path.span, path.text()).hint =
          enrolls ? "To begin anew, write `restart stage` or `go to` its first stage."
                  : "To end this membership, write `exit as` and a reason.";
    } else if (!same_members(context_, other, campaign_.decl->for_account, path.span)) {
      symbol.kind = Symbol::Kind::ErrorSymbol;
    } else if (enrolls && other.key) {
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::EntryWithoutKey, path.span, other.name,
                                                   other.key->name.text, "`enroll in`");
      diagnostic.labels.push_back({head_line(context_, other.key->span), "memberships are told apart here"});
      diagnostic.hint = "Only an event that carries the key can enter it.";
    }
  }
  context_.model.symbols[statement.id] = symbol;
}

void StatementChecker::split(const ast::SplitStmt& statement) {
  if (statement.name) {
    auto [at, fresh] = splits_.try_emplace(statement.name.text, statement.name.span);
    if (!fresh) context_.twice("the split", statement.name.text, statement.name.span, at->second);
  } else if (!context_.incomplete(statement.span)) {
    context_.out.report(DiagnosticId::UnnamedSplit, head_line(context_, statement.span)).hint =
        "A name keeps each lead in its branch when the file changes: `split offer { … }`.";
  }
  std::map<std::string, Span, std::less<>> branches;
  for (const ast::SplitArm& arm : statement.arms) {
    if (!arm.name) continue;
    auto [at, fresh] = branches.try_emplace(arm.name.text, arm.name.span);
    if (!fresh) context_.twice("the branch", arm.name.text, arm.name.span, at->second);
  }
  shares(statement);
}

void StatementChecker::shares(const ast::SplitStmt& statement) {
  std::int64_t sum = 0;
  for (const ast::SplitArm& arm : statement.arms) {
    if (arm.share <= 0 || arm.share > 100 * kPercentScale) {
      context_.out.report(DiagnosticId::ShareRange, arm.share_span, "a share", "0.01 % and 100 %").hint =
          "Leave out a branch that nobody takes.";
      return;
    }
    if (arm.share % (kPercentScale / 100) != 0) {
      context_.out.report(DiagnosticId::ShareStep, arm.share_span, percent(arm.share)).hint =
          "Two figures after the point are the most, such as 33.33%.";
      return;
    }
    sum += arm.share;
  }
  if (statement.arms.empty() || sum == 100 * kPercentScale || context_.incomplete(statement.span)) return;
  Span span = statement.name ? statement.name.span : statement.span;
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::SharesSum, span, percent(sum));
  for (const ast::SplitArm& arm : statement.arms) diagnostic.labels.push_back({arm.share_span, percent(arm.share)});
  diagnostic.hint = "The shares of a split sum to 100 %.";
}

void StatementChecker::repeat(const ast::Repeat& statement, const Scope& scope) {
  if (statement.times < 1 || statement.times > kMostTimes) {
    context_.out.report(DiagnosticId::BadCount, statement.times_span, "the number of times", 1, kMostTimes).hint =
        "Leave the repeat out if nothing is to happen.";
  }
  if (!statement.at.zone.empty()) check_zone(context_, statement.at.zone, statement.at.zone_span);
  if (statement.at.time) expressions_.value(statement.at.time, scope, make(TypeKind::Time));
  if (!statement.every) return;
  std::optional<Duration> every = expressions_.duration(statement.every, scope, true);
  if (!every || every->nominal() >= kMinute) return;
  context_.out.report(DiagnosticId::TooShort, statement.every->span).hint =
      "Write how long from one run to the next: `repeat every 2 weeks up to 6 times`.";
}

void StatementChecker::go_to(const ast::Name& stage) {
  if (!stage) return;
  std::vector<std::string_view> names;
  for (const Stage& each : campaign_.stages) {
    if (each.name == stage.text) return;
    names.push_back(each.name);
  }
  if (context_.lost(stage.text)) return;
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::UnknownStage, stage.span, campaign_.name, stage.text);
  suggest(diagnostic, stage.text, stage.span, names, fmt::format("Add it: `stage {} {{ … }}`.", stage.text));
}

void StatementChecker::hand_off(const ast::HandOff& statement, const Scope& scope) {
  if (statement.to && statement.to.text != "sales") {
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::OnlySales, statement.to.span, "handed off to", statement.to.text);
    diagnostic.hint = "To give one person work, write `assign call to …`; to tell somebody, `notify …`.";
    diagnostic.edits.push_back({statement.to.span, "sales"});
  }
  expressions_.message(statement.note, scope);
  time_inside(expressions_.duration(statement.answer_within, scope, true), statement.business_days, statement.window,
              statement.answer_within);
}

void StatementChecker::assign(const ast::Assign& statement, const Scope& scope) {
  const std::string& what = statement.what.text;
  if (statement.what && what != "call" && what != "task") {
    suggest(context_.out.report(DiagnosticId::UnknownWord, statement.what.span, what, "work that can be assigned"),
            what, statement.what.span, {"call", "task"}, "Write `assign call` or `assign task`.");
  }
  expressions_.value(statement.to, scope, make(TypeKind::Text));
  time_inside(expressions_.duration(statement.due_in, scope, true), statement.business_days, statement.window,
              statement.due_in);
  expressions_.message(statement.note, scope);
}

/// Time that counts inside a window only is seconds, minutes and hours: a day has another length there.
void StatementChecker::time_inside(const std::optional<Duration>& length, bool business_days, const ast::Name& window,
                                   const ast::Expr* written) {
  if (!window) return;
  resolve_window(context_, window);
  if (!length || business_days || (length->months == 0 && length->days == 0)) return;
  context_.out.report(DiagnosticId::DaysOfWindow, written->span, context_.written(written->span), window.text).hint =
      fmt::format("Say how many hours inside it, `8 hours of {}`, or `2 business days of {}`; or leave out `of {}`.",
                  window.text, window.text, window.text);
}

void StatementChecker::set(const ast::SetStmt& statement, const Scope& scope) {
  const std::vector<ast::Name>& parts = statement.target.parts;
  if (parts.empty()) return;
  if (parts.size() != 2 || parts.front().text != "lead") {
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::OnlyLead, statement.target.span, statement.target.text());
    if (parts.size() == 1 && find_field(context_.model.lead, parts.front().text) != kNoIndex) {
      diagnostic.hint = fmt::format("Did you mean \"lead.{}\"?", parts.front().text);
      diagnostic.edits.push_back({statement.target.span, "lead." + parts.front().text});
    } else {
      diagnostic.hint = "A value for this membership alone is kept with `remember name as …`.";
    }
    return;
  }
  const ast::Name& name = parts[1];
  std::uint32_t index = find_field(context_.model.lead, name.text);
  if (index == kNoIndex && context_.lost(name.text)) return;
  if (index == kNoIndex) {
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::UnknownAttribute, name.span, "a lead", name.text);
    suggest(diagnostic, name.text, name.span, names_of(context_.model.lead),
            fmt::format("Declare it: `lead {{ {}: text? }}`.", name.text));
    return;
  }
  const Field& field = context_.model.lead[index];
  if (field.name == "account") {
    context_.out.report(DiagnosticId::AccountIsGiven, statement.target.span).hint =
        "The log says who belongs where, by `lead.updated`. Ask somebody to change it: `assign task to \"sales desk\" "
        "\"…\"`.";
    return;
  }
  if (!statement.value) {
    if (field.type.optional || field.type.poison()) return;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::NeverUnknown, name.span, statement.target.text());
    diagnostic.labels.push_back({field.span, "declared without \"?\" here"});
    diagnostic.hint = fmt::format("Set it to something: `set {} to …`.", statement.target.text());
    return;
  }
  if (!expressions_.value(statement.value, scope, field.type) || field.name != "timezone") return;
  if (const auto* text = ast::try_as<ast::TextLit>(statement.value)) check_zone(context_, text->value, text->span);
}

void StatementChecker::remember(const ast::Remember& statement, const Scope& scope) {
  if (!statement.name || !statement.value) return;
  const std::string& name = statement.name.text;
  auto row = std::find_if(campaign_.remembered.begin(), campaign_.remembered.end(),
                          [&](const Remembered& each) { return each.name == name; });
  auto index = static_cast<std::uint32_t>(row - campaign_.remembered.begin());
  if (names_.remembers[index].front().statement == &statement) {
    for (const Let& let : context_.model.lets) {
      if (let.name == name) context_.twice("the name", name, statement.name.span, let.decl->name.span);
    }
    for (const Segment& segment : context_.model.segments) {
      if (segment.name == name) context_.twice("the name", name, statement.name.span, segment.decl->name.span);
    }
  }
  Type wanted = expressions_.remembered_type(names_, index);
  Type own = expressions_.infer(*statement.value, scope, &wanted);
  if (wanted.poison() || own.poison() || alike(own, wanted)) return;
  if (own.kind == TypeKind::Integer && is_number(wanted.kind) && expressions_.value(statement.value, scope, wanted))
    return;
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::RememberedDiffers, statement.value->span, name,
                                               describe(known(own)), describe(known(wanted)));
  diagnostic.labels.push_back({row->span, "remembered here"});
  diagnostic.hint = "Give one of them another name.";
}

void StatementChecker::held_up(const ast::Send& send, const ast::Stmt* exit) {
  Span span = head_line(context_, send.span);
  if (send.content) span.end = send.content.span.end;
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::SendBeforeExit, span);
  if (exit) diagnostic.labels.push_back({exit->span, "the membership ends here"});
  diagnostic.hint = "Say that it goes out at once or not at all: `now or skip`.";
  if (send.content)
    diagnostic.edits.push_back({{span.file, send.content.span.end, send.content.span.end}, " now or skip"});
}

/// §5.5: where a body may not wait, a send that is held up is dropped when the membership ends. So it must be said.
void StatementChecker::sends_before_exit(const ast::Block& block, std::vector<const ast::Send*>& pending) {
  for (const ast::Stmt* each : block.statements) {
    if (!each) continue;
    if (const auto* send = ast::try_as<ast::Send>(each)) {
      if (!send->now_or_skip) pending.push_back(send);
    } else if (each->kind == ast::NodeKind::ExitStmt) {
      for (const ast::Send* before : pending) held_up(*before, each);
      pending.clear();
    } else if (each->kind == ast::NodeKind::Wait || each->kind == ast::NodeKind::Repeat) {
      pending.clear();
    } else if (const auto* branch = ast::try_as<ast::If>(each)) {
      std::vector<const ast::Send*> after;
      for (const ast::IfArm& arm : branch->arms) {
        std::vector<const ast::Send*> own = pending;
        sends_before_exit(arm.body, own);
        after.insert(after.end(), own.begin(), own.end());
      }
      std::vector<const ast::Send*> own = pending;
      if (branch->otherwise) sends_before_exit(*branch->otherwise, own);
      after.insert(after.end(), own.begin(), own.end());
      std::sort(after.begin(), after.end(), [](const ast::Send* a, const ast::Send* b) { return a->id < b->id; });
      after.erase(std::unique(after.begin(), after.end()), after.end());
      pending = std::move(after);
    } else if (const auto* split_statement = ast::try_as<ast::SplitStmt>(each)) {
      for (const ast::SplitArm& arm : split_statement->arms) {
        std::vector<const ast::Send*> own = pending;
        sends_before_exit(arm.body, own);
      }
    }
  }
}

}  // namespace

void check_bodies(Context& context, Expressions& expressions, CampaignNames& names, const Scope& scope) {
  StatementChecker(context, expressions, names).run(scope);
}

}  // namespace nurture::sema
