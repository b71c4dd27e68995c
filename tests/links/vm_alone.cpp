#include <cstdio>

#include "runtime/vm/vm.h"

/// Binds an empty module: whatever the VM needs beyond its own libraries would be missing at link time.
int main() {
  using namespace nurture;
  bytecode::Module module;
  TextPool texts;
  ListPool lists;
  vm::BoundModule bound = vm::bind(module, texts, lists);
  std::puts(bound.module == &module ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return bound.module == &module ? 0 : 1;
}
