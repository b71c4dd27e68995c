#include "compiler/codegen/layout.h"

#include <algorithm>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/bytecode/layout.h"

namespace nurture::codegen {

using bytecode::Pc;

namespace {

/// Where each instruction begins; one more for the end.
std::vector<Pc> offsets_of(const ir::Code& code) {
  const auto& rows = code.instructions();
  std::vector<Pc> offsets(rows.size() + 1, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool to_next = rows[i].op == ir::Opcode::Jump && code.at(rows[i].operands[0]) == i + 1;
    offsets[i + 1] = offsets[i] + (to_next ? 0 : bytecode::info(rows[i].op).size);
  }
  return offsets;
}

void put(std::vector<std::uint8_t>& out, std::uint32_t value, std::uint8_t bytes) {
  for (std::uint8_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void encode(const ir::Code& code, const std::vector<Pc>& offsets, std::vector<std::uint8_t>& out) {
  const auto& rows = code.instructions();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (offsets[i + 1] == offsets[i]) continue;
    const bytecode::OpcodeInfo& row = bytecode::info(rows[i].op);
    out.push_back(static_cast<std::uint8_t>(rows[i].op));
    for (std::size_t k = 0; k < row.operands; ++k) {
      std::uint32_t value = rows[i].operands[k];
      if (row.operand[k] == bytecode::Operand::Target) {
        NURTURE_CHECK(code.at(value) > i);
        value = offsets[code.at(value)];
      }
      put(out, value, bytecode::operand_bytes(row.operand[k]));
    }
  }
}

/// Replaces the labels in the tables of a module by offsets.
class Patcher {
 public:
  Patcher(const ir::Code& code, const std::vector<Pc>& offsets) : code_(code), offsets_(offsets) {}

  void code(const char*, Pc& x, bytecode::layout::Code, bytecode::layout::Presence) const {
    if (x != bytecode::kNoCode) x = offsets_[code_.at(x)];
  }
  template <typename T>
  void group(const char*, T& x) {
    bytecode::layout::fields(*this, x);
  }
  template <typename T>
  void rows(const char*, std::vector<T>& x) {
    for (T& row : x) bytecode::layout::fields(*this, row);
  }

  void ref(const char*, std::uint16_t&, bytecode::layout::Table, bytecode::layout::Presence) {}
  void refs(const char*, std::vector<std::uint16_t>&, bytecode::layout::Table, bytecode::layout::Presence) {}
  void flag(const char*, bool&) {}
  template <typename Integer>
  void number(const char*, Integer&) {}
  template <typename Enum>
  void word(const char*, Enum&, bytecode::layout::Words) {}
  void value(const char*, Value&) {}
  void texts(const char*, std::vector<std::string>&) {}
  void lists(const char*, std::vector<std::vector<Value>>&) {}
  void bytes(const char*, std::vector<std::uint8_t>&) {}

 private:
  const ir::Code& code_;
  const std::vector<Pc>& offsets_;
};

}  // namespace

void lay_out(ir::Program& program) {
  std::vector<Pc> offsets = offsets_of(program.code);
  program.module.code.clear();
  program.module.code.reserve(offsets.back());
  encode(program.code, offsets, program.module.code);
  Patcher patcher(program.code, offsets);
  bytecode::layout::fields(patcher, program.module);
  for (ir::Spot& spot : program.spots) {
    for (Pc* pc : {&spot.row.from, &spot.row.at, &spot.row.to}) {
      if (*pc != ir::kNoLabel) *pc = offsets[program.code.at(*pc)];
    }
  }
}

}  // namespace nurture::codegen
