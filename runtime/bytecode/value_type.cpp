#include "runtime/bytecode/value_type.h"

#include <initializer_list>

#include "runtime/bytecode/layout.h"

namespace nurture::bytecode {
namespace {

using Operands = std::span<const ValueType>;
using enum TypeKind;

bool all(Operands operands, ValueType wanted) {
  for (ValueType operand : operands) {
    if (!operand.fits(wanted)) return false;
  }
  return true;
}

/// `result` if every operand is a `wanted`.
std::optional<ValueType> from(Operands operands, ValueType wanted, ValueType result) {
  return all(operands, wanted) ? std::optional(result) : std::nullopt;
}

/// The one of `kinds` that every operand is.
std::optional<ValueType> same(Operands operands, std::initializer_list<TypeKind> kinds) {
  for (TypeKind kind : kinds) {
    if (all(operands, kind)) return ValueType(kind);
  }
  return std::nullopt;
}

std::optional<ValueType> boolean(bool fits) { return fits ? std::optional(ValueType(Boolean)) : std::nullopt; }

std::optional<ValueType> pair(Operands operands, ValueType a, ValueType b, ValueType result) {
  return operands[0].fits(a) && operands[1].fits(b) ? std::optional(result) : std::nullopt;
}

std::optional<ValueType> equal(Operands operands) {
  const auto merged = ValueType::merge(operands[0], operands[1]);
  return boolean(merged && *merged != Number && *merged != Duration && *merged != ValueType::zone());
}

std::optional<ValueType> in_list(Operands operands) {
  if (operands[1].unknown()) return Boolean;
  return boolean(operands[1].list() && operands[0].fits(operands[1].item()) && operands[1].item() != Number);
}

std::optional<ValueType> product(Operands operands) {
  if (const auto integers = same(operands, {Integer})) return integers;
  const auto one = pair(operands, Percent, Integer, Percent);
  return one ? one : pair(operands, Integer, Percent, Percent);
}

}  // namespace

std::optional<ValueType> ValueType::merge(ValueType a, ValueType b) {
  if (a.unknown() || a == b) return b;
  return b.unknown() ? std::optional(a) : std::nullopt;
}

std::string ValueType::name() const {
  if (unknown()) return "unknown";
  if (*this == zone()) return "a zone";
  if (list()) return "a list of " + item().name();
  return std::string(layout::kTypeWords[code_ - 1]);
}

std::optional<ValueType> result_type(Opcode op, Operands operands) {
  switch (op) {
    case Opcode::Pop:
      return ValueType();
    case Opcode::Truth:
    case Opcode::Not:
      return from(operands, Boolean, Boolean);
    case Opcode::IsKnown:
      return boolean(operands[0] != ValueType::zone());

    case Opcode::AddInt:
    case Opcode::SubInt:
      return same(operands, {Integer, Percent});
    case Opcode::MulInt:
      return product(operands);
    case Opcode::NegInt:
      return same(operands, {Integer, Decimal, Percent});
    case Opcode::AddNumber:
    case Opcode::SubNumber:
    case Opcode::MulNumber:
    case Opcode::DivNumber:
    case Opcode::NegNumber:
      return from(operands, Number, Number);
    case Opcode::AddDecimal:
    case Opcode::SubDecimal:
    case Opcode::MulDecimal:
    case Opcode::DivDecimal:
      return from(operands, Decimal, Decimal);
    case Opcode::MulPercent: {
      const auto straight = pair(operands, Decimal, Percent, Decimal);
      return straight ? straight : pair(operands, Percent, Decimal, Decimal);
    }
    case Opcode::IntToNumber:
      return from(operands, Integer, Number);
    case Opcode::IntToDecimal:
      return from(operands, Integer, Decimal);
    case Opcode::AddDuration:
    case Opcode::NegDuration:
      return from(operands, Duration, Duration);
    case Opcode::MulDuration:
      return pair(operands, Duration, Integer, Duration);
    case Opcode::ShiftInstant:
      return pair(operands, DateTime, Duration, DateTime);
    case Opcode::ShiftDate:
      return pair(operands, Date, Duration, Date);
    case Opcode::DiffInstant:
      return from(operands, DateTime, Duration);
    case Opcode::DiffDate:
      return from(operands, Date, Duration);
    case Opcode::DateStart:
      return from(operands, Date, DateTime);
    case Opcode::DateAtTime:
      return pair(operands, Date, Time, DateTime);
    case Opcode::LocalDate:
      return from(operands, DateTime, Date);
    case Opcode::DaysSince:
      return from(operands, DateTime, Integer);
    case Opcode::InLast:
    case Opcode::WithinNext:
      return pair(operands, DateTime, Duration, Boolean);
    case Opcode::WithinNextDate:
      return pair(operands, Date, Duration, Boolean);
    case Opcode::WasInLast:
      return from(operands, Duration, Boolean);
    case Opcode::ScoreCompare:
      return from(operands, Number, Boolean);
    case Opcode::NextTime:
    case Opcode::NextWeekday:
      return from(operands, Time, DateTime);
    case Opcode::WindowTime:
      return pair(operands, DateTime, Duration, DateTime);
    case Opcode::WindowDays:
    case Opcode::BusinessDays:
      return pair(operands, DateTime, Integer, DateTime);
    case Opcode::Later:
    case Opcode::EarlierKnown:
      return from(operands, DateTime, DateTime);

    case Opcode::Equal:
      return equal(operands);
    case Opcode::EqualNumber:
    case Opcode::LessNumber:
    case Opcode::LessEqualNumber:
      return from(operands, Number, Boolean);
    case Opcode::LessInt:
    case Opcode::LessEqualInt:
      return boolean(same(operands, {Integer, Decimal, Percent, Date, Time, DateTime}).has_value());
    case Opcode::EqualDuration:
    case Opcode::LessDuration:
    case Opcode::LessEqualDuration:
      return from(operands, Duration, Boolean);
    case Opcode::LessText:
    case Opcode::LessEqualText:
    case Opcode::EqualFold:
    case Opcode::StartsWith:
    case Opcode::EndsWith:
    case Opcode::Contains:
    case Opcode::Matches:
      return from(operands, Text, Boolean);
    case Opcode::InList:
      return in_list(operands);
    case Opcode::InListNumber:
      return pair(operands, Number, ValueType::list_of(Number), Boolean);
    case Opcode::InListFold:
      return pair(operands, Text, ValueType::list_of(Text), Boolean);

    case Opcode::JumpIfFalse:
    case Opcode::JumpIfTrue:
      return from(operands, Boolean, ValueType());
    case Opcode::JumpIfKnown:
      return operands[0];
    case Opcode::Assign:
    case Opcode::Notify:
      return from(operands, Text, ValueType());
    case Opcode::WaitUntil:
      return from(operands, DateTime, ValueType());
    case Opcode::AddScore:
      return from(operands, Number, ValueType());

    case Opcode::PushTrue:
    case Opcode::PushFalse:
    case Opcode::LoadWithSales:
    case Opcode::LoadSent:
    case Opcode::WasIn:
      return Boolean;
    case Opcode::CountLeads:
    case Opcode::LoadVisits:
      return Integer;
    case Opcode::LoadScore:
      return Number;
    case Opcode::LoadNow:
    case Opcode::LoadWaitStart:
    case Opcode::LoadEnteredAt:
      return DateTime;
    case Opcode::LoadToday:
      return Date;
    case Opcode::LoadColumn:
      return Text;

    case Opcode::PushUnknown:
    case Opcode::PushConst:
    case Opcode::LoadLead:
    case Opcode::LoadAccount:
    case Opcode::LoadEvent:
    case Opcode::LoadEntry:
    case Opcode::LoadSlot:
    case Opcode::History:
    case Opcode::Lookup:
    case Opcode::LoadTouch:
    case Opcode::ResetScore:
    case Opcode::Jump:
    case Opcode::Return:
    case Opcode::HandOff:
    case Opcode::TakeBack:
    case Opcode::SetLead:
    case Opcode::StoreSlot:
    case Opcode::Remember:
    case Opcode::EnrollIn:
    case Opcode::RemoveFrom:
    case Opcode::AddAudience:
    case Opcode::RemoveAudience:
    case Opcode::CallWebhook:
    case Opcode::Split:
    case Opcode::Send:
    case Opcode::Stay:
    case Opcode::RepeatBegin:
    case Opcode::RepeatNext:
    case Opcode::InZone:
    case Opcode::GoTo:
    case Opcode::RestartStage:
    case Opcode::Exit:
    case Opcode::MoveOn:
    case Opcode::KeepWaiting:
    case Opcode::EndBody:
      return ValueType();
  }
  return std::nullopt;
}

}  // namespace nurture::bytecode
