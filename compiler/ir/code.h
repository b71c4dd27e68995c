#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/bytecode/coverage.h"
#include "runtime/bytecode/module.h"
#include "runtime/bytecode/opcode.h"

/// Linear instructions whose jumps name labels: what codegen lays out.
namespace nurture::ir {

using bytecode::Opcode;

/// A place in the code that has no offset yet. The tables of a module under construction hold labels in their Pc
/// fields.
using Label = bytecode::Pc;
inline constexpr Label kNoLabel = bytecode::kNoCode;

struct Instruction {
  Opcode op;
  std::array<std::uint32_t, 4> operands{};  ///< a Target is a Label, everything else an index
};

/// A place in a body that coverage asks about, with labels for offsets.
struct Spot {
  bytecode::Spot row;  ///< without its place
  Span span;
};

class Code {
 public:
  Label fresh();
  /// The label means the next instruction. Once per label.
  void bind(Label label);
  Label here();
  void emit(Opcode op, std::initializer_list<std::uint32_t> operands = {});

  const std::vector<Instruction>& instructions() const { return instructions_; }
  /// Index of the instruction that a label means; instructions().size() for the end.
  std::uint32_t at(Label label) const { return bound_[label]; }
  std::uint32_t labels() const { return static_cast<std::uint32_t>(bound_.size()); }

 private:
  std::vector<Instruction> instructions_;
  std::vector<std::uint32_t> bound_;
};

std::string dump(const Code& code);

}  // namespace nurture::ir
