#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/sema/accounts.h"
#include "compiler/sema/bodies.h"
#include "compiler/sema/compose.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"
#include "compiler/sema/test_rows.h"
#include "runtime/calendar/calendar.h"

namespace nurture::sema {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};

template <std::size_t N>
std::vector<std::string_view> list(const std::array<std::string_view, N>& words) {
  return {words.begin(), words.end()};
}

/// Reads the declarations of all files, used files first, and files them under their names.
class Declarer {
 public:
  explicit Declarer(Context& context) : context_(context), model_(context.model) {}

  void run() {
    for (std::size_t index : context_.order) {
      for (const ast::Decl* each : context_.unit.files[index].declarations) declare(*each);
    }
    fill_updates();
    check_merged(context_);
    for (const ast::EventGroup* each : groups_) group(*each);
    sort_campaigns();
    std::sort(model_.scenarios.begin(), model_.scenarios.end(),
              [](const Scenario& a, const Scenario& b) { return a.name < b.name; });
    for (const ast::TestDecl* test : tests_) {
      const std::uint32_t campaign = campaign_of(*test);
      for (const TestCase& each : cases(context_, *test)) model_.tests.push_back({each.decl, campaign, each.name});
    }
  }

 private:
  void declare(const ast::Decl& decl);

  void program(const ast::ProgramDecl& decl);
  void start_of_week(const ast::Name& name);
  void history_at_most(const ast::ProgramDecl& decl);
  void fields(const ast::FieldsDecl& decl);
  void event(const ast::EventDecl& decl);
  void extend(EventKind& kind, const ast::EventDecl& decl);
  void mark_machine(EventKind& kind, const ast::EventDecl& decl);
  void let(const ast::LetDecl& decl);
  void segment(const ast::SegmentDecl& decl);
  void score(const ast::ScoreDecl& decl);
  void content(const ast::ContentDecl& decl);
  void campaign(const ast::CampaignDecl& decl, const ast::CampaignFrom* made_from);
  void campaign_from(const ast::CampaignFrom& decl);
  void group(const ast::EventGroup& decl);
  void members(const ast::EventGroup& decl, std::set<std::uint32_t>& kinds, std::vector<std::string>& open);
  void source(const ast::SourceDecl& decl);
  void test(const ast::TestDecl& decl);

  /// A declaration that is nothing but its name until it is checked.
  template <typename Decl, typename Row>
  void named(std::map<std::string, Span, std::less<>>& names, std::string_view what, const Decl& decl,
             std::vector<Row>& rows) {
    if (!first_time(names, what, decl.name)) return;
    Row row;
    row.name = decl.name.text;
    row.decl = &decl;
    rows.push_back(std::move(row));
  }

  void add_field(std::vector<Field>& to, const ast::FieldDecl& decl, std::string_view what, std::uint32_t owner);
  bool first_time(std::map<std::string, Span, std::less<>>& names, std::string_view what, const ast::Name& name);
  std::uint32_t campaign_of(const ast::TestDecl& test);
  void fill_updates();
  void sort_campaigns();

  Context& context_;
  Model& model_;
  const ast::ProgramDecl* user_program_ = nullptr;
  std::map<std::string, Span, std::less<>> contents_, constants_, scores_, campaigns_, sources_, tests_by_name_;
  std::map<std::string, Span, std::less<>> streams_, windows_, calendars_, policies_, properties_, tables_, scenarios_;
  std::map<std::string, FileId, std::less<>> last_declared_in_;  ///< per event
  std::vector<const ast::EventGroup*> groups_;
  std::vector<const ast::TestDecl*> tests_;
};

void Declarer::declare(const ast::Decl& decl) {
  switch (decl.kind) {
    case ast::NodeKind::ProgramDecl:
      return program(ast::as<ast::ProgramDecl>(decl));
    case ast::NodeKind::FieldsDecl:
      return fields(ast::as<ast::FieldsDecl>(decl));
    case ast::NodeKind::EventDecl:
      return event(ast::as<ast::EventDecl>(decl));
    case ast::NodeKind::LetDecl:
      return let(ast::as<ast::LetDecl>(decl));
    case ast::NodeKind::SegmentDecl:
      return segment(ast::as<ast::SegmentDecl>(decl));
    case ast::NodeKind::ContentDecl:
      return content(ast::as<ast::ContentDecl>(decl));
    case ast::NodeKind::CampaignDecl:
      return campaign(composed(context_, ast::as<ast::CampaignDecl>(decl)), nullptr);
    case ast::NodeKind::CampaignFrom:
      return campaign_from(ast::as<ast::CampaignFrom>(decl));
    case ast::NodeKind::EventGroup:
      groups_.push_back(&ast::as<ast::EventGroup>(decl));
      return;
    case ast::NodeKind::SourceDecl:
      return source(ast::as<ast::SourceDecl>(decl));
    case ast::NodeKind::TestDecl:
      return test(ast::as<ast::TestDecl>(decl));
    case ast::NodeKind::StreamDecl:
      return named(streams_, "the stream", ast::as<ast::StreamDecl>(decl), model_.streams);
    case ast::NodeKind::ScoreDecl:
      return score(ast::as<ast::ScoreDecl>(decl));
    case ast::NodeKind::WindowDecl:
      return named(windows_, "the window", ast::as<ast::WindowDecl>(decl), model_.windows);
    case ast::NodeKind::CalendarDecl:
      return named(calendars_, "the calendar", ast::as<ast::CalendarDecl>(decl), model_.calendars);
    case ast::NodeKind::PolicyDecl:
      return named(policies_, "the policy", ast::as<ast::PolicyDecl>(decl), model_.policies);
    case ast::NodeKind::TableDecl:
      return named(tables_, "the table", ast::as<ast::TableDecl>(decl), model_.tables);
    case ast::NodeKind::ScenarioDecl:
      return named(scenarios_, "the scenario", ast::as<ast::ScenarioDecl>(decl), model_.scenarios);
    case ast::NodeKind::PropertyDecl:
      return named(properties_, "the property", ast::as<ast::PropertyDecl>(decl), model_.properties);
#define NURTURE_EXPR(name) case ast::NodeKind::name:
#define NURTURE_STMT(name) case ast::NodeKind::name:
#define NURTURE_DECL(name)
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
    case ast::NodeKind::Use:
    case ast::NodeKind::RulesDecl:
    case ast::NodeKind::TemplateDecl:
      return;
  }
}

bool Declarer::first_time(std::map<std::string, Span, std::less<>>& names, std::string_view what,
                          const ast::Name& name) {
  if (!name) return false;
  auto [at, fresh] = names.try_emplace(name.text, name.span);
  if (!fresh) context_.twice(what, name.text, name.span, at->second);
  return fresh;
}

void Declarer::program(const ast::ProgramDecl& decl) {
  bool embedded = context_.embedded(decl.span);
  if (!embedded && user_program_) {
    Diagnostic& diagnostic = context_.twice("the declaration", "program", decl.span, user_program_->span);
    diagnostic.hint = "A programme is described once for all its files.";
    return;
  }
  if (!embedded) user_program_ = &decl;
  // Files are in order of use: what the user says comes after, and over, what a module says.
  if (embedded && user_program_) return;
  if (!decl.name.empty()) model_.program.name = decl.name;
  if (!decl.currency.empty()) model_.program.currency = decl.currency;
  if (!decl.timezone.empty()) {
    check_zone(context_, decl.timezone, decl.timezone_span);
    if (calendar::find_zone(decl.timezone)) model_.program.timezone = decl.timezone;
  }
  start_of_week(decl.start_of_week);
  if (decl.sales_hold) context_.sales_hold = decl.sales_hold;
  if (decl.history_span.end > decl.history_span.begin) history_at_most(decl);
}

void Declarer::history_at_most(const ast::ProgramDecl& decl) {
  constexpr std::int64_t kMost = 10'000'000;
  if (decl.history_at_most < 1 || decl.history_at_most > kMost) {
    context_.out.report(DiagnosticId::BadCount, decl.history_span, "the number of events looked back upon", 1, kMost);
    return;
  }
  model_.program.history_max = static_cast<std::uint32_t>(decl.history_at_most);
}

void Declarer::start_of_week(const ast::Name& name) {
  if (!name) return;
  auto day = std::find(kDays.begin(), kDays.end(), name.text);
  if (day != kDays.end()) {
    model_.program.week_starts_on = static_cast<std::uint8_t>(day - kDays.begin());
    return;
  }
  suggest(context_.out.report(DiagnosticId::UnknownWord, name.span, name.text, "a day of the week"), name.text,
          name.span, list(kDays), "Write Monday or Sunday.");
}

void Declarer::add_field(std::vector<Field>& to, const ast::FieldDecl& decl, std::string_view what,
                         std::uint32_t owner) {
  if (!decl.name) return;
  std::uint32_t before = find_field(to, decl.name.text);
  if (before != kNoIndex) {
    context_.twice(what, decl.name.text, decl.name.span, to[before].span);
    return;
  }
  to.push_back({decl.name.text, type_of(context_, decl.type), std::nullopt, decl.doc, decl.name.span});
  if (decl.default_value) context_.defaults.push_back({decl.default_value, owner, decl.name.text});
}

void Declarer::fields(const ast::FieldsDecl& decl) {
  std::vector<Field>& to = decl.account ? model_.account : model_.lead;
  for (const ast::FieldDecl& each : decl.fields) add_field(to, each, "the attribute", decl.account ? 1 : 0);
}

void Declarer::event(const ast::EventDecl& decl) {
  if (!decl.name) return;
  std::string name = decl.name.text();
  std::uint32_t index = model_.find_kind(name);
  if (index == kNoIndex) {
    index = static_cast<std::uint32_t>(model_.kinds.size());
    EventKind& kind = model_.kinds.emplace_back();
    kind.name = name;
    kind.span = decl.name.span;
    kind.updates_lead = name == "lead.updated";
  } else if (last_declared_in_[name] == decl.span.file) {
    Diagnostic& diagnostic = context_.twice("the event", name, decl.name.span, model_.kinds[index].span);
    diagnostic.hint = "Put all its properties between one pair of braces.";
    return;
  }
  last_declared_in_[name] = decl.span.file;
  extend(model_.kinds[index], decl);
}

void Declarer::extend(EventKind& kind, const ast::EventDecl& decl) {
  if (decl.actor) {
    constexpr std::array<std::string_view, 3> words = {"lead", "us", "system"};
    auto word = std::find(words.begin(), words.end(), decl.actor.text);
    auto actor = static_cast<EventKind::Actor>(word - words.begin());
    if (word == words.end()) {
      suggest(context_.out.report(DiagnosticId::UnknownWord, decl.actor.span, decl.actor.text, "somebody who acts"),
              decl.actor.text, decl.actor.span, list(words), "Write `by lead`, `by us` or `by system`.");
    } else if (kind.span != decl.name.span && actor != kind.actor) {
      Diagnostic& diagnostic =
          context_.out.report(DiagnosticId::EventConflict, decl.actor.span, kind.name, "by somebody else");
      diagnostic.labels.push_back({kind.span, "declared here"});
      diagnostic.hint = "Leave `by` out to keep what is declared.";
    } else {
      kind.actor = actor;
    }
  }
  kind.starts_sales_hold |= decl.starts_sales_hold;
  kind.ends_sales_hold |= decl.ends_sales_hold;
  kind.answers_hand_off |= decl.answers_hand_off;
  kind.records_send |= decl.records_send;
  kind.of_account |= decl.of_account;
  if (kind.updates_lead && !decl.properties.empty()) {
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::EventConflict, decl.properties.front().name.span,
                                                 kind.name, "its properties are the attributes of the lead");
    diagnostic.hint = "Declare the attribute in `lead { … }`; the event then has it by itself.";
    return;
  }
  auto owner = static_cast<std::uint32_t>(&kind - model_.kinds.data()) + 2;
  for (const ast::FieldDecl& each : decl.properties) add_field(kind.properties, each, "the property", owner);
  mark_machine(kind, decl);
  std::uint32_t content = find_field(kind.properties, "content");
  if (content != kNoIndex && is_textual(kind.properties[content].type.kind)) kind.content_property = content;
}

void Declarer::mark_machine(EventKind& kind, const ast::EventDecl& decl) {
  if (!decl.machine) return;
  std::uint32_t index = find_field(kind.properties, decl.machine.text);
  if (index == kNoIndex && context_.incomplete(decl.span)) return;
  if (index == kNoIndex) {
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::UnknownProperty, decl.machine.span, kind.name, decl.machine.text);
    suggest(diagnostic, decl.machine.text, decl.machine.span, names_of(kind.properties),
            fmt::format("Add `{}: boolean = false` to its properties.", decl.machine.text));
    return;
  }
  const Type& type = kind.properties[index].type;
  if (type.poison()) return;
  if (type.kind == TypeKind::Boolean) {
    kind.machine_property = index;
    return;
  }
  Diagnostic& diagnostic = context_.out.report(DiagnosticId::WrongType, decl.machine.span,
                                               describe(make(TypeKind::Boolean)), describe(type));
  diagnostic.labels.push_back({kind.properties[index].span, "declared here"});
}

void Declarer::let(const ast::LetDecl& decl) {
  if (first_time(constants_, "the name", decl.name)) model_.lets.push_back({decl.name.text, &decl, {}, {}, {}});
}

void Declarer::segment(const ast::SegmentDecl& decl) {
  if (first_time(constants_, "the name", decl.name)) model_.segments.push_back({decl.name.text, &decl});
}

void Declarer::score(const ast::ScoreDecl& decl) {
  if (first_time(scores_, "the score", decl.name))
    model_.scores.push_back({decl.name.text, &decl, decl.halves_every != nullptr});
}

void Declarer::content(const ast::ContentDecl& decl) {
  if (!first_time(contents_, "the content", decl.name)) return;
  Content content;
  content.name = decl.name.text;
  content.channel = decl.channel.text;
  content.decl = &decl;
  model_.contents.push_back(std::move(content));
  check_channel(context_, decl.channel);
}

void Declarer::campaign_from(const ast::CampaignFrom& decl) {
  const ast::CampaignDecl* made = composed(context_, decl);
  if (made) return campaign(*made, &decl);
  context_.later.insert(decl.name.text);
}

void Declarer::campaign(const ast::CampaignDecl& decl, const ast::CampaignFrom* made_from) {
  if (!first_time(campaigns_, "the campaign", decl.name)) return;
  Campaign campaign;
  campaign.name = decl.name.text;
  campaign.decl = &decl;
  campaign.made_from = made_from;
  for (const ast::Clause& clause : decl.clauses) {
    if (clause.kind == ast::Clause::Kind::Priority) campaign.priority = clause.number;
  }
  model_.campaigns.push_back(std::move(campaign));
}

void Declarer::source(const ast::SourceDecl& decl) {
  if (first_time(sources_, "the source", decl.name)) model_.sources.push_back({decl.name.text, &decl, {}});
}

void Declarer::test(const ast::TestDecl& decl) {
  auto [at, fresh] = tests_by_name_.try_emplace(decl.name, decl.name_span);
  if (!fresh) context_.twice("the test", decl.name, decl.name_span, at->second);
  tests_.push_back(&decl);
}

/// `lead.updated` carries attributes of the lead: all of them, none for certain, under the same indices.
void Declarer::fill_updates() {
  std::uint32_t index = model_.find_kind("lead.updated");
  if (index == kNoIndex) return;
  EventKind& kind = model_.kinds[index];
  kind.properties = model_.lead;
  for (Field& field : kind.properties) {
    field.type.optional = true;
    field.default_value.reset();
  }
}

/// What all kinds of a group declare, and declare alike; unknown where one of them may not know it.
std::vector<Field> common_properties(const Model& model, const std::vector<std::uint32_t>& kinds) {
  std::vector<Field> common;
  if (kinds.empty()) return common;
  for (Field field : model.kinds[kinds.front()].properties) {
    bool all = std::all_of(kinds.begin(), kinds.end(), [&](std::uint32_t kind) {
      const std::vector<Field>& own = model.kinds[kind].properties;
      std::uint32_t index = find_field(own, field.name);
      if (index == kNoIndex) return false;
      field.type.optional |= own[index].type.optional;
      return known(own[index].type) == known(field.type);
    });
    field.default_value.reset();
    if (all) common.push_back(std::move(field));
  }
  return common;
}

void Declarer::group(const ast::EventGroup& decl) {
  if (!decl.name) return;
  std::string name = decl.name.text();
  std::uint32_t kind = model_.find_kind(name);
  auto before = std::find_if(model_.groups.begin(), model_.groups.end(), [&](const auto& e) { return e.name == name; });
  if (kind != kNoIndex || before != model_.groups.end()) {
    Span first = kind != kNoIndex ? model_.kinds[kind].span : before->span;
    context_.twice(kind != kNoIndex ? "the event" : "the event group", name, decl.name.span, first);
    return;
  }
  std::set<std::uint32_t> kinds;
  std::vector<std::string> open;
  members(decl, kinds, open);
  EventGroup made{name, {kinds.begin(), kinds.end()}, {}, decl.name.span};
  made.properties = common_properties(model_, made.kinds);
  if (made.kinds.empty()) context_.later.insert(name);
  if (decl.kinds.empty() && !context_.incomplete(decl.span)) {
    context_.out.report(DiagnosticId::EmptyGroup, decl.name.span, name).hint =
        fmt::format("Name its events: `event group {}: [email.clicked, page.viewed]`.", name);
  }
  model_.groups.push_back(std::move(made));
}

/// A group may name other groups; their events are its own.
void Declarer::members(const ast::EventGroup& decl, std::set<std::uint32_t>& kinds, std::vector<std::string>& open) {
  open.push_back(decl.name.text());
  for (const ast::Path& path : decl.kinds) {
    std::string name = path.text();
    auto inner =
        std::find_if(groups_.begin(), groups_.end(), [&](const auto* each) { return each->name.text() == name; });
    if (inner == groups_.end()) {
      std::uint32_t kind = resolve_kind(context_, path);
      if (kind != kBrokenIndex) kinds.insert(kind);
    } else if (std::find(open.begin(), open.end(), name) != open.end()) {
      context_.out.report(DiagnosticId::DefinedByItself, path.span, name).hint = "Name the events themselves.";
    } else {
      members(**inner, kinds, open);
    }
  }
  open.pop_back();
}

void Declarer::sort_campaigns() {
  std::stable_sort(model_.campaigns.begin(), model_.campaigns.end(), [](const Campaign& a, const Campaign& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.name < b.name;
  });
}

std::uint32_t Declarer::campaign_of(const ast::TestDecl& test) {
  if (!test.campaign) return kNoIndex;
  return resolve_campaign(context_, test.campaign.text(), test.campaign.span,
                          "A test is for one campaign: `test \"…\" for name { … }`.");
}

}  // namespace

void declare(Context& context) { Declarer(context).run(); }

}  // namespace nurture::sema
