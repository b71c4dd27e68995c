#include <algorithm>

#include "compiler/sema/expressions.h"
#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

bool has_value(const Type& choice, std::string_view word) {
  return std::find(choice.choices.begin(), choice.choices.end(), word) != choice.choices.end();
}

Symbol symbol(Symbol::Kind kind, std::uint32_t index) {
  Symbol result;
  result.kind = kind;
  result.index = index;
  return result;
}

}  // namespace

Type Expressions::name(const ast::NameRef& expr, const Scope& scope, const Type* expected) {
  const std::vector<ast::Name>& parts = expr.path.parts;
  if (parts.empty()) return poison();
  if (parts.size() == 1) return bare(expr, scope, expected);
  const std::string& first = parts.front().text;
  if (parts.size() == 2 && (first == "lead" || first == "account")) return attribute(expr, scope, first == "account");
  if (parts.size() == 2 && first == "event") return event_property(expr, scope);
  if (parts.size() == 2 && first == "entry") return entry_property(expr, scope);
  if (first == "score" && parts.size() == 2) {
    if (!asks_past(expr, scope)) return poison();
    std::uint32_t index = resolve_score(context_, parts[1]);
    if (index == kBrokenIndex) return poison();
    if (about_one_lead(expr.span, expr.path.text(), scope,
                       fmt::format("Ask it of the leads: `any lead where {} >= 60`.", expr.path.text())))
      return poison();
    context_.used_scores.insert(index);
    model_.symbols[expr.id] = symbol(Symbol::Kind::Score, index);
    return make(TypeKind::Number);
  }
  return unknown_name(expr, scope, nullptr);
}

Type Expressions::not_constant(const ast::NameRef& expr) {
  Diagnostic& diagnostic = out_.report(DiagnosticId::NotAConstant, expr.span, expr.path.text());
  diagnostic.hint = "Write the value itself, or a `let` that holds it.";
  return poison();
}

Type Expressions::attribute(const ast::NameRef& expr, const Scope& scope, bool account) {
  const ast::Name& part = expr.path.parts[1];
  const std::vector<Field>& fields = account ? model_.account : model_.lead;
  if (scope.source) return unknown_name(expr, scope, nullptr);
  std::uint32_t index = find_field(fields, part.text);
  if (index == kNoIndex) {
    if (context_.lost(part.text)) return poison();
    std::string_view owner = account ? "an account" : "a lead";
    Diagnostic& diagnostic = out_.report(DiagnosticId::UnknownAttribute, part.span, owner, part.text);
    suggest(diagnostic, part.text, part.span, names_of(fields),
            fmt::format("Declare it: `{} {{ {}: text? }}`.", expr.path.parts[0].text, part.text));
    return poison();
  }
  if (scope.constant) return not_constant(expr);
  if (scope.in_history) {
    only_the_event(expr);
    return poison();
  }
  if (!account && !lead_at_hand(expr, scope)) return poison();
  model_.symbols[expr.id] = symbol(account ? Symbol::Kind::AccountAttribute : Symbol::Kind::LeadAttribute, index);
  // A lead may have no account, so everything about it may be unknown.
  return account ? maybe(fields[index].type, true) : fields[index].type;
}

Type Expressions::event_property(const ast::NameRef& expr, const Scope& scope) {
  const ast::Name& part = expr.path.parts[1];
  if (scope.event == kBrokenIndex) return poison();
  if (scope.event == kNoIndex || scope.constant) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::NoEventHere, expr.span, expr.path.text());
    diagnostic.hint = "`event.` reads the event that fired a trigger; `entry.` the one that a membership began with.";
    return poison();
  }
  const std::vector<Field>& fields = properties(model_, scope.event);
  std::uint32_t index = find_field(fields, part.text);
  if (index == kNoIndex && context_.lost(part.text)) return poison();
  if (index == kNoIndex) {
    Diagnostic& diagnostic =
        out_.report(DiagnosticId::UnknownProperty, part.span, event_name(model_, scope.event), part.text);
    suggest(diagnostic, part.text, part.span, names_of(fields), not_in_all(scope.event, part.text));
    return poison();
  }
  return use(expr, property_symbol(scope.event, index), scope);
}

/// A property of the event at hand; of a group, whichever of its kinds that is.
Symbol Expressions::property_symbol(std::uint32_t event, std::uint32_t index) const {
  Symbol found = symbol(Symbol::Kind::EventProperty, index);
  found.event_kind = event;
  if (event < model_.kinds.size()) return found;
  const std::string& name = properties(model_, event)[index].name;
  found.event_kind = kNoIndex;
  for (std::uint32_t kind : kinds_of(model_, event))
    found.alternatives.emplace_back(kind, find_field(properties(model_, kind), name));
  return found;
}

/// Why a group does not have what some of its events have; or empty.
std::string Expressions::not_in_all(std::uint32_t event, const std::string& name) const {
  if (event < model_.kinds.size()) return {};
  const EventGroup& group = model_.groups[event - model_.kinds.size()];
  std::string first;
  for (std::uint32_t kind : group.kinds) {
    if (find_field(properties(model_, kind), name) == kNoIndex) first = model_.kinds[kind].name;
    if (!first.empty()) break;
  }
  if (first.empty()) return fmt::format("The events of \"{}\" declare \"{}\" with different types.", group.name, name);
  return fmt::format("Not every event of \"{}\" has it: \"{}\" does not. React to those that do with their own `on`.",
                     group.name, first);
}

Type Expressions::entry_property(const ast::NameRef& expr, const Scope& scope) {
  const ast::Name& part = expr.path.parts[1];
  static const std::vector<std::uint32_t> kNone;
  const std::vector<std::uint32_t>& entering = scope.entry && !scope.constant && !scope.source ? *scope.entry : kNone;
  Symbol found = symbol(Symbol::Kind::EntryProperty, kNoIndex);
  std::optional<Type> type;
  std::vector<std::string_view> names;
  bool every = true;
  for (std::uint32_t kind : entering) {
    if (kind == kBrokenIndex) return poison();
    if (kind == kNoIndex) {  // something enters without an event
      every = false;
      continue;
    }
    std::uint32_t index = find_field(properties(model_, kind), part.text);
    std::vector<std::string_view> own = names_of(properties(model_, kind));
    names.insert(names.end(), own.begin(), own.end());
    if (index == kNoIndex) {
      every = false;
      continue;
    }
    const Type& next = properties(model_, kind)[index].type;
    if (next.poison()) return poison();
    if (type && (type->kind != next.kind || type->element != next.element)) {
      Diagnostic& diagnostic = out_.report(DiagnosticId::EntryTypesDiffer, expr.span, part.text, describe(known(*type)),
                                           describe(known(next)));
      diagnostic.hint = "Declare the property with one type in every event that enters.";
      return poison();
    }
    if (!type) type = next;
    type->optional |= next.optional;
    for (const std::string& value : next.choices) {
      if (!has_value(*type, value)) type->choices.push_back(value);
    }
    found.alternatives.emplace_back(kind, index);
  }
  if (!type && context_.lost(part.text)) return poison();
  if (!type) {
    Diagnostic& diagnostic =
        out_.report(DiagnosticId::UnknownEntryProperty, scope.entry ? part.span : expr.span, part.text);
    suggest(diagnostic, part.text, part.span, names,
            scope.entry ? "" : "`entry.` can be read inside a campaign and in what it sends.");
    return poison();
  }
  if (found.alternatives.size() == 1) std::tie(found.event_kind, found.index) = found.alternatives.front();
  model_.symbols[expr.id] = std::move(found);
  return maybe(*type, type->optional || !every);
}

/// Whether a name in a template could not have meant this: it is declared in another file than the template, which
/// knows nothing of the programmes that use it.
bool Expressions::foreign(const ast::NameRef& expr, const Symbol& own) const {
  if (!context_.in_template(expr.id) || context_.parameters.contains(expr.id)) return false;
  if (own.kind == Symbol::Kind::Let) return model_.lets[own.index].decl->span.file != expr.span.file;
  return own.kind == Symbol::Kind::Segment && model_.segments[own.index].decl->span.file != expr.span.file;
}

/// The parameter of a template, where the name was one there.
std::optional<Symbol> Expressions::parameter(const ast::NameRef& expr) const {
  auto found = context_.parameters.find(expr.id);
  if (found == context_.parameters.end()) return std::nullopt;
  return symbol(Symbol::Kind::Let, found->second);
}

std::optional<Symbol> Expressions::own_name(std::string_view name, const Scope& scope) const {
  auto row = [&](const auto& rows) {
    auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& each) { return each.name == name; });
    return found == rows.end() ? kNoIndex : static_cast<std::uint32_t>(found - rows.begin());
  };
  if (scope.touch && name == "touch") return symbol(Symbol::Kind::Touch, 0);
  if (scope.campaign) {
    if (std::uint32_t index = row(scope.campaign->campaign->remembered); index != kNoIndex)
      return symbol(Symbol::Kind::Remembered, index);
  }
  if (std::uint32_t index = row(model_.lets); index != kNoIndex) return symbol(Symbol::Kind::Let, index);
  if (std::uint32_t index = row(model_.segments); index != kNoIndex) return symbol(Symbol::Kind::Segment, index);
  return std::nullopt;
}

std::string_view Expressions::what(const Symbol& symbol) const {
  switch (symbol.kind) {
    case Symbol::Kind::Remembered:
      return "the value remembered under this name";
    case Symbol::Kind::Let:
      return model_.lets[symbol.index].type ? "the parameter of this name" : "the `let` of this name";
    case Symbol::Kind::Segment:
      return "the segment of this name";
    case Symbol::Kind::LeadAttribute:
    case Symbol::Kind::AccountAttribute:
    case Symbol::Kind::EventProperty:
    case Symbol::Kind::EntryProperty:
    case Symbol::Kind::ChoiceValue:
    case Symbol::Kind::Content:
    case Symbol::Kind::Score:
    case Symbol::Kind::Column:
    case Symbol::Kind::Touch:
    case Symbol::Kind::EventKindName:
    case Symbol::Kind::CampaignName:
    case Symbol::Kind::ErrorSymbol:
      return "another";
  }
  return "";
}

bool Expressions::clash(const ast::NameRef& expr, const Scope& scope, const Symbol& other) {
  const std::string& word = expr.path.parts.front().text;
  Diagnostic& diagnostic =
      out_.report(DiagnosticId::NameClash, expr.span, word, event_name(model_, scope.event), what(other));
  diagnostic.hint = fmt::format("Write `event.{}` for the property, or give the other one another name.", word);
  diagnostic.edits.push_back({expr.span, "event." + word});
  if (other.kind == Symbol::Kind::Let) {
    const Let& let = model_.lets[other.index];
    diagnostic.labels.push_back({let.type ? let.parameter : let.decl->name.span, "the other is declared here"});
  }
  if (other.kind == Symbol::Kind::Segment)
    diagnostic.labels.push_back({model_.segments[other.index].decl->name.span, "the other is declared here"});
  if (other.kind == Symbol::Kind::Remembered) {
    diagnostic.labels.push_back(
        {scope.campaign->campaign->remembered[other.index].span, "the other is remembered here"});
  }
  return true;
}

Type Expressions::bare(const ast::NameRef& expr, const Scope& scope, const Type* expected) {
  const std::string& word = expr.path.parts.front().text;
  std::optional<Symbol> own = parameter(expr);
  if (!own && expected && !expected->poison() && expected->kind == TypeKind::Choice && has_value(*expected, word) &&
      !scope.source) {
    Symbol found = symbol(Symbol::Kind::ChoiceValue, kNoIndex);
    found.text = word;
    model_.symbols[expr.id] = std::move(found);
    return known(*expected);
  }
  if (!own) own = own_name(word, scope);
  bool quoted = context_.written(expr.span) != word;  // column "…"
  if (scope.source && (quoted || !own || own->kind != Symbol::Kind::Let)) return column(expr, *scope.source, word);
  if (is_event(model_, scope.event) && !scope.constant) {
    std::uint32_t index = find_field(properties(model_, scope.event), word);
    if (index != kNoIndex && own && !foreign(expr, *own)) {
      clash(expr, scope, *own);
      return poison();
    }
    if (index != kNoIndex) return use(expr, property_symbol(scope.event, index), scope);
  }
  if (own) return use(expr, std::move(*own), scope);
  std::uint32_t content = model_.find_content(word);
  if (content != kNoIndex) return use(expr, symbol(Symbol::Kind::Content, content), scope);
  return unknown_name(expr, scope, expected);
}

Type Expressions::column(const ast::NameRef& expr, Source& source, const std::string& name) {
  auto at = std::find(source.columns.begin(), source.columns.end(), name);
  auto index = static_cast<std::uint32_t>(at - source.columns.begin());
  if (at == source.columns.end()) source.columns.push_back(name);
  model_.symbols[expr.id] = symbol(Symbol::Kind::Column, index);
  return make(TypeKind::Text, true);
}

Type Expressions::use(const ast::NameRef& expr, Symbol found, const Scope& scope) {
  std::uint32_t index = found.index;
  std::uint32_t kind = found.event_kind;
  Symbol::Kind what_kind = found.kind;
  model_.symbols[expr.id] = std::move(found);
  switch (what_kind) {
    case Symbol::Kind::EventProperty: {
      const Field& field = properties(model_, kind == kNoIndex ? scope.event : kind)[index];
      if (!scope.event_over) return field.type;
      const std::string& name = field.name;
      Diagnostic& diagnostic = out_.report(DiagnosticId::EventOver, expr.span, expr.path.text());
      diagnostic.hint = fmt::format("Keep it before the wait: `remember its_{} as {}`.", name, name);
      return poison();
    }
    case Symbol::Kind::Let:
      context_.used_lets.insert(index);
      return let_type(index);
    case Symbol::Kind::Segment:
      context_.used_segments.insert(index);
      if (scope.constant) return not_constant(expr);
      segment(index);
      if (scope.in_history) {
        only_the_event(expr);
        return poison();
      }
      if (!segment_fits(expr, index, scope)) return poison();
      return make(TypeKind::Boolean);
    case Symbol::Kind::Remembered:
      return scope.constant ? not_constant(expr) : remembered_type(*scope.campaign, index);
    case Symbol::Kind::Content:
      context_.used_contents.insert(index);
      return make(TypeKind::Content);
    case Symbol::Kind::Touch:
      return scope.constant ? not_constant(expr) : make(TypeKind::Integer);
    case Symbol::Kind::LeadAttribute:
    case Symbol::Kind::AccountAttribute:
    case Symbol::Kind::EntryProperty:
    case Symbol::Kind::ChoiceValue:
    case Symbol::Kind::Score:
    case Symbol::Kind::Column:
    case Symbol::Kind::EventKindName:
    case Symbol::Kind::CampaignName:
    case Symbol::Kind::ErrorSymbol:
      return poison();
  }
  return poison();
}

Type Expressions::unknown_name(const ast::NameRef& expr, const Scope& scope, const Type* expected) {
  std::string word = expr.path.text();
  model_.symbols[expr.id] = Symbol{};
  if (scope.event == kBrokenIndex || context_.later.contains(word) || (expected && expected->poison()) ||
      context_.lost(word)) {
    return poison();
  }
  if (expected && expected->kind == TypeKind::Choice) {
    not_a_value(expr, word, *expected);
    return poison();
  }
  Diagnostic& diagnostic = out_.report(DiagnosticId::UnknownName, expr.span, word);
  std::vector<std::string_view> names;
  if (is_event(model_, scope.event)) names = names_of(properties(model_, scope.event));
  if (scope.campaign) {
    for (const Remembered& each : scope.campaign->campaign->remembered) names.push_back(each.name);
  }
  for (const Let& each : model_.lets) {
    if (!each.type) names.push_back(each.name);
  }
  for (const Segment& each : model_.segments) names.push_back(each.name);
  std::string otherwise;
  if (scope.source) {
    otherwise = "In a source only the columns of the row can be read.";
  } else if (word == "touch") {
    otherwise = "Which send of a membership it is, is asked in a scenario: `after send of email if touch is 1 { … }`.";
  } else if (find_field(model_.lead, word) != kNoIndex) {
    otherwise = fmt::format("An attribute of the lead is written `lead.{}`.", word);
  } else if (find_field(model_.account, word) != kNoIndex) {
    otherwise = fmt::format("An attribute of the account is written `account.{}`.", word);
  } else if (model_.find_kind(word) != kNoIndex) {
    otherwise =
        fmt::format("This is an event. React to it with `on`, or ask for the past: `any({} in last 30 days)`.", word);
  } else if (expected && is_textual(expected->kind)) {
    otherwise = fmt::format("A text stands between quotes: \"{}\".", word);
  }
  suggest(diagnostic, word, expr.span, names, std::move(otherwise));
  return poison();
}

const Type& Expressions::let_type(std::uint32_t index) {
  Let& let = model_.lets[index];
  if (lets_[index] == State::Done) return let.value.type;
  if (lets_[index] == State::Open) {
    let.value.type = poison();
    out_.report(DiagnosticId::DefinedByItself, let.decl->name.span, let.name).hint = "Write its value itself.";
    lets_[index] = State::Done;
    return let.value.type;
  }
  lets_[index] = State::Open;
  let.value.type = poison();
  if (!let.decl->value) {
    lets_[index] = State::Done;
    return let.value.type;
  }
  Scope scope;
  scope.constant = true;
  bool sound = let.type ? argument(let) : !infer(*let.decl->value, scope).poison();
  bool looped = lets_[index] == State::Done;
  lets_[index] = State::Done;
  if (!sound || looped) return let.value.type;
  if (std::optional<ConstantValue> folded = constant(*let.decl->value)) {
    let.value = std::move(*folded);
  } else {
    without_value(*let.decl->value);
  }
  return let.value.type;
}

/// What a campaign gives for a parameter must be of its type.
bool Expressions::argument(const Let& let) {
  Diagnostics::About about(out_, let.parameter, {let.parameter, "for this parameter"});
  Scope scope;
  scope.constant = true;
  return value(let.decl->value, scope, *let.type);
}

void Expressions::segment(std::uint32_t index) {
  Segment& segment = model_.segments[index];
  if (segments_[index] == State::Open) {
    segments_[index] = State::Done;
    out_.report(DiagnosticId::DefinedByItself, segment.decl->name.span, segment.name).hint =
        "A segment cannot ask whether the lead is in it.";
  }
  if (segments_[index] == State::Done) return;
  segments_[index] = State::Open;
  Scope scope;
  scope.either = true;
  condition(segment.decl->condition, scope);
  segments_[index] = State::Done;
}

const Type& Expressions::remembered_type(CampaignNames& names, std::uint32_t row) {
  Remembered& remembered = names.campaign->remembered[row];
  if (names.state[row] == CampaignNames::State::Done) return remembered.type;
  if (names.state[row] == CampaignNames::State::Open) {
    names.state[row] = CampaignNames::State::Done;
    remembered.type = poison();
    Diagnostic& diagnostic = out_.report(DiagnosticId::DefinedByItself, remembered.span, remembered.name);
    diagnostic.hint = "Remember a plain value first, so that it is clear what kind of value this is.";
    return remembered.type;
  }
  names.state[row] = CampaignNames::State::Open;
  const std::vector<RememberSite>& sites = names.remembers[row];
  // A site that counts up from itself says nothing of the type; another one will.
  auto site = std::find_if(sites.begin(), sites.end(), [&](const RememberSite& each) {
    return each.statement->value && !mentions(*each.statement->value, remembered.name);
  });
  if (site == sites.end()) site = sites.begin();
  Type type = site->statement->value ? infer(*site->statement->value, site->scope) : poison();
  if (names.state[row] == CampaignNames::State::Done) return remembered.type;
  names.state[row] = CampaignNames::State::Done;
  remembered.type = type.poison() ? type : maybe(type, true);
  return remembered.type;
}

}  // namespace nurture::sema
