#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include "runtime/base/text_pool.h"
#include "runtime/base/value.h"
#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"
#include "runtime/calendar/hours.h"

/// The one evaluator. Runs expressions and bodies of a verified module; everything with an effect goes through Effects.
namespace nurture::vm {

/// When a window of the module is open.
struct BoundWindow {
  calendar::Hours hours;
  const calendar::Zone* own_zone = nullptr;  ///< null: the lead's
  const calendar::Zone* zone(const calendar::Zone* of_lead) const { return own_zone != nullptr ? own_zone : of_lead; }
};

/// How an activation of a body ended.
struct End {
  enum class Kind : std::uint8_t { Suspended, GoTo, RestartStage, Exit, MoveOn, KeepWaiting, EndBody, OutOfFuel } kind;
  std::uint16_t target = bytecode::kNone;  ///< state (Suspended, MoveOn), stage or reason
  Instant deadline = kNever;               ///< Suspended: when its timer is due
  bytecode::PlaceIndex place = 0;
};

/// A body that does nothing but end, stay, or `wait` a constant length of time: it runs without being interpreted.
struct PlainBody {
  enum class Form : std::uint8_t { None, Ends, Stay, Wait } form = Form::None;
  End::Kind end = End::Kind::EndBody;
  std::uint16_t target = bytecode::kNone;  ///< as End::target
  bytecode::PlaceIndex place = 0;          ///< Ends
  Duration length;                         ///< Wait
};

struct NativeCode;

/// A module bound to the texts of a run: StringIndex -> TextId, constants with their texts and lists resolved.
struct BoundModule {
  const bytecode::Module* module = nullptr;
  std::vector<TextId> strings;
  std::vector<Value> constants;
  std::vector<const calendar::Zone*> zones;  ///< per string: the zone of that name, where in_zone uses it
  /// Per constant: where each of its items stands, if it is the list of keys of a lookup.
  std::vector<std::unordered_map<std::int64_t, std::uint32_t>> rows;
  std::vector<BoundWindow> windows;     ///< as Module::windows
  std::vector<PlainBody> plain;         ///< the first is of form None
  std::vector<std::uint32_t> plain_at;  ///< per byte of code: into `plain`
  const TextPool* texts = nullptr;
  const ListPool* lists = nullptr;
  std::shared_ptr<const NativeCode> native;  ///< of this module (native.h); null: all of it is interpreted
};
/// Interns the module's strings and lists into the pools. The module, and the pools, must outlive the result.
BoundModule bind(const bytecode::Module& module, TextPool& texts, ListPool& lists);
/// A part of `bind`: BoundModule::plain.
void find_plain(BoundModule& bound);

struct Frame;

enum class ScoreTest : std::uint8_t { Less, LessEqual, Greater, GreaterEqual, Same };

/// One row of typed cells: an event's properties, or the columns of a foreign row.
class Record {
 public:
  virtual ~Record() = default;
  virtual Value at(std::uint16_t property) const = 0;
};

/// The lead's past, as conditions ask for it. Answers are as of Frame::now; where Frame::turns is set, an answer that
/// will be another one without any event lowers it to the first instant of that.
class Past {
 public:
  virtual ~Past() = default;
  virtual Value history(const Frame& frame, std::uint16_t site) = 0;
  virtual bool was_sent(std::uint16_t content) = 0;
  virtual std::int64_t visits(std::uint16_t stage) = 0;
  /// How many leads of the account fulfil Module::lead_queries[query]; 0 where this is the past of a lead.
  virtual std::int64_t count_leads(const Frame& frame, std::uint16_t query) = 0;
  /// `within` null: ever.
  virtual bool was_in(const Frame& frame, std::uint16_t campaign, std::uint16_t reason, const Duration* within) = 0;
  /// In millionths.
  virtual std::int64_t score(const Frame& frame, std::uint16_t score) = 0;
  virtual bool score_compares(const Frame& frame, std::uint16_t score, ScoreTest test, double bound) = 0;
};

/// Which instruction of a body was run after which: offsets into the code; the first of an activation after itself. For
/// coverage only.
using Passage = std::set<std::pair<bytecode::Pc, bytecode::Pc>>;

/// What an activation can see. Filled by the engine, cheap to change between activations.
struct Frame {
  const BoundModule* program = nullptr;
  Instant now = 0;
  const calendar::Zone* zone = nullptr;  ///< the lead's (§6.2)
  const Value* lead = nullptr;           ///< per Schema::lead
  const Value* account = nullptr;        ///< per Schema::account, or null
  std::uint16_t event_kind = bytecode::kNone;
  const Record* event = nullptr;
  std::uint16_t entry_kind = bytecode::kNone;
  const Record* entry = nullptr;
  Value* slots = nullptr;
  bool with_sales = false;
  Instant wait_start = 0;
  Instant entered_at = 0;
  std::int64_t touch = 0;      ///< which send or hand-off of the membership an assumption is about, from 1; 0: none
  Past* past = nullptr;        ///< null: nothing ever happened
  Instant* turns = nullptr;    ///< see Past; null: nobody asks
  Passage* passage = nullptr;  ///< null: nobody asks

  /// Notes that what was just read changes at that instant.
  void turns_at(Instant at) const {
    if (turns != nullptr && at > now && at < *turns) *turns = at;
  }
};

enum class SendOutcome : std::uint8_t { Sent, Deferred, Suppressed, Skipped, Exhausted, GaveUp };

/// What bodies do to the world. Each call happens at Frame::now, in program order.
class Effects {
 public:
  virtual ~Effects() = default;
  virtual SendOutcome send(const bytecode::SendSite& site, std::uint16_t site_index) = 0;
  virtual void hand_off(const bytecode::HandOffSite& site) = 0;
  virtual void take_back(bytecode::PlaceIndex place) = 0;
  virtual void assign(const bytecode::AssignSite& site, Value who) = 0;
  virtual void notify(const bytecode::NotifySite& site, Value who) = 0;
  /// Changes the attribute; the frame's `lead` array must show the new value afterwards.
  virtual void set_lead(std::uint16_t attribute, Value value, bytecode::PlaceIndex place) = 0;
  virtual void add_score(std::uint16_t score, Value points, bytecode::PlaceIndex place) = 0;
  virtual void reset_score(std::uint16_t score, bytecode::PlaceIndex place) = 0;
  virtual void remembered(bytecode::StringIndex name, Value value, bytecode::PlaceIndex place) = 0;
  /// What comes of these two is decided as the step settles (§5.2).
  virtual void enroll_in(std::uint16_t campaign, bytecode::PlaceIndex place) = 0;
  virtual void remove_from(std::uint16_t campaign, bytecode::PlaceIndex place) = 0;
  virtual void change_audience(bytecode::StringIndex audience, bool joins, bytecode::PlaceIndex place) = 0;
  virtual void call_webhook(bytecode::StringIndex address, bytecode::PlaceIndex place) = 0;
  /// The branch of this split for this lead (and pass, where drawn anew).
  virtual std::uint16_t split(const bytecode::SplitSite& site, std::uint16_t site_index) = 0;
};

/// Upper bound on instructions of one activation; a verified module can't loop, but a repeat may catch up anchor by
/// anchor.
inline constexpr std::uint32_t kFuel = 1'000'000;

Value evaluate(const Frame& frame, const bytecode::Campaign* campaign, bytecode::Pc expression);
inline bool holds(const Frame& frame, const bytecode::Campaign* campaign, bytecode::Pc condition) {
  return condition == bytecode::kNoCode || evaluate(frame, campaign, condition).truth();
}
/// Where to run when the timer of a state is due: State::on_timer, or for a Repeat its next run or, after the last,
/// RepeatSite::after.
bytecode::Pc resume_repeat(const Frame& frame, const bytecode::Campaign& campaign, std::uint16_t state);
/// Runs a body from `pc` to its end. A deferred, undetached send ends it Suspended in the site's state with deadline
/// kNever; the engine keeps the re-ask.
End run(Frame& frame, const bytecode::Campaign& campaign, bytecode::Pc body, Effects& effects);

/// The same of a body that is plain, which sees nothing of the frame but `now`, `zone` and `program`. False where it is
/// none; `body` is then what is left to run.
bool run_plain(const Frame& frame, const bytecode::Campaign& campaign, bytecode::Pc& body, End& end);

/// Text of an interpolated message. Unknown values print as an empty text (the compiler asks for an `else`).
std::string render(const Frame& frame, const bytecode::Campaign* campaign, const bytecode::Message& message);
/// A value as people read it: 12.50, yes, 2026-03-05, 5 days, "a, b".
std::string format_value(Value value, const bytecode::Type& type, const TextPool& texts, const ListPool& lists,
                         const calendar::Zone* zone);

}  // namespace nurture::vm
