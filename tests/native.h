#pragma once

#include <cstdlib>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/jit/jit.h"

/// Tests in native code: what a program is bound for runs as such where NURTURE_JIT says `on`.
namespace nurture::testing {

inline bool native_asked_for() {
  const char* asked = std::getenv("NURTURE_JIT");
  return asked != nullptr && std::string_view(asked) == "on";
}

inline void go_native(vm::BoundModule& program) {
  auto code = jit::compile(program);
  NURTURE_CHECK(code.ok());
  program.native = std::move(*code);
}

}  // namespace nurture::testing
