#include <fmt/format.h>

#include "runtime/bytecode/flow_check.h"
#include "runtime/bytecode/layout.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

using Entries = std::vector<std::pair<Pc, std::uint8_t>>;

/// Every place where an activation of the campaign can begin.
Entries entries_of(const Campaign& campaign) {
  Entries entries;
  const auto add = [&](Pc pc, std::uint8_t forbidden) {
    if (pc != kNoCode) entries.emplace_back(pc, forbidden);
  };
  for (const Trigger& trigger : campaign.triggers) add(trigger.body, kTriggerBody);
  for (const Stage& stage : campaign.stages) {
    add(stage.body, kMainBody | kNoMove);
    for (const Trigger& trigger : stage.triggers) add(trigger.body, kTriggerBody);
  }
  for (const State& state : campaign.states) {
    add(state.on_timer, kMainBody);
    add(state.on_move_on, kMainBody);
    for (const Trigger& handler : state.handlers) add(handler.body, kHandlerBody);
  }
  for (const SendSite& site : campaign.sends) {
    const bool own_body = site.detached && site.otherwise != site.next;
    if (site.state != kNone) add(site.next, kMainBody);
    if (site.state != kNone || own_body) add(site.otherwise, own_body ? kElseBody : kMainBody);
  }
  add(campaign.on_exit, kElseBody);
  for (const RepeatSite& site : campaign.repeats) {
    add(site.body, kMainBody);
    add(site.after, kMainBody);
  }
  return entries;
}

/// The bodies of a campaign, with the slots that its sites keep for themselves.
void check_bodies(FlowCheck& flow, const Campaign& campaign, Flaw& flaw) {
  flow.begin({&campaign, nullptr});
  bool apart = true;
  for (const RepeatSite& site : campaign.repeats) {
    apart = apart && flow.set_slot(site.first_slot, TypeKind::Integer);
    apart = apart && flow.set_slot(site.first_slot + 1u, TypeKind::Integer);
    apart = apart && flow.set_slot(site.first_slot + 2u, TypeKind::DateTime);
    apart = apart && flow.set_slot(site.first_slot + 3u, ValueType::zone());
  }
  for (const SplitSite& site : campaign.splits) {
    if (site.pass_slot != kNone) apart = apart && flow.set_slot(site.pass_slot, TypeKind::Integer);
  }
  if (!apart) flaw = "a campaign's repeats share slots";
  if (!flaw) flow.bodies(entries_of(campaign));
}

/// Visits every expression and asks for its type.
class ExpressionCheck {
 public:
  ExpressionCheck(const Module& module, const Starts& starts) : flow_(module, starts) {}
  Flaw flaw;

  void ref(const char*, const std::uint16_t&, Table, Presence) {}
  void refs(const char*, const std::vector<std::uint16_t>&, Table, Presence) {}
  void code(const char*, const Pc& x, Code role, Presence) {
    if (flaw || x == kNoCode || role == Code::Body) return;
    const ValueType type = flow_.expression(x);
    flaw = flow_.flaw();
    const ValueType wanted = type_of(role);
    if (role == Code::DateOrInstant && type.fits(TypeKind::Date)) return;
    if (!flaw && !type.fits(wanted)) {
      flaw = fmt::format("the expression at code[{}] gives {} where {} belongs", x, type.name(), wanted.name());
    }
  }
  void flag(const char*, const bool&) {}
  template <typename Integer>
  void number(const char*, const Integer&) {}
  template <typename Enum>
  void word(const char*, const Enum&, Words) {}
  void value(const char*, const Value&) {}
  template <typename T>
  void group(const char*, const T& x) {
    fields(*this, x);
  }
  template <typename T>
  void rows(const char*, const std::vector<T>& x) {
    for (const T& row : x) {
      if (flaw) return;
      enter(row);
      fields(*this, row);
    }
  }
  void texts(const char*, const std::vector<std::string>&) {}
  void lists(const char*, const std::vector<std::vector<Value>>&) {}
  void bytes(const char*, const std::vector<std::uint8_t>&) {}

 private:
  template <typename T>
  void enter(const T&) {}
  void enter(const MessagePart& part) { part_ = ValueType::of(part.type); }
  void enter(const Campaign& campaign) {
    check_bodies(flow_, campaign, flaw);
    if (!flaw) flaw = flow_.flaw();
  }
  void enter(const Content&) { flow_.begin({}); }
  void enter(const Score&) { flow_.begin({nullptr, nullptr, true}); }
  void enter(const HistorySite&) { flow_.begin({nullptr, nullptr, true}); }
  void enter(const LeadQuery&) { flow_.begin({}); }
  void enter(const Rule&) { flow_.begin({}); }
  void enter(const Property&) { flow_.begin({}); }
  void enter(const AssumedRule&) { flow_.begin({.assumed = true}); }
  void enter(const SourceSpec& source) { flow_.begin({nullptr, &source}); }

  ValueType type_of(Code role) const {
    switch (role) {
      case Code::Condition:
      case Code::RowCondition:
        return TypeKind::Boolean;
      case Code::Deadline:
      case Code::DateOrInstant:
        return TypeKind::DateTime;
      case Code::Money:
        return TypeKind::Decimal;
      case Code::PartText:
        return part_;
      case Code::RowText:
        return TypeKind::Text;
      case Code::Body:
        break;
    }
    return {};
  }

  FlowCheck flow_;
  ValueType part_;
};

}  // namespace

Flaw check_code(const Module& module, const Starts& starts) {
  ExpressionCheck check(module, starts);
  fields(check, module);
  return check.flaw;
}

}  // namespace nurture::bytecode
