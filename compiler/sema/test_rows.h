#pragma once

#include <string>
#include <vector>

#include "compiler/sema/context.h"

namespace nurture::sema {

struct TestCase {
  const ast::TestDecl* decl;
  std::string name;
};

/// The test once for each row of its `for each`, with the row's values where the test has their names; a test without
/// rows as it is. Reports rows that do not fit together.
std::vector<TestCase> cases(Context& context, const ast::TestDecl& test);

}  // namespace nurture::sema
