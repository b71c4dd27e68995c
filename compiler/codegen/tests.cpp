#include <algorithm>

#include "compiler/codegen/codegen.h"
#include "compiler/ir/pools.h"
#include "runtime/calendar/calendar.h"

namespace nurture::codegen {

using bytecode::kNone;
using bytecode::TestLine;
using bytecode::TestPlan;
using Item = ast::TestItem;

namespace {

bytecode::Type type_of(const sema::Type& type) { return {type.kind, type.optional, type.element, kNone}; }

bytecode::Literal literal(const sema::ConstantValue& value) {
  bytecode::Literal made;
  made.type = type_of(value.type);
  made.value = value.value;
  made.text = value.text;
  for (const sema::ConstantValue& item : value.items) made.items.push_back(literal(item));
  return made;
}

template <typename Rows, typename NameOf>
std::uint16_t find(const Rows& rows, const NameOf& name_of, std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (name_of(rows[i]) == name) return static_cast<std::uint16_t>(i);
  }
  return kNone;
}

std::optional<Duration> length_of(const sema::Model& model, const ast::Expr* expr) {
  if (!expr) return std::nullopt;
  auto value = sema::constant_of(model, *expr);
  return value ? std::optional(value->value.duration()) : std::nullopt;
}

class TestWriter {
 public:
  TestWriter(const sema::Unit& unit, const bytecode::Module& module, const sema::Test& test)
      : unit_(unit), model_(unit.model), module_(module), test_(test) {}

  TestPlan run() {
    made_.name = test_.name;
    made_.campaign = static_cast<std::uint16_t>(test_.campaign);
    made_.place = written_at(test_.decl->span);
    for (const Item& item : test_.decl->items) {
      if (item.kind == Item::Kind::Also) also(item);
      const bool whose = of_account() ? item.kind == Item::Kind::GivenAccount
                                      : item.kind == Item::Kind::GivenLead && made_.leads.empty();
      if (whose) given_zone(item);
      if (item.kind == Item::Kind::GivenLead) made_.leads.push_back({item.lead.text, {}});
    }
    also_enrolled();
    for (const Item& item : test_.decl->items) this->item(item);
    return std::move(made_);
  }

 private:
  bytecode::WrittenAt written_at(Span span) const {
    const SourceFile& file = unit_.sources.file(span.file);
    LineColumn at = file.locate(span.begin);
    return {file.path(), at.line, at.column};
  }

  std::string_view text(bytecode::StringIndex index) const {
    return index == kNone ? std::string_view() : std::string_view(module_.strings[index]);
  }

  void also(const Item& item) {
    std::uint32_t found = model_.find_campaign(item.campaign.text());
    if (found != sema::kNoIndex) made_.also.push_back(static_cast<std::uint16_t>(found));
  }

  /// What a campaign of the test enrols in runs too.
  void also_enrolled() {
    for (std::size_t i = 0; i <= made_.also.size(); ++i) {
      const std::uint16_t from = i == 0 ? made_.campaign : made_.also[i - 1];
      for (std::uint32_t to : model_.campaigns[from].enrolls_in) {
        const auto campaign = static_cast<std::uint16_t>(to);
        const bool known =
            campaign == made_.campaign || std::find(made_.also.begin(), made_.also.end(), campaign) != made_.also.end();
        if (!known) made_.also.push_back(campaign);
      }
    }
  }

  bool of_account() const { return model_.campaigns[test_.campaign].decl->for_account; }

  /// The zone in which the test's dates are read: the lead's or the account's, or else the programme's (§6.2).
  void given_zone(const Item& item) {
    for (const ast::RecordField& field : item.fields) {
      const auto* name = ast::try_as<ast::TextLit>(field.value);
      if (name && field.name.text == "timezone") zone_ = calendar::find_zone(name->value);
    }
  }

  const calendar::Zone* zone() const {
    if (zone_) return zone_;
    const bytecode::Schema& schema = module_.schema;
    const std::uint16_t attribute = of_account() ? schema.account_timezone : schema.lead_timezone;
    const std::vector<bytecode::Field>& fields = of_account() ? schema.account : schema.lead;
    if (attribute != kNone && fields[attribute].default_value != kNone) {
      const bytecode::Constant& value = module_.constants[fields[attribute].default_value];
      if (const auto* found = calendar::find_zone(module_.strings[static_cast<std::size_t>(value.value.bits)]))
        return found;
    }
    const calendar::Zone* own = calendar::find_zone(model_.program.timezone);
    return own ? own : calendar::utc();
  }

  /// A date and time on the test lead's clock.
  calendar::Local local(const ast::DateTimeLit& at) const {
    const calendar::Zone* named = at.zone.empty() ? nullptr : calendar::find_zone(at.zone);
    if (!named) return {at.days, at.time_of_day};
    return calendar::to_local(calendar::from_local(at.days, at.time_of_day, named), zone());
  }

  /// What `at` or `by` names: as written, on the test lead's clock; the instant of a constant.
  std::optional<calendar::Local> instant(const ast::Expr* expr) const {
    if (!expr) return std::nullopt;
    if (const auto* written = ast::try_as<ast::DateTimeLit>(expr)) return local(*written);
    if (const auto* date = ast::try_as<ast::DateLit>(expr)) return calendar::Local{date->days, 0};
    auto value = sema::constant_of(model_, *expr);
    if (!value || !value->value.known) return std::nullopt;
    if (value->type.kind == TypeKind::Date) return calendar::Local{value->value.bits, 0};
    return calendar::to_local(value->value.bits, zone());
  }

  void item(const Item& item) {
    switch (item.kind) {
      case Item::Kind::GivenLead:
        return assign(item, model_.lead, made_.leads[lead_++].attributes);
      case Item::Kind::GivenAccount:
        made_.has_account = true;
        made_.account_name = item.account.text;
        return assign(item, model_.account, made_.account);
      case Item::Kind::GivenSplit:
        return given_split(item);
      case Item::Kind::GivenHoldout:
        made_.holdout = true;
        return;
      case Item::Kind::Event:
        made_.lines.push_back(event(item));
        return;
      case Item::Kind::Expect:
        made_.lines.push_back(expect(item));
        return;
      case Item::Kind::Also:
        return;
    }
  }

  void assign(const Item& item, const std::vector<sema::Field>& fields, std::vector<bytecode::Assignment>& out) const {
    for (const ast::RecordField& written : item.fields) {
      std::uint16_t index = find(fields, [](const sema::Field& field) { return field.name; }, written.name.text);
      auto value = written.value ? sema::constant_of(model_, *written.value) : std::nullopt;
      if (index == kNone || !value) continue;
      // Without a zone of its own, a date and time is on the test lead's clock like the lines themselves.
      const auto* at = ast::try_as<ast::DateTimeLit>(written.value);
      if (at && at->zone.empty()) value->value = Value::of(calendar::from_local(at->days, at->time_of_day, zone()));
      out.push_back({index, literal(*value)});
    }
  }

  /// The campaigns that run, the named one first.
  std::vector<std::uint16_t> campaigns() const {
    std::vector<std::uint16_t> all{made_.campaign};
    all.insert(all.end(), made_.also.begin(), made_.also.end());
    return all;
  }

  void given_split(const Item& item) {
    for (std::uint16_t campaign : campaigns()) {
      const auto& splits = module_.campaigns[campaign].splits;
      for (std::size_t i = 0; i < splits.size(); ++i) {
        if (text(splits[i].name) != item.split.text) continue;
        std::uint16_t branch = find(
            splits[i].branches, [&](const bytecode::SplitBranch& row) { return text(row.name); }, item.branch.text);
        if (branch != kNone) made_.splits.push_back({campaign, static_cast<std::uint16_t>(i), branch});
      }
    }
  }

  TestLine line(const Item& item) const {
    TestLine made;
    made.place = written_at(item.span);
    made.written = ir::written_in_one_line(unit_.sources.text(item.span));
    return made;
  }

  std::uint16_t lead_named(const ast::Name& name) const {
    return name ? find(made_.leads, [](const bytecode::TestLead& lead) { return lead.name; }, name.text) : kNone;
  }

  TestLine event(const Item& item) const {
    TestLine made = line(item);
    made.kind = item.event ? TestLine::Kind::Event : TestLine::Kind::Advance;
    if (auto when = instant(item.at)) {
      made.absolute = true;
      made.date = static_cast<std::int32_t>(when->date);
      made.time = when->time_of_day;
    }
    if (auto after = length_of(model_, item.after)) made.after = *after;
    if (!item.event) return made;
    std::uint32_t kind = model_.find_kind(item.event.text());
    if (kind == sema::kNoIndex) return made;
    made.event = static_cast<std::uint16_t>(kind);
    made.lead = lead_named(item.lead);
    const sema::EventKind& row = model_.kinds[kind];
    assign(item, row.updates_lead ? model_.lead : row.properties, made.properties);
    return made;
  }

  TestLine expect(const Item& item) const {
    TestLine made = line(item);
    made.kind = TestLine::Kind::Expect;
    made.negated = item.negated;
    made.lead = lead_named(item.lead);
    what(item, made);
    switch (item.when) {
      case Item::When::Here:
        made.span = TestLine::Span::Here;
        break;
      case Item::When::Within:
        made.span = TestLine::Span::Within;
        break;
      case Item::When::For:
        made.span = TestLine::Span::For;
        break;
      case Item::When::By:
        made.span = TestLine::Span::By;
        break;
    }
    if (item.when != Item::When::By) {
      if (auto length = length_of(model_, item.length)) made.length = *length;
    } else if (auto until = instant(item.length)) {
      made.by_date = static_cast<std::int32_t>(until->date);
      made.by_time = until->time_of_day;
    }
    return made;
  }

  /// Sets the campaign and row that a name stands for: of the first campaign of the test that has it.
  template <typename Find>
  void row(TestLine& made, std::uint16_t& out, const Find& find_in) const {
    for (std::uint16_t campaign : campaigns()) {
      out = find_in(module_.campaigns[campaign]);
      made.campaign = campaign;
      if (out != kNone) return;
    }
    made.campaign = made_.campaign;
  }

  void score(const Item& item, TestLine& made) const {
    made.what = TestLine::What::Score;
    made.score = static_cast<std::uint16_t>(model_.find_score(item.name.text));
    const auto& comparison = ast::as<ast::Binary>(*item.condition);
    using Op = ast::BinaryOp;
    made.test = comparison.op == Op::Less           ? 0
                : comparison.op == Op::LessEqual    ? 1
                : comparison.op == Op::Greater      ? 2
                : comparison.op == Op::GreaterEqual ? 3
                                                    : 4;
    if (auto bound = sema::constant_of(model_, *comparison.right)) made.bound = bound->value.number();
  }

  void what(const Item& item, TestLine& made) const {
    const std::string& name = item.name.text;
    made.campaign = made_.campaign;
    switch (item.what) {
      case Item::What::Send:
        made.what = item.name ? TestLine::What::Send : TestLine::What::AnySend;
        if (item.name) made.content = static_cast<std::uint16_t>(model_.find_content(name));
        return;
      case Item::What::Stage:
        made.what = TestLine::What::Stage;
        return row(made, made.stage, [&](const bytecode::Campaign& campaign) {
          return find(campaign.stages, [&](const bytecode::Stage& stage) { return text(stage.name); }, name);
        });
      case Item::What::Exit:
        made.what = TestLine::What::Exit;
        if (!item.name) return;
        return row(made, made.reason, [&](const bytecode::Campaign& campaign) {
          return find(campaign.reasons, [&](bytecode::StringIndex reason) { return text(reason); }, name);
        });
      case Item::What::Goal:
        made.what = TestLine::What::Goal;
        if (!item.name) return;
        return row(made, made.goal, [&](const bytecode::Campaign& campaign) {
          return find(campaign.goals, [&](const bytecode::Goal& goal) { return text(goal.name); }, name);
        });
      case Item::What::HandOff:
        made.what = TestLine::What::HandOff;
        return;
      case Item::What::TakeBack:
        made.what = TestLine::What::TakeBack;
        return;
      case Item::What::Assign:
        made.what = TestLine::What::Assign;
        made.text = name;
        return;
      case Item::What::Notify:
        made.what = TestLine::What::Notify;
        return;
      case Item::What::Entry:
        made.what = TestLine::What::Entry;
        return;
      case Item::What::Outside:
        made.what = TestLine::What::Outside;
        return;
      case Item::What::Score:
        return score(item, made);
    }
  }

  const sema::Unit& unit_;
  const sema::Model& model_;
  const bytecode::Module& module_;
  const sema::Test& test_;
  TestPlan made_;
  std::size_t lead_ = 0;  ///< how many leads have their attributes
  const calendar::Zone* zone_ = nullptr;
};

}  // namespace

std::vector<TestPlan> lower_tests(const sema::Unit& unit, const bytecode::Module& module) {
  std::vector<TestPlan> plans;
  for (const sema::Test& test : unit.model.tests) {
    if (test.campaign < module.campaigns.size()) plans.push_back(TestWriter(unit, module, test).run());
  }
  return plans;
}

}  // namespace nurture::codegen
