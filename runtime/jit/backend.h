#pragma once

#include <cstdint>
#include <string>

#include "runtime/vm/native.h"

/// What the library that makes native code exports, and who opens it expects.
namespace nurture::jit {

/// What both sides must have been built with: the layouts that they share, as one number.
inline constexpr std::uint64_t kLayout =
    ((((sizeof(vm::Activation) * 1'009 + sizeof(vm::Frame)) * 1'009 + sizeof(vm::BoundModule)) * 1'009 +
      sizeof(bytecode::Module)) *
         1'009 +
     sizeof(vm::Operations)) *
        256 +
    static_cast<std::uint64_t>(bytecode::Opcode::EndBody);

struct Backend {
  std::uint64_t layout = kLayout;
  /// Empty, or what went wrong.
  std::string (*compile)(const vm::BoundModule& program, const vm::Operations& operations, vm::NativeCode& out);
};
inline constexpr const char* kBackend = "nurture_jit_backend";  ///< of type Backend

}  // namespace nurture::jit
