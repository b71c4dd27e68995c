#pragma once

#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "tests/oracle/evaluate.h"

/// What the reference remembers of a lead's stay in a campaign.
namespace nurture::oracle {

class LeadRun;
struct Membership;

/// A block that is being run, innermost last.
struct Running {
  enum class Kind : std::uint8_t { Plain, Handler, Repeat } kind = Kind::Plain;
  const ast::Block* block = nullptr;
  std::size_t next = 0;
  const ast::Repeat* repeat = nullptr;
  Instant first_anchor = 0;
  Instant anchor = 0;
  std::int64_t k = 0;     ///< the anchor is first ⊕ k·D
  std::int64_t runs = 0;  ///< finished
  const calendar::Zone* zone = nullptr;
};

/// What a send that is asked comes to (§5.5).
enum class Answer : std::uint8_t { Now, Later, Suppressed, Skipped, Exhausted };
struct Judgement {
  Answer answer = Answer::Now;
  std::string content{};
  Instant at = kNever;  ///< Later: the earliest permitted instant
  outcome::Detail why{};
  const sema::Rule* rule = nullptr;
};

/// A send that waits for permission.
struct Pending {
  const ast::Send* send = nullptr;
  Instant since = 0;
  Instant deadline = 0;
  Judgement verdict{};  ///< at the latest ask
  bool detached = false;
  const ast::Clause* owner_stage = nullptr;  ///< detached: cancelled when it is left
  const ast::Block* body = nullptr;          ///< detached: of the reaction that asked
  const LogEvent* event = nullptr;           ///< detached: at hand when it was asked, for its `else`
  // Of an account's campaign, to one of its leads
  LeadRun* account = nullptr;
  Membership* by = nullptr;
  std::string stage{};  ///< where it was asked
};

struct Suspension {
  enum class Kind : std::uint8_t { None, Wait, Stay, Deferred, Repeat } kind = Kind::None;
  const ast::Stmt* statement = nullptr;
  Instant began = 0;
  Instant deadline = kNever;
  std::uint64_t serial = 0;
  bool hurried = false;  ///< a change made it due at the instant of the change
};

/// The condition of a `wait until`, as the last of its handlers: `when c { move on }`.
struct Watch {
  ast::MoveOn move_on;
  ast::Trigger trigger;
};
using Watches = std::map<const ast::Wait*, Watch>;

/// What is kept of an `enter` without an event.
struct Idle {
  std::uint32_t campaign = 0;
  std::size_t entry = 0;
  const ast::Clause* clause = nullptr;
  Instant due = kNever;
  bool hurried = false;
  bool held = false;   ///< `when`: at the end of the previous step
  bool fired = false;  ///< `when`: in this step
  std::optional<std::int64_t> last_date;
  Datum target;
};

/// An event that is assumed to happen.
struct Assumed {
  LogEvent event;
  LeadRun* of = nullptr;  ///< the lead, or the account that handed off
  std::string cause;      ///< the name of this event as a cause
  std::string content;    ///< of the send that it goes back to; empty: a hand-off
  std::int64_t touch = 0;
  std::string told;  ///< as the scenario writes it
  bool done = false;
};

struct Membership {
  const sema::Campaign* campaign = nullptr;
  std::uint32_t campaign_index = 0;
  std::uint32_t ordinal = 0;  ///< of this campaign and lead
  Datum key;
  bool active = true;
  bool held_out = false;
  Instant entered = 0;
  Instant ended = 0;
  Instant lasts_until = kNever;
  Instant reentry_opens = kNever;
  Instant last_send = kNever;
  std::int64_t sends = 0, hand_offs = 0;
  std::map<std::size_t, Instant> goal_ends;  ///< in the zone in force where each span began
  LogEvent entry;
  std::size_t since_entry = 0;  ///< into the lead's past
  std::size_t since_stage = 0;
  Stamp entry_stamp{}, stage_stamp{};
  std::map<std::string, std::int64_t> visits;  ///< per stage
  std::size_t stage = 0;
  Instant stage_entered = 0;
  std::uint64_t visit = 0;  ///< grows with every stage entered
  std::vector<Running> running;
  Suspension suspension;
  const ast::Block* own_body = nullptr;   ///< a handler's that may wait, up to its first wait
  const ast::Stmt* ended_wait = nullptr;  ///< a handler took it; told when its body ends or waits
  std::string ended_how;
  std::list<Pending> pending;  ///< in the order asked; the suspended one too
  std::vector<Datum> remembered;
  std::map<const ast::Trigger*, bool> armed;        ///< with what each was at the end of the previous step
  std::set<const ast::Trigger*> holding;            ///< held at arming and have not fired for it yet
  std::set<const ast::Trigger*> fired;              ///< in this step
  std::map<const ast::Trigger*, Instant> silences;  ///< armed, with when each is due; kNever once it has fired
  Instant earliest = 0;                             ///< of a `wait until c, at least D`
  bool earliest_due = false;
  std::set<std::size_t> goals_held;  ///< goals whose condition held at the end of the previous step
  std::set<std::size_t> credited;    ///< goals
  int goal_exit = -1;                ///< a goal with `then exit`, credited in this step
};

}  // namespace nurture::oracle
