#include <algorithm>
#include <array>

#include "compiler/icalendar/icalendar.h"
#include "compiler/sema/bodies.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"
#include "runtime/base/channels.h"

namespace nurture::sema {

namespace {

using Kind = ast::Clause::Kind;

template <typename Rows>
std::vector<std::string_view> names_in(const Rows& rows) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

std::uint32_t unknown(Context& context, std::string_view what, const ast::Name& name,
                      const std::vector<std::string_view>& names, std::string otherwise) {
  if (context.later.contains(name.text) || context.lost(name.text)) return kBrokenIndex;
  suggest(context.out.report(DiagnosticId::NothingOfThatName, name.span, what, name.text), name.text, name.span, names,
          std::move(otherwise));
  return kBrokenIndex;
}

/// The zone of a window or of quiet hours: a name in quotes, or the lead's own (empty).
std::string zone_of(Context& context, const ast::Expr* zone) {
  if (!zone) return {};
  if (const auto* text = ast::try_as<ast::TextLit>(zone)) {
    check_zone(context, text->value, text->span);
    return text->value;
  }
  const auto* name = ast::try_as<ast::NameRef>(zone);
  if (name && name->path.text() == "lead.timezone") return {};
  context.out.report(DiagnosticId::WindowZone, zone->span, context.written(zone->span)).hint =
      "Write `in lead.timezone`, or a zone by its name: `in \"Europe/London\"`.";
  return {};
}

constexpr std::uint64_t kLargestCalendar = 16u << 20;

void check_calendar(Context& context, Calendar& row, FileSystem& files) {
  const ast::CalendarDecl& decl = *row.decl;
  row.dates = decl.dates;
  if (!decl.file.empty()) {
    const std::string path = beside(context.unit.sources.file(decl.span.file).path(), decl.file);
    Result<std::string> text = files.read_file(path, kLargestCalendar);
    Result<std::vector<std::int64_t>> read = text ? icalendar::dates(*text) : text.error();
    if (read) {
      row.dates = std::move(*read);
    } else {
      const std::string reason = text ? read.error().message : "there is no such file, or it may not be read";
      context.out.report(DiagnosticId::CalendarUnreadable, head_line(context, decl.span), decl.file, reason).hint =
          "Put the .ics file beside this one, or write the dates: `calendar holidays { 2026-12-25 2026-12-26 }`.";
    }
  }
  std::sort(row.dates.begin(), row.dates.end());
  row.dates.erase(std::unique(row.dates.begin(), row.dates.end()), row.dates.end());
}

void check_window(Context& context, Window& window) {
  const ast::WindowDecl& decl = *window.decl;
  window.zone = zone_of(context, decl.zone);
  for (const ast::Name& name : decl.except) {
    auto& rows = context.model.calendars;
    auto found = std::find_if(rows.begin(), rows.end(), [&](const Calendar& row) { return row.name == name.text; });
    if (found != rows.end()) {
      window.except.push_back(static_cast<std::uint32_t>(found - rows.begin()));
    } else {
      unknown(context, "calendar", name, names_in(rows),
              fmt::format("Declare it: `calendar {} {{ 2026-12-25 }}`.", name.text));
    }
  }
  if (!decl.spans.empty() || context.incomplete(decl.span)) return;
  context.out.report(DiagnosticId::WindowNeverOpens, decl.name.span, window.name).hint =
      "Say when it is open: `Monday to Friday 09:00 to 17:00`.";
}

void check_stream(Context& context, Stream& stream) {
  for (const ast::Name& name : stream.decl->contents) {
    const std::uint32_t content = resolve_content(context, name);
    if (content != kBrokenIndex) stream.contents.push_back(content);
  }
  if (!stream.decl->contents.empty() || context.incomplete(stream.decl->span)) return;
  context.out.report(DiagnosticId::StreamEmpty, stream.decl->name.span, stream.name).hint =
      fmt::format("Name what it sends, in order: `stream {}: [first, second]`.", stream.name);
}

/// Checks the rules of policies.
class PolicyChecker {
 public:
  PolicyChecker(Context& context, Expressions& expressions) : context_(context), expressions_(expressions) {}

  void run() {
    for (const Policy& policy : context_.model.policies) {
      for (const ast::Clause& clause : policy.decl->clauses) this->clause(policy, clause);
    }
  }

 private:
  void clause(const Policy& policy, const ast::Clause& clause);
  void never(const ast::Clause& clause, Rule& rule);
  void sales_hold(const ast::Clause& clause);
  void misplaced(const ast::Clause& clause, std::string_view what);

  Context& context_;
  Expressions& expressions_;
  const ast::Clause* sales_hold_ = nullptr;
};

void PolicyChecker::misplaced(const ast::Clause& clause, std::string_view what) {
  context_.out.report(DiagnosticId::ClauseMisplaced, head_line(context_, clause.span), what, "a campaign").hint =
      "A policy holds rules over all campaigns: `never`, `limit`, `quiet hours`, `send only in`, `sales hold`, "
      "`holdout`, `throttle`.";
}

void PolicyChecker::clause(const Policy& policy, const ast::Clause& clause) {
  Rule rule;
  rule.clause = &clause;
  rule.owner = policy.name;
  rule.everywhere = true;
  switch (clause.kind) {
    case Kind::Never:
      never(clause, rule);
      break;
    case Kind::SendOnlyIn:
    case Kind::Limit:
    case Kind::Throttle:
      check_sending_rule(context_, expressions_, rule);
      break;
    case Kind::Quiet:
      rule.zone = zone_of(context_, clause.target);
      break;
    case Kind::Holdout:
      check_holdout(context_, clause);
      break;
    case Kind::SalesHold:
      return sales_hold(clause);
    case Kind::Audience:
      return misplaced(clause, "audience");
    case Kind::Exclude:
      return misplaced(clause, "exclude");
    case Kind::Enter:
      return misplaced(clause, "enter");
    case Kind::Reenter:
      return misplaced(clause, "reenter");
    case Kind::OneMembershipPer:
      return misplaced(clause, "one membership per");
    case Kind::LastsAtMost:
      return misplaced(clause, "lasts at most");
    case Kind::Goal:
      return misplaced(clause, "goal");
    case Kind::ExitOn:
      return misplaced(clause, "exit");
    case Kind::TriggerClause:
      return misplaced(clause, clause.trigger.condition ? "when" : "on");
    case Kind::OnExit:
      return misplaced(clause, "on exit");
    case Kind::Priority:
      return misplaced(clause, "priority");
    case Kind::ExclusiveIn:
      return misplaced(clause, "exclusive in");
    case Kind::Active:
      return misplaced(clause, "active");
    case Kind::Owner:
      return misplaced(clause, "owner");
    case Kind::Version:
      return misplaced(clause, "version");
    case Kind::Overdue:
      return misplaced(clause, "overdue");
    case Kind::OnEdit:
      return misplaced(clause, "on edit");
    case Kind::WhileWithSales:
      return misplaced(clause, "while with sales");
    case Kind::Status:
      return misplaced(clause, "status");
    case Kind::Follow:
      return misplaced(clause, "follow");
    case Kind::Stage:
      return misplaced(clause, "stage");
  }
  context_.model.rules.push_back(std::move(rule));
}

void PolicyChecker::never(const ast::Clause& clause, Rule& rule) {
  const std::string& word = clause.name.text;
  if (!clause.of_sends) {
    rule.governs = Rule::Governs::Work;
    if (clause.name && word != "assign") {
      suggest(context_.out.report(DiagnosticId::UnknownWord, clause.name.span, word, "something that a policy forbids"),
              word, clause.name.span, {"assign"}, "Write `never send email …`, or `never assign …` for people's work.");
    }
  } else if (word == "transactional") {
    rule.governs = Rule::Governs::Transactional;
  } else if (word != "marketing") {
    rule.channel = word;
    check_channel(context_, clause.name);
  }
  // A `where` is about the event at hand; each list has its own.
  for (const std::vector<ast::EventRef>* list : {&clause.after, &clause.until}) {
    for (const ast::EventRef& event : *list) {
      Scope scope;
      scope.event = kind_at_hand(context_, event);
      check_listened(context_, expressions_, event, scope);
    }
  }
  expressions_.condition(clause.condition, Scope{});
  if (clause.outside) rule.window = resolve_window(context_, clause.outside);
  if (clause.until.empty() || !clause.after.empty() || context_.incomplete(clause.span)) return;
  context_.out.report(DiagnosticId::UntilWithoutAfter, head_line(context_, clause.span)).hint =
      "Say what begins it: `never send email after email.unsubscribed until email.subscribed`.";
}

void PolicyChecker::sales_hold(const ast::Clause& clause) {
  if (sales_hold_ || context_.sales_hold) {
    const Span first = sales_hold_ ? sales_hold_->span : context_.sales_hold->span;
    context_.twice("the rule", "sales hold", clause.span, first).hint = "One maximum holds for the whole programme.";
    return;
  }
  sales_hold_ = &clause;
  context_.model.program.sales_hold_max = expressions_.duration(clause.duration, Scope{}, true);
}

}  // namespace

std::uint32_t resolve_window(Context& context, const ast::Name& name) {
  if (!name) return kBrokenIndex;
  const std::uint32_t found = context.model.find_window(name.text);
  if (found != kNoIndex) return found;
  return unknown(context, "window", name, names_in(context.model.windows),
                 fmt::format("Declare it: `window {} {{ Monday to Friday 09:00 to 17:00 }}`.", name.text));
}

std::uint32_t resolve_stream(Context& context, const ast::Name& name) {
  if (!name) return kBrokenIndex;
  const std::uint32_t found = context.model.find_stream(name.text);
  if (found != kNoIndex) return found;
  return unknown(context, "stream", name, names_in(context.model.streams),
                 fmt::format("Declare it: `stream {}: [first, second]`.", name.text));
}

void check_channel(Context& context, const ast::Name& name) {
  if (!name || is_channel(name.text)) return;
  std::string all;
  for (std::string_view each : kChannels) all += (all.empty() ? "" : ", ") + std::string(each);
  suggest(context.out.report(DiagnosticId::UnknownWord, name.span, name.text, "a channel"), name.text, name.span,
          {kChannels.begin(), kChannels.end()}, fmt::format("The channels are {}.", all));
}

void check_channel_of(Context& context, const ast::Name& channel, std::uint32_t content) {
  const Content& row = context.model.contents[content];
  if (!channel || row.channel.empty() || row.channel == channel.text) return;
  Diagnostic& diagnostic =
      context.out.report(DiagnosticId::WrongChannel, channel.span, row.name, row.channel, channel.text);
  diagnostic.labels.push_back({row.decl->channel.span, "declared here"});
  diagnostic.hint = fmt::format("Write `send {}`: the channel is known from the content.", row.name);
  diagnostic.edits.push_back({channel.span, row.channel});
}

void constant_value(Context& context, Expressions& expressions, const ast::Expr& expr, const std::vector<Type>& types) {
  Scope scope;
  scope.constant = true;
  const Type type = expressions.infer(expr, scope);
  if (type.poison()) return;
  const bool fits = std::any_of(types.begin(), types.end(), [&](const Type& each) { return each.kind == type.kind; });
  if (!fits) {
    context.out.report(DiagnosticId::WrongType, expr.span, describe(types.front()), describe(type));
  } else if (!constant_of(context.model, expr)) {
    context.out.report(DiagnosticId::NotAConstant, expr.span, context.written(expr.span)).hint =
        "Write the date itself.";
  }
}

void check_holdout(Context& context, const ast::Clause& clause) {
  if (clause.number < 0 || clause.number > 100 * kPercentScale) {
    context.out.report(DiagnosticId::ShareRange, clause.number_span, "a holdout", "0 % and 100 %").hint =
        "It is the share of leads that get nothing, for comparison: `holdout 10%`.";
  } else if (clause.number % (kPercentScale / 100) != 0) {
    context.out.report(DiagnosticId::ShareStep, clause.number_span, context.written(clause.number_span)).hint =
        "Two figures after the point are the most, such as 33.33%.";
  }
}

void check_sending_rule(Context& context, Expressions& expressions, Rule& rule) {
  const ast::Clause& clause = *rule.clause;
  if (clause.kind == Kind::SendOnlyIn) {
    rule.window = resolve_window(context, clause.name);
    return;
  }
  constexpr std::int64_t kMost = 1'000'000;
  rule.channel = clause.name.text;
  check_channel(context, clause.name);
  expressions.duration(clause.duration, Scope{}, true);
  if (clause.number >= 1 && clause.number <= kMost) return;
  Diagnostic& diagnostic = context.out.report(DiagnosticId::BadCount, clause.number_span,
                                              clause.kind == Kind::Limit ? "a limit" : "a throttle", 1, kMost);
  if (clause.number < 1) diagnostic.hint = "To send nothing at all, say `never send …` in a policy.";
}

void check_windows(Context& context, FileSystem& files) {
  for (Calendar& row : context.model.calendars) check_calendar(context, row, files);
  for (Window& row : context.model.windows) check_window(context, row);
  for (Stream& row : context.model.streams) check_stream(context, row);
}

void check_policies(Context& context, Expressions& expressions) { PolicyChecker(context, expressions).run(); }

}  // namespace nurture::sema
