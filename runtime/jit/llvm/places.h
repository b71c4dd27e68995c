#pragma once

#include <set>

#include "runtime/vm/vm.h"

namespace nurture::jit {

/// Where code begins that a run evaluates: every expression but those of sources, which an import evaluates, and the
/// bodies that are not plain.
struct Places {
  std::set<bytecode::Pc> expressions;
  std::set<bytecode::Pc> bodies;
};
Places places_of(const vm::BoundModule& program);

}  // namespace nurture::jit
