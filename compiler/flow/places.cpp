#include <algorithm>
#include <limits>

#include "compiler/flow/conditions.h"

// The places that conditions speak of: what an event says of them, what statements and time leave of what is known.

namespace nurture::flow {

using ast::NodeKind;
using ast::try_as;

namespace {

constexpr Range kAll{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};

bool is_text(TypeKind kind) { return kind == TypeKind::Text || kind == TypeKind::Content; }

}  // namespace

// Events and statements -----------------------------------------------------------------------------------------------

Facts Conditions::property(const std::string& name, const sema::Type& type, const Values& values) {
  sema::Type shape = type;
  if (entering_) shape.optional = true;
  return Facts::of(places_.add(shaped((entering_ ? "entry." : "event.") + name, shape)), values, places_);
}

Facts Conditions::heard(const ast::EventRef& event, std::uint32_t kind, bool entering) {
  const sema::EventKind& row = model_.kinds[kind];
  const bool outside = std::exchange(entering_, entering);
  Facts made = event.where ? when(*event.where, true) : Facts::anything();
  if (event.of_content && row.content_property != sema::kNoIndex) {
    const sema::Field& field = row.properties[row.content_property];
    const Values is{
        .unknown = false, .ranges = {}, .only_listed = true, .listed = {event.of_content.text}, .tests = {}};
    if (is_text(field.type.kind)) made = both(made, property(field.name, field.type, is));
  }
  if (!event.including_machine && row.machine_property != sema::kNoIndex) {
    const sema::Field& field = row.properties[row.machine_property];
    const Values no{.unknown = true, .ranges = {{0, 0}}, .listed = {}, .tests = {}};
    made = both(made, property(field.name, field.type, no));
  }
  for (const sema::Field& field : row.properties) {
    if (!entering || field.type.optional || field.type.poison()) continue;
    Values known;
    known.unknown = false;
    known.ranges = {kAll};
    made = both(made, property(field.name, field.type, known));
  }
  entering_ = outside;
  return made;
}

Facts Conditions::unheard(const ast::EventRef& event, std::uint32_t kind) {
  const sema::EventKind& row = model_.kinds[kind];
  Facts made = event.where ? when(*event.where, false) : Facts::impossible();
  if (event.of_content) {
    if (row.content_property == sema::kNoIndex) return Facts::anything();
    const sema::Field& field = row.properties[row.content_property];
    if (!is_text(field.type.kind)) return Facts::anything();
    const Values other{
        .unknown = true, .ranges = {}, .only_listed = false, .listed = {event.of_content.text}, .tests = {}};
    made = either(made, property(field.name, field.type, other));
  }
  if (!event.including_machine && row.machine_property != sema::kNoIndex) {
    const sema::Field& field = row.properties[row.machine_property];
    const Values yes{.unknown = false, .ranges = {{1, 1}}, .listed = {}, .tests = {}};
    made = either(made, property(field.name, field.type, yes));
  }
  return made;
}

Facts Conditions::entering(const ast::Expr& condition, bool holds) {
  const bool outside = std::exchange(entering_, true);
  Facts made = when(condition, holds);
  entering_ = outside;
  return made;
}

Facts Conditions::after_set(const Facts& facts, const ast::SetStmt& statement) {
  const std::string& name = statement.target.parts.back().text;
  const std::string own = "lead." + name + "|";
  Facts left = facts.keep([&](PlaceId id) {
    const Place& place = places_[id];
    const bool moved = name == "account" && place.key.starts_with("account.");
    return place.lasts != Place::Lasts::Instant && !place.key.starts_with(own) && !moved;
  });
  const auto value = statement.value ? sema::constant_of(model_, *statement.value) : std::nullopt;
  for (const sema::Field& field : model_.lead) {
    if (field.name != name || !value || !value->value.known || value->type.kind != field.type.kind) continue;
    const Place place = shaped("lead." + name, field.type);
    return both(left, Facts::of(places_.add(place), exactly(*value, field.type, place), places_));
  }
  return left;
}

/// The one value that a place of this type then holds.
Values Conditions::exactly(const sema::ConstantValue& value, const sema::Type& type, const Place& place) {
  Values made = whole(place);
  made.unknown = false;
  if (place.shape == Place::Shape::Text) {
    made.only_listed = true;
    made.listed = {value.text};
  } else if (type.kind == TypeKind::Choice) {
    const auto at = std::find(type.choices.begin(), type.choices.end(), value.text);
    if (at != type.choices.end()) made.ranges = {{at - type.choices.begin(), at - type.choices.begin()}};
  } else if (type.kind != TypeKind::Duration && type.kind != TypeKind::List) {
    const std::int64_t bits = type.kind == TypeKind::Number ? in_order(value.value.number()) : value.value.bits;
    made.ranges = {{bits, bits}};
  }
  return made;
}

Facts Conditions::after_work(const Facts& facts) const {
  return facts.keep([&](PlaceId id) { return places_[id].lasts != Place::Lasts::Instant; });
}

Facts Conditions::later(const Facts& facts) const {
  return facts.keep([&](PlaceId id) { return places_[id].lasts == Place::Lasts::Membership; });
}

Facts Conditions::without_event(const Facts& facts) const {
  return facts.keep([&](PlaceId id) { return places_[id].lasts != Place::Lasts::Event; });
}

// Places --------------------------------------------------------------------------------------------------------------

const sema::Type& Conditions::used(const ast::Expr& expr) const {
  auto converted = model_.converted.find(expr.id);
  return converted == model_.converted.end() ? model_.type_of(expr) : converted->second;
}

bool Conditions::is_score(const ast::Expr& expr) const {
  auto found = model_.symbols.find(expr.id);
  return expr.kind == NodeKind::NameRef && found != model_.symbols.end() &&
         found->second.kind == sema::Symbol::Kind::Score;
}

Place Conditions::place_of(const ast::Expr& expr) {
  sema::Type type = used(expr);
  std::string own = key(expr);
  // An entry may be without it; and what is worked out is unknown where it fits no number or date (§3.1).
  const bool worked_out = expr.kind == NodeKind::Binary || expr.kind == NodeKind::Unary ||
                          expr.kind == NodeKind::DateShift || expr.kind == NodeKind::Lookup ||
                          expr.kind == NodeKind::DaysSince || expr.kind == NodeKind::Aggregate;
  if (own.starts_with("entry.") || (worked_out && type.kind != TypeKind::Boolean)) type.optional = true;
  Place made = shaped(is_score(expr) ? own + "|points" : std::move(own), type);
  const auto* asked = try_as<ast::Aggregate>(&expr);
  const auto* leads = try_as<ast::LeadsQuery>(&expr);
  const bool count = (asked && asked->function.text == "count") || (leads && type.kind == TypeKind::Integer);
  if (count) {
    made.whole.low = 0;
    made.optional = false;
  }
  return made;
}

/// The key says what shape it has: the same name may have another in another place.
Place Conditions::shaped(std::string key, const sema::Type& type) const {
  Place made;
  made.lasts = key.starts_with("entry.")                                 ? Place::Lasts::Membership
               : key.starts_with("lead.") || key.starts_with("account.") ? Place::Lasts::Until
               : key.starts_with("event.")                               ? Place::Lasts::Event
                                                                         : Place::Lasts::Instant;
  made.of_campaigns = key.find("campaign ") != std::string::npos || key.find("with sales") != std::string::npos ||
                      key.starts_with("remembered.");
  made.optional = type.optional;
  made.key = std::move(key) + "|" + std::to_string(static_cast<int>(type.kind)) + (type.optional ? "?" : "");
  switch (type.kind) {
    case TypeKind::Boolean:
      made.whole = {0, 1};
      break;
    case TypeKind::Choice:
      made.whole = {0, static_cast<std::int64_t>(type.choices.size()) - 1};
      for (const std::string& each : type.choices) made.key += "|" + each;
      break;
    case TypeKind::Text:
    case TypeKind::Content:
      made.shape = Place::Shape::Text;
      break;
    case TypeKind::Duration:
    case TypeKind::List:
      made.whole = {0, 0};  // known or not is all that is asked
      break;
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
      made.whole = kAll;
      break;
  }
  return made;
}

}  // namespace nurture::flow
