#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/base/value.h"

/// The syntax tree of a file: immutable after parsing. Nodes live in the Tree's arena and refer to each other by plain
/// pointers; what is learnt about them later (types, resolutions, states) stands in side tables keyed by Node::id.
// clang-format off: tables of rows, one a line
namespace nurture::ast {

/// Dense over one compilation, from 0. From kSharedNodes on: of files that all compilations of a process share.
using NodeId = std::uint32_t;
inline constexpr NodeId kSharedNodes = NodeId{1} << 31;

enum class NodeKind : std::uint8_t {
#define NURTURE_EXPR(name) name,
#define NURTURE_STMT(name) name,
#define NURTURE_DECL(name) name,
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
};

struct Node {
  NodeKind kind;
  NodeId id = 0;
  Span span;

 protected:
  explicit Node(NodeKind k) : kind(k) {}
};
struct Expr : Node { using Node::Node; };
struct Stmt : Node { using Node::Node; };
/// `doc` holds the `///` lines before it, without the slashes.
struct Decl : Node { using Node::Node; std::string doc; };

/// Downcast; the kind must match.
template <typename T>
const T& as(const Node& node);
template <typename T>
const T* try_as(const Node* node) { return node && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr; }

struct Name {
  std::string text;
  Span span;
  explicit operator bool() const { return !text.empty(); }
};
/// a.b.c
struct Path {
  std::vector<Name> parts;
  Span span;
  std::string text() const;
  explicit operator bool() const { return !parts.empty(); }
};

struct Block {
  std::vector<const Stmt*> statements;
  Span span;
};

// Expressions ---------------------------------------------------------------------------------------------------------

#define NURTURE_NODE(Name, Base) \
  static constexpr NodeKind kKind = NodeKind::Name; \
  Name() : Base(kKind) {}

struct TextLit : Expr { NURTURE_NODE(TextLit, Expr) std::string value; };
struct IntegerLit : Expr { NURTURE_NODE(IntegerLit, Expr) std::int64_t value = 0; };
struct NumberLit : Expr { NURTURE_NODE(NumberLit, Expr) double value = 0; std::string written; };
struct PercentLit : Expr { NURTURE_NODE(PercentLit, Expr) std::int64_t value = 0; };  ///< millionths
struct BooleanLit : Expr { NURTURE_NODE(BooleanLit, Expr) bool value = false; };
struct DateLit : Expr { NURTURE_NODE(DateLit, Expr) std::int64_t days = 0; };
struct TimeLit : Expr { NURTURE_NODE(TimeLit, Expr) std::int64_t time_of_day = 0; };
/// Without a zone it is the program's; in a test, the test lead's.
struct DateTimeLit : Expr { NURTURE_NODE(DateTimeLit, Expr) std::int64_t days = 0; std::int64_t time_of_day = 0; std::string zone; Span zone_span; };
struct DurationLit : Expr { NURTURE_NODE(DurationLit, Expr) Duration value; };
struct ListLit : Expr { NURTURE_NODE(ListLit, Expr) std::vector<const Expr*> items; };
/// lead.country, account.name, entry.form, event.x, form, a choice value, a let, a segment, score.x
struct NameRef : Expr { NURTURE_NODE(NameRef, Expr) Path path; };

enum class UnaryOp : std::uint8_t { Not, Negate };
struct Unary : Expr { NURTURE_NODE(Unary, Expr) UnaryOp op{}; const Expr* operand = nullptr; };

enum class BinaryOp : std::uint8_t {
  Or, And, Is, IsNot, Less, LessEqual, Greater, GreaterEqual, StartsWith, EndsWith, Contains, Matches,
  Add, Subtract, Multiply, Divide, Else,
};
struct Binary : Expr { NURTURE_NODE(Binary, Expr) BinaryOp op{}; const Expr* left = nullptr; const Expr* right = nullptr; bool ignoring_case = false; Span op_span; };
struct InTest : Expr { NURTURE_NODE(InTest, Expr) const Expr* value = nullptr; const Expr* list = nullptr; bool negated = false; bool ignoring_case = false; };
struct Between : Expr { NURTURE_NODE(Between, Expr) const Expr* value = nullptr; const Expr* low = nullptr; const Expr* high = nullptr; };
struct KnownTest : Expr { NURTURE_NODE(KnownTest, Expr) const Expr* value = nullptr; bool unknown = false; };  ///< `is unknown`
struct DateShift : Expr { NURTURE_NODE(DateShift, Expr) const Expr* amount = nullptr; bool before = true; const Expr* target = nullptr; };
struct Now : Expr { NURTURE_NODE(Now, Expr) };
struct Today : Expr { NURTURE_NODE(Today, Expr) };
struct WithSales : Expr { NURTURE_NODE(WithSales, Expr) bool negated = false; bool of_account = false; };  ///< lead, or account, is [not] with sales
/// `count of leads where c`, `any lead where c`, `no lead where c`: asked of the leads of an account.
struct LeadsQuery : Expr {
  NURTURE_NODE(LeadsQuery, Expr)
  enum class Form : std::uint8_t { Count, Any, None } form = Form::Count;
  const Expr* where = nullptr;
};

/// `email.clicked of problem_guide including machine where …`
struct EventRef {
  Path kind;
  Name of_content;
  bool including_machine = false;
  const Expr* where = nullptr;
  Span span;
  explicit operator bool() const { return static_cast<bool>(kind); }
};
enum class Since : std::uint8_t { Ever, Last, Entry, Stage };
struct Aggregate : Expr { NURTURE_NODE(Aggregate, Expr) Name function; EventRef event; Name property; Since since{}; const Expr* last = nullptr; };
/// `reps.manager of lead.country`: a cell of a table, by the value of its key.
struct Lookup : Expr { NURTURE_NODE(Lookup, Expr) Path column; const Expr* key = nullptr; };
struct DaysSince : Expr { NURTURE_NODE(DaysSince, Expr) const Expr* target = nullptr; };
struct ContentPast : Expr { NURTURE_NODE(ContentPast, Expr) Name verb; Name content; };  ///< sent(x), opened(x), clicked(x)
struct InLast : Expr { NURTURE_NODE(InLast, Expr) const Expr* value = nullptr; const Expr* length = nullptr; bool negated = false; };
struct WithinNext : Expr { NURTURE_NODE(WithinNext, Expr) const Expr* value = nullptr; const Expr* length = nullptr; };
struct VisitsOf : Expr { NURTURE_NODE(VisitsOf, Expr) Name stage; };
struct WasInCampaign : Expr { NURTURE_NODE(WasInCampaign, Expr) Path campaign; Name reason; const Expr* last = nullptr; };
/// Where the parser could make nothing of it; already reported.
struct ErrorExpr : Expr { NURTURE_NODE(ErrorExpr, Expr) std::vector<const Expr*> partial; };

/// Interpolated text: literal pieces (braces undoubled) and expressions.
struct MessagePart { std::string literal; const Expr* expression = nullptr; Span span; };
struct Message {
  std::vector<MessagePart> parts;
  Span span;
  bool present = false;
};

// Statements ----------------------------------------------------------------------------------------------------------

struct Send : Stmt {
  NURTURE_NODE(Send, Stmt)
  enum class What : std::uint8_t { Content, NextOf, FirstPermitted } what = What::Content;
  Name channel;                          ///< `send email x`, to be checked
  Name content;                          ///< or the stream
  std::vector<Name> choices;             ///< first permitted of
  bool now_or_skip = false;
  const Expr* for_up_to = nullptr;
  bool to_leads = false;                 ///< `to leads`, of an account
  const Expr* to_leads_where = nullptr;
  std::optional<Block> otherwise;        ///< `else { }`, or `if none left { }`
  bool if_none_left = false;             ///< the latter: it runs when the stream is exhausted, and only then
};

/// A point or a rule of time: `next Tuesday 09:00`, `09:00`, `1 day before lead.renewal_on`, `2026-05-12 15:00`.
struct When {
  std::uint8_t weekdays = 0;             ///< mask, bit 0 Monday; 0: none named
  bool next = false;                     ///< `next`: strictly later
  const Expr* time = nullptr;            ///< TimeLit, with weekdays or alone
  const Expr* target = nullptr;          ///< otherwise: date, datetime, or a condition
  std::string zone;                      ///< `in "America/New_York"`
  Span zone_span;
  Span span;
};

/// `on …` or `when …` with its body; also a wait's handler.
struct Trigger {
  EventRef event;                        ///< on
  const Expr* condition = nullptr;       ///< when
  bool becomes_true = false;
  const Expr* silence = nullptr;         ///< on silence of D
  std::vector<EventRef> silence_of;
  Block body;
  NodeId id = 0;
  Span span;                             ///< of the head, without the body
};

struct Wait : Stmt {
  NURTURE_NODE(Wait, Stmt)
  enum class Form : std::uint8_t { For, UpTo, Until } form = Form::For;
  const Expr* duration = nullptr;        ///< For, UpTo
  bool business_days = false;
  Name window;                           ///< `2 business days of window`
  When until;                            ///< Until
  const Expr* at_least = nullptr;
  const Expr* at_most = nullptr;
  bool has_handlers = false;             ///< braces were written
  std::vector<Trigger> handlers;
  std::optional<Block> otherwise;
  Span head;                             ///< without the braces
};
struct Stay : Stmt { NURTURE_NODE(Stay, Stmt) };
struct IfArm { const Expr* condition = nullptr; Block body; };
struct If : Stmt { NURTURE_NODE(If, Stmt) std::vector<IfArm> arms; std::optional<Block> otherwise; };
struct SplitArm { std::int64_t share = 0; Span share_span; Name name; Block body; };  ///< share in Percent units
struct SplitStmt : Stmt { NURTURE_NODE(SplitStmt, Stmt) Name name; bool by_account = false; bool drawn_anew = false; std::vector<SplitArm> arms; };
struct Repeat : Stmt { NURTURE_NODE(Repeat, Stmt) const Expr* every = nullptr; When at; std::int64_t times = 0; Span times_span; Block body; Span head; };
struct GoTo : Stmt { NURTURE_NODE(GoTo, Stmt) Name stage; };
struct RestartStage : Stmt { NURTURE_NODE(RestartStage, Stmt) };
struct ExitStmt : Stmt { NURTURE_NODE(ExitStmt, Stmt) Name reason; };
struct HandOff : Stmt { NURTURE_NODE(HandOff, Stmt) Name to; Message note; const Expr* answer_within = nullptr; bool business_days = false; Name window; };
struct TakeBack : Stmt { NURTURE_NODE(TakeBack, Stmt) Name from; };
struct Assign : Stmt { NURTURE_NODE(Assign, Stmt) Name what; Name name; const Expr* to = nullptr; const Expr* due_in = nullptr; bool business_days = false; Name window; Message note; };
struct Notify : Stmt { NURTURE_NODE(Notify, Stmt) const Expr* who = nullptr; Message note; };
struct SetStmt : Stmt { NURTURE_NODE(SetStmt, Stmt) Path target; const Expr* value = nullptr; };  ///< value null: `clear`
struct AddScore : Stmt { NURTURE_NODE(AddScore, Stmt) const Expr* amount = nullptr; Path target; };
struct ResetScore : Stmt { NURTURE_NODE(ResetScore, Stmt) Path target; };
struct AudienceChange : Stmt { NURTURE_NODE(AudienceChange, Stmt) bool add = true; Name audience; };
struct Enroll : Stmt { NURTURE_NODE(Enroll, Stmt) Path campaign; };
struct RemoveFrom : Stmt { NURTURE_NODE(RemoveFrom, Stmt) Path campaign; };
struct Remember : Stmt { NURTURE_NODE(Remember, Stmt) Name name; const Expr* value = nullptr; };
struct CallWebhook : Stmt { NURTURE_NODE(CallWebhook, Stmt) std::string url; };
struct MoveOn : Stmt { NURTURE_NODE(MoveOn, Stmt) };
struct KeepWaiting : Stmt { NURTURE_NODE(KeepWaiting, Stmt) };
struct ErrorStmt : Stmt { NURTURE_NODE(ErrorStmt, Stmt) };

// Declarations --------------------------------------------------------------------------------------------------------

struct TypeRef {
  Name name;                             ///< text, integer, …, list, choice; or content, stream, window, segment, event in templates
  std::vector<Name> choices;
  std::shared_ptr<TypeRef> element;      ///< list of
  bool optional = false;
  Span span;
};
struct FieldDecl {
  Name name;
  TypeRef type;
  const Expr* default_value = nullptr;
  std::string doc;
};

struct Use : Decl { NURTURE_NODE(Use, Decl) Path module; std::string file; Span target_span; };  ///< std.b2b, or a file
struct ProgramDecl : Decl {
  NURTURE_NODE(ProgramDecl, Decl)
  std::string name, timezone, currency;
  Span name_span, timezone_span, currency_span;
  Name start_of_week;
  const Expr* sales_hold = nullptr;      ///< `sales hold at most D`
  std::int64_t history_at_most = 0;      ///< `history at most n`: events looked at in one window; 0: not said
  Span history_span;
};
struct FieldsDecl : Decl { NURTURE_NODE(FieldsDecl, Decl) bool account = false; std::vector<FieldDecl> fields; };  ///< lead { } or account { }
struct EventDecl : Decl {
  NURTURE_NODE(EventDecl, Decl)
  Path name;
  Name actor;                            ///< lead, us, system; absent: lead
  Name machine;                          ///< unless machine
  bool starts_sales_hold = false, ends_sales_hold = false, answers_hand_off = false, records_send = false, of_account = false;
  std::vector<FieldDecl> properties;
};
struct EventGroup : Decl { NURTURE_NODE(EventGroup, Decl) Path name; std::vector<Path> kinds; };
struct LetDecl : Decl { NURTURE_NODE(LetDecl, Decl) Name name; const Expr* value = nullptr; };
struct SegmentDecl : Decl { NURTURE_NODE(SegmentDecl, Decl) Name name; const Expr* condition = nullptr; };

struct ContentVariant { const Expr* condition = nullptr; Message subject; std::string body; Span body_span; Span span; };
struct ContentDecl : Decl {
  NURTURE_NODE(ContentDecl, Decl)
  Name name, channel;
  Message subject;
  std::string body; Span body_span;
  Name for_stage, offers;
  std::int64_t asks_up_to = 0; std::vector<Name> asks;
  Name message_class;                    ///< marketing, transactional; or `answers` with the event below
  Path answers;
  const Expr* from = nullptr; const Expr* reply_to = nullptr;
  const Expr* available_from = nullptr; const Expr* available_until = nullptr;
  std::vector<Name> tags;
  std::vector<ContentVariant> variants;
};
struct StreamDecl : Decl { NURTURE_NODE(StreamDecl, Decl) Name name; std::vector<Name> contents; const Expr* again_after = nullptr; };
struct ScoreRow { EventRef event; const Expr* points = nullptr; std::int64_t at_most = 0; const Expr* per = nullptr; };
struct ScoreDecl : Decl { NURTURE_NODE(ScoreDecl, Decl) Name name; std::vector<ScoreRow> rows; const Expr* halves_every = nullptr; const Expr* cap = nullptr; const Expr* floor = nullptr; };
struct WindowSpan { std::uint8_t weekdays = 0; std::int64_t from = 0, to = 0; Span span; };
struct WindowDecl : Decl { NURTURE_NODE(WindowDecl, Decl) Name name; std::vector<WindowSpan> spans; const Expr* zone = nullptr; std::vector<Name> except; };
struct CalendarDecl : Decl { NURTURE_NODE(CalendarDecl, Decl) Name name; std::vector<std::int64_t> dates; std::string file; };

/// The clauses of a campaign, of `rules`, of a `template`, and the rules of a `policy`.
struct Clause {
  enum class Kind : std::uint8_t {
    Audience, Exclude, Enter, Reenter, OneMembershipPer, LastsAtMost, Holdout, Goal, ExitOn, TriggerClause, OnExit,
    SendOnlyIn, Limit, Priority, ExclusiveIn, Active, Owner, Version, Overdue, OnEdit, WhileWithSales, Status, Follow,
    Never, Quiet, SalesHold, Throttle, Stage,
  } kind{};
  NodeId id = 0;
  Span span;
  std::string doc;

  const Expr* condition = nullptr;       ///< audience, exclude, `if` of an entry, condition goal, never … when
  EventRef event;                        ///< enter on, goal, exit on
  std::vector<EventRef> after, until;    ///< never … after …, until …
  bool of_sends = false;                 ///< never send …; otherwise `name` is what never happens
  Name outside;                          ///< never … outside window
  std::int64_t from_time = 0, to_time = 0;  ///< quiet hours, microseconds since midnight
  Trigger trigger;                       ///< TriggerClause, ExitOn (event or condition, no body)
  enum class EntryForm : std::uint8_t { On, WhenTrue, Every, Once, Dated, Silence } entry{};
  When at;                               ///< every Monday 09:00, once at …
  const Expr* duration = nullptr;        ///< after D, at most D, within D, per D, before lead.date
  const Expr* target = nullptr;          ///< the date of a dated entry; `worth` of a goal; from/until of active
  const Expr* target2 = nullptr;
  const Expr* condition2 = nullptr;      ///< `if` of an entry `when`
  bool or_at_once_if_late = false;
  const Expr* also_already = nullptr;    ///< also those already true, spread over D
  bool recompute_waits = false;          ///< on edit
  bool of_send = false;                  ///< goal … within D of send
  enum class ReenterForm : std::uint8_t { Never, Always, After } reenter{};
  enum class SalesForm : std::uint8_t { Pause, Leave, Continue } with_sales{};
  Name name;                             ///< goal, stage, property of the key, window, group, channel, rules followed
  Name reason;                           ///< as reason
  std::int64_t number = 0;               ///< up to n at once, limit, priority, holdout in Percent units
  bool has_number = false;
  Span number_span;
  std::string text;                      ///< owner, version
  Block body;                            ///< stage statements, on exit
  std::vector<Trigger> triggers;         ///< of a stage
};
struct CampaignDecl : Decl { NURTURE_NODE(CampaignDecl, Decl) Name name; bool for_account = false; std::vector<Clause> clauses; Span head; };
struct PolicyDecl : Decl { NURTURE_NODE(PolicyDecl, Decl) Name name; std::vector<Clause> clauses; };
struct RulesDecl : Decl { NURTURE_NODE(RulesDecl, Decl) Name name; std::vector<Clause> clauses; };
struct Parameter { Name name; TypeRef type; const Expr* default_value = nullptr; };
struct TemplateDecl : Decl { NURTURE_NODE(TemplateDecl, Decl) Name name; std::vector<Parameter> parameters; std::vector<Clause> clauses; };
struct Argument { Name name; const Expr* value = nullptr; };
struct CampaignFrom : Decl { NURTURE_NODE(CampaignFrom, Decl) Name name; Path from; std::vector<Argument> arguments; };
struct TableDecl : Decl { NURTURE_NODE(TableDecl, Decl) Name name; std::string file; Span file_span; Name by; std::vector<FieldDecl> columns; };
/// What a property speaks of: something that campaigns do, or an event.
struct Act {
  enum class Kind : std::uint8_t { Send, HandOff, TakeBack, Assign, Notify, Enter, Exit, Event } kind{};
  Name channel;                          ///< `send email welcome`; checked like a statement's
  Name name;                             ///< content or channel of a send, campaign of `enter`, reason of `exit as`
  EventRef event;
  Span span;
};
struct PropertyDecl : Decl {
  NURTURE_NODE(PropertyDecl, Decl)
  Name name;                             ///< without its quotes
  enum class Form : std::uint8_t { Never, AtMost, LeadsTo, Ends } form{};
  Act act;                               ///< not of Ends
  EventRef event;                        ///< LeadsTo: what leads to it
  std::vector<EventRef> after, until;    ///< Never
  const Expr* condition = nullptr;       ///< Never: when; LeadsTo: unless
  const Expr* within = nullptr;
  std::int64_t number = 0;               ///< AtMost
  Span number_span;
  Path campaign;                         ///< Ends: `of x`
};

/// `as "yyyy-mm-dd hh:mm" in "Europe/London"`
struct TimeFormat { std::string pattern; Span pattern_span; std::string zone; Span zone_span; };
struct ColumnMapping { Name property; const Expr* value = nullptr; TimeFormat time; Span span; };
struct SourceRule { Path event; const Expr* when = nullptr; std::vector<ColumnMapping> properties; Span span; };
/// In the expressions of a source a bare name, or `column "Any Name"`, is a column of the row: an optional text.
struct SourceDecl : Decl {
  NURTURE_NODE(SourceDecl, Decl)
  Name name;
  Name format;                           ///< csv, ndjson; absent: by the file
  const Expr* lead = nullptr;
  const Expr* at = nullptr; TimeFormat time;
  const Expr* row_id = nullptr;
  const Expr* origin = nullptr;
  std::vector<const Expr*> leave_out;
  std::vector<std::string> missing;
  std::vector<SourceRule> rules;
  std::vector<ColumnMapping> lead_attributes;
};

struct RecordField { Name name; const Expr* value = nullptr; };
/// `half by 5 hours`
struct DelayPoint { std::int64_t share = 0; const Expr* by = nullptr; Span span; };  ///< share in Percent units
/// `email.opened 24% within 7 days, half by 5 hours, times 95% per send of email in last 30 days`
struct AssumedReaction {
  static constexpr std::uint32_t kAlone = UINT32_MAX;
  Path kind;
  std::vector<RecordField> record;
  bool by_machine = false;
  Span by_machine_span;
  std::int64_t rate = 0; Span rate_span;  ///< in Percent units
  const Expr* within = nullptr;
  std::vector<DelayPoint> delay;
  std::int64_t tires = 0; Span tires_span;  ///< in Percent units, if `tires_within` is there
  Name tires_channel;
  const Expr* tires_within = nullptr;
  std::uint32_t group = kAlone;          ///< number of the `one of` in its rule
  Span span;
};
/// `after … [if c] { … }`
struct AssumedRule {
  enum class Cause : std::uint8_t { Send, HandOff, Reaction } cause{};
  Name of;                               ///< Send: content or channel; HandOff: `to sales`
  Path event;                            ///< Reaction
  const Expr* condition = nullptr;
  std::vector<AssumedReaction> reactions;
  std::vector<Span> groups;              ///< each `one of` written
  Span head;                             ///< without the braces
  Span span;
};
struct ScenarioDecl : Decl { NURTURE_NODE(ScenarioDecl, Decl) Name name; std::vector<AssumedRule> rules; };
struct TestItem {
  enum class Kind : std::uint8_t { GivenLead, GivenAccount, GivenSplit, GivenHoldout, Event, Expect, Also } kind{};
  Span span;
  std::vector<RecordField> fields;       ///< given lead/account, the event's properties
  Name lead;                             ///< `given lead anna`, `… by anna`, `expect send x to anna`, `expect stage s of anna`
  Name account;                          ///< `given account acme`
  Name split, branch;
  Path campaign;                         ///< also
  const Expr* at = nullptr;              ///< DateTimeLit: `at …`; or
  const Expr* after = nullptr;           ///< DurationLit: `after …`; neither: same clock
  Path event;                            ///< absent on a bare clock line
  bool negated = false;
  enum class What : std::uint8_t { Send, Stage, Exit, HandOff, TakeBack, Assign, Notify, Goal, Entry, Score, Outside } what{};
  Name name;                             ///< content, stage, reason, goal, call|task|name; absent: any
  const Expr* condition = nullptr;       ///< score comparison
  enum class When : std::uint8_t { Here, Within, For, By } when{};
  const Expr* length = nullptr;          ///< Within, For: DurationLit; By: DateTimeLit
};
/// One case of `for each`: what names in the test stand for.
struct TestRow { std::string name; Span name_span; std::vector<RecordField> values; Span span; };
struct TestDecl : Decl {
  NURTURE_NODE(TestDecl, Decl)
  std::string name;
  Span name_span;
  Path campaign;
  std::vector<TestItem> items;
  std::vector<TestRow> rows;             ///< without any, the test is its only case
  std::vector<Span> tables;              ///< each `for each` written
};

#undef NURTURE_NODE

// Tree ----------------------------------------------------------------------------------------------------------------

/// Comments in order, for the formatter; the compiler never looks at them.
struct Comment { Span span; };

struct File {
  FileId file = 0;
  std::vector<const Decl*> declarations;
  std::vector<Comment> comments;
};

/// Owns the nodes of one compilation.
class Tree {
 public:
  explicit Tree(NodeId first = 0) : next_(first) {}

  template <typename T>
  T* make(Span span) {
    auto node = std::make_shared<T>();
    node->id = next_++;
    node->span = span;
    T* raw = node.get();
    nodes_.push_back(std::move(node));
    return raw;
  }
  /// Ids for the parts that are not nodes of their own but carry resolutions (triggers, clauses).
  NodeId new_id() { return next_++; }
  NodeId size() const { return next_; }

 private:
  NodeId next_;
  std::deque<std::shared_ptr<void>> nodes_;
};

/// What is known of each node, where most have something; of the others nothing but `otherwise`.
template <typename T>
class NodeTable {
 public:
  explicit NodeTable(T otherwise = {}) : otherwise_(std::move(otherwise)) {}
  /// `size`: of the tree whose nodes it will know; up to that, references stay valid.
  void reserve(std::size_t size) { own_.resize(size, otherwise_); }

  const T& operator[](NodeId id) const {
    const std::vector<T>& rows = id < kSharedNodes ? own_ : shared_;
    const NodeId row = id & ~kSharedNodes;
    return row < rows.size() ? rows[row] : otherwise_;
  }
  T& operator[](NodeId id) {
    std::vector<T>& rows = id < kSharedNodes ? own_ : shared_;
    const NodeId row = id & ~kSharedNodes;
    if (row >= rows.size()) rows.resize(row + 1, otherwise_);
    return rows[row];
  }
  bool empty() const { return own_.empty() && shared_.empty(); }

 private:
  T otherwise_;
  std::vector<T> own_, shared_;
};

template <typename T>
const T& as(const Node& node) { return static_cast<const T&>(node); }

/// The S-expression of a file, for --dump=ast and the parser's goldens.
std::string dump(const File& file);

}  // namespace nurture::ast
