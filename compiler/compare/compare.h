#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/sema/model.h"

/// What two versions of a programme do differently: in meaning, not in text.
namespace nurture::compare {

struct Change {
  enum class Kind : std::uint8_t { Added, Removed, Changed, Moved, Renamed } kind = Kind::Changed;
  std::string about;              ///< "campaign welcome", "segment ready", "template nurture"
  std::vector<std::string> path;  ///< inside that: "stage touches", "the wait after …"
  std::string what;               ///< what is to be said of it, without a full stop
  std::string before, after;      ///< as written, in one line; of a long text, all of it
  bool long_text = false;
  Span before_at, after_at;  ///< where it stands; of length 0 where it does not
  /// Of something that several campaigns share: those that it reaches, by name; of a campaign, itself.
  std::vector<std::string> campaigns;
  bool everywhere = false;  ///< it reaches every campaign
};

struct Comparison {
  std::vector<Change> changes;                   ///< campaigns first, each from top to bottom, then declarations
  std::map<std::string, std::string> campaigns;  ///< that are in both: what each is called before, and after
  std::map<std::string, std::string> stages;     ///< that were renamed: `campaign/stage` before, the stage after
};

/// Of programmes without errors.
Comparison compare(const sema::Unit& before, const sema::Unit& after);

/// "campaign welcome, stage touches: the wait after "hello" is 5 days, was 3 days".
std::string sentence(const Change& change);

}  // namespace nurture::compare
