#include "runtime/testing/world.h"

#include <algorithm>

#include "runtime/calendar/calendar.h"
#include "runtime/store/builder.h"

namespace nurture::testing {
namespace {

using bytecode::Assignment;
using bytecode::kNone;
using bytecode::Literal;
using bytecode::Module;
using bytecode::TestLine;
using bytecode::TestPlan;

constexpr std::string_view kLeadKey = "test lead";
constexpr std::string_view kAccountKey = "test account";

bool is_text(TypeKind kind) { return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content; }

class Maker {
 public:
  Maker(const Module& module, const TestPlan& plan, World& world)
      : module_(module),
        plan_(plan),
        world_(world),
        builder_(module.schema, {}, false),
        bound_(vm::bind(module, builder_.texts(), builder_.lists())) {}

  Status make() {
    lead_ = builder_.lead(kLeadKey);
    give_attributes();
    for (const TestLine& line : plan_.lines) {
      Status done = line.kind == TestLine::Kind::Expect ? ask(line) : move_clock(line);
      if (!done.ok()) return done;
      if (line.kind == TestLine::Kind::Event) add_event(line);
    }
    if (!started_) return Error{"the test has no clock line", "begin with a line such as `at 2026-03-05 10:00`"};
    builder_.lives_since(lead_, first_);
    store::BuildFacts facts;
    world_.store = builder_.build(first_, clock_, facts, store::linking_of(module_));
    world_.bound = vm::bind(module_, world_.store.texts, world_.store.lists);
    world_.horizon = world_.questions.empty() ? clock_ : horizon_;
    return Done{};
  }

 private:
  Value value_of(const Literal& literal) {
    if (!literal.value.known) return {};
    if (is_text(literal.type.kind)) return Value::of_text(builder_.texts().intern(literal.text));
    if (literal.type.kind != TypeKind::List) return literal.value;
    std::vector<Value> items;
    for (const Literal& item : literal.items) items.push_back(value_of(item));
    return Value::of(builder_.lists().intern(std::move(items)));
  }

  Value constant(std::uint16_t index) const { return bound_.constants[index]; }

  /// What the test does not give has its default.
  void give_attributes() {
    const auto& fields = module_.schema.lead;
    for (std::uint16_t i = 0; i < fields.size(); ++i) {
      if (fields[i].default_value != kNone) builder_.set_attribute(lead_, i, constant(fields[i].default_value));
    }
    for (const auto& [attribute, literal] : plan_.lead) builder_.set_attribute(lead_, attribute, value_of(literal));
    give_account();
    find_zone();
  }

  void give_account() {
    if (plan_.account.empty()) return;
    builder_.set_account(lead_, kAccountKey);
    const auto& fields = module_.schema.account;
    for (std::uint16_t i = 0; i < fields.size(); ++i) {
      if (fields[i].default_value == kNone) continue;
      builder_.set_account_attribute(kAccountKey, i, constant(fields[i].default_value));
    }
    for (const auto& [attribute, literal] : plan_.account) {
      builder_.set_account_attribute(kAccountKey, attribute, value_of(literal));
    }
  }

  void find_zone() {
    const std::uint16_t attribute = module_.schema.lead_timezone;
    const Value name = attribute == kNone ? Value{} : builder_.attribute(lead_, attribute);
    if (name.known) world_.zone = calendar::find_zone(builder_.texts().at(name.text()));
    if (world_.zone == nullptr) world_.zone = calendar::find_zone(module_.strings[module_.timezone]);
    if (world_.zone == nullptr) world_.zone = calendar::utc();
  }

  /// Only `at` and `after` move the clock; an event alone happens where it stands.
  Status move_clock(const TestLine& line) {
    if (!line.absolute && line.after == Duration{} && started_) return Done{};
    Instant to = clock_;
    if (line.absolute) {
      to = calendar::from_local(line.date, line.time, world_.zone);
    } else {
      if (!started_)
        return Error{"the test's first clock line must say `at`, not `after`", "begin with a date and a time"};
      const auto moved = calendar::add(clock_, line.after, world_.zone);
      if (!moved) return Error{"the clock leaves the calendar at `" + line.written + "`", "stay before the year 10000"};
      to = *moved;
    }
    if (started_ && to < clock_) {
      return Error{"`" + line.written + "` is earlier than the line before: the clock can't go back",
                   "put the lines in the order in which they happen"};
    }
    if (!started_) first_ = to;
    before_ = started_ ? clock_ : to;
    clock_ = to;
    started_ = true;
    return Done{};
  }

  std::vector<Value> defaults_of(const bytecode::EventKind& kind) {
    std::vector<Value> values;
    for (const bytecode::Field& field : kind.properties) {
      values.push_back(field.default_value == kNone ? Value{} : constant(field.default_value));
    }
    return values;
  }

  void add_event(const TestLine& line) {
    const bytecode::EventKind& kind = module_.schema.kinds[line.event];
    std::vector<Value> properties = defaults_of(kind);
    std::vector<store::AttributeChange> changes;
    for (const auto& [index, literal] : line.properties) {
      const Value value = value_of(literal);
      if (index < properties.size()) properties[index] = value;
      if (kind.updates_lead) changes.push_back({index, value});
    }
    store::LogRow row;
    row.lead = lead_;
    row.at = clock_;
    row.kind = static_cast<std::uint8_t>(line.event);
    row.properties = properties;
    row.changes = changes;
    builder_.lives_since(lead_, clock_);
    builder_.add(row);
  }

  Status ask(const TestLine& line) {
    if (!started_) return Error{"`" + line.written + "` stands before the first clock line", "put `at …` before it"};
    Question question{&line, clock_, clock_, clock_};
    switch (line.span) {
      case TestLine::Span::Here:
        question.from = before_;
        break;
      case TestLine::Span::Within:
      case TestLine::Span::For:
        question.to = calendar::add(clock_, line.length, world_.zone).value_or(kNever);
        break;
      case TestLine::Span::By:
        question.to = calendar::from_local(line.by_date, line.by_time, world_.zone);
        break;
    }
    if (question.to < clock_ || question.to == kNever) {
      return Error{"`" + line.written + "` asks about a time that is past already", "name an instant after the clock"};
    }
    horizon_ = std::max(horizon_, question.to);
    world_.questions.push_back(question);
    return Done{};
  }

  const Module& module_;
  const TestPlan& plan_;
  World& world_;
  store::Builder builder_;
  vm::BoundModule bound_;  ///< for defaults
  std::uint32_t lead_ = 0;
  bool started_ = false;
  Instant first_ = 0;
  Instant clock_ = 0;
  Instant before_ = 0;  ///< where the clock stood before it moved last
  Instant horizon_ = 0;
};

}  // namespace

Status build_world(const Module& module, const TestPlan& plan, World& world) {
  return Maker(module, plan, world).make();
}

}  // namespace nurture::testing
