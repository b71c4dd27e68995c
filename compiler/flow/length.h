#pragma once

#include <optional>

#include "compiler/sema/model.h"

/// How long a suspension can last.
namespace nurture::flow {

/// A proven upper bound, or none.
using Bound = std::optional<Duration>;

Bound add(const Bound& a, const Bound& b);
Bound times(const Bound& a, std::int64_t n);
/// The longer one; none if either is.
Bound longer(const Bound& a, const Bound& b);

/// Delays of a suspension that ends by its timer.
struct Delay {
  Instant shortest = 0;  ///< nominal
  Bound longest;
  bool waits =
      false;  ///< long enough to stand in a cycle (§5.9): a literal of a minute or more, `until next`, `at least`
};

Delay delay_of_wait(const sema::Model& model, const ast::Wait& wait);
/// Between two runs of a repeat.
Delay delay_of_repeat(const sema::Model& model, const ast::Repeat& repeat);
/// A send that is not yet permitted (§5.5).
Delay delay_of_send(const sema::Model& model, const ast::Send& send);

}  // namespace nurture::flow
