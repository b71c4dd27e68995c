#pragma once

#include <llvm/IR/IRBuilder.h>
#include <vector>

#include "runtime/bytecode/opcode.h"
#include "runtime/vm/native.h"

namespace nurture::jit {

/// A Value in registers; unknown: bits and aux are 0.
struct Cell {
  llvm::Value* bits;   // i64
  llvm::Value* aux;    // i32
  llvm::Value* known;  // i1
};

/// Writes single instructions: the simple ones as machine instructions, of the others a call of the interpreter's own
/// operation.
class Emitter {
 public:
  Emitter(const vm::BoundModule& program, const vm::Operations& operations, llvm::LLVMContext& context);

  llvm::IRBuilder<> at;  ///< where the next instruction goes
  std::vector<Cell> stack;

  /// A piece begins: its function, which takes the activation.
  void begin(llvm::Function* function);
  /// An instruction that neither jumps nor ends the piece.
  void straight(bytecode::Opcode op, bytecode::Pc pc);
  /// Ends the piece.
  void turn(bytecode::Opcode op, bytecode::Pc pc);
  void result();
  void go_on(bytecode::Pc to) { at.CreateRet(at.getInt32(to)); }

  Cell pop();
  llvm::Value* truth(const Cell& cell);
  llvm::StructType* cell_type() const { return cell_; }

 private:
  bool simple(bytecode::Opcode op, bytecode::Pc pc);
  bool load(bytecode::Opcode op, bytecode::Pc pc);
  bool whole_numbers(bytecode::Opcode op);
  bool numbers(bytecode::Opcode op);
  bool logic(bytecode::Opcode op);
  void call(bytecode::Opcode op, bytecode::Pc pc);

  std::uint16_t operand(bytecode::Pc pc, std::size_t n) const;
  Cell constant(Value value);
  void push(Cell cell) { stack.push_back(cell); }
  void push_bool(llvm::Value* truth);
  /// The bits if `known`, else unknown; nothing of this type has an aux.
  void push_if(llvm::Value* known, llvm::Value* bits);
  void push_member(std::size_t frame_offset);
  void push_item(llvm::Value* array, std::uint16_t index);
  void push_finite(llvm::Value* known, llvm::Value* number);
  void push_checked(llvm::Intrinsic::ID operation, const Cell& a, const Cell& b);
  void push_number_test(llvm::CmpInst::Predicate how);
  llvm::Value* number(const Cell& cell) { return at.CreateBitCast(cell.bits, at.getDoubleTy()); }
  llvm::Value* both(const Cell& a, const Cell& b) { return at.CreateAnd(a.known, b.known); }
  llvm::Value* field(llvm::Value* base, std::size_t offset, llvm::Type* type);
  Cell read(llvm::Value* from);
  void write(const Cell& cell, llvm::Value* to);
  llvm::Value* scratch_at(std::size_t index);
  llvm::Value* address(std::uintptr_t of);

  const vm::BoundModule& program_;
  const vm::Operations& operations_;
  llvm::PointerType* pointer_;
  llvm::StructType* cell_;
  llvm::FunctionType* straight_;
  llvm::FunctionType* turn_;
  llvm::Value* activation_ = nullptr;
  llvm::Value* frame_ = nullptr;
  llvm::Value* scratch_ = nullptr;
};

}  // namespace nurture::jit
