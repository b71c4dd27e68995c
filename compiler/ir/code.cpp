#include "compiler/ir/code.h"

#include <fmt/format.h>

#include "runtime/base/check.h"

namespace nurture::ir {

namespace {

constexpr std::uint32_t kUnbound = UINT32_MAX;

}  // namespace

Label Code::fresh() {
  bound_.push_back(kUnbound);
  return static_cast<Label>(bound_.size() - 1);
}

void Code::bind(Label label) {
  NURTURE_CHECK(bound_[label] == kUnbound);
  bound_[label] = static_cast<std::uint32_t>(instructions_.size());
}

Label Code::here() {
  Label label = fresh();
  bind(label);
  return label;
}

void Code::emit(Opcode op, std::initializer_list<std::uint32_t> operands) {
  NURTURE_CHECK(operands.size() == bytecode::info(op).operands);
  Instruction made{op};
  std::size_t i = 0;
  for (std::uint32_t operand : operands) made.operands[i++] = operand;
  instructions_.push_back(made);
}

std::string dump(const Code& code) {
  std::vector<std::vector<Label>> labels(code.instructions().size() + 1);
  for (Label label = 0; label < code.labels(); ++label) {
    if (code.at(label) != kUnbound) labels[code.at(label)].push_back(label);
  }
  std::string out;
  for (std::size_t i = 0; i < code.instructions().size(); ++i) {
    for (Label label : labels[i]) out += fmt::format("L{}:\n", label);
    const Instruction& instruction = code.instructions()[i];
    const bytecode::OpcodeInfo& row = bytecode::info(instruction.op);
    out += fmt::format("  {}", row.mnemonic);
    for (std::size_t k = 0; k < row.operands; ++k) {
      bool target = row.operand[k] == bytecode::Operand::Target;
      out += fmt::format(" {}{}", target ? "L" : "", instruction.operands[k]);
    }
    out += "\n";
  }
  return out;
}

}  // namespace nurture::ir
