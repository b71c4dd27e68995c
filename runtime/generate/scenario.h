#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/base/value.h"

/// What a generated log looks like: who the leads are, and what each of them does after what. Read from a TOML file;
/// docs/generate.md describes every key.
namespace nurture::generate {

struct Named;

/// How a value is drawn.
struct Draw {
  enum class Kind : std::uint8_t {
    Constant,  ///< always `choices[0]`
    Weighted,  ///< one of `choices`, by weight
    Range,     ///< a whole number between `low` and `high`, both included
    ByOther,   ///< by the value of attribute `other`: the first row of `rows` that names it, else the one named ""
    Numbered,  ///< `choices[0]` with `{n}` replaced by the lead's number
    Moment,    ///< an instant `low` to `high` microseconds after the event it belongs to
    Same,      ///< what the event that it follows has under the same name
  } kind = Kind::Constant;
  std::vector<std::pair<std::string, double>> choices;
  std::int64_t low = 0, high = 0;
  std::string other;
  std::vector<Named> rows;
  bool quoted = true;  ///< text in the log; numbers and booleans are not quoted
  double absent = 0;   ///< share of leads or events without it
};

struct Named {
  std::string name;
  Draw draw;
};

/// Something leads do. `after` is an earlier rule, or empty for the lead's beginning.
struct Rule {
  std::string name;
  std::string event;
  std::optional<std::size_t> after;  ///< into Scenario::rules
  double chance = 1;
  std::int64_t times_low = 1, times_high = 1;  ///< how often, where it happens at all
  std::string from;           ///< measured from this instant among the properties of `after`; empty: from the event
  Instant median = kDay;      ///< of the delay; half of them come sooner
  double spread = 1;          ///< doublings between the median and a rather late one (about one in six is later)
  bool office_hours = false;  ///< moved into Monday to Friday 8 to 18, local
  std::vector<Named> properties;
  std::vector<std::pair<std::string, std::vector<std::string>>> only_if;  ///< lead attribute is one of these
};

struct Scenario {
  Instant from = 0;
  std::int64_t days = 365;
  std::string lead_key = "lead-{n}";
  std::vector<Named> attributes;  ///< of the lead table, in order; a later one may depend on an earlier one
  std::vector<Rule> rules;
};

/// Errors name the file, the line and the key.
Result<Scenario> read_scenario(std::string_view toml, std::string_view path);

/// The world that is generated where no scenario is named: a year of B2B leads with the proportions that practice
/// reports.
std::string_view default_scenario();

}  // namespace nurture::generate
