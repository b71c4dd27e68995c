#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/outcome/deliveries.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/store.h"

/// `simulate --actions`: one line per decision, in the order of lead key, instant, sequence (§6.3).
///
/// Lines are written for: entered, held_out, refused · stage_entered · wait_ended · split · sent, deferred, suppressed,
/// skipped, exhausted, gave_up, cancelled, pending, sent_to_leads · handed_off, already_with_sales, taken_back,
/// answered, promise_missed · assigned, not_assigned, notified, set, remembered · goal · exited · merged_into, merged,
/// moved_here · reacted, the events that are assumed (§7.5). What only describes a state (a wait that began, a stage
/// left, in flight at the horizon) has no line.
///
/// Columns of the CSV form, and members of the NDJSON form, where a member that has nothing to say is left out:
///   lead        key of the lead; none where an account did it
///   local, utc  the instant, with the offset of `zone`, and in UTC
///   zone        the lead's zone (§6.2)
///   campaign, membership (from 1, of this lead in this campaign), stage
///   action      one of the words above
///   content, channel, subject          of a send; asks: the attributes it asks for, where it asks
///   deliver_at  of sent, where a throttle is about it: when it is delivered
///   work, name, to, note, due          of assigned (`work`: call or task), notified, handed_off
///   reason      of exited
///   goal        of goal
///   split, branch
///   attribute, value                   of set (no value: cleared); of remembered, its name and value
///   wait, ended                        of wait_ended: as written; "timer", "left" or the handler as written
///   from        of stage_entered: the stage before
///   after_us    microseconds: exited, since entry; goal, since entry or the send; answered, since the hand-off
///   cause       of refused: guard, not_active, audience, exclude, exit_condition, reentry, exclusive, key, key_limit;
///               of sends and not_assigned: with_sales, already_pending, not_available, never, window, quiet_hours,
///               limit, holdout
///   policy, rule                       the rule of that cause: who says it, and where ("welcome.nurture:14")
///   file, line  the statement or clause that decided
///   by          what made the step: beginning, event, timer, settled, assumed
///   event, event_utc                   that event; of reacted, with content and channel of the message that it is
///   about,
///               and as value what the scenario says of it: "{ kind: hard } by machine"
///   account     key of the account whose campaign it is (§5.14)
///   recipients  of sent_to_leads: how many; what each gets has a line of its own
///   other_lead  of merged_into: whom the lead became; of merged and moved_here: who became this lead (§7.4)
///   assumed     true: drawn otherwise, what is assumed might have made it another decision, or none
///
/// CSV is RFC 4180: a header, CRLF, quotes where needed.
namespace nurture::outcome {

enum class ActionFormat : std::uint8_t { Ndjson, Csv };

enum class ActionField : std::uint8_t {
  Lead,
  Local,
  Utc,
  Zone,
  Campaign,
  Membership,
  Stage,
  Action,
  Content,
  Channel,
  Subject,
  Asks,
  Work,
  Name,
  To,
  Note,
  Due,
  Reason,
  Goal,
  Split,
  Branch,
  Attribute,
  Value,
  Wait,
  Ended,
  From,
  AfterUs,
  Cause,
  Policy,
  Rule,
  File,
  Line,
  By,
  Event,
  EventUtc,
  Account,
  Recipients,
  DeliverAt,
  OtherLead,
  Assumed,
  Count
};
using ActionRow = std::array<std::string, static_cast<std::size_t>(ActionField::Count)>;

/// The fields of a decision; false if this kind of outcome has no line. Texts need RunOptions::texts.
bool describe_action(const bytecode::Module& module, const store::Store& store, const Outcome& outcome, ActionRow& row,
                     const Deliveries* deliveries = nullptr);
void append_action(std::string& out, const ActionRow& row, ActionFormat format);
std::string action_header(ActionFormat format);

/// Writes the actions of a run to one ByteSink. Ranges run on different threads: the first one that is not done writes
/// through, later ones keep their lines until it is theirs to write.
class ActionsWriter {
 public:
  ActionsWriter(const bytecode::Module& module, const store::Store& store, ByteSink& out, ActionFormat format,
                std::size_t ranges, const Deliveries* deliveries = nullptr);
  ~ActionsWriter();
  Sink* sink(std::size_t range);
  /// After the run: writes what is left. The first failure to write, if any; the caller commits.
  Status finish();

 private:
  class RangeSink;
  void flush(RangeSink& sink);
  void done(RangeSink& sink);
  void write(std::string& text);

  const bytecode::Module& module_;
  const store::Store& store_;
  ByteSink& out_;
  ActionFormat format_;
  const Deliveries* deliveries_;  ///< settled; or null
  std::mutex mutex_;
  std::size_t front_ = 0;  // the range that may write
  Status status_ = Done{};
  std::vector<std::unique_ptr<RangeSink>> sinks_;
};

}  // namespace nurture::outcome
