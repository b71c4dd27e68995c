#pragma once

#include <map>

#include "runtime/jit/llvm/emitter.h"
#include "runtime/jit/llvm/places.h"

namespace nurture::jit {

/// Translates pieces of bytecode into functions, one each. A piece goes from a place to where an expression ends, a
/// body gives control away, or the next piece begins.
class Translator {
 public:
  Translator(const vm::BoundModule& program, const vm::Operations& operations, const Places& places,
             llvm::Module& module);
  llvm::Function* piece(bytecode::Pc start);
  std::size_t instructions() const { return instructions_; }  ///< so far

 private:
  /// Where jumps lead: what each brings along on the stack comes together in its phis.
  struct Block {
    llvm::BasicBlock* block = nullptr;
    std::vector<std::array<llvm::PHINode*, 3>> joined;
  };
  void run(bytecode::Pc pc);
  bytecode::Pc step(bytecode::Pc pc);
  void jump_if(llvm::Value* condition, bytecode::Pc yes, bytecode::Pc no);
  llvm::BasicBlock* edge_to(bytecode::Pc pc);
  void enter(const Block& block);

  const vm::BoundModule& program_;
  const Places& places_;
  llvm::Module& module_;
  Emitter emit_;
  llvm::FunctionType* type_;
  llvm::Function* function_ = nullptr;
  bytecode::Pc start_ = 0;
  std::map<bytecode::Pc, Block> ahead_;  ///< not yet translated; control only goes forward
  std::size_t instructions_ = 0;
};

}  // namespace nurture::jit
