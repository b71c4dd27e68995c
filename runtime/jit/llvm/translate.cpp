#include "runtime/jit/llvm/translate.h"

#include <llvm/IR/Module.h>

namespace nurture::jit {

using bytecode::kNoCode;
using bytecode::Opcode;
using bytecode::Pc;

Translator::Translator(const vm::BoundModule& program, const vm::Operations& operations, const Places& places,
                       llvm::Module& module)
    : program_(program), places_(places), module_(module), emit_(program, operations, module.getContext()) {
  type_ = llvm::FunctionType::get(emit_.at.getInt32Ty(), {llvm::PointerType::getUnqual(module.getContext())}, false);
}

llvm::Function* Translator::piece(Pc start) {
  function_ = llvm::Function::Create(type_, llvm::Function::InternalLinkage, "", module_);
  function_->setDoesNotThrow();
  start_ = start;
  emit_.begin(function_);
  run(start);
  while (!ahead_.empty()) {
    const auto next = ahead_.extract(ahead_.begin());
    enter(next.mapped());
    run(next.key());
  }
  return function_;
}

/// On from there until control leaves, or comes to where a jump leads as well.
void Translator::run(Pc pc) {
  for (Pc next = step(pc); next != kNoCode; next = step(next)) {
    if (ahead_.contains(next)) {
      emit_.at.CreateBr(edge_to(next));
      return;
    }
    if (emit_.stack.empty() && next != start_ && places_.bodies.contains(next)) return emit_.go_on(next);
  }
}

/// One instruction: where the one after it stands, kNoCode if control has left.
Pc Translator::step(Pc pc) {
  const auto op = static_cast<Opcode>(program_.module->code[pc]);
  const Pc after = pc + bytecode::info(op).size;
  const auto target = [&] { return vm::read32(program_.module->code.data() + pc + 1); };
  ++instructions_;
  switch (op) {
    case Opcode::Jump:
      emit_.at.CreateBr(edge_to(target()));
      return kNoCode;
    case Opcode::JumpIfFalse:
    case Opcode::JumpIfTrue: {
      llvm::Value* const truth = emit_.truth(emit_.pop());
      const bool on_true = op == Opcode::JumpIfTrue;
      jump_if(truth, on_true ? target() : after, on_true ? after : target());
      return kNoCode;
    }
    case Opcode::JumpIfKnown:
      jump_if(emit_.stack.back().known, target(), after);
      return kNoCode;
    case Opcode::Return:
      emit_.result();
      return kNoCode;
#define NURTURE_TURN(name, function) case Opcode::name:
#include "runtime/vm/turns.def"
#undef NURTURE_TURN
      emit_.turn(op, pc);
      return kNoCode;
    default:
      emit_.straight(op, pc);
      return after;
  }
}

void Translator::jump_if(llvm::Value* condition, Pc yes, Pc no) {
  if (yes == no) {
    emit_.at.CreateBr(edge_to(yes));
    return;
  }
  llvm::BasicBlock* const if_so = edge_to(yes);
  emit_.at.CreateCondBr(condition, if_so, edge_to(no));
}

/// The block of that code, which gets what is on the stack now.
llvm::BasicBlock* Translator::edge_to(Pc pc) {
  Block& to = ahead_[pc];
  llvm::BasicBlock* const from = emit_.at.GetInsertBlock();
  if (to.block == nullptr) {
    to.block = llvm::BasicBlock::Create(module_.getContext(), "", function_);
    llvm::IRBuilder<> phis(to.block);
    for (const Cell& cell : emit_.stack) {
      to.joined.push_back({phis.CreatePHI(cell.bits->getType(), 2), phis.CreatePHI(cell.aux->getType(), 2),
                           phis.CreatePHI(cell.known->getType(), 2)});
    }
  }
  for (std::size_t i = 0; i < to.joined.size(); ++i) {
    const Cell& cell = emit_.stack[i];
    to.joined[i][0]->addIncoming(cell.bits, from);
    to.joined[i][1]->addIncoming(cell.aux, from);
    to.joined[i][2]->addIncoming(cell.known, from);
  }
  return to.block;
}

void Translator::enter(const Block& block) {
  emit_.at.SetInsertPoint(block.block);
  emit_.stack.clear();
  for (const auto& phis : block.joined) emit_.stack.push_back({phis[0], phis[1], phis[2]});
}

}  // namespace nurture::jit
