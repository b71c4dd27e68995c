#include <cstdio>

#include "runtime/bytecode/codec.h"

/// Prints the reference page; the target nurture_reference sends it to docs/bytecode.md.
int main() {
  const std::string page = nurture::bytecode::reference_page();
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
