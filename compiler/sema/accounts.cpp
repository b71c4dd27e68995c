#include "compiler/sema/accounts.h"

#include <set>

#include "compiler/sema/bodies.h"
#include "compiler/sema/walk.h"

// Campaigns whose members are accounts (§5.14): what is said of one lead is asked of the leads of the account, or of
// the lead who did the event at hand.

namespace nurture::sema {

namespace {

/// What in a segment is only known of a lead, or only of an account.
struct Needs {
  const ast::Expr* attribute = nullptr;  ///< of the lead: known at an event too
  const ast::Expr* lead = nullptr;
  const ast::Expr* account = nullptr;
  std::set<std::uint32_t> segments;  ///< that were looked into
};

void note(const Model& model, const ast::Expr& expr, Needs& needs) {
  if (const auto* held = ast::try_as<ast::WithSales>(&expr)) (held->of_account ? needs.account : needs.lead) = &expr;
  if (expr.kind == ast::NodeKind::LeadsQuery) needs.account = &expr;
  const auto* past = ast::try_as<ast::ContentPast>(&expr);
  if (past && past->verb.text == "sent") needs.lead = &expr;
  if (const auto* was = ast::try_as<ast::WasInCampaign>(&expr)) {
    const std::uint32_t campaign = model.find_campaign(was->campaign.text());
    const bool of_account = campaign != kNoIndex && model.campaigns[campaign].decl->for_account;
    (of_account ? needs.account : needs.lead) = &expr;
  }
  if (const auto found = model.symbols.find(expr.id); found != model.symbols.end()) {
    const Symbol& symbol = found->second;
    if (symbol.kind == Symbol::Kind::LeadAttribute) needs.attribute = &expr;
    if (symbol.kind == Symbol::Kind::Score) needs.lead = &expr;
    if (symbol.kind == Symbol::Kind::Segment && needs.segments.insert(symbol.index).second)
      note(model, *model.segments[symbol.index].decl->condition, needs);
  }
  for_each_child(expr, [&](const ast::Expr& child) { note(model, child, needs); });
}

std::string_view members_of(bool accounts) { return accounts ? "accounts" : "leads"; }

/// Statements that change one lead: what they are called, and the way forward.
struct Refused {
  std::string_view what;
  std::string_view hint;
};

std::optional<Refused> refused(const ast::Stmt& statement) {
  constexpr std::string_view kElsewhere = "Say it in a campaign for leads that enters on the same event.";
  if (const auto* set = ast::try_as<ast::SetStmt>(&statement)) {
    return Refused{set->value ? "`set`" : "`clear`", kElsewhere};
  }
  if (statement.kind == ast::NodeKind::AddScore) return Refused{"`add … to score`", kElsewhere};
  if (statement.kind == ast::NodeKind::ResetScore) return Refused{"`reset`", kElsewhere};
  if (const auto* change = ast::try_as<ast::AudienceChange>(&statement)) {
    return Refused{change->add ? "`add to audience`" : "`remove from audience`", kElsewhere};
  }
  if (statement.kind == ast::NodeKind::Enroll) {
    return Refused{"`enroll in`", "Let the other campaign `enter on` the event that leads here."};
  }
  if (statement.kind == ast::NodeKind::RemoveFrom) {
    return Refused{"`remove from`", "Let the other campaign `exit on` the event that leads here."};
  }
  return std::nullopt;
}

}  // namespace

bool Expressions::about_one_lead(Span span, const std::string& what, const Scope& scope, std::string hint) {
  if (scope.of_accounts.empty()) return false;
  out_.report(DiagnosticId::AboutOneLead, span, "`" + what + "`", scope.of_accounts).hint = std::move(hint);
  return true;
}

/// `lead.x`: in a campaign for accounts, of the lead who did the event, as long as that is at hand.
bool Expressions::lead_at_hand(const ast::NameRef& expr, const Scope& scope) {
  if (scope.of_accounts.empty()) return true;
  const std::string what = expr.path.text();
  if (scope.event != kNoIndex) {
    if (!scope.event_over) return true;
    out_.report(DiagnosticId::EventOver, expr.span, what).hint =
        fmt::format("It is of the lead who did the event. Keep it before the wait: `remember its_{} as {}`.",
                    expr.path.parts[1].text, what);
    return false;
  }
  const std::string& name = expr.path.parts[1].text;
  std::string hint =
      fmt::format("Ask it of the leads: `any lead where {} …`, `send … to leads where {} …`.", what, what);
  if (find_field(model_.account, name) != kNoIndex)
    hint = fmt::format("Write `account.{}`, or ask it of the leads: `any lead where {} …`.", name, what);
  return !about_one_lead(expr.span, what, scope, std::move(hint));
}

Type Expressions::with_sales(const ast::WithSales& expr, const Scope& scope) {
  Type type = clock(expr, scope, TypeKind::Boolean);
  if (type.poison()) return type;
  if (!expr.of_account) {
    return about_one_lead(expr.span, written(expr), scope, "Write `account is with sales`.") ? poison() : type;
  }
  if (!scope.of_accounts.empty() || scope.either) return type;
  out_.report(DiagnosticId::OnlyForAccounts, expr.span, "`" + written(expr) + "`").hint =
      "Write `lead is with sales`: an account that is handed off has all its leads with sales.";
  return poison();
}

Type Expressions::leads_query(const ast::LeadsQuery& expr, const Scope& scope) {
  const bool fits = asks_past(expr, scope) && (!scope.of_accounts.empty() || scope.either);
  // Each lead is seen as in a campaign of its own.
  Scope lead;
  const Type where = expr.where ? infer(*expr.where, lead) : make(TypeKind::Boolean);
  if (!where.poison() && where.kind != TypeKind::Boolean && expr.form == ast::LeadsQuery::Form::Count) {
    out_.report(DiagnosticId::NotACondition, expr.where->span, describe(where)).hint =
        "Put what the leads must fulfil in brackets: `count of leads where (lead.role is champion) >= 2`.";
    return poison();
  }
  condition(expr.where, lead);
  if (!fits && !scope.in_history && !scope.constant && !scope.source) {
    out_.report(DiagnosticId::OnlyForAccounts, expr.span, "`" + written(expr) + "`").hint =
        "A campaign for accounts asks for the leads of its account: `campaign committee for account { … }`.";
  }
  if (!fits) return poison();
  return make(expr.form == ast::LeadsQuery::Form::Count ? TypeKind::Integer : TypeKind::Boolean);
}

bool Expressions::segment_fits(const ast::NameRef& expr, std::uint32_t index, const Scope& scope) {
  if (scope.either) return true;
  Needs needs;
  const Segment& segment = model_.segments[index];
  note(model_, *segment.decl->condition, needs);
  const bool accounts = !scope.of_accounts.empty();
  const bool event_at_hand = scope.event != kNoIndex && !scope.event_over;
  const ast::Expr* wrong = !accounts                          ? needs.account
                           : needs.lead                       ? needs.lead
                           : event_at_hand && needs.attribute ? nullptr
                                                              : needs.attribute;
  if (!wrong) return true;
  const std::string name = "`" + segment.name + "`";
  Diagnostic& diagnostic = accounts ? out_.report(DiagnosticId::AboutOneLead, expr.span, name, scope.of_accounts)
                                    : out_.report(DiagnosticId::OnlyForAccounts, expr.span, name);
  diagnostic.labels.push_back({wrong->span, accounts ? "this is of one lead" : "this is of an account"});
  diagnostic.hint = accounts ? fmt::format("Ask it of the leads: `any lead where {}`.", segment.name)
                             : "Use it in a campaign for accounts.";
  return false;
}

/// Whether a campaign that is asked about has members like those here.
bool Expressions::members_alike(const Campaign& campaign, Span span, const Scope& scope) {
  const bool accounts = !scope.of_accounts.empty();
  return scope.either || same_members(context_, campaign, accounts, span);
}

bool same_members(Context& context, const Campaign& other, bool accounts, Span span) {
  if (other.decl->for_account == accounts) return true;
  Diagnostic& diagnostic = context.out.report(DiagnosticId::OtherMembers, span, other.name,
                                              members_of(other.decl->for_account), members_of(accounts));
  diagnostic.labels.push_back({other.decl->head, "declared here"});
  diagnostic.hint = "Let both react to the same event instead.";
  return false;
}

bool refuse_for_accounts(Context& context, const Campaign& campaign, const ast::Stmt& statement) {
  if (!campaign.decl->for_account) return false;
  const std::optional<Refused> found = refused(statement);
  if (!found) return false;
  context.out.report(DiagnosticId::AboutOneLead, head_line(context, statement.span), found->what, campaign.name).hint =
      found->hint;
  return true;
}

void check_recipients(Context& context, Expressions& expressions, const Campaign& campaign, const ast::Send& send) {
  if (send.to_leads_where) expressions.condition(send.to_leads_where, Scope{});
  const Span head = head_line(context, send.span);
  if (!campaign.decl->for_account) {
    if (!send.to_leads) return;
    context.out.report(DiagnosticId::OnlyForAccounts, head, "`to leads`").hint =
        "Here the member is one lead, who gets it: leave out `to leads`.";
    return;
  }
  if (!send.to_leads) {
    Diagnostic& diagnostic = context.out.report(DiagnosticId::SendToWhom, head, campaign.name);
    diagnostic.hint = "Write `to leads`, or choose among them: `to leads where lead.role is …`.";
    if (send.content)
      diagnostic.edits.push_back({{send.content.span.file, send.content.span.end, send.content.span.end}, " to leads"});
    return;
  }
  if (!send.otherwise) return;
  context.out.report(DiagnosticId::ElseOfMany, head, send.if_none_left ? "if none left" : "else").hint =
      "It may reach one lead and not the other. Ask what became of it afterwards: `wait 1 day  if no lead where "
      "sent(…) { … }`.";
}

void check_merged(Context& context) {
  const std::uint32_t index = context.model.find_kind("lead.merged");
  if (index == kNoIndex) return;
  const EventKind& kind = context.model.kinds[index];
  const std::uint32_t into = find_field(kind.properties, "into");
  const bool text = into != kNoIndex && kind.properties[into].type.kind == TypeKind::Text;
  if (context.incomplete(kind.span)) return;
  if (text && kind.actor == EventKind::Actor::System) return;
  context.out.report(DiagnosticId::MergedIntoWhom, kind.span).hint =
      "It names the lead that stays: `event lead.merged by system { into: text }`.";
}

}  // namespace nurture::sema
