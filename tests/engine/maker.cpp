#include "tests/engine/maker.h"

#include <fmt/format.h>

#include "runtime/calendar/calendar.h"

namespace nurture::engine::test {

using bytecode::kNone;
using outcome::Kind;

Maker::Maker() {
  module.name = text("test");
  module.timezone = text("UTC");
  module.seed = 42;
  module.places.push_back({text("test.nurture"), 1, 1});
}

std::uint16_t Maker::text(std::string_view string) {
  for (std::size_t i = 0; i < module.strings.size(); ++i) {
    if (module.strings[i] == string) return static_cast<std::uint16_t>(i);
  }
  module.strings.emplace_back(string);
  return static_cast<std::uint16_t>(module.strings.size() - 1);
}

std::uint16_t Maker::constant(TypeKind kind, Value value) {
  bytecode::Type type;
  type.kind = kind;
  module.constants.push_back({type, value});
  return static_cast<std::uint16_t>(module.constants.size() - 1);
}

std::uint16_t Maker::length(Duration duration) { return constant(TypeKind::Duration, Value::of_duration(duration)); }

std::uint16_t Maker::kind(std::string_view name, std::initializer_list<std::pair<const char*, TypeKind>> properties) {
  bytecode::EventKind kind;
  kind.name = text(name);
  for (const auto& [property, type] : properties) {
    if (std::string_view(property) == "content") {
      kind.content_property = static_cast<std::uint16_t>(kind.properties.size());
    }
    bytecode::Field field;
    field.name = text(property);
    field.type.kind = type;
    kind.properties.push_back(field);
  }
  module.schema.kinds.push_back(kind);
  return static_cast<std::uint16_t>(module.schema.kinds.size() - 1);
}

std::uint16_t Maker::attribute(std::string_view name, TypeKind kind) {
  bytecode::Field field;
  field.name = text(name);
  field.type.kind = kind;
  field.type.optional = true;
  module.schema.lead.push_back(field);
  return static_cast<std::uint16_t>(module.schema.lead.size() - 1);
}

std::uint16_t Maker::account_attribute(std::string_view name, TypeKind kind) {
  bytecode::Field field;
  field.name = text(name);
  field.type.kind = kind;
  field.type.optional = true;
  module.schema.account.push_back(field);
  return static_cast<std::uint16_t>(module.schema.account.size() - 1);
}

std::uint16_t Maker::content(std::string_view name, bytecode::MessageClass message_class) {
  bytecode::Content content;
  content.name = text(name);
  content.channel = text("email");
  content.message_class = message_class;
  module.contents.push_back(content);
  return static_cast<std::uint16_t>(module.contents.size() - 1);
}

Pc Maker::op(Opcode opcode, std::initializer_list<std::uint32_t> operands) {
  const Pc at = here();
  module.code.push_back(static_cast<std::uint8_t>(opcode));
  const auto kinds = bytecode::info(opcode).list();
  std::size_t i = 0;
  for (std::uint32_t operand : operands) {
    for (std::uint8_t byte = 0; byte < bytecode::operand_bytes(kinds[i]); ++byte) {
      module.code.push_back(static_cast<std::uint8_t>(operand >> (8 * byte)));
    }
    ++i;
  }
  return at;
}

Pc Maker::is_true(std::uint16_t attribute_index) {
  const Pc at = op(Opcode::LoadLead, {attribute_index});
  op(Opcode::Truth);
  op(Opcode::Return);
  return at;
}

Pc Maker::with_sales() {
  const Pc at = op(Opcode::LoadWithSales);
  op(Opcode::Return);
  return at;
}

bytecode::EventMatch Maker::on(std::uint16_t kind_index) const {
  bytecode::EventMatch match;
  match.kinds = {kind_index};
  return match;
}

CampaignMaker::CampaignMaker(Maker& maker, std::string_view name, std::uint16_t entering) : maker_(maker) {
  bytecode::Campaign campaign;
  campaign.name = maker.text(name);
  bytecode::Entry entry;
  entry.event = maker.on(entering);
  campaign.entries.push_back(entry);
  index_ = maker.module.campaigns.size();
  maker.module.campaigns.push_back(campaign);
}

std::uint16_t CampaignMaker::stage(std::string_view name) {
  bytecode::Stage stage;
  stage.name = maker_.text(name);
  stage.body = maker_.here();
  (*this)->stages.push_back(stage);
  return static_cast<std::uint16_t>((*this)->stages.size() - 1);
}

std::uint16_t CampaignMaker::reason(std::string_view name) {
  (*this)->reasons.push_back(maker_.text(name));
  return static_cast<std::uint16_t>((*this)->reasons.size() - 1);
}

void CampaignMaker::exit(std::string_view name) { maker_.op(Opcode::Exit, {reason(name), 0}); }

void CampaignMaker::go_to(std::uint16_t stage) { maker_.op(Opcode::GoTo, {stage, 0}); }

std::uint16_t CampaignMaker::wait(Duration duration) {
  const auto index = static_cast<std::uint16_t>((*this)->states.size());
  bytecode::State state;
  state.label = maker_.text("wait");
  maker_.op(Opcode::LoadNow);
  maker_.op(Opcode::PushConst, {maker_.length(duration)});
  maker_.op(Opcode::ShiftInstant);
  maker_.op(Opcode::WaitUntil, {index});
  state.on_timer = state.on_move_on = maker_.here();
  (*this)->states.push_back(state);
  return index;
}

std::uint16_t CampaignMaker::stay() {
  const auto index = static_cast<std::uint16_t>((*this)->states.size());
  bytecode::State state;
  state.kind = bytecode::StateKind::Stay;
  state.label = maker_.text("stay");
  maker_.op(Opcode::Stay, {index});
  (*this)->states.push_back(state);
  return index;
}

std::uint16_t CampaignMaker::send(std::uint16_t content, bool detached, std::uint16_t owner) {
  const auto index = static_cast<std::uint16_t>((*this)->sends.size());
  bytecode::SendSite site;
  site.content = content;
  site.detached = detached;
  site.owner_stage = owner;
  if (!detached) {
    site.state = static_cast<std::uint16_t>((*this)->states.size());
    bytecode::State state;
    state.kind = bytecode::StateKind::Deferred;
    state.label = maker_.text("send");
    (*this)->states.push_back(state);
  }
  maker_.op(Opcode::Send, {index});
  site.next = site.otherwise = maker_.here();
  (*this)->sends.push_back(site);
  return index;
}

std::uint16_t CampaignMaker::send_to_leads(std::uint16_t content, Pc recipients, std::uint16_t owner) {
  const std::uint16_t index = send(content, true, owner);
  (*this)->sends[index].to_leads = true;
  (*this)->sends[index].recipients = recipients;
  return index;
}

void CampaignMaker::notify(std::string_view who) {
  const auto index = static_cast<std::uint16_t>((*this)->notifies.size());
  (*this)->notifies.emplace_back();
  maker_.op(Opcode::PushConst, {maker_.constant(TypeKind::Text, Value::of_text(maker_.text(who)))});
  maker_.op(Opcode::Notify, {index});
}

void CampaignMaker::hand_off(std::uint16_t answer_within) {
  const auto index = static_cast<std::uint16_t>((*this)->hand_offs.size());
  bytecode::HandOffSite site;
  site.answer_within = answer_within;
  (*this)->hand_offs.push_back(site);
  maker_.op(Opcode::HandOff, {index});
}

void CampaignMaker::set(std::uint16_t attribute, bool value) {
  maker_.op(value ? Opcode::PushTrue : Opcode::PushFalse);
  maker_.op(Opcode::SetLead, {attribute, 0});
}

bytecode::Trigger CampaignMaker::on(std::uint16_t kind) {
  bytecode::Trigger trigger;
  trigger.event = maker_.on(kind);
  trigger.body = maker_.here();
  return trigger;
}

bytecode::Trigger CampaignMaker::when(Pc condition, bool becomes_true) {
  bytecode::Trigger trigger;
  trigger.condition = condition;
  trigger.becomes_true = becomes_true;
  trigger.when_index = whens_++;
  trigger.body = maker_.here();
  return trigger;
}

void LogMaker::lead(std::string_view key, std::uint16_t attribute, Value value) {
  builder_.set_attribute(builder_.lead(key), attribute, value);
}

void LogMaker::lead_text(std::string_view key, std::uint16_t attribute, std::string_view text) {
  lead(key, attribute, Value::of_text(builder_.texts().intern(text)));
}

void LogMaker::event(std::string_view lead, Instant after_start, std::uint16_t kind, std::vector<std::string> texts,
                     std::vector<store::AttributeChange> changes) {
  std::vector<Value> cells(module_.schema.kinds[kind].properties.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) cells[i] = Value::of_text(builder_.texts().intern(texts[i]));
  }
  store::LogRow row;
  row.lead = builder_.lead(lead);
  row.at = kStart + after_start;
  row.kind = static_cast<std::uint8_t>(kind);
  row.properties = cells;
  row.changes = changes;
  builder_.lives_since(row.lead, row.at);
  builder_.add(row);
  last_ = std::max(last_, row.at);
}

void LogMaker::build() {
  store::BuildFacts facts;
  if (!built_) store_ = builder_.build(kStart, last_, facts, store::linking_of(module_));
  built_ = true;
}

void LogMaker::account(std::string_view lead, std::string_view account) {
  builder_.set_account(builder_.lead(lead), account);
}

void LogMaker::account_text(std::string_view account, std::uint16_t attribute, std::string_view words) {
  builder_.set_account_attribute(account, attribute, text(words));
}

std::vector<std::string> LogMaker::run(RunOptions options) { return told(options, false, outcome::kAllKinds).lines; }

std::vector<std::string> LogMaker::run_named(RunOptions options) {
  return told(options, true, outcome::kAllKinds).lines;
}

LogMaker::Wanted LogMaker::run_wanted(RunOptions options, outcome::Kinds wanted) { return told(options, true, wanted); }

Status LogMaker::run_into(const RunOptions& options,
                          const std::function<outcome::Sink*(std::size_t range)>& make_sink) {
  build();
  const vm::BoundModule bound = vm::bind(module_, store_.texts, store_.lists);
  return engine::run(bound, store_, options, make_sink);
}

LogMaker::Wanted LogMaker::told(const RunOptions& options, bool named, outcome::Kinds wanted) {
  class Lines final : public outcome::Sink {
   public:
    Lines(const bytecode::Module& module, const store::Store& store, bool named, outcome::Kinds wanted)
        : module_(module), store_(store), named_(named), wanted_(wanted) {}
    outcome::Kinds wants() const override { return wanted_; }
    void lead_done(store::LeadIndex) override { ++all.done; }
    void untouched(std::size_t leads) override { all.passed_over += leads; }
    void on(const outcome::Outcome& out) override {
      std::string whose;
      if (named_) whose = std::string(store_.texts.at(store_.leads[out.lead])) + " ";
      if (named_ && out.account != store::kNoLead && !out.of_account()) {
        whose += "for " + std::string(store_.texts.at(store_.leads[out.account])) + " ";
      }
      all.lines.push_back(whose + calendar::format_duration({0, 0, out.at - kStart}) + ": " + tell(out, module_));
    }
    Wanted all;

   private:
    const bytecode::Module& module_;
    const store::Store& store_;
    bool named_;
    outcome::Kinds wanted_;
  };
  build();
  std::vector<std::unique_ptr<Lines>> sinks;
  const Status status = run_into(options, [&](std::size_t) {
    sinks.push_back(std::make_unique<Lines>(module_, store_, named, wanted));
    return sinks.back().get();
  });
  Wanted all;
  for (const auto& sink : sinks) {
    all.lines.insert(all.lines.end(), sink->all.lines.begin(), sink->all.lines.end());
    all.passed_over += sink->all.passed_over;
    all.done += sink->all.done;
  }
  if (!status.ok()) all.lines.push_back("failed: " + status.error().message);
  return all;
}

namespace {

std::string wait_end(std::int64_t how) {
  switch (how) {
    case 0:
      return "time";
    case 1:
      return "left";
    case 2:
      return "horizon";
    default:
      return fmt::format("handler {}", how - static_cast<std::int64_t>(outcome::WaitEnd::Handler));
  }
}

std::string_view refusal(std::int64_t cause) {
  constexpr std::string_view kCauses[] = {"guard",          "not active", "audience",     "exclude",
                                          "exit condition", "re-entry",   "exclusive",    "key",
                                          "key limit",      "inside",     "once per step"};
  return kCauses[cause];
}

}  // namespace

std::string tell(const outcome::Outcome& out, const bytecode::Module& module) {
  const auto name = [&](std::uint16_t string) { return module.strings[string]; };
  const auto a = static_cast<std::size_t>(out.a);
  const bytecode::Campaign* campaign = out.campaign == kNone ? nullptr : &module.campaigns[out.campaign];
  const std::string stage = campaign == nullptr || out.stage == kNone ? "none" : name(campaign->stages[out.stage].name);
  const auto content = [&] { return name(module.contents[a].name); };
  switch (out.kind) {
    case Kind::Began:
      return "Began";
    case Kind::Entered:
      return fmt::format("Entered {} #{}", name(campaign->name), out.membership);
    case Kind::HeldOut:
      return "HeldOut " + name(campaign->name);
    case Kind::Refused:
      return fmt::format("Refused {}", refusal(out.a));
    case Kind::StageEntered:
      return "StageEntered " + stage;
    case Kind::StageLeft:
      return "StageLeft " + stage;
    case Kind::TriggerFired:
      return fmt::format("TriggerFired {}.{}", out.a, out.b);
    case Kind::WaitBegan:
      return out.b == kNever ? "WaitBegan" : "WaitBegan " + calendar::format_duration({0, 0, out.b - out.at});
    case Kind::WaitEnded:
      return "WaitEnded " + wait_end(out.b);
    case Kind::Split:
      return "Split " + name(campaign->splits[a].branches[static_cast<std::size_t>(out.b)].name);
    case Kind::Sent:
      return "Sent " + content();
    case Kind::Deferred:
      return "Deferred " + content();
    case Kind::Suppressed:
      return "Suppressed " + content();
    case Kind::Skipped:
      return "Skipped " + content() + (out.detail == outcome::Detail::AlreadyPending ? " (pending)" : "");
    case Kind::Exhausted:
      return "Exhausted";
    case Kind::GaveUp:
      return "GaveUp " + content();
    case Kind::Cancelled:
      return "Cancelled " + content();
    case Kind::Pending:
      return "Pending " + content();
    case Kind::HandedOff:
      return "HandedOff";
    case Kind::AlreadyWithSales:
      return "AlreadyWithSales";
    case Kind::TakenBack:
      return "TakenBack";
    case Kind::HoldBegan:
      return "HoldBegan";
    case Kind::HoldEnded:
      return fmt::format("HoldEnded {}", out.a == 0 ? "event" : out.a == 1 ? "taken back" : "expired");
    case Kind::Answered:
      return "Answered after " + calendar::format_duration({0, 0, out.b});
    case Kind::PromiseMissed:
      return "PromiseMissed";
    case Kind::Assigned:
      return "Assigned";
    case Kind::NotAssigned:
      return "NotAssigned";
    case Kind::Notified:
      return "Notified";
    case Kind::LeadSet:
      return fmt::format("LeadSet {}", name(module.schema.lead[a].name));
    case Kind::Remembered:
      return "Remembered";
    case Kind::ScoreChanged:
      return fmt::format("ScoreChanged {} {}", name(module.scores[a].name), out.b);
    case Kind::HistoryCut:
      return "HistoryCut " + name(module.histories[a].label);
    case Kind::AskedToEnroll:
      return "AskedToEnroll " + name(module.campaigns[a].name);
    case Kind::AskedToRemove:
      return "AskedToRemove " + name(module.campaigns[a].name);
    case Kind::AudienceJoined:
      return "AudienceJoined " + name(static_cast<std::uint16_t>(out.a));
    case Kind::AudienceLeft:
      return "AudienceLeft " + name(static_cast<std::uint16_t>(out.a));
    case Kind::WebhookCalled:
      return "WebhookCalled " + name(static_cast<std::uint16_t>(out.a));
    case Kind::GoalCredited:
      return fmt::format("GoalCredited {} #{}", name(campaign->goals[a].name), out.membership);
    case Kind::Exited:
      return fmt::format("Exited {} #{}", name(campaign->reasons[a]), out.membership);
    case Kind::InFlight:
      return "InFlight " + stage;
    case Kind::GoalCensored:
      return "GoalCensored " + name(campaign->goals[a].name);
    case Kind::SentToLeads:
      return fmt::format("SentToLeads {}", out.b);
    case Kind::MergedInto:
      return "MergedInto";
    case Kind::Merged:
      return "Merged";
    case Kind::MovedHere:
      return fmt::format("MovedHere {} #{}", out.b, out.membership);
    case Kind::Reacted:
      return "Reacted " + name(module.schema.kinds[a].name);
    case Kind::PropertyViolated:
      return "PropertyViolated " + name(module.properties[a].name);
    case Kind::PropertyOpen:
      return "PropertyOpen " + name(module.properties[a].name);
    case Kind::OrphanReaction:
      return "OrphanReaction";
  }
  return {};
}

std::vector<std::string> only(const std::vector<std::string>& lines, std::initializer_list<std::string_view> words) {
  std::vector<std::string> found;
  for (const std::string& line : lines) {
    for (std::string_view word : words) {
      if (line.find(word) == std::string::npos) continue;
      found.push_back(line);
      break;
    }
  }
  return found;
}

}  // namespace nurture::engine::test
