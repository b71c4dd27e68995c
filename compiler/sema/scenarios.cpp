#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "compiler/sema/bodies.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"
#include "runtime/base/channels.h"
#include "runtime/bytecode/scenario.h"
#include "runtime/calendar/calendar.h"

// What scenarios assume (§7.5).

namespace nurture::sema {

namespace {

using Cause = ast::AssumedRule::Cause;
constexpr std::int64_t kAll = 100 * kPercentScale;

std::string percent(std::int64_t units) { return fmt::format("{}%", static_cast<double>(units) / kPercentScale); }

/// Properties that say which message it was: the run knows.
bool names_message(const Field& field) {
  return field.type.kind == TypeKind::Text && (field.name == "message" || field.name == "message_id");
}

/// What may be given in braces.
bool can_be_given(TypeKind kind) {
  switch (kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Boolean:
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Percent:
      return true;
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::List:
    case TypeKind::Content:
      return false;
  }
  return false;
}

bool same(const ConstantValue& a, const ConstantValue& b) {
  return a.value == b.value && a.text == b.text && a.items.empty() && b.items.empty();
}

/// Whether two lines are about one reaction.
bool same_reaction(const AssumedReaction& a, const AssumedReaction& b) {
  return a.kind == b.kind && a.decl->by_machine == b.decl->by_machine &&
         std::equal(a.record.begin(), a.record.end(), b.record.begin(), b.record.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

class ScenarioChecker {
 public:
  ScenarioChecker(Context& context, Expressions& expressions) : context_(context), expressions_(expressions) {}

  void run() {
    for (Scenario& scenario : context_.model.scenarios) check(scenario);
  }

 private:
  void check(Scenario& scenario);
  void after_hand_offs(const Scenario& scenario);
  void cause(AssumedRule& rule);
  void sent(AssumedRule& rule, const ast::Name& of);
  void followed(AssumedRule& rule, const ast::Path& event);
  void reaction(const AssumedRule& rule, AssumedReaction& row);
  bool can_react(const ast::AssumedReaction& line, const EventKind& kind);
  void record(const AssumedRule& rule, AssumedReaction& row);
  bool given(AssumedReaction& row, const ast::RecordField& field);
  void given_all(const AssumedRule& rule, const AssumedReaction& row);
  void share(std::int64_t value, Span span, std::string_view what);
  std::optional<std::int64_t> length(const ast::Expr* expr, std::string_view what);
  void delay(const ast::AssumedReaction& line, std::optional<std::int64_t> within);
  void groups(const AssumedRule& rule);
  void twice(const AssumedRule& rule);
  void decided(const Scenario& scenario);
  bool covers(const AssumedRule& earlier, const AssumedRule& later) const;
  void causes(const Scenario& scenario);
  std::string never_caused(const Scenario& scenario, const AssumedRule& rule) const;

  Context& context_;
  Expressions& expressions_;
  std::set<std::uint32_t> after_hand_offs_;  ///< kinds that may follow a hand-off, directly or in a chain
};

void ScenarioChecker::check(Scenario& scenario) {
  for (const ast::AssumedRule& decl : scenario.decl->rules) {
    AssumedRule& rule = scenario.rules.emplace_back();
    rule.decl = &decl;
    cause(rule);
    Scope scope;
    scope.touch = true;
    expressions_.condition(decl.condition, scope);
    for (const ast::AssumedReaction& line : decl.reactions) {
      AssumedReaction& row = rule.reactions.emplace_back();
      row.decl = &line;
      row.kind = line.kind ? resolve_kind(context_, line.kind) : kBrokenIndex;
    }
  }
  after_hand_offs(scenario);
  for (AssumedRule& rule : scenario.rules) {
    for (AssumedReaction& row : rule.reactions) reaction(rule, row);
    groups(rule);
    twice(rule);
  }
  if (context_.incomplete(scenario.decl->span)) return;
  decided(scenario);
  causes(scenario);
}

void ScenarioChecker::after_hand_offs(const Scenario& scenario) {
  after_hand_offs_.clear();
  for (std::size_t before = 1; before != after_hand_offs_.size();) {
    before = after_hand_offs_.size();
    for (const AssumedRule& rule : scenario.rules) {
      if (rule.decl->cause != Cause::HandOff && !after_hand_offs_.contains(rule.kind)) continue;
      for (const AssumedReaction& row : rule.reactions) after_hand_offs_.insert(row.kind);
    }
  }
}

/// `of email`, `of welcome`: a channel, unless a content has that name.
void ScenarioChecker::sent(AssumedRule& rule, const ast::Name& of) {
  const std::vector<std::string_view> channels(kChannels.begin(), kChannels.end());
  const bool content = context_.model.find_content(of.text) != kNoIndex;
  if (!content && is_channel(of.text)) {
    rule.channel = of.text;
  } else if (!content && !closest(of.text, channels).empty() && !context_.lost(of.text)) {
    rule.content = kBrokenIndex;
    suggest(context_.out.report(DiagnosticId::UnknownContent, of.span, of.text), of.text, of.span, channels);
  } else {
    rule.content = resolve_content(context_, of);
  }
}

void ScenarioChecker::cause(AssumedRule& rule) {
  const ast::AssumedRule& decl = *rule.decl;
  switch (decl.cause) {
    case Cause::Send:
      if (decl.of) sent(rule, decl.of);
      return;
    case Cause::HandOff:
      if (decl.of && decl.of.text != "sales") {
        context_.out.report(DiagnosticId::OnlySales, decl.of.span, "handed off to", decl.of.text)
            .edits.push_back({decl.of.span, "sales"});
      }
      return;
    case Cause::Reaction:
      followed(rule, decl.event);
      return;
  }
}

/// An event; `handoff` was meant for something else.
void ScenarioChecker::followed(AssumedRule& rule, const ast::Path& event) {
  const std::vector<std::string_view> others{"send", "hand off"};
  const std::string word = event.text();
  if (!event || context_.model.find_kind(word) != kNoIndex || closest(word, others).empty() || context_.lost(word)) {
    rule.kind = resolve_kind(context_, event);
    return;
  }
  rule.kind = kBrokenIndex;
  suggest(context_.out.report(DiagnosticId::UnknownEvent, event.span, word), word, event.span, others);
}

void ScenarioChecker::reaction(const AssumedRule& rule, AssumedReaction& row) {
  const ast::AssumedReaction& line = *row.decl;
  if (row.kind != kBrokenIndex && can_react(line, context_.model.kinds[row.kind])) record(rule, row);
  share(line.rate, line.rate_span, "a rate");
  delay(line, length(line.within, "the time within which a reaction comes"));
  if (!line.tires_within) return;
  share(line.tires, line.tires_span, "what a rate is multiplied by");
  check_channel(context_, line.tires_channel);
  length(line.tires_within, "the time that is looked back upon");
}

bool ScenarioChecker::can_react(const ast::AssumedReaction& line, const EventKind& kind) {
  const auto report = [&](Span span, std::string why, std::string hint) {
    context_.out.report(DiagnosticId::CannotBeAssumed, span, kind.name, why).hint = std::move(hint);
    return false;
  };
  if (kind.records_send) {
    return report(line.kind.span, "it is a message of ours, and those are sent by campaigns",
                  "Assume how people react to it: `after send of email { email.opened 24% within 7 days }`.");
  }
  if (kind.updates_lead || kind.name == "lead.merged") {
    return report(line.kind.span, "it changes who the lead is, and is no reaction",
                  "Assume an event that tells of what the lead did, such as `form.submitted`.");
  }
  if (kind.of_account) {
    return report(line.kind.span, "it is of an account, and messages go to leads", "Assume an event of the lead.");
  }
  if (line.by_machine && kind.machine_property == kNoIndex) {
    return report(line.by_machine_span, "it says nothing of machines", "Leave `by machine` out.");
  }
  return true;
}

void ScenarioChecker::record(const AssumedRule& rule, AssumedReaction& row) {
  const std::vector<ast::RecordField>& fields = row.decl->record;
  bool sound = true;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto first = std::find_if(fields.begin(), fields.end(), [&](const ast::RecordField& each) {
      return each.name.text == fields[i].name.text;
    });
    if (first - fields.begin() < static_cast<std::ptrdiff_t>(i)) {
      context_.twice("the property", fields[i].name.text, fields[i].name.span, first->name.span);
      sound = false;
    } else {
      sound = given(row, fields[i]) && sound;
    }
  }
  std::sort(row.record.begin(), row.record.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (sound && !context_.incomplete(row.decl->span)) given_all(rule, row);
}

/// One property; false after a report.
bool ScenarioChecker::given(AssumedReaction& row, const ast::RecordField& field) {
  const EventKind& kind = context_.model.kinds[row.kind];
  const std::uint32_t index = find_field(kind.properties, field.name.text);
  if (index == kNoIndex) {
    if (context_.lost(field.name.text)) return false;
    suggest(context_.out.report(DiagnosticId::UnknownProperty, field.name.span, kind.name, field.name.text),
            field.name.text, field.name.span, names_of(kind.properties));
    return false;
  }
  const Field& property = kind.properties[index];
  const auto report = [&](std::string why, std::string hint) {
    context_.out.report(DiagnosticId::CannotBeAssumed, field.name.span, kind.name, why).hint = std::move(hint);
    return false;
  };
  if (index == kind.content_property)
    return report("its content is the one that was sent", "Leave it out, or write `after send of` and the content.");
  if (index == kind.machine_property) {
    return report("whether it is a machine is said by itself",
                  fmt::format("Write `{} by machine` for machines, and nothing for people.", kind.name));
  }
  if (property.type.poison()) return false;
  if (!can_be_given(property.type.kind)) {
    return report(fmt::format("\"{}\" is {}, and texts, numbers, choices, yes and no can be given", property.name,
                              describe(known(property.type))),
                  property.type.optional ? "Leave it out." : "Assume another event.");
  }
  Scope scope;
  scope.constant = true;
  if (!expressions_.value(field.value, scope, known(property.type))) return false;
  std::optional<ConstantValue> value = constant_of(context_.model, *field.value);
  if (!value) {
    context_.out.report(DiagnosticId::NotAConstant, field.value->span, context_.written(field.value->span)).hint =
        "Write the value itself.";
    return false;
  }
  row.record.emplace_back(index, std::move(*value));
  return true;
}

/// What every event of its kind has, an assumed one has too.
void ScenarioChecker::given_all(const AssumedRule& rule, const AssumedReaction& row) {
  const EventKind& kind = context_.model.kinds[row.kind];
  const bool of_hand_off = rule.decl->cause == Cause::HandOff || after_hand_offs_.contains(rule.kind);
  for (std::uint32_t i = 0; i < kind.properties.size(); ++i) {
    const Field& field = kind.properties[i];
    const bool filled =
        i == kind.machine_property || (!of_hand_off && (i == kind.content_property || names_message(field)));
    const bool is_given =
        std::any_of(row.record.begin(), row.record.end(), [&](const auto& each) { return each.first == i; });
    if (filled || is_given || field.type.optional || field.type.poison() || field.default_value) continue;
    Diagnostic& diagnostic = context_.out.report(
        DiagnosticId::CannotBeAssumed, row.decl->kind.span, kind.name,
        i == kind.content_property
            ? "it is about a content, and a hand-off has none"
            : fmt::format("every \"{}\" has a \"{}\", and this line gives none", kind.name, field.name));
    const std::string value = field.type.choices.empty() ? "…" : field.type.choices.front();
    diagnostic.hint = !can_be_given(field.type.kind) ? "Assume another event."
                      : i == kind.content_property
                          ? "Assume it after a send."
                          : fmt::format("Add it: `{} {{ {}: {} }}`.", kind.name, field.name, value);
    if (!context_.embedded(field.span)) diagnostic.labels.push_back({field.span, "declared without \"?\" here"});
    return;
  }
}

void ScenarioChecker::share(std::int64_t value, Span span, std::string_view what) {
  if (value <= kAll) return;
  context_.out.report(DiagnosticId::ShareRange, span, what, "0 % and 100 %").hint =
      "Write how many of a hundred: `24%`.";
}

/// In microseconds.
std::optional<std::int64_t> ScenarioChecker::length(const ast::Expr* expr, std::string_view what) {
  const std::optional<Duration> duration = expressions_.duration(expr, Scope{}, true);
  if (!duration) return std::nullopt;
  if (duration->months != 0) {
    context_.out.report(DiagnosticId::NotExact, expr->span, what, context_.written(expr->span)).hint =
        fmt::format("Write it in days: `{} days`.", duration->months * 30 + duration->days);
    return std::nullopt;
  }
  if (duration->nominal() <= bytecode::kMaxReactionWindow) return duration->nominal();
  context_.out.report(DiagnosticId::BadCount, expr->span, what, "an instant", "10 years").hint =
      "Write how long it really takes: `within 30 days`.";
  return std::nullopt;
}

void ScenarioChecker::delay(const ast::AssumedReaction& line, std::optional<std::int64_t> within) {
  constexpr std::string_view kInOrder =
      "Write the points in order: `10% by 12 minutes, half by 5 hours, 90% by 2 days`.";
  const ast::DelayPoint* before = nullptr;
  std::int64_t last = 0;
  for (const ast::DelayPoint& point : line.delay) {
    const std::optional<std::int64_t> by = length(point.by, "the time by which reactions come");
    if (!by) return;
    const std::string_view written = context_.written(point.span);
    const auto report = [&](std::string what, std::string hint) {
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::DelayOutOfOrder, point.span, what);
      diagnostic.hint = std::move(hint);
      if (before) diagnostic.labels.push_back({before->span, "the point before it"});
    };
    if (point.share <= 0 || point.share >= kAll) {
      return report(fmt::format("\"{}\" is no point between the beginning and the end", written),
                    "Leave it out: none are there at the beginning, and all at the end of the `within`.");
    }
    if (before && point.share <= before->share) {
      return report(fmt::format("\"{}\" is not more than the point before it", written), std::string(kInOrder));
    }
    if (before && *by <= last) {
      return report(fmt::format("\"{}\" is not later than the point before it", written), std::string(kInOrder));
    }
    if (within && *by >= *within) {
      return report(fmt::format("\"{}\" is not before the end, by which all reactions are there", written),
                    fmt::format("Write less than {}, or a longer `within`.", context_.written(line.within->span)));
    }
    before = &point;
    last = *by;
  }
}

void ScenarioChecker::groups(const AssumedRule& rule) {
  for (std::uint32_t group = 0; group < rule.decl->groups.size(); ++group) {
    std::int64_t sum = 0;
    for (const AssumedReaction& row : rule.reactions) sum += row.decl->group == group ? row.decl->rate : 0;
    if (sum <= kAll) continue;
    context_.out.report(DiagnosticId::MoreThanAll, rule.decl->groups[group], percent(sum), "only one of them happens")
        .hint = "Lower the rates to 100% or less together; what is left is nothing happening.";
  }
}

/// A line decides for itself; a second one about the same could only contradict.
void ScenarioChecker::twice(const AssumedRule& rule) {
  for (std::size_t i = 0; i < rule.reactions.size(); ++i) {
    const AssumedReaction& row = rule.reactions[i];
    if (row.kind == kBrokenIndex) continue;
    const auto end = rule.reactions.begin() + static_cast<std::ptrdiff_t>(i);
    const auto first = std::find_if(rule.reactions.begin(), end,
                                    [&](const AssumedReaction& each) { return same_reaction(each, row); });
    if (first == end) continue;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::SaidTwice, row.decl->kind.span, row.decl->kind.text());
    diagnostic.labels.push_back({first->decl->kind.span, "the first one is here"});
    diagnostic.hint = "Keep one of them.";
  }
}

/// Whether every cause of the later rule is one of the earlier.
bool ScenarioChecker::covers(const AssumedRule& earlier, const AssumedRule& later) const {
  if (earlier.decl->cause != later.decl->cause || earlier.decl->condition) return false;
  if (earlier.decl->cause == Cause::Reaction) return earlier.kind == later.kind && earlier.kind != kBrokenIndex;
  if (earlier.content == kBrokenIndex || later.content == kBrokenIndex) return false;
  if (earlier.content != kNoIndex) return earlier.content == later.content;
  if (earlier.channel.empty()) return true;
  return earlier.channel ==
         (later.content == kNoIndex ? later.channel : context_.model.contents[later.content].channel);
}

void ScenarioChecker::decided(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.rules.size(); ++i) {
    for (const AssumedReaction& row : scenario.rules[i].reactions) {
      for (std::size_t k = 0; k < i && row.kind != kBrokenIndex; ++k) {
        const AssumedRule& earlier = scenario.rules[k];
        if (!covers(earlier, scenario.rules[i])) continue;
        const auto decides = std::find_if(earlier.reactions.begin(), earlier.reactions.end(),
                                          [&](const AssumedReaction& each) { return same_reaction(each, row); });
        if (decides == earlier.reactions.end()) continue;
        Diagnostic& diagnostic = context_.out.report(DiagnosticId::NeverDecides, row.decl->span,
                                                     fmt::format("`{}`", context_.written(earlier.decl->head)));
        diagnostic.labels.push_back({decides->decl->span, "this one decides"});
        diagnostic.hint = "Write the special rule before the general one, or leave this line out.";
        break;
      }
    }
  }
}

/// Why nothing can cause the rule; or empty.
std::string ScenarioChecker::never_caused(const Scenario& scenario, const AssumedRule& rule) const {
  const Model& model = context_.model;
  switch (rule.decl->cause) {
    case Cause::Send: {
      if (rule.content == kBrokenIndex) return {};
      const auto sent = [&](const auto& each) {
        return rule.content != kNoIndex ? each.first == rule.content
                                        : rule.channel.empty() || model.contents[each.first].channel == rule.channel;
      };
      if (std::any_of(context_.sent_after.begin(), context_.sent_after.end(), sent)) return {};
      if (rule.content != kNoIndex) return fmt::format("no campaign sends \"{}\"", model.contents[rule.content].name);
      return rule.channel.empty() ? "no campaign sends anything" : fmt::format("no campaign sends by {}", rule.channel);
    }
    case Cause::HandOff:
      return context_.hands_off ? "" : "no campaign hands off";
    case Cause::Reaction:
      for (const AssumedRule& each : scenario.rules) {
        for (const AssumedReaction& row : each.reactions) {
          if (row.kind == rule.kind) return {};
        }
      }
      return rule.kind == kBrokenIndex
                 ? std::string()
                 : fmt::format("no rule of this scenario assumes \"{}\"", model.kinds[rule.kind].name);
  }
  return {};
}

/// A module of scenarios alone is for programmes that use it.
void ScenarioChecker::causes(const Scenario& scenario) {
  if (context_.model.campaigns.empty() || !context_.own(scenario.decl->span)) return;
  for (const AssumedRule& rule : scenario.rules) {
    const std::string why = never_caused(scenario, rule);
    if (why.empty()) continue;
    context_.out.report(DiagnosticId::NothingCauses, rule.decl->head, why).hint =
        rule.decl->cause == Cause::Reaction
            ? "Only assumed events have assumed reactions. Assume it first, or take the rule out."
            : "Take the rule out, or write what should cause it into a campaign.";
  }
}

}  // namespace

std::int64_t exact_length(const Model& model, const ast::Expr& expr) {
  const std::optional<ConstantValue> value = constant_of(model, expr);
  return value ? value->value.duration().nominal() : 0;
}

void check_scenarios(Context& context, Expressions& expressions) { ScenarioChecker(context, expressions).run(); }

}  // namespace nurture::sema
