#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "runtime/outcome/outcome.h"
#include "runtime/testing/world.h"

/// Outcomes one after another, as expectations read them.
namespace nurture::testing {

/// What of an expectation an outcome agrees with: all of it, only its sort (a send, but of something else), or nothing.
enum class Fit : std::uint8_t { None, Sort, All };

Fit fit(const outcome::Outcome& out, const bytecode::TestLine& line, std::uint16_t campaign, const World& world);
bool is_entry(const outcome::Outcome& out);

/// Where the memberships of one campaign are, outcome by outcome.
class Whereabouts {
 public:
  explicit Whereabouts(std::uint16_t campaign) : campaign_(campaign) {}

  void follow(const outcome::Outcome& out);
  bool is(const bytecode::TestLine& line) const;
  std::string text(const World& world) const;

 private:
  std::uint16_t campaign_;
  std::map<std::uint32_t, std::uint16_t> stage_;
};

/// One score over time: what it was set to last, and what is left of that.
class ScoreCurve {
 public:
  ScoreCurve(const bytecode::TestLine& line, const World& world)
      : line_(line), score_(world.bound.module->scores[line.score]) {}

  void follow(const outcome::Outcome& out);
  bool changes(const outcome::Outcome& out) const;
  bool passes(Instant at) const;
  std::string text(Instant at, const World& world) const;

 private:
  std::int64_t at(Instant at) const;

  const bytecode::TestLine& line_;
  const bytecode::Score& score_;
  Instant since_ = 0;
  std::int64_t millionths_ = 0;
};

}  // namespace nurture::testing
