#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/model.h"
#include "compiler/sema/types.h"

/// What all parts of the checker share. Private to compiler/sema.
namespace nurture::sema {

inline constexpr std::uint32_t kBrokenIndex = UINT32_MAX - 1;  ///< named something that was reported already

struct CampaignNames;

/// What an expression may see.
struct Scope {
  std::uint32_t event = kNoIndex;  ///< event at hand: kind, then group (see `is_event`); kBrokenIndex: reported already
  bool event_over = false;         ///< it was at hand before a wait
  const std::vector<std::uint32_t>* entry = nullptr;  ///< kinds that enter; null: no membership here
  CampaignNames* campaign = nullptr;                  ///< for remembered values
  Source* source = nullptr;                           ///< bare names are its columns
  std::string_view
      of_accounts;          ///< name of the campaign, where its members are accounts; `lead.` is whoever did the event
  bool either = false;      ///< a segment: it is known only where it is used whether the member is a lead
  bool in_history = false;  ///< a `where` about past events: only the event itself and `entry.`
  std::string_view stage;   ///< whose own statements these are
  bool constant = false;    ///< only what is the same for every lead
  bool touch = false;       ///< of a scenario: `touch` is which send of its membership the rule is about
};

/// Where a value is remembered, and what could be seen there.
struct RememberSite {
  const ast::Remember* statement = nullptr;
  Scope scope;
};

/// What is known of a campaign before anything in it is typed.
struct CampaignNames {
  Campaign* campaign = nullptr;
  std::vector<std::uint32_t> entering;               ///< kinds of `enter on`; kBrokenIndex for one that was reported
  std::vector<std::vector<RememberSite>> remembers;  ///< per row of Campaign::remembered, in order written
  enum class State : std::uint8_t { New, Open, Done };
  std::vector<State> state;  ///< per row: whether its type is known
};

/// An argument that is a name: what it stands for, and the parameter it is for.
struct NameArgument {
  enum class Kind : std::uint8_t { Event, Content, Stream, Window, Score, Campaign, Segment } kind{};
  ast::Path name;
  Span parameter;
};

/// A default as written, folded once lets are.
struct DefaultValue {
  const ast::Expr* value = nullptr;
  std::uint32_t owner = 0;  ///< 0 the lead, 1 the account, 2 + an event kind
  std::string field;
};

struct Context {
  explicit Context(Unit& u) : unit(u), model(u.model), out(u.diagnostics) {}

  Unit& unit;
  Model& model;
  Diagnostics& out;
  std::vector<std::size_t> order;  ///< of unit.files: what is used comes before what uses it
  std::vector<DefaultValue> defaults;
  const ast::Expr* sales_hold = nullptr;        ///< of `program`
  std::size_t roots = 0;                        ///< unit.files before this were given, the others brought in by `use`
  std::set<std::string, std::less<>> later;     ///< names whose declaration was reported: no second report
  std::set<const ast::Expr*> watched_segments;  ///< conditions of segments that a `when` watches
  std::vector<std::unique_ptr<CampaignNames>> campaigns;  ///< as Model::campaigns
  std::map<std::uint32_t, std::vector<std::uint32_t>>
      sent_after;          ///< content: kinds that enter the campaigns that send it
  bool hands_off = false;  ///< some campaign hands off
  std::set<std::uint32_t> used_contents, used_lets, used_segments, used_scores;

  std::map<const ast::Decl*, const ast::CampaignDecl*> composed;  ///< campaigns that follow rules or a template
  std::map<ast::NodeId, std::uint32_t> parameters;                ///< NameRef to a parameter: row of Model::lets
  std::vector<NameArgument> name_arguments;
  std::vector<std::pair<ast::NodeId, ast::NodeId>> instances;  ///< ids of what templates became, half open

  bool use_failed = false;        ///< a module is missing: any name could be its
  std::set<FileId> broken_files;  ///< with parts that the parser could not read
  std::vector<Span> broken;       ///< where

  std::string_view written(Span span) const { return unit.sources.text(span); }
  bool embedded(Span span) const { return unit.sources.file(span.file).path().starts_with("<"); }
  bool own(Span span) const;
  bool in_template(ast::NodeId id) const;
  /// Whether the parser left something out here, so that nothing may be said of what is missing.
  bool incomplete(Span span) const;
  /// Whether the declaration of this name may be among what could not be read.
  bool lost(std::string_view name) const;

  Diagnostic& twice(std::string_view what, const std::string& name, Span here, Span first);
};

/// Adds "did you mean" with an edit where a candidate is close to what was written, otherwise `otherwise`.
void suggest(Diagnostic& diagnostic, std::string_view word, Span span, const std::vector<std::string_view>& candidates,
             std::string otherwise = {});

std::vector<std::string_view> names_of(const std::vector<Field>& fields);
std::uint32_t find_field(const std::vector<Field>& fields, std::string_view name);

/// What can be listened to, in one numbering: the kinds, then the groups.
inline bool is_event(const Model& model, std::uint32_t event) {
  return event < model.kinds.size() + model.groups.size();
}
/// What may be asked of such an event, by index.
inline const std::vector<Field>& properties(const Model& model, std::uint32_t event) {
  return event < model.kinds.size() ? model.kinds[event].properties
                                    : model.groups[event - model.kinds.size()].properties;
}
inline const std::string& event_name(const Model& model, std::uint32_t event) {
  return event < model.kinds.size() ? model.kinds[event].name : model.groups[event - model.kinds.size()].name;
}
std::vector<std::uint32_t> kinds_of(const Model& model, std::uint32_t event);
/// The kind or group of this name, or kNoIndex.
std::uint32_t find_event(const Model& model, std::string_view name);

Type type_of(Context& context, const ast::TypeRef& ref);
/// The path of a file that is named in another, from that one's folder.
std::string beside(const std::string& user, const std::string& file);

/// The kind, or kBrokenIndex after a report.
std::uint32_t resolve_kind(Context& context, const ast::Path& path);
/// The kind or group, or kBrokenIndex after a report.
std::uint32_t resolve_event(Context& context, const ast::Path& path);
/// The content, or kBrokenIndex after a report; counts as used.
std::uint32_t resolve_content(Context& context, const ast::Name& name);
/// The campaign of that name, or kNoIndex and a report; `otherwise` is the hint where no name is like it.
std::uint32_t resolve_campaign(Context& context, std::string_view name, Span span, std::string otherwise = {});
/// The score, or kBrokenIndex after a report.
std::uint32_t resolve_score(Context& context, const ast::Name& name);
void check_zone(Context& context, std::string_view zone, Span span);

}  // namespace nurture::sema
