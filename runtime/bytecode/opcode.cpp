#include "runtime/bytecode/opcode.h"

#include <initializer_list>

namespace nurture::bytecode {
namespace {

using enum Operand;

constexpr std::uint8_t kOperandBytes[] = {
#define NURTURE_OPERAND(name, bytes, table) bytes,
#include "runtime/bytecode/operands.def"
#undef NURTURE_OPERAND
};

constexpr std::string_view kOperandNames[] = {
#define NURTURE_OPERAND(name, bytes, table) #name,
#include "runtime/bytecode/operands.def"
#undef NURTURE_OPERAND
};

constexpr OpcodeInfo row(std::string_view name, std::string_view mnemonic, std::initializer_list<Operand> operands,
                         std::uint8_t pops, std::uint8_t pushes, std::string_view meaning) {
  OpcodeInfo info{name, mnemonic, {}, 0, pops, pushes, 1, meaning};
  for (Operand operand : operands) {
    info.operand[info.operands++] = operand;
    info.size = static_cast<std::uint8_t>(info.size + kOperandBytes[static_cast<std::size_t>(operand)]);
  }
  return info;
}

// The operand list of a row is one parenthesised argument; this turns it into a braced one.
#define NURTURE_LIST(...) {__VA_ARGS__}
constexpr OpcodeInfo kOpcodes[] = {
#define NURTURE_OP(name, mnemonic, operands, pops, pushes, meaning) \
  row(#name, mnemonic, NURTURE_LIST operands, pops, pushes, meaning),
#include "runtime/bytecode/opcodes.def"
#undef NURTURE_OP
};
#undef NURTURE_LIST
static_assert(std::size(kOpcodes) <= 256);

}  // namespace

std::span<const OpcodeInfo> opcodes() { return kOpcodes; }

std::uint8_t operand_bytes(Operand kind) { return kOperandBytes[static_cast<std::size_t>(kind)]; }

std::string_view operand_name(Operand kind) { return kOperandNames[static_cast<std::size_t>(kind)]; }

}  // namespace nurture::bytecode
