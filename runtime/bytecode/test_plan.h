#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/bytecode/module.h"

/// A `test` of the language (§9), lowered: what the log holds and what is asked of the outcomes. Indices are into the
/// module it was compiled with.
namespace nurture::bytecode {

/// A value as the test wrote it; text, choice and content in `text`, a list in `items`. Unknown: `value.known` is
/// false.
struct Literal {
  Type type;
  Value value;
  std::string text;
  std::vector<Literal> items;
};
/// Where a line of a test was written. Not a PlaceIndex: tests are no part of the module.
struct WrittenAt {
  std::string file;
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1, in code points
};
using Assignment = std::pair<std::uint16_t, Literal>;  ///< (property or attribute, value)

/// Clock lines and expectations, in the order written.
struct TestLine {
  enum class Kind : std::uint8_t { Event, Advance, Expect } kind = Kind::Event;

  // The clock (Event, Advance): `at` a local date and time of the test lead, or `after` a duration.
  bool absolute = false;
  std::int32_t date = 0;  ///< days since 1970-01-01, with absolute
  std::int64_t time = 0;  ///< microseconds since midnight, with absolute
  Duration after;         ///< otherwise

  // Event: a kind and its properties; for lead.updated, lead attributes.
  std::uint16_t event = kNone;
  std::vector<Assignment> properties;
  /// Into TestPlan::leads. Event: who did it. Expect: the recipient of a send, else whose membership or score it is;
  /// kNone: of a send, anybody; otherwise the first lead, or the account where the campaign is for accounts.
  std::uint16_t lead = kNone;

  // Expect
  enum class What : std::uint8_t {
    Send,
    AnySend,
    Stage,
    Exit,
    HandOff,
    TakeBack,
    Assign,
    Notify,
    Goal,
    Entry,
    Outside,
    Score
  } what = What::Send;
  bool negated = false;            ///< `expect no …`
  std::uint16_t content = kNone;   ///< Send: into Module::contents
  std::uint16_t campaign = kNone;  ///< Stage, Exit, Goal: into Module::campaigns
  std::uint16_t stage = kNone;
  std::uint16_t reason = kNone;
  std::uint16_t goal = kNone;
  std::uint16_t score = kNone;  ///< Score: into Module::scores, with
  std::uint8_t test = 0;        ///< a vm::ScoreTest, and
  double bound = 0;
  std::string text;  ///< Assign: "call", "task" or a name
  enum class Span : std::uint8_t { Here, Within, For, By } span = Span::Here;
  Duration length;           ///< Within, For
  std::int32_t by_date = 0;  ///< By: local date and time of the test lead
  std::int64_t by_time = 0;

  WrittenAt place;
  std::string written;  ///< the line as written, for the report
};

/// A lead of a test, with the name that the test calls it by; one that is not named has none.
struct TestLead {
  std::string name;
  std::vector<Assignment> attributes;
};

struct TestPlan {
  std::string name;
  std::uint16_t campaign = kNone;   ///< into Module::campaigns
  std::vector<std::uint16_t> also;  ///< further campaigns that run
  std::vector<TestLead> leads;  ///< given lead; the first is who does what names nobody. None: one without attributes
  std::string account_name;     ///< given account acme; empty: not named
  bool has_account = false;     ///< `given account` is there
  std::vector<Assignment> account;  ///< its attributes. All leads that name no other account belong to it
  struct ForcedSplit {
    std::uint16_t campaign, split, branch;
  };
  std::vector<ForcedSplit> splits;  ///< given split x is branch
  bool holdout = false;             ///< given holdout
  std::vector<TestLine> lines;
  WrittenAt place;
};

}  // namespace nurture::bytecode
