#pragma once

#include <memory>

#include "runtime/base/result.h"
#include "runtime/vm/native.h"

/// Native code of a module's bytecode, by LLVM, which is opened at the first call and not before. What runs is the same
/// operation by operation; only the time differs.
namespace nurture::jit {

/// Whether this nurture can; the error says how it could.
Status available();

/// The code of all conditions and bodies of the program's module, for any binding of it. Errors: those of
/// `available`, or LLVM fails.
Result<std::shared_ptr<const vm::NativeCode>> compile(const vm::BoundModule& program);

}  // namespace nurture::jit
