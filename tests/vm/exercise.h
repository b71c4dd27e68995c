#pragma once

#include <functional>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/layout.h"
#include "runtime/vm/vm.h"

/// Runs everything that a verified module can be asked to run, over values of the declared types. For fuzzers and
/// random tests: whatever the verifier accepted must come through without harm.
namespace nurture::vm::testing {

/// A value of a type; `turn` varies it, every third is unknown.
inline Value sample_value(const bytecode::Type& type, TextPool& texts, ListPool& lists, unsigned turn) {
  if (turn % 3 == 2) return Value::unknown();
  const std::int64_t some = turn % 2 == 0 ? std::int64_t{turn} * 1'000'003 : INT64_MAX - turn;
  switch (type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return Value::of_text(texts.intern(turn % 2 == 0 ? "some text" : "\xC3\x84\xFF*?"));
    case TypeKind::Number:
      return Value::of_number(turn % 2 == 0 ? 0.5 * turn : 1e308);
    case TypeKind::Boolean:
      return Value::of_bool(turn % 2 == 0);
    case TypeKind::Duration:
      return Value::of_duration({static_cast<std::int16_t>(turn), 32'767, some});
    case TypeKind::List: {
      bytecode::Type item = type;
      item.kind = type.element;
      return Value::of(
          lists.intern({sample_value(item, texts, lists, turn), sample_value(item, texts, lists, turn + 1)}));
    }
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
      return Value::of(some);
  }
  return Value::unknown();
}

class Cells : public Record {
 public:
  std::vector<Value> cells;
  Value at(std::uint16_t property) const override { return cells.at(property); }
};

/// Reads every value it is given, as an outcome would.
class ReadingEffects : public Effects {
 public:
  ReadingEffects(const BoundModule& program, std::vector<Value>& lead, unsigned turn)
      : program_(program), lead_(lead), turn_(turn) {}
  SendOutcome send(const bytecode::SendSite& site, std::uint16_t) override {
    const auto outcome = static_cast<SendOutcome>(turn_++ % 6);
    const bool never_deferred = !site.detached && site.state == bytecode::kNone;
    return outcome == SendOutcome::Deferred && never_deferred ? SendOutcome::Skipped : outcome;
  }
  void hand_off(const bytecode::HandOffSite&) override {}
  void take_back(bytecode::PlaceIndex place) override { read(program_.module->places.at(place).line); }
  void assign(const bytecode::AssignSite&, Value who) override { read_text(who); }
  void notify(const bytecode::NotifySite&, Value who) override { read_text(who); }
  void set_lead(std::uint16_t attribute, Value value, bytecode::PlaceIndex) override { lead_.at(attribute) = value; }
  void add_score(std::uint16_t score, Value points, bytecode::PlaceIndex place) override {
    read(program_.module->scores.at(score).rows.size() + program_.module->places.at(place).line);
    read(points.known ? 1 : 0);
  }
  void reset_score(std::uint16_t score, bytecode::PlaceIndex) override {
    read(program_.module->scores.at(score).rows.size());
  }
  void remembered(bytecode::StringIndex name, Value, bytecode::PlaceIndex) override {
    read(program_.module->strings.at(name).size());
  }
  void enroll_in(std::uint16_t campaign, bytecode::PlaceIndex) override {
    read(program_.module->campaigns.at(campaign).name);
  }
  void remove_from(std::uint16_t campaign, bytecode::PlaceIndex) override {
    read(program_.module->campaigns.at(campaign).removed_reason);
  }
  void change_audience(bytecode::StringIndex audience, bool, bytecode::PlaceIndex) override {
    read(program_.module->strings.at(audience).size());
  }
  void call_webhook(bytecode::StringIndex address, bytecode::PlaceIndex) override {
    read(program_.module->strings.at(address).size());
  }
  std::uint16_t split(const bytecode::SplitSite& site, std::uint16_t) override {
    return static_cast<std::uint16_t>(turn_++ % site.branches.size());
  }

 private:
  void read(std::uint64_t x) { sink_ = sink_ + x; }
  void read_text(Value v) {
    if (v.known) read(program_.texts->at(v.text()).size());
  }
  const BoundModule& program_;
  std::vector<Value>& lead_;
  unsigned turn_;
  volatile std::uint64_t sink_ = 0;
};

/// Visits the module and runs each piece of code as its role says.
class Exercise {
 public:
  /// `native` makes native code of the program, if it is to run as such.
  explicit Exercise(const bytecode::Module& module, const std::function<void(BoundModule&)>& native = {})
      : module_(module), program_(bind(module, texts_, lists_)) {
    if (native) native(program_);
    for (const auto& field : module.schema.lead) lead_.push_back(value(field.type));
    for (const auto& field : module.schema.account) account_.push_back(value(field.type));
    for (const auto& kind : module.schema.kinds) {
      auto& record = events_.emplace_back();
      for (const auto& field : kind.updates_lead ? module.schema.lead : kind.properties) {
        record.cells.push_back(value(field.type));
      }
    }
  }
  void run() {
    for (turn_ = 0; turn_ < 4; ++turn_) bytecode::layout::fields(*this, module_);
  }

  void ref(const char*, const std::uint16_t&, bytecode::layout::Table, bytecode::layout::Presence) {}
  void refs(const char*, const std::vector<std::uint16_t>&, bytecode::layout::Table, bytecode::layout::Presence) {}
  void code(const char*, const bytecode::Pc& x, bytecode::layout::Code role, bytecode::layout::Presence) {
    if (x == bytecode::kNoCode) return;
    if (role != bytecode::layout::Code::Body) {
      const Value v = evaluate(frame(), campaign_, x);
      if (part_ != nullptr && role == bytecode::layout::Code::PartText) {
        length_ += format_value(v, part_->type, texts_, lists_, frame().zone).size();
      } else if (role == bytecode::layout::Code::RowText && v.known) {
        length_ += texts_.at(v.text()).size();
      }
      return;
    }
    Frame at = frame();
    ReadingEffects effects(program_, lead_, turn_);
    bytecode::Pc pc = x;
    for (int steps = 0; steps < 4; ++steps) {  // on through a few of its suspensions
      const End end = vm::run(at, *campaign_, pc, effects);
      if (end.kind != End::Kind::Suspended) break;
      pc = resume_repeat(at, *campaign_, end.target);
      if (pc == bytecode::kNoCode) break;
      if (end.deadline != kNever) at.now = end.deadline;
    }
  }
  void flag(const char*, const bool&) {}
  template <typename Integer>
  void number(const char*, const Integer&) {}
  template <typename Enum>
  void word(const char*, const Enum&, bytecode::layout::Words) {}
  void value(const char*, const Value&) {}
  template <typename T>
  void group(const char*, const T& x) {
    bytecode::layout::fields(*this, x);
  }
  template <typename T>
  void rows(const char*, const std::vector<T>& x) {
    for (const T& row : x) {
      enter(row);
      bytecode::layout::fields(*this, row);
    }
    campaign_ = std::same_as<T, bytecode::Campaign> ? nullptr : campaign_;
    columns_ = std::same_as<T, bytecode::SourceSpec> ? 0 : columns_;
  }
  void texts(const char*, const std::vector<std::string>&) {}
  void lists(const char*, const std::vector<std::vector<Value>>&) {}
  void bytes(const char*, const std::vector<std::uint8_t>&) {}

 private:
  template <typename T>
  void enter(const T&) {}
  void enter(const bytecode::MessagePart& part) { part_ = &part; }
  void enter(const bytecode::Campaign& campaign) {
    campaign_ = &campaign;
    slots_.assign(campaign.slots, Value::unknown());
  }
  void enter(const bytecode::SourceSpec& source) {
    columns_ = source.columns.size();
    row_.cells.clear();
    for (std::size_t i = 0; i < columns_; ++i) row_.cells.push_back(value(bytecode::Type{}));
  }
  Value value(const bytecode::Type& type) { return sample_value(type, texts_, lists_, next_++); }

  Frame frame() {
    Frame at;
    at.program = &program_;
    at.now = turn_ % 2 == 0 ? 1'772'704'800 * kSecond : INT64_MAX;
    if (columns_ > 0) {
      at.event = &row_;
      return at;
    }
    at.zone = calendar::find_zone(turn_ < 2 ? "Europe/London" : "Asia/Kathmandu");
    at.lead = lead_.data();
    at.account = turn_ == 1 ? nullptr : account_.data();
    if (!events_.empty()) {
      at.event_kind = at.entry_kind = static_cast<std::uint16_t>(turn_ % events_.size());
      at.event = at.entry = &events_[at.event_kind];
    }
    at.slots = campaign_ != nullptr ? slots_.data() : nullptr;
    return at;
  }

  const bytecode::Module& module_;
  TextPool texts_;
  ListPool lists_;
  BoundModule program_;
  std::vector<Value> lead_, account_, slots_;
  std::vector<Cells> events_;
  Cells row_;
  std::size_t columns_ = 0;
  const bytecode::Campaign* campaign_ = nullptr;
  const bytecode::MessagePart* part_ = nullptr;
  unsigned turn_ = 0;
  unsigned next_ = 0;
  std::size_t length_ = 0;
};

}  // namespace nurture::vm::testing
