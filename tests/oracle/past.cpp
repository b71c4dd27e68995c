#include "tests/oracle/past.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "tests/oracle/arithmetic.h"
#include "tests/oracle/evaluate.h"

namespace nurture::oracle {

namespace {

Duration constant_length(const ast::Expr& expr, const Scene& scene) { return evaluate(expr, scene).duration; }

Instant forward(Instant at, Duration d, const calendar::Zone* zone) {
  return calendar::add(at, d, zone).value_or(kNever);
}

Duration backward(Duration d) {
  return {static_cast<std::int16_t>(-d.months), static_cast<std::int16_t>(-d.days), -d.micros};
}

Datum cell(const LogEvent& event, const std::string& name) {
  auto found = event.properties.find(name);
  return found == event.properties.end() ? Datum::unknown() : found->second;
}

bool is_one_of(const LogEvent& event, const std::vector<std::uint32_t>& kinds, const sema::Model& model) {
  return std::find(kinds.begin(), kinds.end(), model.find_kind(event.kind)) != kinds.end();
}

bool is_asked(const ast::EventRef& ref, const std::vector<std::uint32_t>& kinds, const LogEvent& event,
              const Scene& scene) {
  if (!is_one_of(event, kinds, *scene.model)) return false;
  const sema::EventKind& row = scene.model->kinds[scene.model->find_kind(event.kind)];
  bool machine =
      row.machine_property != sema::kNoIndex && cell(event, row.properties[row.machine_property].name).truth();
  if (machine && !ref.including_machine) return false;
  if (ref.of_content) {
    Datum content = cell(event, "content");
    if (!content.known || content.text != ref.of_content.text) return false;
  }
  Scene inner = scene;
  inner.event = &event;
  return holds(ref.where, inner);
}

/// The events that a question is about, oldest first.
std::vector<const Happened*> asked(const ast::Aggregate& node, const Scene& scene) {
  std::vector<const Happened*> out;
  const std::vector<std::uint32_t>& kinds = scene.model->asked.at(node.id).kinds;
  const auto& events = scene.looking.past->events;
  std::size_t from = node.since == ast::Since::Entry   ? scene.looking.entry
                     : node.since == ast::Since::Stage ? scene.looking.stage
                                                       : 0;
  std::optional<Duration> window;
  if (node.last) window = constant_length(*node.last, scene);
  for (std::size_t i = from; i < events.size(); ++i) {
    const Happened& h = events[i];
    if (!is_one_of(h.event, kinds, *scene.model)) continue;
    if (window && forward(h.event.at, *window, h.zone) <= scene.now) continue;
    if (is_asked(node.event, kinds, h.event, scene)) out.push_back(&h);
  }
  return out;
}

}  // namespace

Datum look_back(const ast::Aggregate& node, const Scene& scene) {
  const std::string& function = node.function.text;
  std::vector<const Happened*> found = asked(node, scene);
  if (function == "any") return Datum::of_bool(!found.empty());
  if (function == "none") return Datum::of_bool(found.empty());
  if (function == "count") return Datum::of(TypeKind::Integer, static_cast<std::int64_t>(found.size()));
  const sema::AskedEvents& about = scene.model->asked.at(node.id);
  std::vector<Datum> values;
  for (const Happened* h : found) {
    if (about.properties.empty()) {
      values.push_back(Datum::of(TypeKind::DateTime, h->event.at));
    } else {
      Datum value = cell(h->event, node.event.kind.parts.back().text);
      if (value.known) values.push_back(value);
    }
  }
  if (function != "sum") {
    if (values.empty()) return Datum::unknown();
    return function == "first" ? values.front() : values.back();
  }
  TypeKind kind = scene.model->type_of(node).kind;
  Datum sum = kind == TypeKind::Number ? Datum::of_number(0) : Datum::of(kind, 0);
  for (const Datum& value : values) sum = add(sum, value, false, scene);
  return sum;
}

Datum content_past(const ast::ContentPast& node, const Scene& scene) {
  if (node.verb.text == "sent") return Datum::of_bool(scene.looking.past->sent.contains(node.content.text));
  ast::EventRef ref;
  ref.of_content = node.content;
  const std::vector<std::uint32_t>& kinds = scene.model->asked.at(node.id).kinds;
  const auto& events = scene.looking.past->events;
  return Datum::of_bool(std::any_of(events.begin(), events.end(),
                                    [&](const Happened& h) { return is_asked(ref, kinds, h.event, scene); }));
}

/// Counts up or down a day at a time, from about there.
Datum days_since(const Datum& at, const Scene& scene) {
  if (!at.known) return Datum::unknown();
  auto moved = [&](int days) { return forward(at.whole, {0, static_cast<std::int16_t>(days), 0}, scene.zone); };
  auto days = static_cast<int>(std::clamp<std::int64_t>((scene.now - at.whole) / kDay, -20'000, 20'000));
  while (moved(days) > scene.now) --days;
  while (moved(days + 1) <= scene.now) ++days;
  return Datum::of(TypeKind::Integer, days);
}

bool in_last(const Datum& at, Duration length, const Scene& scene) {
  return at.known && at.whole <= scene.now && scene.now < forward(at.whole, length, scene.zone);
}

bool within_next(const Datum& at, Duration length, const Scene& scene) {
  if (!at.known) return false;
  if (at.kind != TypeKind::Date)
    return forward(at.whole, backward(length), scene.zone) <= scene.now && scene.now <= at.whole;
  Instant start = calendar::from_local(at.whole, 0, scene.zone);
  return forward(start, backward(length), scene.zone) <= scene.now &&
         scene.now < calendar::from_local(at.whole + 1, 0, scene.zone);
}

bool was_in(const ast::WasInCampaign& node, const Scene& scene) {
  for (const Departure& d : scene.looking.past->departures) {
    if (d.campaign != node.campaign.text() || d.reason != node.reason.text) continue;
    if (!node.last || scene.now < forward(d.at, constant_length(*node.last, scene), d.zone)) return true;
  }
  return false;
}

// Scores --------------------------------------------------------------------------------------------------------------

/// As published: 2^63 * 2^(-k/4096), straight lines between.
std::int64_t left_of(std::int64_t millionths, Instant passed, std::int64_t half_life) {
  using Wide = unsigned __int128;
  if (half_life == 0 || passed <= 0) return millionths;
  if (passed / half_life >= 63) return 0;
  static const std::vector<std::uint64_t> kRoots = [] {
    std::vector<std::uint64_t> roots;
    std::uint64_t x = std::uint64_t{1} << 62;
    for (int i = 0; i < 12; ++i) {
      Wide square = static_cast<Wide>(x) << 63;
      std::uint64_t low = 0, high = std::uint64_t{1} << 63;
      while (low < high) {
        std::uint64_t middle = low + (high - low + 1) / 2;
        if (static_cast<Wide>(middle) * middle <= square) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      roots.push_back(x = low);
    }
    return roots;
  }();
  auto table = [&](std::uint32_t k) {
    if (k == 4096) return std::uint64_t{1} << 62;
    std::uint64_t t = std::uint64_t{1} << 63;
    for (int i = 0; i < 12; ++i) {
      if (k & (2048u >> i))
        t = static_cast<std::uint64_t>((static_cast<Wide>(t) * kRoots[static_cast<std::size_t>(i)]) >> 63);
    }
    return t;
  };
  Wide part = (static_cast<Wide>(passed % half_life) << 44) / static_cast<Wide>(half_life);
  auto k = static_cast<std::uint32_t>(part >> 32);
  auto f = static_cast<std::uint64_t>(part & 0xffffffffu);
  std::uint64_t a = table(k), b = table(k + 1);
  std::uint64_t factor = a - static_cast<std::uint64_t>((static_cast<Wide>(a - b) * f) >> 32);
  std::uint64_t size =
      millionths < 0 ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  auto left = static_cast<std::int64_t>((static_cast<Wide>(size) * factor) >> (63 + passed / half_life));
  return millionths < 0 ? -left : left;
}

std::int64_t half_life(const sema::Model& model, const sema::Score& score) {
  if (!score.decl->halves_every) return 0;
  Scene scene;
  scene.model = &model;
  Duration d = constant_length(*score.decl->halves_every, scene);
  return d.days * kDay + d.micros;
}

std::int64_t score_now(const std::string& name, const Scene& scene) {
  auto found = scene.looking.past->scores.find(name);
  if (found == scene.looking.past->scores.end()) return 0;
  const sema::Score& score = scene.model->scores[scene.model->find_score(name)];
  return left_of(found->second.millionths, scene.now - found->second.at, half_life(*scene.model, score));
}

void add_points(Past& past, const sema::Model& model, const std::string& name, Instant at, std::int64_t points) {
  const sema::Score& score = model.scores[model.find_score(name)];
  Points& state = past.scores[name];
  std::int64_t value = left_of(state.millionths, at - state.at, half_life(model, score)) + points;
  if (score.decl->cap) value = std::min(value, *sema::score_points(model, *score.decl->cap));
  if (score.decl->floor) value = std::max(value, *sema::score_points(model, *score.decl->floor));
  state = {value, at};
}

void score_event(Past& past, const Happened& what, const Scene& scene) {
  for (const sema::Score& score : scene.model->scores) {
    for (const ast::ScoreRow& row : score.decl->rows) {
      if (!is_asked(row.event, scene.model->kinds_of(row.event.kind.text()), what.event, scene)) continue;
      auto& given = past.given[&row];
      if (row.per) {
        Duration per = constant_length(*row.per, scene);
        auto counts = std::count_if(given.begin(), given.end(),
                                    [&](const auto& g) { return what.event.at < forward(g.first, per, g.second); });
        if (counts >= row.at_most) continue;
      }
      given.emplace_back(what.event.at, what.zone);
      add_points(past, *scene.model, score.name, what.event.at, *sema::score_points(*scene.model, *row.points));
    }
  }
}

// Turning by itself ---------------------------------------------------------------------------------------------------

namespace {

void note(Instant at, const Scene& scene, std::set<Instant>& out) {
  if (at > scene.now && at != kNever) out.insert(at);
}

/// Where a comparison that holds a decaying score turns, by halving the time. It turns once at most, but for a single
/// value, of which the generator writes none.
void note_crossing(const std::function<bool(const Scene&)>& holds_in, const Scene& scene, std::set<Instant>& out) {
  auto at = [&](Instant when) {
    Scene then = scene;
    then.now = when;
    return holds_in(then);
  };
  Instant low = scene.now, high = scene.now + 4000 * kDay;
  if (at(low) == at(high)) return;
  bool begins = at(low);
  while (high - low > 1) {
    Instant middle = low + (high - low) / 2;
    (at(middle) == begins ? low : high) = middle;
  }
  note(high, scene, out);
}

void note_crossings(const ast::Expr& comparison, const Scene& scene, std::set<Instant>& out) {
  const auto* range = ast::try_as<ast::Between>(&comparison);
  if (!range) return note_crossing([&](const Scene& then) { return evaluate(comparison, then).truth(); }, scene, out);
  auto number = [](const ast::Expr& expr, const Scene& then) {
    return convert(evaluate(expr, then), TypeKind::Number, then).number;
  };
  note_crossing([&](const Scene& then) { return number(*range->low, then) <= number(*range->value, then); }, scene,
                out);
  note_crossing([&](const Scene& then) { return number(*range->value, then) <= number(*range->high, then); }, scene,
                out);
}

bool has_score(const ast::Expr& expr, const Scene& scene) {
  auto found = scene.model->symbols.find(expr.id);
  return expr.kind == ast::NodeKind::NameRef && found != scene.model->symbols.end() &&
         found->second.kind == sema::Symbol::Kind::Score;
}

void children(const ast::Expr& expr, const std::function<void(const ast::Expr&)>& see) {
  auto go = [&](const ast::Expr* child) {
    if (child) see(*child);
  };
  if (const auto* n = ast::try_as<ast::Unary>(&expr)) go(n->operand);
  if (const auto* n = ast::try_as<ast::Lookup>(&expr)) go(n->key);
  if (const auto* n = ast::try_as<ast::Binary>(&expr)) go(n->left), go(n->right);
  if (const auto* n = ast::try_as<ast::InTest>(&expr)) go(n->value);
  if (const auto* n = ast::try_as<ast::Between>(&expr)) go(n->value), go(n->low), go(n->high);
  if (const auto* n = ast::try_as<ast::KnownTest>(&expr)) go(n->value);
  if (const auto* n = ast::try_as<ast::DateShift>(&expr)) go(n->amount), go(n->target);
  if (const auto* n = ast::try_as<ast::DaysSince>(&expr)) go(n->target);
  if (const auto* n = ast::try_as<ast::InLast>(&expr)) go(n->value);
  if (const auto* n = ast::try_as<ast::WithinNext>(&expr)) go(n->value);
}

void note_date(const ast::Expr& value, const ast::Expr& length, const Scene& scene, std::set<Instant>& out) {
  Datum at = evaluate(value, scene);
  if (!at.known) return;
  Duration d = constant_length(length, scene);
  Instant from = at.kind == TypeKind::Date ? calendar::from_local(at.whole, 0, scene.zone) : at.whole;
  Instant end = at.kind == TypeKind::Date ? calendar::from_local(at.whole + 1, 0, scene.zone) : at.whole + 1;
  for (Instant each : {from, end, forward(from, d, scene.zone), forward(from, backward(d), scene.zone)})
    note(each, scene, out);
}

}  // namespace

void turning_points(const ast::Expr& expr, const Scene& scene, std::set<Instant>& out) {
  if (const auto* node = ast::try_as<ast::Aggregate>(&expr); node && node->last) {
    const std::vector<std::uint32_t>& kinds = scene.model->asked.at(node->id).kinds;
    const Duration window = constant_length(*node->last, scene);
    for (const Happened& h : scene.looking.past->events) {
      if (is_one_of(h.event, kinds, *scene.model)) note(forward(h.event.at, window, h.zone), scene, out);
    }
  }
  const auto* query = ast::try_as<ast::LeadsQuery>(&expr);
  if (query && query->where && scene.leads) {
    for (const Scene& lead : (*scene.leads)()) turning_points(*query->where, lead, out);
  }
  if (const auto* node = ast::try_as<ast::WasInCampaign>(&expr); node && node->last) {
    for (const Departure& d : scene.looking.past->departures)
      note(forward(d.at, constant_length(*node->last, scene), d.zone), scene, out);
  }
  if (const auto* node = ast::try_as<ast::InLast>(&expr)) note_date(*node->value, *node->length, scene, out);
  if (const auto* node = ast::try_as<ast::WithinNext>(&expr)) note_date(*node->value, *node->length, scene, out);
  if (const auto* node = ast::try_as<ast::DaysSince>(&expr)) {
    Datum at = evaluate(*node->target, scene);
    Datum days = days_since(at, scene);
    if (at.known) note(forward(at.whole, {0, static_cast<std::int16_t>(days.whole + 1), 0}, scene.zone), scene, out);
  }
  if (expr.kind == ast::NodeKind::Today)
    note(calendar::from_local(calendar::to_local(scene.now, scene.zone).date + 1, 0, scene.zone), scene, out);
  bool crosses = false;
  children(expr, [&](const ast::Expr& child) { crosses = crosses || has_score(child, scene); });
  if (crosses) note_crossings(expr, scene, out);
  auto symbol = scene.model->symbols.find(expr.id);
  if (expr.kind == ast::NodeKind::NameRef && symbol != scene.model->symbols.end() &&
      symbol->second.kind == sema::Symbol::Kind::Segment) {
    turning_points(*scene.model->segments[symbol->second.index].decl->condition, scene, out);
  }
  children(expr, [&](const ast::Expr& child) { turning_points(child, scene, out); });
}

}  // namespace nurture::oracle
