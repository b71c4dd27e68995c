#include <algorithm>
#include <map>

#include "compiler/sema/bodies.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

using Item = ast::TestItem;

/// Checks one test of the language (§9).
class TestChecker {
 public:
  TestChecker(Context& context, Expressions& expressions, const Test& test)
      : context_(context), expressions_(expressions), test_(test) {
    scope_.constant = true;
    if (test.campaign != kNoIndex) campaigns_.push_back(&context.model.campaigns[test.campaign]);
  }

  void run();

 private:
  void item(const Item& item);
  void leads();
  void lead_named(const ast::Name& name);
  void given_all(const Item& item, const EventKind& kind);
  void record(const Item& item, const std::vector<Field>& fields, std::string_view owner, bool event);
  void given_split(const Item& item);
  void branch(const Item& item, const ast::SplitStmt& split);
  void event(const Item& item);
  void clock(const Item& item);
  void expect(const Item& item);
  void score(const Item& item);
  void needs_clock(const Item& item);
  void name_in_campaign(const Item& item);
  void also(const ast::Path& path);
  const std::string& campaign_name() const { return campaigns_.front()->name; }

  Context& context_;
  Expressions& expressions_;
  const Test& test_;
  Scope scope_;
  std::vector<const Campaign*> campaigns_;  ///< that run: the test's own first
  const ast::DateTimeLit* last_at_ = nullptr;
  std::map<std::string, Span, std::less<>> leads_;
  const Item* account_ = nullptr;
  bool clock_known_ = false, expects_ = false;
};

void TestChecker::run() {
  for (const Item& each : test_.decl->items) {
    if (each.kind == Item::Kind::Also) also(each.campaign);
  }
  leads();
  for (const Item& each : test_.decl->items) item(each);
  if (expects_ || context_.embedded(test_.decl->span) || context_.incomplete(test_.decl->span)) return;
  context_.out.report(DiagnosticId::NothingExpected, test_.decl->name_span, test_.decl->name).hint =
      "Add what should happen: `expect send welcome within 1 hour`.";
}

/// Several leads are told apart by their names; one need not have any.
void TestChecker::leads() {
  const Item* unnamed = nullptr;
  for (const Item& each : test_.decl->items) {
    if (each.kind == Item::Kind::GivenAccount) {
      if (account_)
        context_.twice("`given`", "account", head_line(context_, each.span), head_line(context_, account_->span)).hint =
            "All leads of the test that name no other account belong to the one.";
      account_ = &each;
    }
    if (each.kind != Item::Kind::GivenLead) continue;
    if (!each.lead) {
      if (unnamed)
        context_.twice("`given`", "lead", head_line(context_, each.span), head_line(context_, unnamed->span)).hint =
            "Give each a name: `given lead anna { … }  given lead ben { … }`.";
      unnamed = &each;
      continue;
    }
    auto [at, fresh] = leads_.try_emplace(each.lead.text, each.lead.span);
    if (!fresh) context_.twice("the lead", each.lead.text, each.lead.span, at->second);
  }
}

void TestChecker::lead_named(const ast::Name& name) {
  if (!name || leads_.contains(name.text) || context_.incomplete(test_.decl->span)) return;
  std::vector<std::string_view> names;
  for (const auto& [each, span] : leads_) names.push_back(each);
  suggest(context_.out.report(DiagnosticId::UnknownTestLead, name.span, name.text), name.text, name.span, names,
          fmt::format("Say who that is: `given lead {} {{ … }}`.", name.text));
}

/// What every event of its kind has, this one has too. A row of `for each` that names the event names only its kind.
void TestChecker::given_all(const Item& item, const EventKind& kind) {
  const bool of_row = item.event.span.begin < item.span.begin || item.event.span.end > item.span.end;
  if (kind.updates_lead || of_row || context_.incomplete(item.span)) return;
  // A name that is wrong was meant for one that is missing.
  for (const ast::RecordField& each : item.fields) {
    if (find_field(kind.properties, each.name.text) == kNoIndex) return;
  }
  for (const Field& field : kind.properties) {
    const bool given = std::any_of(item.fields.begin(), item.fields.end(),
                                   [&](const ast::RecordField& each) { return each.name.text == field.name; });
    if (given || field.type.optional || field.type.poison() || field.default_value) continue;
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::PropertyNotGiven, item.event.span, kind.name, field.name);
    diagnostic.hint = fmt::format("Add it: `{} {{ {}: … }}`.", kind.name, field.name);
    if (!context_.embedded(field.span)) diagnostic.labels.push_back({field.span, "declared without \"?\" here"});
    return;
  }
}

void TestChecker::also(const ast::Path& path) {
  if (!path) return;
  const std::uint32_t index = resolve_campaign(context_, path.text(), path.span);
  if (index != kNoIndex) campaigns_.push_back(&context_.model.campaigns[index]);
}

void TestChecker::item(const Item& item) {
  switch (item.kind) {
    case Item::Kind::GivenLead:
      return record(item, context_.model.lead, "a lead", false);
    case Item::Kind::GivenAccount:
      return record(item, context_.model.account, "an account", false);
    case Item::Kind::GivenSplit:
      return given_split(item);
    case Item::Kind::GivenHoldout:
    case Item::Kind::Also:
      return;
    case Item::Kind::Event:
      return event(item);
    case Item::Kind::Expect:
      return expect(item);
  }
}

void TestChecker::record(const Item& item, const std::vector<Field>& fields, std::string_view owner, bool event) {
  for (std::size_t i = 0; i < item.fields.size(); ++i) {
    const ast::RecordField& each = item.fields[i];
    for (std::size_t before = 0; before < i; ++before) {
      if (item.fields[before].name.text != each.name.text) continue;
      context_.twice(event ? "the property" : "the attribute", each.name.text, each.name.span,
                     item.fields[before].name.span);
    }
    std::uint32_t index = find_field(fields, each.name.text);
    if (index == kNoIndex && context_.lost(each.name.text)) continue;
    if (index == kNoIndex) {
      Diagnostic& diagnostic =
          context_.out.report(event ? DiagnosticId::UnknownProperty : DiagnosticId::UnknownAttribute, each.name.span,
                              owner, each.name.text);
      suggest(diagnostic, each.name.text, each.name.span, names_of(fields));
      continue;
    }
    bool fits = expressions_.value(each.value, scope_, fields[index].type);
    const auto* text = ast::try_as<ast::TextLit>(each.value);
    if (fits && text && !event && fields[index].name == "timezone") check_zone(context_, text->value, text->span);
  }
}

void TestChecker::given_split(const Item& item) {
  if (campaigns_.empty() || !item.split) return;
  std::vector<std::string_view> names;
  const ast::SplitStmt* found = nullptr;
  auto look = [&](const ast::Block& block) {
    for_each_statement(block, [&](const ast::Stmt& each) {
      const auto* split = ast::try_as<ast::SplitStmt>(&each);
      if (!split || !split->name) return;
      names.push_back(split->name.text);
      if (!found && split->name.text == item.split.text) found = split;
    });
  };
  for (const Campaign* campaign : campaigns_) {
    for (const ast::Clause& clause : campaign->decl->clauses) {
      look(clause.body);
      look(clause.trigger.body);
      for (const ast::Trigger& trigger : clause.triggers) look(trigger.body);
    }
  }
  if (found) return branch(item, *found);
  if (context_.lost(item.split.text)) return;
  suggest(context_.out.report(DiagnosticId::UnknownSplit, item.split.span, campaign_name(), item.split.text),
          item.split.text, item.split.span, names);
}

void TestChecker::branch(const Item& item, const ast::SplitStmt& split) {
  if (!item.branch) return;
  std::vector<std::string_view> names;
  for (const ast::SplitArm& arm : split.arms) {
    if (arm.name.text == item.branch.text) return;
    names.push_back(arm.name.text);
  }
  suggest(context_.out.report(DiagnosticId::UnknownBranch, item.branch.span, split.name.text, item.branch.text),
          item.branch.text, item.branch.span, names);
}

void TestChecker::clock(const Item& item) {
  if (item.after) {
    needs_clock(item);
    expressions_.duration(item.after, scope_, true);
  }
  const auto* at = ast::try_as<ast::DateTimeLit>(item.at);
  if (!item.at) return;
  expressions_.value(item.at, scope_, make(TypeKind::DateTime));
  clock_known_ = true;
  if (!at) return;
  bool back = last_at_ && last_at_->zone == at->zone &&
              std::pair(at->days, at->time_of_day) < std::pair(last_at_->days, last_at_->time_of_day);
  if (back) {
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::ClockBack, at->span);
    diagnostic.labels.push_back({last_at_->span, "it was this late already"});
    diagnostic.hint = "Write the lines in the order in which things happen.";
  }
  last_at_ = at;
}

void TestChecker::needs_clock(const Item& item) {
  if (clock_known_) return;
  clock_known_ = true;  // said once
  context_.out.report(DiagnosticId::NoClock, head_line(context_, item.span)).hint =
      "Begin with `at 2026-03-05 10:00 …`.";
}

void TestChecker::event(const Item& item) {
  clock(item);
  if (!item.at && !item.after) needs_clock(item);
  if (!item.event) return;
  std::uint32_t index = resolve_kind(context_, item.event);
  if (index == kBrokenIndex) return;
  record(item, context_.model.kinds[index].properties, context_.model.kinds[index].name, true);
  given_all(item, context_.model.kinds[index]);
  lead_named(item.lead);
}

void TestChecker::expect(const Item& item) {
  expects_ = true;
  needs_clock(item);
  lead_named(item.lead);
  if (item.length) {
    if (item.when == Item::When::By) {
      expressions_.value(item.length, scope_, make(TypeKind::DateTime));
    } else {
      expressions_.duration(item.length, scope_, true);
    }
  }
  if (item.what == Item::What::Score) return score(item);
  if (item.what == Item::What::Send && item.name) resolve_content(context_, item.name);
  if (item.name && !campaigns_.empty() && !context_.lost(item.name.text)) name_in_campaign(item);
}

void TestChecker::score(const Item& item) {
  if (!item.name || resolve_score(context_, item.name) == kBrokenIndex) return;
  context_.used_scores.insert(context_.model.find_score(item.name.text));
  const auto* comparison = ast::try_as<ast::Binary>(item.condition);
  if (comparison) expressions_.value(comparison->right, scope_, make(TypeKind::Number));
}

void TestChecker::name_in_campaign(const Item& item) {
  std::vector<std::string_view> names;
  DiagnosticId id{};
  for (const Campaign* campaign : campaigns_) {
    if (item.what == Item::What::Stage) {
      id = DiagnosticId::UnknownStage;
      for (const Stage& each : campaign->stages) names.push_back(each.name);
    } else if (item.what == Item::What::Exit) {
      id = DiagnosticId::UnknownReason;
      names.insert(names.end(), campaign->reasons.begin(), campaign->reasons.end());
    } else if (item.what == Item::What::Goal) {
      id = DiagnosticId::UnknownGoal;
      for (const Goal& each : campaign->goals) names.push_back(each.name);
    } else {
      return;
    }
  }
  if (std::find(names.begin(), names.end(), item.name.text) != names.end()) return;
  suggest(context_.out.report(id, item.name.span, campaign_name(), item.name.text), item.name.text, item.name.span,
          names);
}

}  // namespace

void check_tests(Context& context, Expressions& expressions) {
  for (const Test& test : context.model.tests) TestChecker(context, expressions, test).run();
}

}  // namespace nurture::sema
