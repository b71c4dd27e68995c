#pragma once

#include <string>
#include <utility>
#include <variant>

#include "runtime/base/check.h"

namespace nurture {

/// Why something failed for a reason outside the program: a missing file, a full disk, a damaged module.
/// Errors in what a campaign author wrote are Diagnostics instead.
struct Error {
  std::string message;  ///< one sentence: what failed, with the place ("cannot read log.csv: no such file")
  std::string hint;     ///< the way forward, or empty
};

/// A value or the reason there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor): returns read naturally
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    NURTURE_CHECK(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    NURTURE_CHECK(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    NURTURE_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }

  const Error& error() const {
    NURTURE_CHECK(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// For what returns nothing but may fail.
struct Done {};
using Status = Result<Done>;

}  // namespace nurture
