#include "compiler/driver/driver.h"

#include "compiler/codegen/codegen.h"
#include "stdlib/stdlib.h"

namespace nurture::driver {

namespace {

struct Embedded : sema::Library {
  const std::string_view* find(std::string_view dotted) const override { return find_stdlib(dotted); }
};

}  // namespace

Result<Checked> check(const std::string& path, FileSystem& files) {
  Checked checked{std::make_unique<sema::Unit>(), {}};
  if (auto loaded = sema::load(*checked.unit, path, Embedded{}, files); !loaded) return loaded.error();
  // A broken name makes a broken graph: flow speaks only about programmes whose words are all understood.
  if (!checked.failed()) checked.graphs = flow::build(checked.unit->model, checked.unit->diagnostics);
  checked.unit->diagnostics.sort();
  return checked;
}

Result<Compiled> compile(const Checked& checked) {
  auto module = codegen::lower(*checked.unit, checked.graphs);
  if (!module) return module.error();
  Compiled compiled{std::move(*module), {}};
  compiled.tests = codegen::lower_tests(*checked.unit, compiled.module);
  return compiled;
}

}  // namespace nurture::driver
