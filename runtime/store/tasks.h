#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "runtime/base/result.h"

namespace nurture::store {

/// Checks that do not touch each other, done by all cores. What they find is told in the order in which they were
/// added.
class Tasks {
 public:
  void add(std::function<std::vector<Error>()> check) { checks_.push_back(std::move(check)); }
  /// The first error, if there is one; `found` gets each.
  std::optional<Error> run(const std::function<void(const Error&)>& found);

 private:
  std::vector<std::function<std::vector<Error>()>> checks_;
};

}  // namespace nurture::store
