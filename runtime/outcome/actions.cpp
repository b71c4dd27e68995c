#include "runtime/outcome/actions.h"

#include <fmt/format.h>

#include "runtime/base/check.h"
#include "runtime/base/csv.h"
#include "runtime/base/json.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/vm/vm.h"

namespace nurture::outcome {
namespace {

using Field = ActionField;

constexpr std::array<std::string_view, static_cast<std::size_t>(Field::Count)> kFieldNames{
    "lead",    "local",   "utc",       "zone",    "campaign",   "membership", "stage",      "action",
    "content", "channel", "subject",   "asks",    "work",       "name",       "to",         "note",
    "due",     "reason",  "goal",      "split",   "branch",     "attribute",  "value",      "wait",
    "ended",   "from",    "after_us",  "cause",   "policy",     "rule",       "file",       "line",
    "by",      "event",   "event_utc", "account", "recipients", "deliver_at", "other_lead", "assumed"};

bool is_number(Field field) {
  return field == Field::Membership || field == Field::Recipients || field == Field::AfterUs || field == Field::Line ||
         field == Field::Assumed;
}

template <typename Table>
const auto& at(const Table& table, std::int64_t index) {
  NURTURE_CHECK(index >= 0 && static_cast<std::size_t>(index) < table.size());
  return table[static_cast<std::size_t>(index)];
}

/// Fills one row from one outcome.
class RowWriter {
 public:
  RowWriter(const bytecode::Module& module, const store::Store& store, const Outcome& o, ActionRow& row,
            const Deliveries* deliveries)
      : module_(module), store_(store), o_(o), zone_(zone_of(module, o)), row_(row), deliveries_(deliveries) {}

  bool write() {
    for (std::string& cell : row_) cell.clear();
    if (!details()) return false;
    head();
    cause();
    return true;
  }

 private:
  std::string& cell(Field field) { return row_[static_cast<std::size_t>(field)]; }
  std::string_view name(bytecode::StringIndex index) const { return name_of(module_, index); }
  const bytecode::Campaign& campaign() const { return at(module_.campaigns, o_.campaign); }

  bool details();
  void head();
  void cause();
  void send();
  void send_to_leads();
  void assigned();
  void why();
  void value(Field field, Value v, const bytecode::Type& type) {
    if (v.known) cell(field) = vm::format_value(v, type, store_.texts, store_.lists, zone_);
  }
  void wait_ended();
  void set();
  void remembered();
  void reacted();

  const bytecode::Module& module_;
  const store::Store& store_;
  const Outcome& o_;
  const calendar::Zone* zone_;
  ActionRow& row_;
  const Deliveries* deliveries_;
};

void RowWriter::head() {
  if (!o_.of_account()) cell(Field::Lead) = store_.texts.at(at(store_.leads, o_.lead));
  if (o_.account != store::kNoLead) cell(Field::Account) = store_.texts.at(at(store_.leads, o_.account));
  cell(Field::Local) = local_with_offset(o_.at, zone_);
  cell(Field::Utc) = calendar::format_utc(o_.at);
  cell(Field::Zone) = calendar::zone_name(zone_);
  cell(Field::Action) = kind_word(o_.kind);
  if (o_.campaign == bytecode::kNone) return;
  cell(Field::Campaign) = name(campaign().name);
  if (o_.kind != Kind::Refused) cell(Field::Membership) = std::to_string(o_.membership + 1);
  if (o_.stage != bytecode::kNone) cell(Field::Stage) = name(at(campaign().stages, o_.stage).name);
}

void RowWriter::cause() {
  if (o_.place < module_.places.size()) {
    const bytecode::Place& place = module_.places[o_.place];
    cell(Field::File) = name(place.file);
    cell(Field::Line) = std::to_string(place.line);
  }
  cell(Field::By) = cause_word(o_.cause.kind);
  if (o_.assumed) cell(Field::Assumed) = "true";
  if (o_.cause.kind == Cause::Kind::Assumed) {
    cell(Field::Event) = name(at(module_.schema.kinds, o_.cause.reaction->kind).name);
    cell(Field::EventUtc) = calendar::format_utc(o_.at);
  }
  if (o_.cause.kind != Cause::Kind::Event) return;
  NURTURE_CHECK(o_.cause.event < store_.events());
  cell(Field::Event) = name(at(module_.schema.kinds, store_.kind[o_.cause.event]).name);
  cell(Field::EventUtc) = calendar::format_utc(store_.at[o_.cause.event]);
}

void RowWriter::send() {
  cell(Field::Content) = content_name(module_, o_.a);
  cell(Field::Channel) = channel_of(module_, o_.a);
  cell(Field::Subject) = o_.text;
  if (o_.kind == Kind::Sent) cell(Field::Asks) = asked_for(module_, o_);
  const Instant delivered = deliveries_ != nullptr ? deliveries_->of(o_) : kNever;
  if (delivered != kNever) cell(Field::DeliverAt) = local_with_offset(delivered, zone_);
  why();
}

void RowWriter::send_to_leads() {
  cell(Field::Content) = name(at(module_.contents, at(campaign().sends, o_.a).content).name);
  cell(Field::Recipients) = std::to_string(o_.b);
}

void RowWriter::why() {
  cell(Field::Cause) = detail_word(o_.detail);
  if (o_.rule == bytecode::kNone) return;
  const bytecode::Rule& rule = at(module_.rules, o_.rule);
  cell(Field::Policy) = name(rule.owner);
  cell(Field::Rule) = place_text(module_, rule.place);
}

void RowWriter::assigned() {
  const bytecode::AssignSite& site = at(campaign().assigns, o_.a);
  cell(Field::Work) = work_word(site.kind);
  cell(Field::Name) = name(site.name);
  cell(Field::To) = o_.text;
  cell(Field::Note) = o_.text2;
  if (o_.kind == Kind::NotAssigned) return why();
  if (o_.b != kNever) cell(Field::Due) = local_with_offset(o_.b, zone_);
}

void RowWriter::wait_ended() {
  const bytecode::State& state = at(campaign().states, o_.a);
  cell(Field::Wait) = name(state.label);
  constexpr auto kFirstHandler = static_cast<std::int64_t>(WaitEnd::Handler);
  if (o_.b >= kFirstHandler) {
    cell(Field::Ended) = name(at(state.handlers, o_.b - kFirstHandler).label);
    return;
  }
  cell(Field::Ended) = wait_end_word(static_cast<WaitEnd>(o_.b));
}

void RowWriter::set() {
  const bytecode::Field& attribute = at(module_.schema.lead, o_.a);
  cell(Field::Attribute) = name(attribute.name);
  value(Field::Value, o_.value, attribute.type);
}

void RowWriter::remembered() {
  cell(Field::Attribute) = name(static_cast<bytecode::StringIndex>(o_.a));
  cell(Field::Value) = o_.text;
}

/// What is said of the event beside its name.
void RowWriter::reacted() {
  if (o_.cause.content != bytecode::kNone) {
    cell(Field::Content) = content_name(module_, o_.cause.content);
    cell(Field::Channel) = channel_of(module_, o_.cause.content);
  }
  const bytecode::AssumedReaction& reaction = *o_.cause.reaction;
  cell(Field::Value) =
      assumed_text(module_, reaction).substr(name(at(module_.schema.kinds, reaction.kind).name).size());
  if (!cell(Field::Value).empty()) cell(Field::Value).erase(0, 1);
}

bool RowWriter::details() {
  switch (o_.kind) {
    case Kind::Entered:
    case Kind::HeldOut:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::PromiseMissed:
      return true;
    case Kind::Refused:
      cell(Field::Cause) = refusal_word(static_cast<RefusalCause>(o_.a));
      return true;
    case Kind::StageEntered:
      if (o_.a != bytecode::kNone) cell(Field::From) = name(at(campaign().stages, o_.a).name);
      return true;
    case Kind::WaitEnded:
      wait_ended();
      return o_.b != static_cast<std::int64_t>(WaitEnd::Horizon);
    case Kind::Split:
      cell(Field::Split) = name(at(campaign().splits, o_.a).name);
      cell(Field::Branch) = name(at(at(campaign().splits, o_.a).branches, o_.b).name);
      return true;
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
      send();
      return true;
    case Kind::HandedOff:
      cell(Field::Note) = o_.text;
      return true;
    case Kind::Answered:
      cell(Field::AfterUs) = std::to_string(o_.b);
      return true;
    case Kind::Assigned:
    case Kind::NotAssigned:
      assigned();
      return true;
    case Kind::Notified:
      cell(Field::To) = o_.text;
      cell(Field::Note) = o_.text2;
      return true;
    case Kind::LeadSet:
      set();
      return true;
    case Kind::Remembered:
      remembered();
      return true;
    case Kind::ScoreChanged:
      cell(Field::Attribute) = "score." + std::string(name(at(module_.scores, o_.a).name));
      cell(Field::Value) = score_text(o_.b);
      return o_.campaign != bytecode::kNone;
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      cell(Field::To) = action_target(module_, o_.kind, o_.a);
      return true;
    case Kind::GoalCredited:
      cell(Field::Goal) = name(at(campaign().goals, o_.a).name);
      value(Field::Value, o_.value, {TypeKind::Decimal});
      cell(Field::AfterUs) = std::to_string(o_.b);
      return true;
    case Kind::Exited:
      cell(Field::Reason) = name(at(campaign().reasons, o_.a));
      cell(Field::AfterUs) = std::to_string(o_.b);
      return true;
    case Kind::SentToLeads:
      send_to_leads();
      return true;
    case Kind::MergedInto:
    case Kind::Merged:
    case Kind::MovedHere:
      cell(Field::OtherLead) = store_.texts.at(at(store_.leads, o_.a));
      return true;
    case Kind::Reacted:
      reacted();
      return true;
    case Kind::PropertyViolated:
    case Kind::PropertyOpen:
      cell(Field::Name) = name(at(module_.properties, o_.a).name);
      if (o_.kind == Kind::PropertyViolated)
        cell(Field::Note) = violation_text(module_, at(module_.properties, o_.a), o_.at, o_.b, zone_);
      return true;
    case Kind::Began:
    case Kind::StageLeft:
    case Kind::TriggerFired:
    case Kind::WaitBegan:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::InFlight:
    case Kind::GoalCensored:
    case Kind::OrphanReaction:
    case Kind::HistoryCut:
      return false;
  }
  return false;
}

template <typename Cells>
void append_csv_row(std::string& out, const Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    csv::append_field(out, cells[i]);
  }
  out += "\r\n";
}

void append_ndjson_row(std::string& out, const ActionRow& row) {
  out += '{';
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].empty()) continue;
    if (out.back() != '{') out += ',';
    out += '"';
    out += kFieldNames[i];
    out += "\":";
    if (is_number(static_cast<Field>(i))) {
      out += row[i];
    } else {
      append_json_string(out, row[i]);
    }
  }
  out += "}\n";
}

}  // namespace

bool describe_action(const bytecode::Module& module, const store::Store& store, const Outcome& outcome, ActionRow& row,
                     const Deliveries* deliveries) {
  return RowWriter(module, store, outcome, row, deliveries).write();
}

void append_action(std::string& out, const ActionRow& row, ActionFormat format) {
  switch (format) {
    case ActionFormat::Csv:
      append_csv_row(out, row);
      return;
    case ActionFormat::Ndjson:
      append_ndjson_row(out, row);
      return;
  }
}

std::string action_header(ActionFormat format) {
  std::string header;
  if (format == ActionFormat::Csv) append_csv_row(header, kFieldNames);
  return header;
}

}  // namespace nurture::outcome
