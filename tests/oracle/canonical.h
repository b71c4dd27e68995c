#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/outcome/outcome.h"

/// One text line per outcome, made of what both sides must agree upon: names, instants and source lines, never indices
/// that depend on how a programme was lowered.
namespace nurture::oracle {

struct Told {
  outcome::Kind kind{};
  outcome::Detail detail{};
  Instant at = 0;
  std::string lead{};
  std::string account{};  ///< whose campaign did it to the lead
  std::string campaign{};
  std::uint32_t membership = 0;
  std::string stage{};
  std::uint32_t line = 0;  ///< of the statement or clause; 0: not compared
  std::string what{};      ///< the rest, by kind
  std::string text{}, text2{};
  bool assumed = false;  ///< it hangs on what is assumed
};
std::string line_of(const Told& told);
std::string_view kind_name(outcome::Kind kind);

/// Turns the engine's outcomes into lines.
class Canonical final : public outcome::Sink {
 public:
  Canonical(const bytecode::Module& module, const store::Store& store) : module_(module), store_(store) {}
  void on(const outcome::Outcome& outcome) override;
  std::vector<std::string> lines;

 private:
  std::string what(const outcome::Outcome& outcome) const;
  std::string what_of_value(const outcome::Outcome& outcome) const;
  std::string by_rule(const outcome::Outcome& outcome) const;
  std::string asks(const outcome::Outcome& outcome) const;
  std::string site(const outcome::Outcome& outcome) const;
  const std::string& string(std::uint16_t index) const { return module_.strings[index]; }
  const bytecode::Campaign& campaign(const outcome::Outcome& o) const { return module_.campaigns[o.campaign]; }

  const bytecode::Module& module_;
  const store::Store& store_;
};

/// The same value as `show(Datum)` says it.
std::string show_value(Value value, const bytecode::Type& type, const store::Store& store);

}  // namespace nurture::oracle
