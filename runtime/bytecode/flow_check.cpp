#include "runtime/bytecode/flow_check.h"

#include <array>
#include <fmt/format.h>

namespace nurture::bytecode {
namespace {

constexpr int kMaxRounds = 16;  // of learning the types of slots

enum class Class : std::uint8_t { Value, Jump, Statement, End };

/// Only Value and Jump instructions occur in expressions; a Statement goes on, an End does not.
Class class_of(Opcode op) {
  switch (op) {
    case Opcode::Jump:
    case Opcode::JumpIfFalse:
    case Opcode::JumpIfTrue:
    case Opcode::JumpIfKnown:
      return Class::Jump;
    case Opcode::HandOff:
    case Opcode::TakeBack:
    case Opcode::Assign:
    case Opcode::Notify:
    case Opcode::SetLead:
    case Opcode::StoreSlot:
    case Opcode::Remember:
    case Opcode::AddScore:
    case Opcode::ResetScore:
    case Opcode::EnrollIn:
    case Opcode::RemoveFrom:
    case Opcode::AddAudience:
    case Opcode::RemoveAudience:
    case Opcode::CallWebhook:
      return Class::Statement;
    case Opcode::Return:
    case Opcode::Split:
    case Opcode::Send:
    case Opcode::WaitUntil:
    case Opcode::Stay:
    case Opcode::RepeatBegin:
    case Opcode::RepeatNext:
    case Opcode::GoTo:
    case Opcode::RestartStage:
    case Opcode::Exit:
    case Opcode::MoveOn:
    case Opcode::KeepWaiting:
    case Opcode::EndBody:
      return Class::End;
    default:
      return Class::Value;
  }
}

}  // namespace

StackTypes::Id StackTypes::push(Id below, ValueType top) {
  const std::uint64_t key = std::uint64_t{below} << 8 | top.code();
  const auto [found, fresh] = ids_.try_emplace(key, static_cast<Id>(nodes_.size()));
  if (fresh) nodes_.push_back({below, top, static_cast<std::uint16_t>(nodes_[below].depth + 1)});
  return found->second;
}

std::optional<StackTypes::Id> StackTypes::merge(Id a, Id b) {
  if (depth(a) != depth(b)) return std::nullopt;
  std::vector<ValueType> tops;
  for (; a != b; a = below(a), b = below(b)) {
    const auto top_of_both = ValueType::merge(top(a), top(b));
    if (!top_of_both) return std::nullopt;
    tops.push_back(*top_of_both);
  }
  for (; !tops.empty(); tops.pop_back()) a = push(a, tops.back());
  return a;
}

FlowCheck::FlowCheck(const Module& module, const Starts& starts)
    : module_(module), starts_(starts), budget_(32 * module.code.size() + 4096), at_(module.code.size()) {}

void FlowCheck::begin(Owner owner) {
  owner_ = owner;
  slots_.assign(owner.campaign != nullptr ? owner.campaign->slots : 0, ValueType());
  expressions_.clear();
}

void FlowCheck::start_run() {
  ++run_;
  slots_changed_ = false;
  value_ = ValueType();
}

void FlowCheck::bodies(const std::vector<std::pair<Pc, std::uint8_t>>& entries) {
  in_expression_ = false;
  for (int round = 0; round < kMaxRounds && !flaw_; ++round) {
    start_run();
    for (const auto& [pc, forbidden] : entries) reach(pc, StackTypes::kEmpty, forbidden);
    run();
    if (!slots_changed_) return;
  }
  if (!flaw_) flaw_ = "what it remembers hangs together in too many steps";
}

ValueType FlowCheck::expression(Pc pc) {
  if (const auto found = expressions_.find(pc); found != expressions_.end()) return found->second;
  in_expression_ = true;
  start_run();
  reach(pc, StackTypes::kEmpty, 0);
  run();
  return expressions_[pc] = value_;
}

void FlowCheck::run() {
  while (!pending_.empty() && !flaw_) {
    const Pc pc = pending_.top();
    pending_.pop();
    follow(pc);
  }
  pending_ = {};
}

/// Straight on from `pc` for as long as that is news.
void FlowCheck::follow(Pc pc) {
  for (;;) {
    if (budget_ == 0) return fail(pc, "is reached in too many ways");
    --budget_;
    const OpcodeInfo& op = info(static_cast<Opcode>(module_.code[pc]));
    At at = at_[pc];
    if (!step(pc, op, at)) return;
    const Pc next = pc + op.size;
    if (next >= module_.code.size()) return fail(pc, "runs past the end of the code");
    const std::size_t before = pending_.size();
    if (!reach(next, at.stack, at.forbidden)) return;
    if (pending_.size() > before && pending_.top() == next) pending_.pop();
    pc = next;
  }
}

bool FlowCheck::reach(Pc pc, StackTypes::Id stack, std::uint8_t forbidden) {
  At& at = at_[pc];
  if (at.run != run_) {
    at = {stack, forbidden, run_};
  } else {
    const auto merged = stacks_.merge(at.stack, stack);
    if (!merged) {
      fail(pc, "is reached with different values on the stack");
      return false;
    }
    const auto both = static_cast<std::uint8_t>(at.forbidden | forbidden);
    if (*merged == at.stack && both == at.forbidden) return false;
    at.stack = *merged;
    at.forbidden = both;
  }
  pending_.push(pc);
  return true;
}

/// To code that an operand or site names: later than the instruction, so that an activation ends.
void FlowCheck::jump(Pc from, Pc to, StackTypes::Id stack, std::uint8_t forbidden) {
  if (flaw_) return;
  if (to >= starts_.size() || !starts_[to]) return fail(from, "leads to no instruction");
  if (to <= from) return fail(from, "leads back");
  reach(to, stack, forbidden);
}

/// One instruction: checks it and leaves in `at` what is there after it. Whether the next instruction follows.
bool FlowCheck::step(Pc pc, const OpcodeInfo& op, At& at) {
  const auto code = static_cast<Opcode>(module_.code[pc]);
  const Class kind = class_of(code);
  const bool of_expression = kind == Class::Value || kind == Class::Jump || code == Opcode::Return;
  if (in_expression_ ? !of_expression : code == Opcode::Return) {
    fail(pc, in_expression_ ? "is a statement within an expression" : "returns a value from a body");
    return false;
  }
  if (!check_operands(pc, op)) return false;
  if (stacks_.depth(at.stack) < op.pops) {
    fail(pc, "takes more values than there are");
    return false;
  }
  std::array<ValueType, 2> operands;
  for (std::size_t i = op.pops; i > 0; --i) {
    operands[i - 1] = stacks_.top(at.stack);
    at.stack = stacks_.below(at.stack);
  }
  const auto type = result(pc, code, {operands.data(), op.pops});
  if (!type) {
    if (!flaw_) fail(pc, fmt::format("does not take {}", operands[op.pops > 0 ? op.pops - 1 : 0].name()));
    return false;
  }
  if (code == Opcode::Return) {
    const auto merged = ValueType::merge(value_, operands[0]);
    if (!merged || at.stack != StackTypes::kEmpty) fail(pc, "ends the expression with more values, or of another type");
    if (merged) value_ = *merged;
    return false;
  }
  for (std::size_t i = 0; i < op.pushes; ++i) at.stack = stacks_.push(at.stack, *type);
  if (stacks_.depth(at.stack) > kMaxStack) {
    fail(pc, fmt::format("needs more than {} values at once", kMaxStack));
    return false;
  }
  if (kind == Class::Jump) {
    jump(pc, target_of(module_, pc), at.stack, at.forbidden);
    return code != Opcode::Jump && !flaw_;
  }
  return kind == Class::End ? ends(pc, code, at) : true;
}

bool FlowCheck::allow(Pc pc, const At& at, std::uint8_t what, const char* action) {
  if ((at.forbidden & what) != 0) fail(pc, fmt::format("{} where that cannot be", action));
  return !flaw_;
}

/// Instructions after which the next one does not simply follow. Nothing may be left on the stack there.
bool FlowCheck::ends(Pc pc, Opcode op, const At& at) {
  if (at.stack != StackTypes::kEmpty) {
    fail(pc, "leaves values on the stack");
    return false;
  }
  const Campaign& campaign =
      *owner_.campaign;  // none of these is part of an expression, and only campaigns have bodies
  switch (op) {
    case Opcode::Split:
      for (const SplitBranch& branch : campaign.splits[operand16(module_, pc, 0)].branches) {
        jump(pc, branch.body, at.stack, at.forbidden);
      }
      return false;
    case Opcode::Send:
      send(pc, at);
      return false;
    case Opcode::WaitUntil: {
      const State& state = campaign.states[operand16(module_, pc, 0)];
      if (!allow(pc, at, kNoWait, "waits")) return false;
      if (state.kind != StateKind::Wait) fail(pc, "waits in a state of another kind");
      jump(pc, state.on_timer, at.stack, at.forbidden);
      return false;
    }
    case Opcode::Stay:
      if (!allow(pc, at, kNoWait, "waits")) return false;
      if (campaign.states[operand16(module_, pc, 0)].kind != StateKind::Stay)
        fail(pc, "stays in a state of another kind");
      return false;
    case Opcode::RepeatBegin:
      if (allow(pc, at, kNoWait, "waits"))
        jump(pc, campaign.repeats[operand16(module_, pc, 0)].body, at.stack, at.forbidden);
      return false;
    case Opcode::RepeatNext: {
      const RepeatSite& site = campaign.repeats[operand16(module_, pc, 0)];
      if (!allow(pc, at, kNoWait, "waits")) return false;
      reach(site.body, at.stack, at.forbidden);  // back only at an anchor that is now, and that costs fuel
      reach(site.after, at.stack, at.forbidden);
      return false;
    }
    case Opcode::GoTo:
    case Opcode::RestartStage:
    case Opcode::Exit:
      allow(pc, at, kNoLeave, "leaves");
      return false;
    case Opcode::MoveOn:
      if (!allow(pc, at, kNoMove, "moves on")) return false;
      if (campaign.states[operand16(module_, pc, 0)].on_move_on == kNoCode)
        fail(pc, "moves on from a state that says not where");
      return false;
    case Opcode::KeepWaiting:
      allow(pc, at, kNoKeep, "keeps waiting");
      return false;
    case Opcode::EndBody:
      allow(pc, at, kNoEnd, "ends the body");
      return false;
    default:
      return false;
  }
}

void FlowCheck::send(Pc pc, const At& at) {
  const SendSite& site = owner_.campaign->sends[operand16(module_, pc, 0)];
  if (site.state != kNone && !allow(pc, at, kNoWait, "may be deferred")) return;
  const auto resumed = static_cast<std::uint8_t>(site.state != kNone ? kMainBody : 0);
  jump(pc, site.next, at.stack, at.forbidden | resumed);
  const bool own_body = site.detached && site.otherwise != site.next;
  jump(pc, site.otherwise, at.stack, own_body ? kElseBody : at.forbidden | resumed);
}

std::optional<ValueType> FlowCheck::result(Pc pc, Opcode op, std::span<const ValueType> operands) {
  switch (op) {
    case Opcode::PushConst:
    case Opcode::LoadLead:
    case Opcode::LoadAccount:
    case Opcode::LoadEvent:
    case Opcode::LoadEntry:
    case Opcode::LoadSlot:
    case Opcode::History:
      return load(pc, op);
    case Opcode::Lookup:
      return lookup(pc, operands[0]);
    case Opcode::LoadTouch:
      if (owner_.assumed) return TypeKind::Integer;
      fail(pc, "asks which send this is where nothing was sent");
      return std::nullopt;
    case Opcode::SetLead: {
      const Type& wanted = module_.schema.lead[operand16(module_, pc, 0)].type;
      if (!operands[0].fits(ValueType::of(wanted))) return std::nullopt;
      return ValueType();
    }
    case Opcode::StoreSlot:
    case Opcode::Remember:
      if (store_slot(operand16(module_, pc, 0), operands[0])) return ValueType();
      fail(pc, "remembers a value of another type than elsewhere");
      return std::nullopt;
    case Opcode::EnrollIn:
      if (module_.campaigns[operand16(module_, pc, 0)].key.name == kNone) return ValueType();
      fail(pc, "enrolls in a campaign with a membership key");
      return std::nullopt;
    case Opcode::RemoveFrom:
      if (module_.campaigns[operand16(module_, pc, 0)].removed_reason != kNone) return ValueType();
      fail(pc, "removes from a campaign without a reason for that");
      return std::nullopt;
    default:
      return result_type(op, operands);
  }
}

std::optional<ValueType> FlowCheck::load(Pc pc, Opcode op) {
  const std::uint16_t index = operand16(module_, pc, 0);
  const Schema& schema = module_.schema;
  if (op == Opcode::PushConst) return ValueType::of(module_.constants[index].type);
  if (op == Opcode::History) return ValueType::of(module_.histories[index].type);
  if (op == Opcode::LoadLead) return ValueType::of(schema.lead[index].type);
  if (op == Opcode::LoadAccount) return ValueType::of(schema.account[index].type);
  if (op == Opcode::LoadSlot) {
    if (slots_[index] != ValueType::zone()) return slots_[index];
    fail(pc, "reads the zone of a repeat");
    return std::nullopt;
  }
  return ValueType::of(properties_of(schema, schema.kinds[index])[operand16(module_, pc, 1)].type);
}

std::optional<ValueType> FlowCheck::lookup(Pc pc, ValueType key) {
  const Constant& keys = module_.constants[operand16(module_, pc, 0)];
  const Constant& cells = module_.constants[operand16(module_, pc, 1)];
  const auto size = [&](const Constant& list) {
    return module_.lists[static_cast<std::size_t>(list.value.bits)].size();
  };
  const bool lists = keys.type.kind == TypeKind::List && cells.type.kind == TypeKind::List;
  if (!lists || size(keys) != size(cells)) {
    fail(pc, "looks something up in what are no two lists of the same length");
    return std::nullopt;
  }
  if (!key.fits(ValueType(keys.type.element))) return std::nullopt;
  return ValueType(cells.type.element);
}

bool FlowCheck::store_slot(std::size_t slot, ValueType type) {
  const auto merged = ValueType::merge(slots_[slot], type);
  if (!merged) return false;
  slots_changed_ = slots_changed_ || *merged != slots_[slot];
  slots_[slot] = *merged;
  return true;
}

bool FlowCheck::check_operands(Pc pc, const OpcodeInfo& op) {
  for (std::size_t i = 0; i < op.operands && !flaw_; ++i) {
    const Operand kind = op.operand[i];
    if (kind == Operand::Target || kind == Operand::Flag) continue;
    const std::size_t size = table_size(pc, op, i);
    const std::uint16_t index = operand16(module_, pc, i);
    if (index >= size) fail(pc, fmt::format("names {} {}, and here there are {}", operand_name(kind), index, size));
  }
  if (!flaw_ && !flags_fit(pc, static_cast<Opcode>(module_.code[pc]))) fail(pc, "has a flag out of range");
  return !flaw_;
}

/// How many rows an operand can name here: none of a table that this owner cannot see.
std::size_t FlowCheck::table_size(Pc pc, const OpcodeInfo& op, std::size_t index) const {
  const Schema& schema = module_.schema;
  const Campaign* campaign = owner_.campaign;
  const bool row = owner_.source != nullptr;
  switch (op.operand[index]) {
    case Operand::Const:
      return module_.constants.size();
    case Operand::Text:
      return module_.strings.size();
    case Operand::LeadAttribute:
      return row || owner_.past ? 0 : schema.lead.size();
    case Operand::AccountAttribute:
      return row || owner_.past ? 0 : schema.account.size();
    case Operand::HistorySite:
      return row || owner_.past ? 0 : module_.histories.size();
    case Operand::LeadQuery:
      return campaign != nullptr && campaign->for_account ? module_.lead_queries.size() : 0;
    case Operand::Window:
      return module_.windows.size();
    case Operand::Score:
      return row || owner_.past ? 0 : module_.scores.size();
    case Operand::Content:
      return row || owner_.past ? 0 : module_.contents.size();
    case Operand::Campaign:
      return row || owner_.past ? 0 : module_.campaigns.size();
    case Operand::ReasonOf:
      return module_.campaigns[operand16(module_, pc, index - 1)].reasons.size();
    case Operand::Kind:
      return row ? 0 : schema.kinds.size();
    case Operand::Property:
      return properties_of(schema, schema.kinds[operand16(module_, pc, index - 1)]).size();
    case Operand::Column:
      return row ? owner_.source->columns.size() : 0;
    case Operand::Line:
      return module_.places.size();
    case Operand::Slot:
      return campaign != nullptr ? campaign->slots : 0;
    case Operand::State:
      return campaign != nullptr ? campaign->states.size() : 0;
    case Operand::Stage:
      return campaign != nullptr ? campaign->stages.size() : 0;
    case Operand::Reason:
      return campaign != nullptr ? campaign->reasons.size() : 0;
    case Operand::SendSite:
      return campaign != nullptr ? campaign->sends.size() : 0;
    case Operand::HandOffSite:
      return campaign != nullptr ? campaign->hand_offs.size() : 0;
    case Operand::AssignSite:
      return campaign != nullptr ? campaign->assigns.size() : 0;
    case Operand::NotifySite:
      return campaign != nullptr ? campaign->notifies.size() : 0;
    case Operand::SplitSite:
      return campaign != nullptr ? campaign->splits.size() : 0;
    case Operand::RepeatSite:
      return campaign != nullptr ? campaign->repeats.size() : 0;
    case Operand::Target:
    case Operand::Flag:
      break;
  }
  return 0;
}

bool FlowCheck::flags_fit(Pc pc, Opcode op) const {
  const auto flag = [&](std::size_t index) { return operand16(module_, pc, index); };
  switch (op) {
    case Opcode::StartsWith:
    case Opcode::EndsWith:
    case Opcode::Contains:
    case Opcode::Matches:
    case Opcode::NextTime:
      return flag(0) <= 1;
    case Opcode::ScoreCompare:
      return flag(1) <= 4;
    case Opcode::NextWeekday:
      return flag(0) >= 1 && flag(0) < 128 && flag(1) <= 1;
    default:
      return true;
  }
}

void FlowCheck::fail(Pc pc, std::string_view what) {
  if (flaw_) return;
  flaw_ = fmt::format("code[{}] ({}) {}", pc, info(static_cast<Opcode>(module_.code[pc])).mnemonic, what);
}

}  // namespace nurture::bytecode
