#pragma once

#include "runtime/bytecode/module.h"
#include "runtime/store/store.h"
#include "tests/oracle/log.h"

namespace nurture::oracle {

/// The log as the engine reads it, bound to the schema of a module.
store::Store build_store(const Log& log, const bytecode::Module& module);

/// The same store, written to a file and loaded from there.
store::Store through_file(store::Store store, const bytecode::Module& module);

}  // namespace nurture::oracle
