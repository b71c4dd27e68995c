#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/model.h"
#include "tests/oracle/log.h"

/// The reference: runs the trees over a log, by the rules and nothing else.
namespace nurture::oracle {

/// A run with assumed reactions (§7.5).
struct Assume {
  std::string scenario;
  std::uint64_t seed = 1;
  std::uint64_t run = 0;
};

struct Programme {
  const sema::Unit* unit = nullptr;
  std::uint64_t seed = 0;
  std::optional<Instant> deployed;  ///< when its campaigns are there; without, always
  std::optional<Assume> assume{};   ///< without, only those in the log react
  std::vector<Duration> longest{};  ///< per campaign: the stay that the compiler proves, for held-out memberships
};

/// Every outcome as a canonical line, lead by lead in key order.
std::vector<std::string> interpret(const Programme& programme, const Log& log, Instant horizon);

}  // namespace nurture::oracle
