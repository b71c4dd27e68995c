#pragma once

#include <string>
#include <vector>

#include "runtime/fit/fit.h"

/// What `nurture fit` has learned, as a file of the language and as JSON, and what it has to warn of.
namespace nurture::tool {

struct Learned {
  const bytecode::Module& module;
  const store::Store& store;
  const fit::Fit& fit;
  const fit::Options& options;
  std::string name;           ///< of the scenario
  std::string hand_offs_are;  ///< where hand-offs were taken from, as a clause: "those that …"
};

/// A scenario in the one layout, each line with what it rests on in a comment above.
std::string scenario_text(const Learned& learned);
std::string learned_json(const Learned& learned);

/// Where there is too little, and what was left out: a sentence each.
std::vector<std::string> fit_warnings(const Learned& learned);

// Words that both forms and the warnings share.

/// "email.bounced", "email.opened by a machine", "sales.rejected with reason "no budget"".
std::string reaction_words(const Learned& learned, const fit::Reaction& reaction);
/// "sends by email", "sends of welcome_1", "sends of welcome_1 to leads with country "DE"", "hand-offs".
std::string causes_words(const Learned& learned, const fit::Cause& cause, const fit::Rule& rule);
/// As it is written in a condition or a record: "DE" in quotes, true.
std::string value_text(const Learned& learned, const bytecode::Type& type, Value value);
/// Whether the language can say whom the rule is for: no text of it has a line break.
bool can_be_written(const Learned& learned, const fit::Rule& rule);
/// A length of the language, to about one per cent: "3 minutes", "1 day 6 hours"; at least a second.
std::string length_text(double micros);
/// A share with three digits, without trailing zeros: "24.5%"; of one above 0 at least 0.0001%, the least that the
/// language has.
std::string rate_text(double share);

}  // namespace nurture::tool
