#pragma once

#include <map>
#include <string>

#include "compiler/codegen/codegen.h"
#include "runtime/bytecode/opcode.h"
#include "tests/catch.h"
#include "tests/flow/compile.h"

/// Code of a module in a form that a test can state: names instead of indices, @n for the n-th instruction shown.
namespace nurture::test {

class Listing {
 public:
  Listing(const bytecode::Module& module, const bytecode::Campaign* campaign) : module_(module), campaign_(campaign) {}

  /// From `pc` as far as control can get without an end that names another place, in order of offset.
  std::string from(bytecode::Pc begin, bytecode::Pc end) {
    std::map<bytecode::Pc, int> numbers;
    for (bytecode::Pc pc = begin; pc < end; pc += row(pc).size) {
      int number = static_cast<int>(numbers.size());
      numbers[pc] = number;
    }
    std::string out;
    for (auto [pc, number] : numbers) {
      const bytecode::OpcodeInfo& op = row(pc);
      out += op.mnemonic;
      bytecode::Pc at = pc + 1;
      for (bytecode::Operand kind : op.list()) {
        out += " " + operand(kind, at, numbers);
        last_ = read(at, bytecode::operand_bytes(kind));
        at += bytecode::operand_bytes(kind);
      }
      out += "\n";
    }
    return out;
  }

  /// One expression: to its last return before the next expression begins.
  std::string expression(bytecode::Pc pc) {
    bytecode::Pc end = pc;
    while (row(end).mnemonic != "return") end += row(end).size;
    return from(pc, end + 1);
  }

 private:
  const bytecode::OpcodeInfo& row(bytecode::Pc pc) const {
    return bytecode::info(static_cast<bytecode::Opcode>(module_.code[pc]));
  }
  std::uint32_t read(bytecode::Pc at, std::size_t bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value |= std::uint32_t{module_.code[at + i]} << (8 * i);
    return value;
  }
  std::string text(std::size_t index) const { return module_.strings[index]; }

  std::string value(const Value& value, TypeKind kind) const {
    switch (kind) {
      case TypeKind::Text:
      case TypeKind::Choice:
      case TypeKind::Content:
        return "\"" + text(static_cast<std::size_t>(value.bits)) + "\"";
      case TypeKind::Number:
        return fmt::format("{}n", value.number());
      case TypeKind::Duration: {
        Duration d = value.duration();
        return fmt::format("{}mo{}d{}s", d.months, d.days, d.micros / kSecond);
      }
      default:
        return std::to_string(value.bits);
    }
  }

  std::string constant(std::size_t index) const {
    const bytecode::Constant& row = module_.constants[index];
    if (row.type.kind != TypeKind::List) return value(row.value, row.type.kind);
    std::string out = "[";
    for (const Value& item : module_.lists[static_cast<std::size_t>(row.value.bits)]) {
      out += (out.size() > 1 ? " " : "") + value(item, row.type.element);
    }
    return out + "]";
  }

  std::string operand(bytecode::Operand kind, bytecode::Pc at, const std::map<bytecode::Pc, int>& numbers) const {
    std::uint32_t index = read(at, bytecode::operand_bytes(kind));
    using bytecode::Operand;
    const bytecode::Schema& schema = module_.schema;
    switch (kind) {
      case Operand::Const:
        return constant(index);
      case Operand::Text:
        return "\"" + text(index) + "\"";
      case Operand::LeadAttribute:
        return text(schema.lead[index].name);
      case Operand::AccountAttribute:
        return text(schema.account[index].name);
      case Operand::Kind:
        return text(schema.kinds[index].name);
      case Operand::Property:
        return text(schema.kinds[last_].properties[index].name);
      case Operand::State:
        return text(campaign_->states[index].anchor);
      case Operand::Stage:
        return text(campaign_->stages[index].name);
      case Operand::Reason:
        return text(campaign_->reasons[index]);
      case Operand::SendSite:
        return text(module_.contents[campaign_->sends[index].content].name);
      case Operand::Line:
        return "line" + std::to_string(module_.places[index].line);
      case Operand::Target:
        return numbers.contains(index) ? "@" + std::to_string(numbers.at(index)) : "elsewhere";
      default:
        return std::to_string(index);
    }
  }

  const bytecode::Module& module_;
  const bytecode::Campaign* campaign_;
  std::uint32_t last_ = 0;
};

/// A module that must come out well.
inline bytecode::Module lowered(const Compiled& made) {
  for (const Diagnostic& each : made.unit->diagnostics.all()) UNSCOPED_INFO(each.message);
  REQUIRE(!made.unit->diagnostics.failed());
  auto module = codegen::lower(*made.unit, made.graphs);
  if (!module) UNSCOPED_INFO(module.error().message);
  REQUIRE(module.ok());
  return std::move(*module);
}
inline bytecode::Module lowered(std::string_view text) { return lowered(compile(text)); }

}  // namespace nurture::test
