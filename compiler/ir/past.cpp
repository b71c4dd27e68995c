// Questions about the past (§3.2) and scores (§5.10).
#include <algorithm>

#include "compiler/ir/expressions.h"
#include "runtime/base/check.h"

namespace nurture::ir {

using bytecode::HistoryFunction;
using bytecode::HistorySince;

namespace {

HistoryFunction function_of(const std::string& word) {
  if (word == "none") return HistoryFunction::None;
  if (word == "count") return HistoryFunction::Count;
  if (word == "sum") return HistoryFunction::Sum;
  if (word == "first") return HistoryFunction::First;
  return word == "any" ? HistoryFunction::Any : HistoryFunction::Last;
}

HistorySince since_of(ast::Since since) {
  switch (since) {
    case ast::Since::Ever:
      return HistorySince::Ever;
    case ast::Since::Last:
      return HistorySince::Window;
    case ast::Since::Entry:
      return HistorySince::Entry;
    case ast::Since::Stage:
      return HistorySince::Stage;
  }
  return HistorySince::Ever;
}

}  // namespace

bytecode::EventMatch Expressions::match(const ast::EventRef& event) {
  return event ? match(event, model_.kinds_of(event.kind.text())) : bytecode::EventMatch{};
}

bytecode::EventMatch Expressions::match(const ast::EventRef& event, const std::vector<std::uint32_t>& kinds) {
  bytecode::EventMatch row;
  for (std::uint32_t kind : kinds) row.kinds.push_back(static_cast<std::uint16_t>(kind));
  if (event.of_content) row.of_content = pools_.text(event.of_content.text);
  row.including_machine = event.including_machine;
  row.where = later(event.where);
  return row;
}

void Expressions::ask(bytecode::HistorySite site, const ast::Expr& expr) {
  site.type = pools_.type(model_.types[expr.id]);
  site.label = pools_.text(pools_.written(expr.span));
  site.place = pools_.place(expr.span);
  code_.emit(Opcode::History, {pools_.history(std::move(site))});
}

/// `enough`: what a count is compared with, so that more of them make no difference; 0: everything counts.
void Expressions::aggregate(const ast::Aggregate& expr, std::uint32_t enough) {
  const sema::AskedEvents& asked = model_.asked.at(expr.id);
  bytecode::HistorySite site;
  site.function = function_of(expr.function.text);
  site.since = since_of(expr.since);
  if (expr.last) site.window = pools_.duration(sema::constant_of(model_, *expr.last)->value.duration());
  if (site.function == HistoryFunction::Count) site.enough = enough;
  bytecode::AskedEvent row;
  row.event = match(expr.event, asked.kinds);
  if (asked.properties.empty()) site.events.push_back(row);
  // Each kind has the property in a place of its own.
  for (std::size_t i = 0; i < asked.properties.size(); ++i) {
    row.event.kinds = {static_cast<std::uint16_t>(asked.kinds[i])};
    row.property = static_cast<std::uint16_t>(asked.properties[i]);
    site.events.push_back(row);
  }
  ask(std::move(site), expr);
}

/// `sent(x)` is in the ledger; `opened(x)` and `clicked(x)` are events of its channel.
void Expressions::content_past(const ast::ContentPast& expr) {
  if (expr.verb.text == "sent") return code_.emit(Opcode::LoadSent, {model_.find_content(expr.content.text)});
  bytecode::HistorySite site;
  for (std::uint32_t kind : model_.asked.at(expr.id).kinds) {
    bytecode::AskedEvent row;
    row.event.kinds = {static_cast<std::uint16_t>(kind)};
    row.event.of_content = pools_.text(expr.content.text);
    site.events.push_back(row);
  }
  ask(std::move(site), expr);
}

void Expressions::length(const ast::Expr& expr) { duration(sema::constant_of(model_, expr)->value.duration()); }

void Expressions::in_last(const ast::InLast& expr) {
  value_as(*expr.value, TypeKind::DateTime);
  length(*expr.length);
  code_.emit(Opcode::InLast);
  if (expr.negated) code_.emit(Opcode::Not);
}

void Expressions::within_next(const ast::WithinNext& expr) {
  const bool date = used_kind(*expr.value) == TypeKind::Date;
  value(*expr.value);
  length(*expr.length);
  code_.emit(date ? Opcode::WithinNextDate : Opcode::WithinNext);
}

void Expressions::was_in(const ast::WasInCampaign& expr) {
  const std::uint32_t campaign = model_.find_campaign(expr.campaign.text());
  NURTURE_CHECK(campaign != sema::kNoIndex);
  // A campaign's reasons are written in this order.
  const std::vector<std::string>& reasons = model_.campaigns[campaign].reasons;
  const auto reason =
      static_cast<std::uint32_t>(std::find(reasons.begin(), reasons.end(), expr.reason.text) - reasons.begin());
  if (expr.last) length(*expr.last);
  code_.emit(expr.last ? Opcode::WasInLast : Opcode::WasIn, {campaign, reason});
}

void Expressions::visits(const ast::VisitsOf& expr) {
  const auto& stages = model_.campaigns[model_.stage_of.at(expr.id).first].stages;
  NURTURE_CHECK(model_.stage_of.at(expr.id).second < stages.size());
  code_.emit(Opcode::LoadVisits, {model_.stage_of.at(expr.id).second});
}

/// `any lead` and `no lead` compare the count with none.
void Expressions::leads(const ast::LeadsQuery& expr) {
  using Form = ast::LeadsQuery::Form;
  bytecode::LeadQuery query;
  query.condition = later(expr.where);
  query.label = pools_.text(pools_.written(expr.span));
  query.place = pools_.place(expr.span);
  sema::ConstantValue none;
  none.type.kind = TypeKind::Integer;
  none.value = Value::of(0);
  if (expr.form != Form::Count) constant(none);
  code_.emit(Opcode::CountLeads, {pools_.lead_query(query)});
  if (expr.form == Form::Any) code_.emit(Opcode::LessInt);
  if (expr.form == Form::None) code_.emit(Opcode::Equal);
}

const sema::Symbol* Expressions::score_of(const ast::Expr& expr) const {
  const auto found = model_.symbols.find(expr.id);
  if (expr.kind != ast::NodeKind::NameRef || found == model_.symbols.end()) return nullptr;
  return found->second.kind == sema::Symbol::Kind::Score ? &found->second : nullptr;
}

/// A score compared with something: one instruction, which knows when the answer will be another.
bool Expressions::score_compare(const ast::Expr& left, const ast::Expr& right, ScoreTest test) {
  const sema::Symbol* score = score_of(left);
  const ast::Expr& bound = score ? right : left;
  if (!score) {
    score = score_of(right);
    constexpr std::uint32_t kMirrored[] = {kGreater, kGreaterEqual, kLess, kLessEqual, kSame};
    test = static_cast<ScoreTest>(kMirrored[test]);
  }
  if (!score) return false;
  value_as(bound, TypeKind::Number);
  code_.emit(Opcode::ScoreCompare, {score->index, test});
  return true;
}

/// Both sides of a comparison; a count that meets a whole number need not count further than that.
void Expressions::compared(const ast::Expr& expr, const ast::Expr& with, TypeKind kind, bool one_more) {
  const auto* count = ast::try_as<ast::Aggregate>(&expr);
  const auto bound = count ? sema::constant_of(model_, with) : std::nullopt;
  const bool bounded = count && count->function.text == "count" && bound && bound->type.kind == TypeKind::Integer &&
                       !model_.converted.contains(expr.id) && bound->value.bits < 1'000'000;
  if (!bounded) return value_as(expr, kind);
  aggregate(*count, static_cast<std::uint32_t>(std::max<std::int64_t>(1, bound->value.bits + (one_more ? 1 : 0))));
}

bytecode::Score score(const sema::Model& model, const sema::Score& row, Pools& pools, Expressions& expressions) {
  const auto millionths = [&](const ast::Expr* expr) { return sema::score_points(model, *expr).value_or(0); };
  const auto bound = [&](const ast::Expr* expr) {
    if (!expr) return bytecode::kNone;
    sema::ConstantValue value;
    value.type.kind = TypeKind::Integer;
    value.value = Value::of(millionths(expr));
    return pools.constant(value);
  };
  const ast::ScoreDecl& decl = *row.decl;
  bytecode::Score made;
  made.name = pools.text(row.name);
  made.place = pools.place(decl.span);
  for (const ast::ScoreRow& written : decl.rows) {
    bytecode::ScoreRow line;
    line.event = expressions.match(written.event);
    line.points = millionths(written.points);
    if (written.per) {
      line.most = static_cast<std::uint32_t>(written.at_most);
      line.per = pools.duration(sema::constant_of(model, *written.per)->value.duration());
    }
    line.place = pools.place(written.event.span);
    made.rows.push_back(line);
  }
  if (decl.halves_every) {
    const Duration d = sema::constant_of(model, *decl.halves_every)->value.duration();
    made.half_life = std::int64_t{d.days} * kDay + d.micros;
  }
  made.cap = bound(decl.cap);
  made.floor = bound(decl.floor);
  return made;
}

}  // namespace nurture::ir
