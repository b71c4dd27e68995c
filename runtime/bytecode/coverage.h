#pragma once

#include <string>
#include <vector>

#include "runtime/bytecode/test_plan.h"

/// What the tables of a module do not say of the ways through its bodies: the compiler's part of coverage (§9).
namespace nurture::bytecode {

/// An `if`, `else if`, their `else`, or an `exit as` as it was lowered.
struct Spot {
  enum class Kind : std::uint8_t {
    Arm,   ///< reached where `at` is run
    Else,  ///< written or not; reached by a jump from `from`, which is before `at`, to `to`
    Exit,  ///< reached where `at` is run
  } kind = Kind::Arm;
  std::uint16_t campaign = kNone;  ///< into Module::campaigns
  Pc from = 0;                     ///< Else: where the last condition begins
  Pc at = 0;                       ///< Else: where the last arm begins
  Pc to = 0;                       ///< Else
  std::string written;             ///< "if lead.country is known"
  WrittenAt place;
};

}  // namespace nurture::bytecode
