#include "runtime/jit/llvm/emitter.h"

#include <cstddef>

// Frame and Activation hold nothing virtual and inherit nothing: their members stand where offsetof says.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace nurture::jit {

using bytecode::Opcode;
using bytecode::Pc;
using llvm::CmpInst;

namespace {

constexpr std::size_t kScratch = 4;  // no operation takes or leaves more values

/// Whether a constant's value is the same in each binding.
bool is_fixed(const bytecode::Type& type) {
  switch (type.kind) {
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
      return true;
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::List:
    case TypeKind::Content:
      return false;
  }
  return false;
}

}  // namespace

Emitter::Emitter(const vm::BoundModule& program, const vm::Operations& operations, llvm::LLVMContext& context)
    : at(context), program_(program), operations_(operations), pointer_(llvm::PointerType::getUnqual(context)) {
  static_assert(sizeof(Value) == 16 && offsetof(Value, aux) == 8 && offsetof(Value, known) == 12);
  cell_ = llvm::StructType::get(context, {at.getInt64Ty(), at.getInt32Ty(), at.getInt8Ty()});
  straight_ = llvm::FunctionType::get(at.getVoidTy(), {pointer_, at.getInt32Ty(), pointer_}, false);
  turn_ = llvm::FunctionType::get(at.getInt32Ty(), {pointer_, at.getInt32Ty(), pointer_}, false);
}

void Emitter::begin(llvm::Function* function) {
  at.SetInsertPoint(llvm::BasicBlock::Create(at.getContext(), "", function));
  stack.clear();
  activation_ = function->getArg(0);
  frame_ = field(activation_, offsetof(vm::Activation, frame), pointer_);
  scratch_ = at.CreateAlloca(cell_, at.getInt32(kScratch));
}

void Emitter::straight(Opcode op, Pc pc) {
  if (!simple(op, pc)) call(op, pc);
}

void Emitter::turn(Opcode op, Pc pc) {
  const std::size_t pops = bytecode::info(op).pops;
  for (std::size_t i = pops; i > 0; --i) write(pop(), scratch_at(i - 1));
  auto* const function = address(reinterpret_cast<std::uintptr_t>(operations_.turn[static_cast<std::size_t>(op)]));
  at.CreateRet(at.CreateCall(turn_, function, {activation_, at.getInt32(pc), scratch_at(pops)}));
}

void Emitter::result() {
  write(pop(), at.CreateConstGEP1_64(at.getInt8Ty(), activation_, offsetof(vm::Activation, result)));
  go_on(bytecode::kNoCode);
}

/// By the interpreter's function.
void Emitter::call(Opcode op, Pc pc) {
  const bytecode::OpcodeInfo& row = bytecode::info(op);
  for (std::size_t i = row.pops; i > 0; --i) write(pop(), scratch_at(i - 1));
  auto* const function = address(reinterpret_cast<std::uintptr_t>(operations_.straight[static_cast<std::size_t>(op)]));
  at.CreateCall(straight_, function, {activation_, at.getInt32(pc), scratch_at(row.pops)});
  if (row.pushes > 0) push(read(scratch_at(0)));
}

bool Emitter::simple(Opcode op, Pc pc) { return load(op, pc) || whole_numbers(op) || numbers(op) || logic(op); }

bool Emitter::load(Opcode op, Pc pc) {
  switch (op) {
    case Opcode::PushConst: {
      const std::uint16_t index = operand(pc, 0);
      const bytecode::Constant& row = program_.module->constants[index];
      if (is_fixed(row.type)) {
        push(constant(row.value));
      } else {
        auto* const all = field(activation_, offsetof(vm::Activation, constants), pointer_);
        push(read(at.CreateConstGEP1_64(cell_, all, index)));
      }
      return true;
    }
    case Opcode::PushTrue:
      push(constant(Value::of_bool(true)));
      return true;
    case Opcode::PushFalse:
      push(constant(Value::of_bool(false)));
      return true;
    case Opcode::PushUnknown:
      push(constant(Value::unknown()));
      return true;
    case Opcode::LoadLead:
      push_item(field(frame_, offsetof(vm::Frame, lead), pointer_), operand(pc, 0));
      return true;
    case Opcode::LoadAccount:
      push_item(field(frame_, offsetof(vm::Frame, account), pointer_), operand(pc, 0));
      return true;
    case Opcode::LoadSlot:
      push_item(field(frame_, offsetof(vm::Frame, slots), pointer_), operand(pc, 0));
      return true;
    case Opcode::LoadNow:
      push_member(offsetof(vm::Frame, now));
      return true;
    case Opcode::LoadWaitStart:
      push_member(offsetof(vm::Frame, wait_start));
      return true;
    case Opcode::LoadEnteredAt:
      push_member(offsetof(vm::Frame, entered_at));
      return true;
    case Opcode::LoadWithSales:
      push_bool(at.CreateIsNotNull(field(frame_, offsetof(vm::Frame, with_sales), at.getInt8Ty())));
      return true;
    default:
      return false;
  }
}

bool Emitter::whole_numbers(Opcode op) {
  const auto binary = [&](llvm::Intrinsic::ID operation) {
    const Cell b = pop();
    const Cell a = pop();
    push_checked(operation, a, b);
    return true;
  };
  const auto test = [&](CmpInst::Predicate how) {
    const Cell b = pop();
    const Cell a = pop();
    push_bool(at.CreateAnd(both(a, b), at.CreateICmp(how, a.bits, b.bits)));
    return true;
  };
  switch (op) {
    case Opcode::AddInt:
    case Opcode::AddDecimal:
      return binary(llvm::Intrinsic::sadd_with_overflow);
    case Opcode::SubInt:
    case Opcode::SubDecimal:
      return binary(llvm::Intrinsic::ssub_with_overflow);
    case Opcode::MulInt:
      return binary(llvm::Intrinsic::smul_with_overflow);
    case Opcode::NegInt:
      push_checked(llvm::Intrinsic::ssub_with_overflow, constant(Value::of(0)), pop());
      return true;
    case Opcode::IntToDecimal:
      push_checked(llvm::Intrinsic::smul_with_overflow, pop(), constant(Value::of(kDecimalScale)));
      return true;
    case Opcode::Equal:
      return test(CmpInst::ICMP_EQ);
    case Opcode::LessInt:
      return test(CmpInst::ICMP_SLT);
    case Opcode::LessEqualInt:
      return test(CmpInst::ICMP_SLE);
    default:
      return false;
  }
}

bool Emitter::numbers(Opcode op) {
  const auto binary = [&](llvm::Instruction::BinaryOps operation) {
    const Cell b = pop();
    const Cell a = pop();
    push_finite(both(a, b), at.CreateBinOp(operation, number(a), number(b)));
    return true;
  };
  switch (op) {
    case Opcode::AddNumber:
      return binary(llvm::Instruction::FAdd);
    case Opcode::SubNumber:
      return binary(llvm::Instruction::FSub);
    case Opcode::MulNumber:
      return binary(llvm::Instruction::FMul);
    case Opcode::DivNumber:  // by 0 it is infinite or no number, and so unknown
      return binary(llvm::Instruction::FDiv);
    case Opcode::NegNumber: {
      const Cell a = pop();
      push_finite(a.known, at.CreateFNeg(number(a)));
      return true;
    }
    case Opcode::IntToNumber: {
      const Cell a = pop();
      push_if(a.known, at.CreateBitCast(at.CreateSIToFP(a.bits, at.getDoubleTy()), at.getInt64Ty()));
      return true;
    }
    case Opcode::EqualNumber:
      push_number_test(CmpInst::FCMP_OEQ);
      return true;
    case Opcode::LessNumber:
      push_number_test(CmpInst::FCMP_OLT);
      return true;
    case Opcode::LessEqualNumber:
      push_number_test(CmpInst::FCMP_OLE);
      return true;
    default:
      return false;
  }
}

bool Emitter::logic(Opcode op) {
  switch (op) {
    case Opcode::Pop:
      pop();
      return true;
    case Opcode::Truth:
      push_bool(truth(pop()));
      return true;
    case Opcode::IsKnown:
      push_bool(pop().known);
      return true;
    case Opcode::Not:
      push_bool(at.CreateNot(truth(pop())));
      return true;
    default:
      return false;
  }
}

std::uint16_t Emitter::operand(Pc pc, std::size_t n) const {
  return vm::read16(program_.module->code.data() + pc + 1 + 2 * n);
}

Cell Emitter::constant(Value value) {
  return {at.getInt64(static_cast<std::uint64_t>(value.bits)), at.getInt32(static_cast<std::uint32_t>(value.aux)),
          at.getInt1(value.known)};
}

Cell Emitter::pop() {
  const Cell top = stack.back();
  stack.pop_back();
  return top;
}

llvm::Value* Emitter::truth(const Cell& cell) { return at.CreateAnd(cell.known, at.CreateIsNotNull(cell.bits)); }

void Emitter::push_bool(llvm::Value* truth) {
  push({at.CreateZExt(truth, at.getInt64Ty()), at.getInt32(0), at.getTrue()});
}

void Emitter::push_if(llvm::Value* known, llvm::Value* bits) {
  push({at.CreateSelect(known, bits, at.getInt64(0)), at.getInt32(0), known});
}

void Emitter::push_member(std::size_t frame_offset) {
  push({field(frame_, frame_offset, at.getInt64Ty()), at.getInt32(0), at.getTrue()});
}

/// Unknown where there is no such array.
void Emitter::push_item(llvm::Value* array, std::uint16_t index) {
  llvm::Value* const unknown = scratch_at(0);
  write(constant(Value::unknown()), unknown);
  llvm::Value* const item = at.CreateConstGEP1_64(cell_, array, index);
  push(read(at.CreateSelect(at.CreateIsNotNull(array), item, unknown)));
}

void Emitter::push_finite(llvm::Value* known, llvm::Value* number) {
  llvm::Value* const size = at.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, number);
  llvm::Value* const finite = at.CreateFCmpOLT(size, llvm::ConstantFP::getInfinity(at.getDoubleTy()));
  push_if(at.CreateAnd(known, finite), at.CreateBitCast(number, at.getInt64Ty()));
}

void Emitter::push_checked(llvm::Intrinsic::ID operation, const Cell& a, const Cell& b) {
  llvm::Value* const both_parts = at.CreateBinaryIntrinsic(operation, a.bits, b.bits);
  llvm::Value* const fits = at.CreateNot(at.CreateExtractValue(both_parts, 1));
  push_if(at.CreateAnd(both(a, b), fits), at.CreateExtractValue(both_parts, 0));
}

void Emitter::push_number_test(CmpInst::Predicate how) {
  const Cell b = pop();
  const Cell a = pop();
  push_bool(at.CreateAnd(both(a, b), at.CreateFCmp(how, number(a), number(b))));
}

llvm::Value* Emitter::field(llvm::Value* base, std::size_t offset, llvm::Type* type) {
  return at.CreateLoad(type, at.CreateConstGEP1_64(at.getInt8Ty(), base, offset));
}

Cell Emitter::read(llvm::Value* from) {
  llvm::Value* const bits = at.CreateLoad(at.getInt64Ty(), from);
  llvm::Value* const aux = field(from, offsetof(Value, aux), at.getInt32Ty());
  return {bits, aux, at.CreateIsNotNull(field(from, offsetof(Value, known), at.getInt8Ty()))};
}

void Emitter::write(const Cell& cell, llvm::Value* to) {
  at.CreateStore(cell.bits, to);
  at.CreateStore(cell.aux, at.CreateConstGEP1_64(at.getInt8Ty(), to, offsetof(Value, aux)));
  at.CreateStore(at.CreateZExt(cell.known, at.getInt8Ty()),
                 at.CreateConstGEP1_64(at.getInt8Ty(), to, offsetof(Value, known)));
}

llvm::Value* Emitter::scratch_at(std::size_t index) { return at.CreateConstGEP1_64(cell_, scratch_, index); }

llvm::Value* Emitter::address(std::uintptr_t of) { return at.CreateIntToPtr(at.getInt64(of), pointer_); }

}  // namespace nurture::jit
