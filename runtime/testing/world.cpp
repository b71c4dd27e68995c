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
    name_members();
    give_attributes();
    for (const TestLine& line : plan_.lines) {
      Status done = line.kind == TestLine::Kind::Expect ? ask(line) : move_clock(line);
      if (!done.ok()) return done;
      if (line.kind == TestLine::Kind::Event) add_event(line);
    }
    if (!started_) return Error{"the test has no clock line", "begin with a line such as `at 2026-03-05 10:00`"};
    for (std::uint32_t lead : leads_) builder_.lives_since(lead, first_);
    store::BuildFacts facts;
    world_.store = builder_.build(first_, clock_, facts, store::linking_of(module_));
    world_.bound = vm::bind(module_, world_.store.texts, world_.store.lists);
    world_.horizon = world_.questions.empty() ? clock_ : horizon_;
    world_.several = leads_.size() > 1 || of_account_;
    for (Question& question : world_.questions) question.member = asked_of(*question.line);
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

  void name_members() {
    of_account_ = module_.campaigns[plan_.campaign].for_account;
    account_ = plan_.account_name.empty() ? std::string(kAccountKey) : plan_.account_name;
    if (plan_.leads.empty()) keys_.emplace_back(kLeadKey);
    for (const bytecode::TestLead& lead : plan_.leads)
      keys_.push_back(lead.name.empty() ? std::string(kLeadKey) : lead.name);
    for (const std::string& key : keys_) leads_.push_back(builder_.lead(key));
  }

  /// What the test does not give has its default.
  void give_attributes() {
    const auto& fields = module_.schema.lead;
    for (std::size_t lead = 0; lead < leads_.size(); ++lead) {
      for (std::uint16_t i = 0; i < fields.size(); ++i) {
        if (fields[i].default_value == kNone) continue;
        builder_.set_attribute(leads_[lead], i, constant(fields[i].default_value));
      }
      if (lead >= plan_.leads.size()) continue;
      for (const auto& [attribute, literal] : plan_.leads[lead].attributes)
        builder_.set_attribute(leads_[lead], attribute, value_of(literal));
    }
    if (plan_.has_account || of_account_) give_account();
    for (std::uint32_t lead : leads_) join_account(lead);
    find_zone();
  }

  /// Who names no account belongs to that of the test.
  void join_account(std::uint32_t lead) {
    const std::uint16_t attribute = module_.schema.lead_account;
    const Value named = attribute == kNone ? Value{} : builder_.attribute(lead, attribute);
    if (named.known) return builder_.set_account(lead, builder_.texts().at(named.text()));
    if (!plan_.has_account && !of_account_) return;
    builder_.set_account(lead, account_);
    if (attribute != kNone) builder_.set_attribute(lead, attribute, Value::of_text(builder_.texts().intern(account_)));
  }

  void give_account() {
    builder_.add_account(account_);
    const auto& fields = module_.schema.account;
    for (std::uint16_t i = 0; i < fields.size(); ++i) {
      if (fields[i].default_value == kNone) continue;
      builder_.set_account_attribute(account_, i, constant(fields[i].default_value));
    }
    for (const auto& [attribute, literal] : plan_.account) {
      builder_.set_account_attribute(account_, attribute, value_of(literal));
    }
  }

  /// The zone of whoever the test is about.
  void find_zone() {
    Value name = of_account_ ? account_zone() : Value{};
    if (!of_account_ && module_.schema.lead_timezone != kNone)
      name = builder_.attribute(leads_.front(), module_.schema.lead_timezone);
    if (name.known) world_.zone = calendar::find_zone(builder_.texts().at(name.text()));
    if (world_.zone == nullptr) world_.zone = calendar::find_zone(module_.strings[module_.timezone]);
    if (world_.zone == nullptr) world_.zone = calendar::utc();
  }

  Value account_zone() {
    const std::uint16_t attribute = module_.schema.account_timezone;
    if (attribute == kNone) return {};
    for (const auto& [given, literal] : plan_.account) {
      if (given == attribute) return value_of(literal);
    }
    const std::uint16_t otherwise = module_.schema.account[attribute].default_value;
    return otherwise == kNone ? Value{} : constant(otherwise);
  }

  /// Whose outcomes an expectation asks for.
  store::LeadIndex asked_of(const TestLine& line) const {
    if (line.lead != kNone) return member(keys_[line.lead], false);
    using What = TestLine::What;
    if (line.what == What::Send || line.what == What::AnySend) return store::kNoLead;
    const std::uint16_t campaign = line.campaign == kNone ? plan_.campaign : line.campaign;
    const bool accounts = line.what != What::Score && module_.campaigns[campaign].for_account;
    return accounts ? member(account_, true) : member(keys_.front(), false);
  }

  /// Its row in the store; leads and accounts are told apart, whatever their keys.
  store::LeadIndex member(const std::string& key, bool account) const {
    const store::Store& store = world_.store;
    for (store::LeadIndex i = 0; i < store.leads.size(); ++i) {
      if (store.is_account(i) == account && store.texts.at(store.leads[i]) == key) return i;
    }
    return store::kNoLead;
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
    const std::uint32_t lead = leads_[line.lead == kNone ? 0 : line.lead];
    row.lead = lead;
    row.at = clock_;
    row.kind = static_cast<std::uint8_t>(line.event);
    row.properties = properties;
    row.changes = changes;
    builder_.lives_since(lead, clock_);
    builder_.add(row);
  }

  Status ask(const TestLine& line) {
    if (!started_) return Error{"`" + line.written + "` stands before the first clock line", "put `at …` before it"};
    Question question{&line, clock_, clock_, clock_, store::kNoLead};
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
  vm::BoundModule bound_;             ///< for defaults
  std::vector<std::string> keys_;     ///< of the leads, in the order of the plan
  std::vector<std::uint32_t> leads_;  ///< their numbers in the builder
  std::string account_;
  bool of_account_ = false;  ///< the campaign's members are accounts
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
