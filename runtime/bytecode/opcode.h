#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace nurture::bytecode {

enum class Operand : std::uint8_t {
#define NURTURE_OPERAND(name, bytes, table) name,
#include "runtime/bytecode/operands.def"
#undef NURTURE_OPERAND
};

enum class Opcode : std::uint8_t {
#define NURTURE_OP(name, mnemonic, operands, pops, pushes, meaning) name,
#include "runtime/bytecode/opcodes.def"
#undef NURTURE_OP
};

struct OpcodeInfo {
  std::string_view name;      ///< "PushConst"
  std::string_view mnemonic;  ///< "push.const"
  std::array<Operand, 4> operand;
  std::uint8_t operands;  ///< how many of `operand` count
  std::uint8_t pops;
  std::uint8_t pushes;
  std::uint8_t size;  ///< bytes of the whole instruction
  std::string_view meaning;
  std::span<const Operand> list() const { return {operand.data(), operands}; }
};

/// Rows in the order of Opcode.
std::span<const OpcodeInfo> opcodes();
inline const OpcodeInfo& info(Opcode op) { return opcodes()[static_cast<std::size_t>(op)]; }

/// Values that one activation may hold at most; the verifier refuses deeper code.
inline constexpr std::size_t kMaxStack = 256;

/// Bytes of an instruction with these operands.
template <typename... Operands>
constexpr std::size_t size_with(Operands... operands) {
  constexpr std::uint8_t kBytes[] = {
#define NURTURE_OPERAND(name, bytes, table) bytes,
#include "runtime/bytecode/operands.def"
#undef NURTURE_OPERAND
  };
  return (std::size_t{1} + ... + kBytes[static_cast<std::size_t>(operands)]);
}
/// Bytes of the whole instruction, for the dispatch loop: the same figure as OpcodeInfo::size.
constexpr std::size_t opcode_size(Opcode op) {
  using enum Operand;
  switch (op) {
#define NURTURE_OP(name, mnemonic, operands, pops, pushes, meaning) \
  case Opcode::name:                                                \
    return size_with operands;
#include "runtime/bytecode/opcodes.def"
#undef NURTURE_OP
  }
  return 1;
}
template <Opcode op>
inline constexpr std::size_t kOpcodeSize = opcode_size(op);

std::uint8_t operand_bytes(Operand kind);
std::string_view operand_name(Operand kind);

}  // namespace nurture::bytecode
