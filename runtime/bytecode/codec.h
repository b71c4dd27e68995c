#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"

namespace nurture::bytecode {

/// The `.nbc` form: header (magic "NBC\n", format version, length, XXH64 of the rest), then the tables. The same module
/// gives the same bytes on every machine. See docs/bytecode.md for the layout.
std::string encode(const Module& module);

/// Reads a `.nbc` and verifies it. Truncated, altered, of another version, or not accepted by the verifier: an Error
/// that says which. A module from a stranger can do no harm: whatever is returned here is safe to run.
Result<Module> decode(std::string_view bytes);

/// Checks every index, every stack height and type-independent shape of every piece of code. `decode` calls it; the
/// compiler calls it on what it emits.
Status verify(const Module& module);

/// Text form: disassemble -> assemble gives an equal module.
std::string disassemble(const Module& module);
Result<Module> assemble(std::string_view text);

/// The generated reference page of opcodes and layout (docs/bytecode.md).
std::string reference_page();

}  // namespace nurture::bytecode
