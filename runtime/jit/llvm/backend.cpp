// The library that is opened: bytecode in, machine code out.
#include "runtime/jit/backend.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include "runtime/jit/llvm/translate.h"

namespace nurture::jit {
namespace {

using bytecode::Pc;
namespace orc = llvm::orc;

constexpr const char* kTable = "nurture_pieces";

/// Pieces that flow into each other without giving control away repeat what they share: no more than so often.
constexpr std::size_t kMostRepeats = 4;

/// The processor that every machine of its kind has, and no arithmetic but as written: the same figures everywhere.
llvm::Expected<std::unique_ptr<orc::LLJIT>> make_compiler() {
  static const bool kReady = !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
  if (!kReady) return llvm::createStringError("LLVM does not know this machine");
  llvm::Expected<orc::JITTargetMachineBuilder> target = orc::JITTargetMachineBuilder::detectHost();
  if (!target) return target.takeError();
  target->setCPU("generic").getFeatures() = llvm::SubtargetFeatures();
  target->getOptions().AllowFPOpFusion = llvm::FPOpFusion::Strict;
  target->setCodeGenOptLevel(llvm::CodeGenOptLevel::Less);
  return orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*target)).create();
}

void simplify(llvm::Module& module) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::InstCombinePass());
  llvm::createModuleToFunctionPassAdaptor(std::move(passes)).run(module, modules);
}

/// Translates all places; which of them came into the table, in its order.
std::vector<Pc> translate(const vm::BoundModule& program, const vm::Operations& operations, llvm::Module& module) {
  const Places places = places_of(program);
  Translator translator(program, operations, places, module);
  std::vector<Pc> order;
  std::vector<llvm::Constant*> table;
  const auto all = [&](const std::set<Pc>& starts) {
    for (const Pc start : starts) {
      if (translator.instructions() > kMostRepeats * program.module->code.size()) return;
      order.push_back(start);
      table.push_back(translator.piece(start));
    }
  };
  all(places.expressions);
  all(places.bodies);
  auto* const type = llvm::ArrayType::get(llvm::PointerType::getUnqual(module.getContext()), table.size());
  new llvm::GlobalVariable(module, type, true, llvm::GlobalValue::ExternalLinkage,
                           llvm::ConstantArray::get(type, table), kTable);
  return order;
}

llvm::Error compile_into(const vm::BoundModule& program, const vm::Operations& operations, vm::NativeCode& out) {
  llvm::Expected<std::unique_ptr<orc::LLJIT>> made = make_compiler();
  if (!made) return made.takeError();
  const std::shared_ptr<orc::LLJIT> compiler = std::move(*made);
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("nurture", *context);
  module->setDataLayout(compiler->getDataLayout());
  const std::vector<Pc> order = translate(program, operations, *module);
  simplify(*module);
  if (llvm::Error failed = compiler->addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))))
    return failed;
  llvm::Expected<orc::ExecutorAddr> table = compiler->lookup(kTable);
  if (!table) return table.takeError();
  const vm::Piece* const pieces = table->toPtr<const vm::Piece*>();
  out.pieces.assign(program.module->code.size(), nullptr);
  for (std::size_t i = 0; i < order.size(); ++i) out.pieces[order[i]] = pieces[i];
  out.memory = compiler;
  return llvm::Error::success();
}

std::string compile(const vm::BoundModule& program, const vm::Operations& operations, vm::NativeCode& out) {
  llvm::Error failed = compile_into(program, operations, out);
  return failed ? llvm::toString(std::move(failed)) : std::string();
}

}  // namespace
}  // namespace nurture::jit

extern "C" __attribute__((visibility("default"))) const nurture::jit::Backend nurture_jit_backend;
const nurture::jit::Backend nurture_jit_backend{nurture::jit::kLayout, &nurture::jit::compile};
