#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/value.h"
#include "runtime/bytecode/indices.h"
#include "runtime/bytecode/scenario.h"

/// The compiled form of a programme: the only thing compiler and runtime both know.
///
/// All cross references are indices into the tables below. `Pc` is an offset into Module::code; each Pc field says what
/// kind of code it points at: an *expression* leaves one value with `return`, a *body* ends in one of the ends of an
/// activation. No index, offset or count of a module from a file is trusted before the verifier has accepted it.
namespace nurture::bytecode {

struct Type {
  TypeKind kind = TypeKind::Text;
  bool optional = false;
  TypeKind element = TypeKind::Text;  ///< of a List
  std::uint16_t choices = kNone;      ///< into Schema::choice_sets, for Choice and List of Choice
  bool operator==(const Type&) const = default;
};

/// A constant. Text, Choice and Content hold a StringIndex in `value.bits`, a List the index of its row in
/// Module::lists.
struct Constant {
  Type type;
  Value value;
  bool operator==(const Constant&) const = default;
};

/// Where something was written, for outcomes and explanations.
struct Place {
  StringIndex file = 0;
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1, in code points
  bool operator==(const Place&) const = default;
};

struct Field {
  StringIndex name = 0;
  Type type;
  std::uint16_t default_value = kNone;  ///< into Module::constants
  bool operator==(const Field&) const = default;
};

enum class Actor : std::uint8_t { Lead, Us, System };

/// A kind of event (§3.3).
struct EventKind {
  StringIndex name = 0;  ///< "email.clicked"
  Actor actor = Actor::Lead;
  std::uint16_t machine_property = kNone;  ///< boolean property that marks robots (`unless machine`)
  std::uint16_t content_property = kNone;  ///< the property `content`, if it has one: what `of x` compares
  bool starts_sales_hold = false;
  bool ends_sales_hold = false;
  bool answers_hand_off = false;
  bool records_send = false;          ///< a logged send: enters ledger and history (§7.3)
  bool updates_lead = false;          ///< lead.updated: its properties are the attributes themselves
  std::uint16_t merges_into = kNone;  ///< lead.merged: the text property that names the surviving lead (§7.4)
  bool of_account = false;
  std::vector<Field> properties;
  bool operator==(const EventKind&) const = default;
};

struct ChoiceSet {
  std::vector<StringIndex> values;
  bool operator==(const ChoiceSet&) const = default;
};

struct Schema {
  std::vector<ChoiceSet> choice_sets;
  std::vector<Field> lead;
  std::vector<Field> account;
  std::vector<EventKind> kinds;
  std::uint16_t lead_timezone = kNone;  ///< the attribute `timezone`, if declared as text
  std::uint16_t lead_country = kNone;   ///< the attribute `country`
  std::uint16_t lead_account = kNone;   ///< the attribute `account`, if declared as text: which account it belongs to
  std::uint16_t account_timezone = kNone;  ///< the account's attribute `timezone`, if declared as text
  bool operator==(const Schema&) const = default;
};

/// Interpolated text: literal pieces and expressions in turn.
struct MessagePart {
  StringIndex literal = kNone;  ///< or
  Pc expression = kNoCode;      ///< evaluated and formatted by `type`
  Type type;
  bool operator==(const MessagePart&) const = default;
};
using Message = std::vector<MessagePart>;

enum class MessageClass : std::uint8_t { Marketing, Transactional, Answers };
/// How a body file is written, by the end of its name: .md, .html, anything else.
enum class BodyFormat : std::uint8_t { Plain, Markdown, Html };
inline constexpr std::size_t kMaxAsks = 64;  ///< attributes that one content may ask for

/// What a content says instead to some: the first whose condition holds when it is sent.
struct ContentVariant {
  Pc condition = kNoCode;    ///< expression
  Message subject;           ///< empty: the content's own
  StringIndex body = kNone;  ///< kNone: the content's own
  Message text;              ///< what that body file says
  BodyFormat format = BodyFormat::Plain;
  PlaceIndex place = 0;
  bool operator==(const ContentVariant&) const = default;
};

struct Content {
  StringIndex name = 0;
  StringIndex channel = 0;
  Message subject;           ///< empty if it has none
  StringIndex body = kNone;  ///< path of the body file
  Message text;              ///< what the body file says; empty without one
  BodyFormat format = BodyFormat::Plain;
  Message from;      ///< who it is from; empty: the programme's own address
  Message reply_to;  ///< empty: `from`
  std::vector<ContentVariant> variants;
  std::uint16_t available_from = kNone;   ///< Date constant, included
  std::uint16_t available_until = kNone;  ///< Date constant, included
  StringIndex buying_stage = kNone;
  StringIndex offers = kNone;
  std::vector<StringIndex> tags;
  std::uint16_t asks_up_to = 0;     ///< how many of `asks` one message may ask for
  std::vector<std::uint16_t> asks;  ///< lead attributes, in order of wish; at most 64
  MessageClass message_class = MessageClass::Marketing;
  std::vector<std::uint16_t> answers;  ///< event kinds in ascending order, for MessageClass::Answers
  PlaceIndex place = 0;
  bool operator==(const Content&) const = default;
};

/// What an `on` listens to. A machine's event is skipped unless `including_machine` (§3.3).
struct EventMatch {
  std::vector<std::uint16_t> kinds;  ///< in ascending order; those of an event group, else one. None: not an `on`
  StringIndex of_content = kNone;    ///< `of x`: the property `content` must be this text
  bool including_machine = false;
  Pc where = kNoCode;  ///< expression over the event
  bool operator==(const EventMatch&) const = default;
  bool hears(std::uint16_t kind) const {
    for (std::uint16_t each : kinds) {
      if (each == kind) return true;
    }
    return false;
  }
};

// The past (§3.2, §5.10) --------------------------------------------------------------------------------------------

/// Events that a question about the past is about. `where` reads the event's own properties, constants and
/// the entering event.
struct AskedEvent {
  EventMatch event;
  std::uint16_t property = kNone;  ///< sum, first, last: whose value is asked for, of one kind; kNone: its instant
  bool operator==(const AskedEvent&) const = default;
};

enum class HistoryFunction : std::uint8_t { Any, None, Count, Sum, First, Last };
enum class HistorySince : std::uint8_t { Ever, Window, Entry, Stage };

/// A question about the lead's own events up to and including now.
struct HistorySite {
  HistoryFunction function = HistoryFunction::Any;
  std::vector<AskedEvent> events;
  Type type;  ///< of the answer
  HistorySince since = HistorySince::Ever;
  std::uint16_t window = kNone;  ///< Duration constant, for Window
  std::uint32_t enough = 0;      ///< Count: what is more than this makes no difference; 0: it does
  StringIndex label = 0;         ///< as written, in one line
  PlaceIndex place = 0;
  bool operator==(const HistorySite&) const = default;
};

/// `event [where c] gives n [at most k times per D]`
struct ScoreRow {
  EventMatch event;
  std::int64_t points = 0;    ///< millionths
  std::uint32_t most = 0;     ///< `at most k times`; 0: always
  std::uint16_t per = kNone;  ///< Duration constant, with `most`
  PlaceIndex place = 0;
  bool operator==(const ScoreRow&) const = default;
};

struct Score {
  StringIndex name = 0;
  std::vector<ScoreRow> rows;
  std::int64_t half_life = 0;   ///< microseconds; 0: it does not decay
  std::uint16_t cap = kNone;    ///< Integer constant, in millionths; kNone: none
  std::uint16_t floor = kNone;  ///< the same
  PlaceIndex place = 0;
  bool operator==(const Score&) const = default;
};
/// A question about the leads of an account: how many fulfil the condition, each seen with its own past (§5.14).
struct LeadQuery {
  Pc condition = kNoCode;  ///< expression over a lead; kNoCode: all of them
  StringIndex label = 0;   ///< as written, in one line
  PlaceIndex place = 0;
  bool operator==(const LeadQuery&) const = default;
};

inline constexpr std::uint32_t kHistoryMax = 10'000;
inline constexpr std::int64_t kScoreScale = 1'000'000;

/// `silence of D [of kinds] [where c]` (§5.11): that long without such an event. A machine's event ends no silence.
struct Silence {
  std::uint16_t lasts = kNone;       ///< Duration constant; kNone: this is no silence
  std::vector<std::uint16_t> kinds;  ///< what ends it, in ascending order
  Pc where = kNoCode;                ///< expression over the event
  bool operator==(const Silence&) const = default;
};

/// A reaction: of a campaign, a stage, or a wait. One of `on` (event.kinds not empty), `when` (condition != kNoCode)
/// and `on silence` (silence.lasts != kNone).
struct Trigger {
  EventMatch event;
  Silence silence;
  std::uint16_t silence_index = kNone;  ///< which clock of the membership measures it; below Campaign::silences
  Pc condition = kNoCode;               ///< expression
  bool becomes_true = false;            ///< `when c becomes true`
  bool ends_wait = false;               ///< the condition of a `wait until c`: deaf before State::earliest
  std::uint16_t when_index = kNone;     ///< bit of this `when` in the membership; below kMaxWhens
  Pc body = kNoCode;                    ///< body; kNoCode for an exit
  std::uint16_t exit_reason = kNone;    ///< for `exit on` and `exit when`
  StringIndex label = 0;                ///< as written, in one line: "on email.clicked of problem_guide"
  PlaceIndex place = 0;
  bool operator==(const Trigger&) const = default;
};
inline constexpr std::uint16_t kMaxWhens = 64;  ///< per campaign

enum class EntryForm : std::uint8_t {
  On,       ///< `enter on …`: `event`
  When,     ///< `enter when c`: `when`
  Every,    ///< `enter every Monday 09:00`: `weekdays`, `time`, `zone`
  Once,     ///< `enter once at 2026-06-09 09:00`: `date`, `time`, `zone`
  Dated,    ///< `enter 90 days before lead.renewal_on`: `target`, `instant`
  Silence,  ///< `enter on silence of D`: `silence`
};

/// An `enter …`. Only On has an event at hand; with a membership key there are no others (§5.1).
struct Entry {
  EntryForm form = EntryForm::On;
  EventMatch event;
  Pc condition = kNoCode;  ///< the `if`
  Pc when = kNoCode;       ///< expression
  Silence silence;
  std::uint8_t weekdays = 0;  ///< mask, bit 0 Monday; 0: every day
  std::int64_t date = 0;      ///< days since 1970-01-01
  std::int64_t time = 0;      ///< microseconds since local midnight
  StringIndex zone = kNone;   ///< kNone: the lead's
  Pc target = kNoCode;        ///< expression: the date or instant that it counts down to
  Pc instant = kNoCode;       ///< expression: when it happens
  bool at_once_if_late = false;
  bool those_already_true = false;    ///< `also those already true`, at a deployment (§5.13)
  std::uint16_t spread_over = kNone;  ///< Duration constant of it
  std::uint16_t at_stage = 0;
  StringIndex label = 0;
  PlaceIndex place = 0;
  bool operator==(const Entry&) const = default;
};

// When and whether a message goes out (§5.5 to §5.7) -----------------------------------------------------------------

/// Days off.
struct Calendar {
  StringIndex name = 0;
  std::uint16_t dates = kNone;  ///< constant: a list of date, ascending, each once
  PlaceIndex place = 0;
  bool operator==(const Calendar&) const = default;
};

struct WindowSpan {
  std::uint8_t weekdays = 0;  ///< mask of the days on which it begins, bit 0 Monday
  std::int64_t from = 0;      ///< local clock, microseconds since midnight
  std::int64_t to = 0;        ///< end, excluded; not later than `from`: on the next day
  bool operator==(const WindowSpan&) const = default;
};

/// A declared window, or the hours of a `quiet` rule.
struct Window {
  StringIndex name = kNone;  ///< kNone: of a `quiet` rule
  std::vector<WindowSpan> spans;
  StringIndex zone = kNone;           ///< kNone: the lead's (§6.2)
  std::vector<std::uint16_t> except;  ///< calendars: no span begins on their days
  PlaceIndex place = 0;
  bool operator==(const Window&) const = default;
};

/// An ordered library of contents.
struct Stream {
  StringIndex name = 0;
  std::vector<std::uint16_t> contents;
  std::uint16_t again_after = kNone;  ///< Duration constant; kNone: each content once
  PlaceIndex place = 0;
  bool operator==(const Stream&) const = default;
};

enum class RuleKind : std::uint8_t {
  Never,     ///< suppresses
  Window,    ///< `send only in`: not outside `window`
  Quiet,     ///< not inside `window`
  Limit,     ///< at most `most` in `per`
  Holdout,   ///< of a policy
  Throttle,  ///< of a policy: delivers at most `most` in `per`; no decision depends on it
};
/// What a rule is about.
enum class Governs : std::uint8_t {
  Sends,          ///< of every class but transactional
  Transactional,  ///< sends of that class: only a `never` names them
  Work,           ///< `assign`
};

/// A rule of a policy, or of a campaign for its own sends.
struct Rule {
  RuleKind kind = RuleKind::Never;
  Governs governs = Governs::Sends;
  StringIndex owner = 0;        ///< name of the policy or campaign
  bool everywhere = false;      ///< of a policy: for all campaigns
  StringIndex channel = kNone;  ///< kNone: every channel
  // Never: where all of what is written holds
  std::vector<EventMatch> after;  ///< since the latest of these …
  std::vector<EventMatch> until;  ///< … until one of these; none: for good
  Pc condition = kNoCode;         ///< expression
  std::uint16_t window = kNone;   ///< Window, Quiet; Never: `outside`
  std::uint32_t most = 0;         ///< Limit, Throttle
  std::uint16_t per = kNone;      ///< Limit, Throttle: Duration constant
  std::uint16_t share = 0;        ///< Holdout: in 0.01 %
  StringIndex label = 0;          ///< as written, in one line: "limit email to 2 per 7 days"
  PlaceIndex place = 0;
  bool operator==(const Rule&) const = default;
};

enum class Reenter : std::uint8_t { Never, Always, After };

struct Goal {
  StringIndex name = 0;
  EventMatch event;
  Pc condition = kNoCode;             ///< `when c`, instead of the event: counts on a turn to true after entry
  Pc worth = kNoCode;                 ///< expression over the event, decimal
  std::uint16_t within = kNone;       ///< Duration constant; kNone: for ever
  bool of_send = false;               ///< measured from the membership's latest send instead of entry
  std::uint16_t exit_reason = kNone;  ///< `then exit as`
  PlaceIndex place = 0;
  bool operator==(const Goal&) const = default;
};

enum class StateKind : std::uint8_t {
  Wait,  ///< `wait …` with or without handlers
  Stay,
  Deferred,  ///< a `send` that is not yet permitted (§5.5)
  Repeat,    ///< between two runs of a `repeat`
};

/// A suspension: where a membership can be between steps.
struct State {
  StateKind kind = StateKind::Wait;
  std::uint16_t stage = 0;
  StringIndex anchor = 0;   ///< stable name within the stage, survives edits elsewhere (§8): "wait_2"
  StringIndex label = 0;    ///< as written, in one line: "wait up to 7 days"
  Pc on_timer = kNoCode;    ///< body that runs when the time is up (the `otherwise`, then what follows). Repeat: the
                            ///< site's `body`; vm::resume_repeat says whether that or `after` is next. Deferred: none
  Pc on_move_on = kNoCode;  ///< body after this wait; kNoCode where no `move on` ends it. `move_on` names the state
                            ///< whose wait it ends: a handler that may wait can reach it out of a later suspension
  std::vector<Trigger> handlers;  ///< in the order written
  Pc recompute = kNoCode;         ///< expression for the deadline, where it follows a lead or account date (§6.2)
  Pc earliest = kNoCode;          ///< expression: `, at least D` of a `wait until c`
  bool has_otherwise = false;
  PlaceIndex place = 0;
  bool operator==(const State&) const = default;
};

struct Stage {
  StringIndex name = 0;
  Pc body = kNoCode;
  std::vector<Trigger> triggers;
  PlaceIndex place = 0;
  bool operator==(const Stage&) const = default;
};

/// One `send` statement.
struct SendSite {
  std::uint16_t content = 0;           ///< what is sent; of several, the first
  std::vector<std::uint16_t> choices;  ///< `send first permitted of`: contents; otherwise empty
  std::uint16_t stream = kNone;        ///< `send next of`
  bool to_leads = false;               ///< of an account's campaign: one detached send to each of its leads …
  Pc recipients = kNoCode;             ///< … who fulfils this expression over a lead; kNoCode: all
  bool now_or_skip = false;
  bool detached = false;                ///< in a body that may not wait: one pending slot of its own (§5.5)
  std::uint16_t owner_stage = kNone;    ///< detached: leaving this stage cancels it; kNone: the membership's end does
  std::uint16_t give_up_after = kNone;  ///< Duration constant
  std::uint16_t state = kNone;          ///< Deferred state; kNone where it can't suspend
  Pc next = kNoCode;                    ///< goes on here when sent, or, without an else, however it ends
  Pc otherwise = kNoCode;  ///< the `else`: suppressed, skipped, exhausted and gave up; equals `next` if not written
                           ///< Detached and written: a body of its own, ended by end_body, and not running into
                           ///< `next`. The VM runs it, then goes on at `next`; the engine runs it after a deferral
  bool only_if_exhausted = false;  ///< the else is an `if none left`; other ends without a sending go on at `next`
  PlaceIndex place = 0;
  bool operator==(const SendSite&) const = default;
};

struct HandOffSite {
  Message note;
  std::uint16_t answer_within = kNone;  ///< Duration constant
  bool answer_business = false;         ///< its days are business days
  std::uint16_t answer_window = kNone;  ///< only time inside this window counts; of business days, those it opens on
  PlaceIndex place = 0;
  bool operator==(const HandOffSite&) const = default;
};

enum class WorkKind : std::uint8_t { Call, Task };

struct AssignSite {
  WorkKind kind = WorkKind::Task;
  StringIndex name = kNone;          ///< `as name`
  std::uint16_t due_in = kNone;      ///< Duration constant
  bool due_business = false;         ///< its days are business days
  std::uint16_t due_window = kNone;  ///< only time inside this window counts; of business days, those it opens on
  Message note;
  PlaceIndex place = 0;
  bool operator==(const AssignSite&) const = default;
};

struct NotifySite {
  Message note;
  PlaceIndex place = 0;
  bool operator==(const NotifySite&) const = default;
};

struct SplitBranch {
  StringIndex name = 0;
  std::uint16_t share = 0;  ///< in 0.01 %; a split's shares sum to 10'000
  Pc body = kNoCode;        ///< goes on here; later than the split itself
  bool operator==(const SplitBranch&) const = default;
};

struct SplitSite {
  StringIndex name = 0;
  bool drawn_anew = false;          ///< `drawn anew each pass`
  bool by_account = false;          ///< drawn for the lead's account, so that colleagues take the same branch
  std::uint16_t pass_slot = kNone;  ///< integer slot that counts the passes, where drawn anew
  std::vector<SplitBranch> branches;
  PlaceIndex place = 0;
  bool operator==(const SplitSite&) const = default;
};

/// A `repeat`. Slots, which no other code touches: [count of finished runs; the last anchor: its index k, or with
/// weekdays its instant; first anchor (instant); zone of the first, as calendar::Zone pointer bits of this process].
struct RepeatSite {
  std::uint16_t every = kNone;  ///< Duration constant, or
  std::uint8_t weekdays = 0;    ///< mask, bit 0 Monday (`every Tuesday 10:00`), with
  std::int64_t at_time = 0;     ///< microseconds since local midnight
  std::uint32_t times = 0;
  std::uint16_t first_slot = 0;  ///< of four
  std::uint16_t state = 0;       ///< Repeat state in which it waits for the next anchor
  Pc body = kNoCode;             ///< one run; ends in repeat.next of this site (or by leaving)
  Pc after = kNoCode;            ///< what follows the last run's wait
  PlaceIndex place = 0;
  bool operator==(const RepeatSite&) const = default;
};

enum class WhileWithSales : std::uint8_t { Pause, Leave, Continue };
enum class CampaignStatus : std::uint8_t { Live, Draft, Paused };
enum class Overdue : std::uint8_t { Send, Skip, Spread };
enum class OnEdit : std::uint8_t { Continue, FinishOldVersion, RestartStage, Exit };

/// What matters to a campaign that runs live (§8).
struct Running {
  CampaignStatus status = CampaignStatus::Live;
  StringIndex owner = kNone;
  StringIndex version = kNone;
  Overdue overdue = Overdue::Send;
  std::uint16_t spread_over = kNone;  ///< Duration constant, for Spread
  OnEdit on_edit = OnEdit::Continue;
  std::uint16_t edit_reason = kNone;  ///< for Exit
  bool recompute_waits = false;
  bool operator==(const Running&) const = default;
};

/// `one membership per`: the property of each kind that carries the key.
struct MembershipKey {
  StringIndex name = kNone;  ///< as written; kNone: no key
  Type type;
  std::uint16_t up_to = kNone;             ///< most active at once; kNone: no bound
  std::vector<std::uint16_t> property_of;  ///< per event kind: property index, or kNone where it has none
  bool operator==(const MembershipKey&) const = default;
};

struct Campaign {
  StringIndex name = 0;      ///< qualified
  bool for_account = false;  ///< its members are accounts (§5.14)
  std::int32_t priority = 0;
  Pc audience = kNoCode;  ///< expression
  Pc exclude = kNoCode;   ///< expression; several are joined by or
  std::vector<Entry> entries;
  std::uint16_t active_from = kNone;    ///< Date or DateTime constant, included: no entry before
  std::uint16_t active_until = kNone;   ///< Date constant, included, or DateTime constant, excluded: no entry later
  StringIndex exclusive_group = kNone;  ///< `exclusive in`: no entry while in another campaign of that group
  Reenter reenter = Reenter::Never;
  std::uint16_t reenter_after = kNone;  ///< Duration constant
  MembershipKey key;
  std::uint16_t lasts_at_most = kNone;  ///< Duration constant
  std::uint16_t lasts_reason = kNone;
  std::uint16_t longest = kNone;  ///< Duration constant: proven longest stay, where there is no lasts_at_most
  std::uint16_t holdout = 0;      ///< in 0.01 %
  std::vector<Goal> goals;
  std::vector<Trigger> exits;     ///< `exit on` and `exit when`, in order written
  std::vector<Trigger> triggers;  ///< campaign level, in order written
  std::vector<Stage> stages;
  std::vector<State> states;
  std::vector<StringIndex> reasons;  ///< reasons to exit, `held_out` and `lasts at most`'s included where used
  std::vector<SendSite> sends;
  std::vector<HandOffSite> hand_offs;
  std::vector<AssignSite> assigns;
  std::vector<NotifySite> notifies;
  std::vector<SplitSite> splits;
  std::vector<RepeatSite> repeats;
  std::uint16_t removed_reason = kNone;  ///< of those whom a `remove from` takes out
  std::uint16_t merged_reason = kNone;   ///< of those whose lead is in it twice once two are one (§7.4)
  Running running;
  std::uint16_t slots = 0;           ///< Values that each membership holds
  std::uint16_t silences = 0;        ///< clocks of `on silence` that each membership holds
  std::uint16_t detached_slots = 0;  ///< detached sends; a site's pending slot is its rank among the detached
  WhileWithSales while_with_sales = WhileWithSales::Pause;
  std::uint16_t with_sales_reason = kNone;  ///< for Leave
  std::vector<std::uint16_t> rules;         ///< for its own sends
  Pc on_exit = kNoCode;                     ///< body that runs when a membership ends that was not held out
  PlaceIndex place = 0;
  bool operator==(const Campaign&) const = default;
};

// Properties (§10) ---------------------------------------------------------------------------------------------------

enum class PropertyForm : std::uint8_t {
  Never,    ///< `never act [after e [until f]] [when c]`
  AtMost,   ///< `at most n act within D`
  LeadsTo,  ///< `e leads to act within D [unless c]`
  Ends,     ///< `every membership ends within D`
};
enum class ActKind : std::uint8_t { Send, HandOff, TakeBack, Assign, Notify, Enter, Exit, Event };

/// What a property speaks of: something a campaign does, or an event.
struct Act {
  ActKind kind = ActKind::Send;
  EventMatch event;                ///< Event
  StringIndex channel = kNone;     ///< Send: kNone for every channel
  std::uint16_t content = kNone;   ///< Send: kNone for every content
  std::uint16_t campaign = kNone;  ///< whose; kNone: everyone's
  StringIndex reason = kNone;      ///< Exit: kNone for every reason
  bool operator==(const Act&) const = default;
};

/// What is claimed of every lead, looked after in every run.
struct Property {
  StringIndex name = 0;
  PropertyForm form = PropertyForm::Never;
  Act act;                        ///< not of Ends, which is about `act.campaign`
  std::vector<EventMatch> after;  ///< Never: since the latest of these; LeadsTo: each of these
  std::vector<EventMatch> until;  ///< Never: until one of these; none: for good
  Pc condition = kNoCode;         ///< expression. Never: while it holds; LeadsTo: unless it held at the event
  std::uint32_t most = 0;         ///< AtMost
  std::uint16_t within = kNone;   ///< Duration constant; Never: none
  StringIndex label = 0;          ///< as written, in one line
  PlaceIndex place = 0;
  bool operator==(const Property&) const = default;
};

// How a foreign log maps to events (§7) -----------------------------------------------------------------------------

enum class LogFormat : std::uint8_t { Auto, Csv, Ndjson };

/// How a time column is read. `pattern` uses yyyy MM dd hh mm ss by letter count (one letter: without padding), or is
/// one of "rfc3339", "epoch s", "epoch ms", "epoch us". `zone` is an IANA name for patterns that carry no offset.
struct TimeFormat {
  StringIndex pattern = 0;
  StringIndex zone = kNone;
  bool operator==(const TimeFormat&) const = default;
};

struct PropertyMapping {
  std::uint16_t property = 0;  ///< of the event kind, or lead attribute
  Pc value = kNoCode;          ///< expression over the row's columns; text, converted to the property's type
  TimeFormat time;             ///< for datetime and date properties
  bool operator==(const PropertyMapping&) const = default;
};

struct SourceRule {
  std::uint16_t kind = kNone;
  Pc when = kNoCode;  ///< expression over the row; kNoCode: always
  std::vector<PropertyMapping> properties;
  bool operator==(const SourceRule&) const = default;
};

struct SourceSpec {
  StringIndex name = 0;
  LogFormat format = LogFormat::Auto;
  std::vector<StringIndex> columns;  ///< names of the columns that the code below reads (LoadColumn's table)
  Pc lead = kNoCode;                 ///< expression; unknown or empty: the row is rejected, "no lead"
  Pc at = kNoCode;                   ///< expression (text), read by `time`
  TimeFormat time;
  Pc id = kNoCode;         ///< expression; repeats of (lead, event, id) at one instant are applied once (§7.2)
  Pc origin = kNoCode;     ///< expression: the campaign that caused a logged action (§7.3)
  Pc leave_out = kNoCode;  ///< expression: rows that are of no interest
  std::vector<StringIndex> missing;              ///< texts that mean unknown, besides the empty text
  std::vector<SourceRule> rules;                 ///< the first whose `when` holds names the event; none: of no interest
  std::vector<PropertyMapping> lead_attributes;  ///< every row that is an event sets them, as of its instant
  bool operator==(const SourceSpec&) const = default;
};

struct Module {
  StringIndex name = 0;      ///< program name
  std::uint64_t seed = 0;    ///< hash of the program name: seeds splits and holdouts (§5.6)
  StringIndex timezone = 0;  ///< program's zone
  StringIndex currency = kNone;
  std::uint8_t week_starts_on = 0;       ///< 0 Monday … 6 Sunday
  std::uint16_t sales_hold_max = kNone;  ///< Duration constant; kNone: 30 days
  std::vector<std::string> strings;
  std::vector<Constant> constants;
  std::vector<std::vector<Value>> lists;  ///< items of list constants, coded like constants
  std::vector<Place> places;
  Schema schema;
  std::vector<Calendar> calendars;
  std::vector<Window> windows;
  std::vector<Rule> rules;  ///< in the order of the source; those of a policy hold for all campaigns
  std::vector<Content> contents;
  std::vector<Score> scores;
  std::vector<HistorySite> histories;
  std::vector<LeadQuery> lead_queries;
  std::uint32_t history_max = 0;  ///< events that one window looks at, at most; 0: kHistoryMax
  std::vector<Stream> streams;
  std::vector<Campaign> campaigns;   ///< in campaign order (§5.2): priority high first, then name by code point
  std::vector<Property> properties;  ///< in the order of the source
  std::vector<Scenario> scenarios;   ///< by name in code point order
  std::vector<SourceSpec> sources;
  std::vector<std::uint8_t> code;
  bool operator==(const Module&) const = default;
};

}  // namespace nurture::bytecode
