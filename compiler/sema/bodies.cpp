#include "compiler/sema/bodies.h"

#include <algorithm>

#include "compiler/sema/passes.h"
#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

/// Whether time can pass while it runs, so that the event at hand is another one afterwards.
bool suspends(const ast::Stmt& statement, const Body& body) {
  if (!body.may_wait) return false;
  if (const auto* send = ast::try_as<ast::Send>(&statement)) {
    if (send->to_leads) return false;
    bool inner = false;
    if (send->otherwise)
      for_each_statement(*send->otherwise, [&](const ast::Stmt& each) { inner = inner || suspends(each, body); });
    return inner || !send->now_or_skip;
  }
  if (statement.kind == ast::NodeKind::Wait || statement.kind == ast::NodeKind::Stay ||
      statement.kind == ast::NodeKind::Repeat)
    return true;
  bool inner = false;
  auto look = [&](const ast::Block& block) {
    for_each_statement(block, [&](const ast::Stmt& each) { inner = inner || suspends(each, body); });
  };
  if (const auto* branch = ast::try_as<ast::If>(&statement)) {
    for (const ast::IfArm& arm : branch->arms) look(arm.body);
    if (branch->otherwise) look(*branch->otherwise);
  } else if (const auto* split = ast::try_as<ast::SplitStmt>(&statement)) {
    for (const ast::SplitArm& arm : split->arms) look(arm.body);
  }
  return inner;
}

void let_time_pass(Scope& scope) {
  if (scope.event != kNoIndex && scope.event != kBrokenIndex) scope.event_over = true;
}

/// Collects what the checks need to know of a campaign before they begin.
class Collector : public BodyVisitor {
 public:
  Collector(Context& context, CampaignNames& names) : BodyVisitor(context), names_(names) {}

  void run() {
    for (const ast::Clause& clause : names_.campaign->decl->clauses) {
      if (clause.kind == ast::Clause::Kind::Enter) enter(clause);
    }
    if (names_.campaign->enrolled) enters_by(kNoIndex);
    Scope scope;
    scope.campaign = &names_;
    scope.entry = &names_.entering;
    if (names_.campaign->decl->for_account) scope.of_accounts = names_.campaign->name;
    for (const ast::Clause& clause : names_.campaign->decl->clauses) {
      reason(clause.reason);
      if (clause.kind == ast::Clause::Kind::TriggerClause) trigger_with_body(clause.trigger, scope, false);
      if (clause.kind == ast::Clause::Kind::Stage) stage(clause, scope);
      if (clause.kind == ast::Clause::Kind::OnExit) on_exit(clause, scope);
    }
    unwritten_reasons();
    names_.state.resize(names_.remembers.size());
  }

  void statement(const ast::Stmt& statement, const Scope& scope, const Body&) override {
    if (const auto* exit = ast::try_as<ast::ExitStmt>(&statement)) reason(exit->reason);
    if (const auto* send = ast::try_as<ast::Send>(&statement)) sends(*send);
    if (statement.kind == ast::NodeKind::HandOff) context_.hands_off = true;
    if (const auto* remember = ast::try_as<ast::Remember>(&statement)) remembers(*remember, scope);
  }
  void trigger(const ast::Trigger&, const Scope&) override {}
  void body_done(const ast::Block&, const Body&) override {}

 private:
  void enter(const ast::Clause& clause) {
    if (clause.entry != ast::Clause::EntryForm::On) return enters_by(kNoIndex);
    if (!clause.event) return;
    const std::vector<std::uint32_t> kinds = context_.model.kinds_of(clause.event.kind.text());
    if (kinds.empty()) enters_by(kBrokenIndex);
    for (std::uint32_t kind : kinds) enters_by(kind);
  }

  /// kNoIndex: without an event at hand, so that whatever is asked of it may be unknown.
  void enters_by(std::uint32_t kind) {
    if (std::find(names_.entering.begin(), names_.entering.end(), kind) == names_.entering.end())
      names_.entering.push_back(kind);
  }

  void reason(const ast::Name& name) {
    if (name) reason(name.text);
  }

  void reason(const std::string& name) {
    std::vector<std::string>& reasons = names_.campaign->reasons;
    if (std::find(reasons.begin(), reasons.end(), name) == reasons.end()) reasons.push_back(name);
  }

  void unwritten_reasons() {
    const auto& clauses = names_.campaign->decl->clauses;
    const auto is_holdout = [](const ast::Clause& each) { return each.kind == ast::Clause::Kind::Holdout; };
    if (std::any_of(clauses.begin(), clauses.end(), is_holdout)) reason("held_out");
    if (names_.campaign->removed) reason("removed");
    if (context_.model.find_kind("lead.merged") != kNoIndex && !names_.campaign->decl->for_account) reason("merged");
  }

  void sends(const ast::Send& send) {
    if (send.what == ast::Send::What::NextOf) {
      const std::uint32_t stream = context_.model.find_stream(send.content.text);
      if (stream == kNoIndex) return;
      for (const ast::Name& name : context_.model.streams[stream].decl->contents) sends(name);
    } else {
      sends(send.content);
      for (const ast::Name& name : send.choices) sends(name);
    }
  }

  void sends(const ast::Name& name) {
    std::uint32_t content = name ? context_.model.find_content(name.text) : kNoIndex;
    if (content == kNoIndex) return;
    std::vector<std::uint32_t>& kinds = context_.sent_after[content];
    // What enters an account's campaign is not what entered a lead's: its messages can ask nothing of it.
    const std::vector<std::uint32_t> nothing{kNoIndex};
    for (std::uint32_t kind : names_.campaign->decl->for_account ? nothing : names_.entering) {
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
  }

  void remembers(const ast::Remember& statement, const Scope& scope) {
    if (!statement.name) return;
    std::vector<Remembered>& rows = names_.campaign->remembered;
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const Remembered& each) { return each.name == statement.name.text; });
    auto index = static_cast<std::size_t>(row - rows.begin());
    if (row == rows.end()) {
      rows.push_back({statement.name.text, poison(), statement.name.span});
      names_.remembers.emplace_back();
    }
    names_.remembers[index].push_back({&statement, scope});
  }

  CampaignNames& names_;
};

}  // namespace

std::uint32_t kind_at_hand(const Context& context, const ast::EventRef& event) {
  if (!event) return kNoIndex;
  std::string name = event.kind.text();
  std::uint32_t index = find_event(context.model, name);
  return index == kNoIndex || context.later.contains(name) ? kBrokenIndex : index;
}

Span head_line(const Context& context, Span span) {
  std::string_view text = context.written(span);
  std::size_t end = std::min(text.find_first_of("{\n\r"), text.size());
  while (end > 1 && text[end - 1] == ' ') --end;
  span.end = span.begin + static_cast<std::uint32_t>(end);
  return span;
}

void BodyVisitor::stage(const ast::Clause& clause, const Scope& campaign) {
  for (const ast::Trigger& each : clause.triggers) trigger_with_body(each, campaign, false);
  Scope scope = campaign;
  scope.stage = clause.name.text;
  block(clause.body, scope, Body{});
}

void BodyVisitor::trigger_with_body(const ast::Trigger& each, const Scope& around, bool handler) {
  Scope scope = around;
  scope.event = each.silence ? kNoIndex : kind_at_hand(context_, each.event);
  scope.event_over = false;
  trigger(each, scope);
  Body body{handler && !goes_back_to_wait(each.body, around.stage), true};
  block(each.body, scope, body);
  body_done(each.body, body);
}

void BodyVisitor::on_exit(const ast::Clause& clause, const Scope& campaign) {
  Scope scope = campaign;
  Body body{.may_wait = false, .of_trigger = true, .of_exit = true};
  block(clause.body, scope, body);
  body_done(clause.body, body);
}

void BodyVisitor::block(const ast::Block& block, Scope& scope, const Body& body) {
  for (const ast::Stmt* each : block.statements) {
    if (!each) continue;
    statement(*each, scope, body);
    inside(*each, scope, body);
    if (suspends(*each, body)) let_time_pass(scope);
  }
}

void BodyVisitor::inside(const ast::Stmt& statement, Scope& scope, const Body& body) {
  auto go = [&](const ast::Block& inner) {
    Scope own = scope;
    block(inner, own, body);
  };
  if (const auto* send = ast::try_as<ast::Send>(&statement)) {
    if (!send->otherwise) return;
    Scope own = scope;
    if (body.may_wait && !send->now_or_skip) let_time_pass(own);
    block(*send->otherwise, own, body);
  } else if (const auto* branch = ast::try_as<ast::If>(&statement)) {
    for (const ast::IfArm& arm : branch->arms) go(arm.body);
    if (branch->otherwise) go(*branch->otherwise);
  } else if (const auto* split = ast::try_as<ast::SplitStmt>(&statement)) {
    for (const ast::SplitArm& arm : split->arms) go(arm.body);
  } else if (const auto* repeat = ast::try_as<ast::Repeat>(&statement)) {
    Scope own = scope;
    let_time_pass(own);
    block(repeat->body, own, body);
  } else if (const auto* waiting = ast::try_as<ast::Wait>(&statement)) {
    wait(*waiting, scope, body);
  }
}

void BodyVisitor::wait(const ast::Wait& statement, Scope& scope, const Body& body) {
  for (const ast::Trigger& handler : statement.handlers) trigger_with_body(handler, scope, true);
  if (!statement.otherwise) return;
  Scope own = scope;
  let_time_pass(own);
  block(*statement.otherwise, own, body);
}

namespace {

/// Which campaigns others enroll in or remove from, before anybody asks what an entry brings along.
void note_enrolments(Context& context, Campaign& campaign) {
  const auto note = [&](const ast::Stmt& statement) {
    const auto* enroll = ast::try_as<ast::Enroll>(&statement);
    const auto* remove = ast::try_as<ast::RemoveFrom>(&statement);
    if (!enroll && !remove) return;
    const std::uint32_t other = context.model.find_campaign((enroll ? enroll->campaign : remove->campaign).text());
    if (other == kNoIndex) return;
    (enroll ? context.model.campaigns[other].enrolled : context.model.campaigns[other].removed) = true;
    std::vector<std::uint32_t>& targets = campaign.enrolls_in;
    if (enroll && std::find(targets.begin(), targets.end(), other) == targets.end()) targets.push_back(other);
  };
  for (const ast::Clause& clause : campaign.decl->clauses) {
    for_each_statement(clause.body, note);
    for_each_statement(clause.trigger.body, note);
    for (const ast::Trigger& trigger : clause.triggers) for_each_statement(trigger.body, note);
  }
}

}  // namespace

void prepare_campaigns(Context& context) {
  for (Campaign& campaign : context.model.campaigns) note_enrolments(context, campaign);
  for (Campaign& campaign : context.model.campaigns) {
    auto names = std::make_unique<CampaignNames>();
    names->campaign = &campaign;
    Collector(context, *names).run();
    context.campaigns.push_back(std::move(names));
  }
}

}  // namespace nurture::sema
