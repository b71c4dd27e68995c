#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/verify.h"
#include "runtime/vm/vm.h"
#include "tests/native.h"

/// Modules written in the text form, run with a frame that a test can fill.
namespace nurture::vm::testing {

/// What happened, one line each; decides sends and splits as told.
class RecordedEffects : public Effects {
 public:
  explicit RecordedEffects(const BoundModule& program) : program_(program) {}
  std::vector<std::string> log;
  std::vector<SendOutcome> outcomes;  ///< of the sends, in turn; then Sent
  std::uint16_t branch = 0;
  std::vector<Value>* lead = nullptr;

  SendOutcome send(const bytecode::SendSite&, std::uint16_t index) override {
    log.push_back("send " + std::to_string(index));
    if (outcomes.empty()) return SendOutcome::Sent;
    const SendOutcome outcome = outcomes.front();
    outcomes.erase(outcomes.begin());
    return outcome;
  }
  void hand_off(const bytecode::HandOffSite&) override { log.push_back("hand off"); }
  void take_back(bytecode::PlaceIndex place) override { log.push_back("take back at " + std::to_string(place)); }
  void assign(const bytecode::AssignSite&, Value who) override { log.push_back("assign " + text(who)); }
  void notify(const bytecode::NotifySite&, Value who) override { log.push_back("notify " + text(who)); }
  void set_lead(std::uint16_t attribute, Value value, bytecode::PlaceIndex) override {
    log.push_back("set " + std::to_string(attribute) + " " + text(value));
    if (lead != nullptr) (*lead)[attribute] = value;
  }
  void add_score(std::uint16_t score, Value points, bytecode::PlaceIndex) override {
    log.push_back("add " + std::to_string(points.number()) + " to score " + std::to_string(score));
  }
  void reset_score(std::uint16_t score, bytecode::PlaceIndex) override {
    log.push_back("reset score " + std::to_string(score));
  }
  void remembered(bytecode::StringIndex name, Value value, bytecode::PlaceIndex) override {
    log.push_back("remember " + program_.module->strings[name] + " " + text(value));
  }
  void enroll_in(std::uint16_t campaign, bytecode::PlaceIndex) override {
    log.push_back("enroll in " + std::to_string(campaign));
  }
  void remove_from(std::uint16_t campaign, bytecode::PlaceIndex) override {
    log.push_back("remove from " + std::to_string(campaign));
  }
  void change_audience(bytecode::StringIndex audience, bool joins, bytecode::PlaceIndex) override {
    log.push_back((joins ? "join " : "leave ") + program_.module->strings[audience]);
  }
  void call_webhook(bytecode::StringIndex address, bytecode::PlaceIndex) override {
    log.push_back("call " + program_.module->strings[address]);
  }
  std::uint16_t split(const bytecode::SplitSite&, std::uint16_t) override {
    log.push_back("split");
    return branch;
  }

 private:
  std::string text(Value v) const { return v.known ? std::string(program_.texts->at(v.text())) : "?"; }
  const BoundModule& program_;
};

class Row : public Record {
 public:
  std::vector<Value> cells;
  Value at(std::uint16_t property) const override { return cells[property]; }
};

/// A module, verified and bound, with a frame over it. The campaign is the first.
struct Machine {
  explicit Machine(std::string_view text) : module(bytecode::assemble(text).value()) {
    program = bind(module, texts, lists);
    if (nurture::testing::native_asked_for() && bytecode::verify(module)) nurture::testing::go_native(program);
    frame.program = &program;
    frame.zone = calendar::find_zone("Europe/London");
    lead.resize(module.schema.lead.size());
    frame.lead = lead.data();
    if (!module.campaigns.empty()) slots.resize(module.campaigns[0].slots);
    frame.slots = slots.data();
  }
  std::string flaw() const {
    const Status status = bytecode::verify(module);
    return status ? "" : status.error().message;
  }

  bytecode::Module module;
  TextPool texts;
  ListPool lists;
  BoundModule program;
  Frame frame;
  std::vector<Value> lead;
  std::vector<Value> slots;
};

}  // namespace nurture::vm::testing
