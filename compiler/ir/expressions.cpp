#include "compiler/ir/expressions.h"

#include "compiler/sema/walk.h"
#include "runtime/base/check.h"

namespace nurture::ir {

using ast::as;
using ast::BinaryOp;
using ast::NodeKind;

const sema::Type& Expressions::used_type(const ast::Expr& expr) const {
  auto found = model_.converted.find(expr.id);
  return found == model_.converted.end() ? model_.types[expr.id] : found->second;
}

TypeKind Expressions::used_kind(const ast::Expr& expr) const { return used_type(expr).kind; }

void Expressions::constant(const sema::ConstantValue& value) {
  if (value.type.kind == TypeKind::Boolean && value.value.known) {
    code_.emit(value.value.bits ? Opcode::PushTrue : Opcode::PushFalse);
  } else {
    code_.emit(Opcode::PushConst, {pools_.constant(value)});
  }
}

void Expressions::duration(const Duration& value) { code_.emit(Opcode::PushConst, {pools_.duration(value)}); }

void Expressions::value(const ast::Expr& expr) {
  if (auto folded = sema::constant_of(model_, expr)) return constant(*folded);
  raw(expr);
  convert(model_.types[expr.id].kind, used_kind(expr));
}

void Expressions::value_as(const ast::Expr& expr, TypeKind kind) {
  value(expr);
  convert(used_kind(expr), kind);
}

void Expressions::convert(TypeKind from, TypeKind to) {
  if (from == TypeKind::Integer && to == TypeKind::Number) code_.emit(Opcode::IntToNumber);
  if (from == TypeKind::Integer && to == TypeKind::Decimal) code_.emit(Opcode::IntToDecimal);
  if (from == TypeKind::Date && to == TypeKind::DateTime) code_.emit(Opcode::DateStart);
}

void Expressions::raw(const ast::Expr& expr) {
  switch (expr.kind) {
    case NodeKind::NameRef:
      return name(as<ast::NameRef>(expr));
    case NodeKind::Unary:
      return unary(as<ast::Unary>(expr));
    case NodeKind::Binary:
      return binary(as<ast::Binary>(expr));
    case NodeKind::InTest:
      return in_test(as<ast::InTest>(expr));
    case NodeKind::Between:
      return between(as<ast::Between>(expr));
    case NodeKind::DateShift:
      return date_shift(as<ast::DateShift>(expr));
    case NodeKind::DateLit:
      return date(as<ast::DateLit>(expr));
    case NodeKind::Now:
      return code_.emit(Opcode::LoadNow);
    case NodeKind::Today:
      return code_.emit(Opcode::LoadToday);
    case NodeKind::KnownTest:
      value(*as<ast::KnownTest>(expr).value);
      code_.emit(Opcode::IsKnown);
      if (as<ast::KnownTest>(expr).unknown) code_.emit(Opcode::Not);
      return;
    case NodeKind::Aggregate:
      return aggregate(as<ast::Aggregate>(expr), 0);
    case NodeKind::Lookup:
      return lookup(as<ast::Lookup>(expr));
    case NodeKind::ContentPast:
      return content_past(as<ast::ContentPast>(expr));
    case NodeKind::DaysSince:
      value_as(*as<ast::DaysSince>(expr).target, TypeKind::DateTime);
      return code_.emit(Opcode::DaysSince);
    case NodeKind::InLast:
      return in_last(as<ast::InLast>(expr));
    case NodeKind::WithinNext:
      return within_next(as<ast::WithinNext>(expr));
    case NodeKind::VisitsOf:
      return visits(as<ast::VisitsOf>(expr));
    case NodeKind::WasInCampaign:
      return was_in(as<ast::WasInCampaign>(expr));
    case NodeKind::WithSales:
      code_.emit(Opcode::LoadWithSales);
      if (as<ast::WithSales>(expr).negated) code_.emit(Opcode::Not);
      return;
    case NodeKind::LeadsQuery:
      return leads(as<ast::LeadsQuery>(expr));
    default:
      NURTURE_CHECK(!"an expression that is not lowered");  // literals fold; the rest is refused by sema
  }
}

/// A date that is used as an instant does not fold: where it begins depends on the lead's zone.
void Expressions::date(const ast::DateLit& expr) {
  sema::ConstantValue value;
  value.type.kind = TypeKind::Date;
  value.value = Value::of(expr.days);
  constant(value);
}

void Expressions::name(const ast::NameRef& expr) {
  auto found = model_.symbols.find(expr.id);
  NURTURE_CHECK(found != model_.symbols.end());
  const sema::Symbol& symbol = found->second;
  switch (symbol.kind) {
    case sema::Symbol::Kind::LeadAttribute:
      return code_.emit(Opcode::LoadLead, {symbol.index});
    case sema::Symbol::Kind::AccountAttribute:
      return code_.emit(Opcode::LoadAccount, {symbol.index});
    case sema::Symbol::Kind::EventProperty:
      return property(Opcode::LoadEvent, symbol);
    case sema::Symbol::Kind::EntryProperty:
      return property(Opcode::LoadEntry, symbol);
    case sema::Symbol::Kind::Let:
      return constant(model_.lets[symbol.index].value);
    case sema::Symbol::Kind::Segment:
      return value(*model_.segments[symbol.index].decl->condition);
    case sema::Symbol::Kind::Remembered:
      return code_.emit(Opcode::LoadSlot, {symbol.index});
    case sema::Symbol::Kind::Score:
      return code_.emit(Opcode::LoadScore, {symbol.index});
    case sema::Symbol::Kind::Column:
      return code_.emit(Opcode::LoadColumn, {symbol.index});
    case sema::Symbol::Kind::Touch:
      return code_.emit(Opcode::LoadTouch, {});
    case sema::Symbol::Kind::ChoiceValue:
    case sema::Symbol::Kind::Content:
    case sema::Symbol::Kind::EventKindName:
    case sema::Symbol::Kind::CampaignName:
    case sema::Symbol::Kind::ErrorSymbol:
      break;
  }
  sema::ConstantValue text;
  text.type.kind = TypeKind::Text;
  text.text = symbol.text.empty() ? expr.path.text() : symbol.text;
  text.value.known = true;
  constant(text);
}

/// Two lists side by side, of the rows that have the cell.
void Expressions::lookup(const ast::Lookup& expr) {
  const sema::CellOf& at = model_.cells.at(expr.id);
  const sema::Table& table = model_.tables[at.table];
  const auto list_of = [](const sema::Type& item) {
    sema::ConstantValue list;
    list.type.kind = TypeKind::List;
    list.type.element = item.kind == TypeKind::Choice ? TypeKind::Text : item.kind;
    list.value.known = true;
    return list;
  };
  sema::ConstantValue keys = list_of(table.columns[table.key].type);
  sema::ConstantValue cells = list_of(table.columns[at.column].type);
  for (const auto& row : table.rows) {
    if (!row[at.column]) continue;
    keys.items.push_back(*row[table.key]);
    cells.items.push_back(*row[at.column]);
  }
  value(*expr.key);
  code_.emit(Opcode::Lookup, {pools_.constant(keys), pools_.constant(cells)});
}

/// Of several kinds, whichever the event is of: `load` leaves unknown for every other.
void Expressions::property(Opcode load, const sema::Symbol& symbol) {
  if (symbol.event_kind != sema::kNoIndex) return code_.emit(load, {symbol.event_kind, symbol.index});
  Label done = code_.fresh();
  bool first = true;
  for (auto [kind, property] : symbol.alternatives) {
    if (!first) {
      code_.emit(Opcode::JumpIfKnown, {done});
      code_.emit(Opcode::Pop);
    }
    code_.emit(load, {kind, property});
    first = false;
  }
  if (first) code_.emit(Opcode::PushUnknown);
  code_.bind(done);
}

void Expressions::unary(const ast::Unary& expr) {
  if (expr.op == ast::UnaryOp::Not) {
    value(*expr.operand);
    truth(*expr.operand);
    return code_.emit(Opcode::Not);
  }
  value(*expr.operand);
  TypeKind kind = used_kind(*expr.operand);
  code_.emit(kind == TypeKind::Number     ? Opcode::NegNumber
             : kind == TypeKind::Duration ? Opcode::NegDuration
                                          : Opcode::NegInt);
}

/// A boolean that may be unknown counts as false where a condition is asked for.
void Expressions::truth(const ast::Expr& expr) {
  if (model_.types[expr.id].optional) code_.emit(Opcode::Truth);
}

void Expressions::binary(const ast::Binary& expr) {
  switch (expr.op) {
    case BinaryOp::Or:
    case BinaryOp::And:
      return logic(expr);
    case BinaryOp::Is:
    case BinaryOp::IsNot:
    case BinaryOp::Less:
    case BinaryOp::LessEqual:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEqual:
      return compare(expr);
    case BinaryOp::StartsWith:
    case BinaryOp::EndsWith:
    case BinaryOp::Contains:
    case BinaryOp::Matches:
      return text_test(expr);
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
      return arithmetic(expr);
    case BinaryOp::Else:
      return otherwise(expr);
  }
}

void Expressions::logic(const ast::Expr& expr) {
  Label no = code_.fresh(), done = code_.fresh();
  branch(expr, false, no);
  code_.emit(Opcode::PushTrue);
  code_.emit(Opcode::Jump, {done});
  code_.bind(no);
  code_.emit(Opcode::PushFalse);
  code_.bind(done);
}

void Expressions::branch(const ast::Expr& expr, bool wanted, Label target) {
  const auto* node = ast::try_as<ast::Binary>(&expr);
  if (node && (node->op == BinaryOp::And || node->op == BinaryOp::Or)) {
    bool decides = node->op == BinaryOp::Or;  // the value of the left side that settles it
    if (decides == wanted) {
      branch(*node->left, wanted, target);
      return branch(*node->right, wanted, target);
    }
    Label over = code_.fresh();
    branch(*node->left, decides, over);
    branch(*node->right, wanted, target);
    return code_.bind(over);
  }
  const auto* negation = ast::try_as<ast::Unary>(&expr);
  if (negation && negation->op == ast::UnaryOp::Not) return branch(*negation->operand, !wanted, target);
  if (const auto* ref = ast::try_as<ast::NameRef>(&expr)) {
    auto found = model_.symbols.find(ref->id);
    if (found != model_.symbols.end() && found->second.kind == sema::Symbol::Kind::Segment) {
      return branch(*model_.segments[found->second.index].decl->condition, wanted, target);
    }
  }
  value(expr);
  code_.emit(wanted ? Opcode::JumpIfTrue : Opcode::JumpIfFalse, {target});
}

void Expressions::otherwise(const ast::Binary& expr) {
  TypeKind kind = model_.types[expr.id].kind;
  Label done = code_.fresh();
  value_as(*expr.left, kind);
  code_.emit(Opcode::JumpIfKnown, {done});
  code_.emit(Opcode::Pop);
  value_as(*expr.right, kind);
  code_.bind(done);
}

void Expressions::date_shift(const ast::DateShift& expr) {
  TypeKind kind = model_.types[expr.id].kind;
  value_as(*expr.target, kind);
  if (auto length = sema::constant_of(model_, *expr.amount); length && expr.before) {
    Duration d = length->value.duration();
    duration({static_cast<std::int16_t>(-d.months), static_cast<std::int16_t>(-d.days), -d.micros});
  } else {
    value(*expr.amount);
    if (expr.before) code_.emit(Opcode::NegDuration);
  }
  code_.emit(kind == TypeKind::Date ? Opcode::ShiftDate : Opcode::ShiftInstant);
}

void Expressions::point(const ast::When& when) {
  const auto zone = [&] {
    if (!when.zone.empty()) code_.emit(Opcode::InZone, {pools_.text(when.zone)});
  };
  const std::uint32_t strictly = when.next ? 1 : 0;
  if (when.target) {
    if (used_kind(*when.target) == TypeKind::DateTime && model_.types[when.target->id].kind == TypeKind::DateTime) {
      return value(*when.target);
    }
    if (auto folded = sema::constant_of(model_, *when.target); folded && folded->type.kind == TypeKind::DateTime) {
      return constant(*folded);
    }
    raw_date(*when.target);
    if (when.time) value(*when.time);
    zone();
    return code_.emit(when.time ? Opcode::DateAtTime : Opcode::DateStart);
  }
  if (when.time) {
    value(*when.time);
  } else {
    sema::ConstantValue midnight;
    midnight.type.kind = TypeKind::Time;
    midnight.value = Value::of(0);
    constant(midnight);
  }
  zone();
  if (when.weekdays == 0) return code_.emit(Opcode::NextTime, {strictly});
  code_.emit(Opcode::NextWeekday, {when.weekdays, strictly});
}

/// A date before its conversion to an instant.
void Expressions::raw_date(const ast::Expr& expr) {
  if (auto folded = sema::constant_of(model_, expr)) return constant(*folded);
  raw(expr);
}

// Expressions of their own --------------------------------------------------------------------------------------------

Label Expressions::queue(std::vector<const ast::Expr*> exprs, Join join) {
  if (exprs.empty()) return kNoLabel;
  due_.push_back({code_.fresh(), std::move(exprs), join});
  return due_.back().label;
}

Label Expressions::later(const ast::Expr* expr) { return expr ? queue({expr}, Join::One) : kNoLabel; }
Label Expressions::later_as(const ast::Expr* expr, TypeKind kind) {
  if (!expr) return kNoLabel;
  Label label = queue({expr}, Join::As);
  due_.back().kind = kind;
  return label;
}
Label Expressions::later_point(const ast::When& when) {
  Label label = queue({when.target}, Join::Point);
  due_.back().when = &when;
  return label;
}
Label Expressions::later_all(const std::vector<const ast::Expr*>& exprs) { return queue(exprs, Join::All); }
Label Expressions::later_any(const std::vector<const ast::Expr*>& exprs) { return queue(exprs, Join::Any); }
Label Expressions::later_text(const ast::Expr* expr) { return expr ? queue({expr}, Join::Text) : kNoLabel; }

void Expressions::flush() {
  while (!due_.empty()) {
    Due due = std::move(due_.front());
    due_.pop_front();
    write(due);
  }
}

void Expressions::write(const Due& due) {
  code_.bind(due.label);
  if (due.join == Join::Text) {
    text_of(*due.exprs.front());
  } else if (due.join == Join::As) {
    value_as(*due.exprs.front(), due.kind);
  } else if (due.join == Join::Point) {
    point(*due.when);
  } else if (due.exprs.size() == 1) {
    value(*due.exprs.front());
  } else {
    bool all = due.join == Join::All;
    Label decided = code_.fresh(), done = code_.fresh();
    for (const ast::Expr* expr : due.exprs) branch(*expr, !all, decided);
    code_.emit(all ? Opcode::PushTrue : Opcode::PushFalse);
    code_.emit(Opcode::Jump, {done});
    code_.bind(decided);
    code_.emit(all ? Opcode::PushFalse : Opcode::PushTrue);
    code_.bind(done);
  }
  code_.emit(Opcode::Return);
}

void Expressions::text_of(const ast::Expr& expr) {
  TypeKind kind = used_kind(expr);
  auto folded = sema::constant_of(model_, expr);
  if (!folded || kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content) return value(expr);
  sema::ConstantValue text;
  text.type.kind = TypeKind::Text;
  text.text = pools_.written(expr.span);
  text.value.known = true;
  constant(text);
}

bytecode::Message Expressions::message(const ast::Message& message) {
  bytecode::Message made;
  for (const ast::MessagePart& part : message.parts) {
    if (part.expression) {
      made.push_back(message_of(*part.expression).front());
      continue;
    }
    bytecode::MessagePart row;
    row.literal = pools_.text(part.literal);
    made.push_back(row);
  }
  return made;
}

bool Expressions::meant(const ast::Expr& expr) const {
  bool all = !model_.types[expr.id].poison();
  sema::for_each_child(expr, [&](const ast::Expr& part) { all = all && meant(part); });
  return all;
}

bytecode::Message Expressions::message_of(const ast::Expr& expr) {
  bytecode::MessagePart row;
  if (!meant(expr)) {
    row.literal = pools_.text("…");
    return {row};
  }
  row.expression = later(&expr);
  row.type = pools_.type(used_type(expr));
  return {row};
}

}  // namespace nurture::ir
