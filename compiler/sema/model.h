#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/sema/library.h"
#include "runtime/base/io.h"

/// Names and types: what every word of a programme means. Built once from the trees, then read-only.
// clang-format off: tables of rows, one a line
namespace nurture::sema {

using ast::NodeId;
inline constexpr std::uint32_t kNoIndex = UINT32_MAX;

/// A type of the language, or Poison: the type of what was already reported, which agrees with everything in silence.
struct Type {
  enum class Special : std::uint8_t { None, Poison, BareChoice } special = Special::None;  ///< BareChoice: `[a, b]` before it met its choice
  TypeKind kind = TypeKind::Text;
  bool optional = false;
  TypeKind element = TypeKind::Text;         ///< of a list
  std::vector<std::string> choices;          ///< of a choice, or of a list of choice; in order written
  bool operator==(const Type&) const = default;
  bool poison() const { return special == Special::Poison; }
};
inline Type poison() {
  Type out;
  out.special = Type::Special::Poison;
  return out;
}
std::string describe(const Type& type);      ///< "an optional text", "a list of text"

/// A compile-time value of a type; text, choice and content in `text`, a list in `items`.
struct ConstantValue {
  Type type;
  Value value;
  std::string text;
  std::vector<ConstantValue> items;
};

struct Field {
  std::string name;
  Type type;
  std::optional<ConstantValue> default_value;
  std::string doc;
  Span span;
};

struct EventKind {
  std::string name;
  enum class Actor : std::uint8_t { Lead, Us, System } actor = Actor::Lead;
  std::uint32_t machine_property = kNoIndex;
  std::uint32_t content_property = kNoIndex;
  bool starts_sales_hold = false, ends_sales_hold = false, answers_hand_off = false, records_send = false;
  bool updates_lead = false;                 ///< lead.updated
  bool of_account = false;
  std::vector<Field> properties;
  Span span;
};

/// `event group`: stands for each of its kinds wherever an event is listened to.
struct EventGroup {
  std::string name;
  std::vector<std::uint32_t> kinds;          ///< in ascending order
  std::vector<Field> properties;             ///< what all of them declare alike
  Span span;
};

struct Content {
  std::string name;
  std::string channel;
  const ast::ContentDecl* decl = nullptr;
  ast::Message body;                         ///< of the body file
  std::vector<ast::Message> variant_bodies;  ///< the same of each variant
  enum class Class : std::uint8_t { Marketing, Transactional, Answers } message_class = Class::Marketing;
  std::vector<std::uint32_t> answers;        ///< event kinds, in ascending order
};
/// A score (§5.10); its rows name kinds that are there.
struct Score {
  std::string name;
  const ast::ScoreDecl* decl = nullptr;
  bool decays = false;
};
/// The cells that a lookup may find.
struct CellOf { std::uint32_t table = kNoIndex; std::uint32_t column = kNoIndex; };
/// The events that a question about the past is about.
struct AskedEvents {
  std::uint32_t event = kNoIndex;            ///< kinds, then groups
  std::vector<std::uint32_t> kinds;          ///< that it stands for, in ascending order
  std::vector<std::uint32_t> properties;     ///< per kind, where a property is asked for; otherwise empty
};
struct Calendar { std::string name; const ast::CalendarDecl* decl = nullptr; std::vector<std::int64_t> dates; };  ///< ascending, each once
struct Window {
  std::string name;
  const ast::WindowDecl* decl = nullptr;
  std::string zone;                          ///< empty: the lead's
  std::vector<std::uint32_t> except;         ///< calendars
};
/// Reference data: a row for each key.
struct Table {
  std::string name;
  const ast::TableDecl* decl = nullptr;
  std::vector<Field> columns;                ///< the key's column among them
  std::uint32_t key = kNoIndex;              ///< of `columns`; kNoIndex: the table could not be read
  std::vector<std::vector<std::optional<ConstantValue>>> rows;  ///< per column; no key twice, all keys known
};
struct Stream { std::string name; const ast::StreamDecl* decl = nullptr; std::vector<std::uint32_t> contents; };
/// What a clause of a policy, or `send only in` and `limit` of a campaign, come to.
struct Rule {
  const ast::Clause* clause = nullptr;
  std::string owner;                         ///< name of the policy or campaign
  bool everywhere = false;                   ///< of a policy
  enum class Governs : std::uint8_t { Sends, Transactional, Work } governs = Governs::Sends;
  std::string channel;                       ///< empty: every channel
  std::uint32_t window = kNoIndex;           ///< send only in, never … outside
  std::string zone;                          ///< of quiet hours; empty: the lead's
};
struct Policy { std::string name; const ast::PolicyDecl* decl = nullptr; };
/// A `property`, with what its act names.
struct Property {
  std::string name;
  const ast::PropertyDecl* decl = nullptr;
  std::string channel;                       ///< send: empty for every channel
  std::uint32_t content = kNoIndex;          ///< send: kNoIndex for every content
  std::uint32_t campaign = kNoIndex;         ///< enter, every membership: kNoIndex for every campaign
};
/// A line of a scenario, with what it names.
struct AssumedReaction {
  const ast::AssumedReaction* decl = nullptr;
  std::uint32_t kind = kNoIndex;
  std::vector<std::pair<std::uint32_t, ConstantValue>> record;  ///< by property ascending
};
struct AssumedRule {
  const ast::AssumedRule* decl = nullptr;
  std::string channel;                       ///< of a send: empty for every channel, and where `content` is there
  std::uint32_t content = kNoIndex;          ///< of a send: kNoIndex for every content
  std::uint32_t kind = kNoIndex;             ///< of a reaction: the event
  std::vector<AssumedReaction> reactions;
};
struct Scenario { std::string name; const ast::ScenarioDecl* decl = nullptr; std::vector<AssumedRule> rules = {}; };
/// `let`; or the value of a template's parameter, which has a type and a name that nobody can write.
struct Let {
  std::string name;
  const ast::LetDecl* decl = nullptr;
  ConstantValue value;
  std::optional<Type> type;                  ///< of the parameter
  Span parameter;                            ///< where that is declared
};
struct Segment { std::string name; const ast::SegmentDecl* decl = nullptr; };

struct Goal { std::string name; const ast::Clause* clause = nullptr; };
struct Stage { std::string name; const ast::Clause* clause = nullptr; };
struct Remembered { std::string name; Type type; Span span; };  ///< always optional: not every path sets it

struct Campaign {
  std::string name;
  const ast::CampaignDecl* decl = nullptr;   ///< with the clauses that it follows; of a template, filled in
  const ast::CampaignFrom* made_from = nullptr;
  std::int64_t priority = 0;
  std::vector<const ast::Clause*> entries;   ///< enter
  std::vector<const ast::Clause*> audience, exclude;
  std::vector<const ast::Clause*> exits;     ///< exit on / exit when
  std::vector<const ast::Clause*> triggers;  ///< campaign level
  const ast::Clause* reenter = nullptr;
  const ast::Clause* key = nullptr;
  Type key_type;
  std::vector<std::uint32_t> key_property;   ///< per event kind, or kNoIndex
  const ast::Clause* lasts = nullptr;
  const ast::Clause* holdout = nullptr;
  const ast::Clause* while_with_sales = nullptr;
  const ast::Clause *owner = nullptr, *version = nullptr, *overdue = nullptr, *on_edit = nullptr, *status = nullptr;
  std::vector<std::uint32_t> enrolls_in;     ///< campaigns, in order of first use
  bool enrolled = false;                     ///< some campaign says `enroll in` it
  bool removed = false;                      ///< some campaign says `remove from` it
  const ast::Clause* exclusive = nullptr;
  const ast::Clause* active = nullptr;
  const ast::Clause* on_exit = nullptr;
  std::vector<Rule> rules;                   ///< send only in, limit
  std::vector<Goal> goals;
  std::vector<Stage> stages;
  std::vector<Remembered> remembered;
  std::vector<std::string> reasons;          ///< every reason written in it, in order of first use; then `held_out`,
                                             ///< `removed`, `merged` where an exit may have them
};

struct Source { std::string name; const ast::SourceDecl* decl = nullptr; std::vector<std::string> columns; };
/// A test, or one row of its `for each` with the row's values in place of their names.
struct Test { const ast::TestDecl* decl = nullptr; std::uint32_t campaign = kNoIndex; std::string name; };

/// What a NameRef, Name or Path stands for.
struct Symbol {
  enum class Kind : std::uint8_t {
    LeadAttribute,     ///< index: lead
    AccountAttribute,  ///< index: account
    EventProperty,     ///< kind, index: property of the event at hand; kind == kNoIndex: of a group, see `alternatives`
    EntryProperty,     ///< kind, index; kind == kNoIndex: several kinds, see `alternatives`
    ChoiceValue,       ///< text
    Let,               ///< index: lets
    Segment,           ///< index: segments
    Content,           ///< index: contents
    Remembered,        ///< index: the campaign's remembered
    Score,             ///< index: scores
    Column,            ///< index: the source's columns
    Touch,             ///< which send or hand-off of its membership a scenario's rule is about
    EventKindName,     ///< index: kinds, then groups (of an EventRef's path, keyed by the clause's or trigger's node id)
    CampaignName,      ///< index: campaigns (of an `enroll in` or `remove from`, keyed by the statement's node id)
    ErrorSymbol,       ///< reported already
  } kind = Kind::ErrorSymbol;
  std::uint32_t event_kind = kNoIndex;
  std::uint32_t index = kNoIndex;
  std::string text;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> alternatives;  ///< (kind, property) for each kind that has it
};

struct ProgramInfo {
  std::string name = "programme";
  std::string timezone = "UTC";
  std::string currency;
  std::uint8_t week_starts_on = 0;
  std::optional<Duration> sales_hold_max;
  std::uint32_t history_max = 10'000;        ///< events that one window over the past looks at, at most
};

/// Finds the rows of a table by name, the first of several. It learns rows as the table grows, and all of them anew where
/// they were put into another order; a name that is there stays what it is. Not for several threads at once.
class NameIndex {
 public:
  template <typename Row>
  std::uint32_t find(const std::vector<Row>& rows, std::string_view name) const {
    learn(rows);
    auto found = rows_.find(std::string(name));
    if (found != rows_.end() && rows[found->second].name != name) {
      rows_.clear();
      known_ = 0;
      learn(rows);
      found = rows_.find(std::string(name));
    }
    return found == rows_.end() ? kNoIndex : found->second;
  }

 private:
  template <typename Row>
  void learn(const std::vector<Row>& rows) const {
    for (; known_ < rows.size(); ++known_) rows_.emplace(rows[known_].name, static_cast<std::uint32_t>(known_));
  }

  mutable std::unordered_map<std::string, std::uint32_t> rows_;
  mutable std::size_t known_ = 0;
};

/// The whole programme, resolved. Indices are the ones the module uses.
struct Model {
  ProgramInfo program;
  std::vector<Field> lead;
  std::vector<Field> account;
  std::vector<EventKind> kinds;
  std::vector<EventGroup> groups;
  std::vector<Content> contents;
  std::vector<Calendar> calendars;
  std::vector<Window> windows;
  std::vector<Stream> streams;
  std::vector<Table> tables;
  std::vector<Policy> policies;
  std::vector<Property> properties;
  std::vector<Rule> rules;                   ///< of the policies, in the order of the source
  std::vector<Let> lets;
  std::vector<Segment> segments;
  std::vector<Score> scores;
  std::vector<Campaign> campaigns;           ///< in campaign order: priority high first, then name by code point
  std::vector<Source> sources;
  std::vector<Scenario> scenarios;           ///< by name in code point order
  std::vector<Test> tests;

  // Side tables
  ast::NodeTable<Type> types{poison()};  ///< by NodeId of every Expr
  std::unordered_map<NodeId, Symbol> symbols;         ///< by NodeId of NameRef
  std::unordered_map<NodeId, std::pair<std::uint32_t, std::uint32_t>> stage_of;  ///< by NodeId of VisitsOf: (campaign, stage)
  std::unordered_map<NodeId, CellOf> cells;           ///< by NodeId of Lookup
  std::unordered_map<NodeId, AskedEvents> asked;      ///< by NodeId of Aggregate, and of ContentPast for opened and clicked
  std::unordered_map<NodeId, Type> converted;         ///< by NodeId of an Expr whose value is used as another type (integer -> number/decimal, text -> choice/content, date -> datetime)

  const Type& type_of(const ast::Expr& expr) const { return types[expr.id]; }
  std::uint32_t find_kind(std::string_view name) const;      ///< kNoIndex if there is none
  /// The kinds that an event or an event group of this name stands for, in ascending order.
  std::vector<std::uint32_t> kinds_of(std::string_view name) const;
  std::uint32_t find_content(std::string_view name) const;
  std::uint32_t find_campaign(std::string_view name) const;
  std::uint32_t find_score(std::string_view name) const;
  std::uint32_t find_window(std::string_view name) const;
  std::uint32_t find_stream(std::string_view name) const;
  /// What a statement may send: the content, all of the stream, or each of the choices, as they are written. What there
  /// is not is left out.
  std::vector<std::uint32_t> contents_of(const ast::Send& send) const;

 private:
  NameIndex kind_names_, group_names_, content_names_, campaign_names_, score_names_, window_names_, stream_names_;
};

/// The value of an expression that is the same for every lead, after its conversion (`converted`) if it has one; none
/// otherwise. Dates with time that name no zone are read in the programme's.
std::optional<ConstantValue> constant_of(const Model& model, const ast::Expr& expr);

/// A length of time that is the same for every lead, has no months, and is read with days of 24 hours: in microseconds.
std::int64_t exact_length(const Model& model, const ast::Expr& expr);

/// Points of a score in millionths; none where they are not a constant that fits (§5.10).
std::optional<std::int64_t> score_points(const Model& model, const ast::Expr& expr);

/// Whether this is a `wait until` a condition holds, rather than until a point in time.
inline bool waits_for_condition(const Model& model, const ast::Wait& wait) {
  return wait.until.target && !wait.until.time && model.type_of(*wait.until.target).kind == TypeKind::Boolean &&
         !model.type_of(*wait.until.target).poison();
}

/// While it lives, what is reported outside the text of the campaign (in a template, in rules that it follows) is
/// labelled with the campaign it is about.
Diagnostics::About about(Diagnostics& diagnostics, const Campaign& campaign);

/// One compilation: sources, trees, diagnostics, model. Owns everything that the model points into, but for modules of
/// the library, which it shares.
struct Unit {
  SourceManager sources;
  ast::Tree tree;
  std::vector<std::shared_ptr<const Module>> modules;
  std::vector<ast::File> files;
  std::size_t own_files = 0;  ///< of them the first: the programme itself, without what came by `use`
  Diagnostics diagnostics;
  Model model;
};

/// Resolves and checks files that are parsed already; what `use` names by a path is relative to the file that says so. Reports into `unit.diagnostics`; the model is complete enough for
/// `flow` even where something was reported, as long as nothing that failed is lowered.
void analyze(Unit& unit, const Library& library, FileSystem& files);

/// Reads, parses and analyzes: `path` is a file or a folder (all .nurture files below it, by code point of their path).
/// Errors are only those of the file system; everything about the text is a diagnostic.
Status load(Unit& unit, const std::string& path, const Library& library, FileSystem& files);

}  // namespace nurture::sema
