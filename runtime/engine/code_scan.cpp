#include "runtime/engine/code_scan.h"

#include <algorithm>
#include <set>

#include "runtime/bytecode/opcode.h"

namespace nurture::engine {
namespace {

using bytecode::Campaign;
using bytecode::Module;
using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Pc;

std::uint32_t read_operand(const Module& module, Pc at, std::uint8_t bytes) {
  std::uint32_t value = 0;
  for (std::uint8_t i = 0; i < bytes; ++i) value |= static_cast<std::uint32_t>(module.code[at + i]) << (8 * i);
  return value;
}

/// Control does not run on into what is written next.
bool ends(Opcode op) {
  constexpr Opcode kEnds[] = {Opcode::Return,      Opcode::Jump,         Opcode::Split,       Opcode::Send,
                              Opcode::WaitUntil,   Opcode::Stay,         Opcode::RepeatBegin, Opcode::RepeatNext,
                              Opcode::GoTo,        Opcode::RestartStage, Opcode::Exit,        Opcode::MoveOn,
                              Opcode::KeepWaiting, Opcode::EndBody};
  return std::find(std::begin(kEnds), std::end(kEnds), op) != std::end(kEnds);
}

/// Visits every instruction that one activation can reach. `campaign` is null for an expression outside of any.
class Walk {
 public:
  Walk(const Module& module, const Campaign* campaign) : module_(module), campaign_(campaign) {}

  template <typename Visit>
  void from(Pc start, Visit&& visit) {
    go(start);
    while (!open_.empty()) {
      Pc at = open_.back();
      open_.pop_back();
      for (bool more = true; more && seen_.insert(at).second;) more = step(at, visit);
    }
  }

 private:
  void go(Pc at) {
    if (at != bytecode::kNoCode && at < module_.code.size()) open_.push_back(at);
  }

  template <typename Visit>
  bool step(Pc& at, Visit&& visit) {
    if (at >= module_.code.size()) return false;
    const auto op = static_cast<Opcode>(module_.code[at]);
    const auto& row = bytecode::info(op);
    Pc operand_at = at + 1;
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < row.list().size(); ++i) {
      const std::uint8_t bytes = bytecode::operand_bytes(row.list()[i]);
      const std::uint32_t value = read_operand(module_, operand_at, bytes);
      if (i == 0) first = value;
      if (row.list()[i] == Operand::Target) go(value);
      operand_at += bytes;
    }
    visit(op, first);
    follow_sites(op, first);
    at = operand_at;
    return !ends(op);
  }

  void follow_sites(Opcode op, std::uint32_t site) {
    if (campaign_ == nullptr) return;
    if (op == Opcode::Send) {
      go(campaign_->sends[site].next);
      go(campaign_->sends[site].otherwise);
    } else if (op == Opcode::Split) {
      for (const auto& branch : campaign_->splits[site].branches) go(branch.body);
    } else if (op == Opcode::RepeatBegin || op == Opcode::RepeatNext) {
      go(campaign_->repeats[site].body);
      go(campaign_->repeats[site].after);
    } else if (op == Opcode::WaitUntil) {
      go(campaign_->states[site].on_timer);
    }
  }

  const Module& module_;
  const Campaign* campaign_;
  std::vector<Pc> open_;
  std::set<Pc> seen_;
};

}  // namespace

Reads reads_of(const Program& program, Pc expression) {
  const Module& module = *program.module;
  Reads reads;
  Walk(module, nullptr).from(expression, [&](Opcode op, std::uint32_t index) {
    switch (op) {
      case Opcode::LoadToday:
      case Opcode::DaysSince:
      case Opcode::InLast:
      case Opcode::WithinNext:
      case Opcode::WithinNextDate:
      case Opcode::WasInLast:
        reads.clock = true;
        return;
      case Opcode::LoadNow:
      case Opcode::NextTime:
      case Opcode::NextWeekday:
        reads.now = true;
        return;
      case Opcode::History:
        reads.clock |= module.histories[index].since == bytecode::HistorySince::Window;
        reads.kinds |= program.history_kinds[index];
        return;
      case Opcode::CountLeads: {
        const Reads inner = reads_of(program, module.lead_queries[index].condition);
        reads.clock |= inner.clock;
        reads.now = reads.leads = true;
        return;
      }
      case Opcode::LoadSent:
        reads.kinds |= program.send_kinds;
        return;
      case Opcode::LoadScore:
      case Opcode::ScoreCompare:
        reads.clock |= module.scores[index].half_life != 0;
        reads.kinds |= program.score_kinds[index];
        return;
      default:
        return;  // everything else changes in a step only
    }
  });
  return reads;
}

std::vector<std::uint16_t> attributes_of(const Module& module, Pc expression) {
  std::vector<std::uint16_t> attributes;
  Walk(module, nullptr).from(expression, [&](Opcode op, std::uint32_t attribute) {
    if (op == Opcode::LoadLead) attributes.push_back(static_cast<std::uint16_t>(attribute));
    const std::uint16_t account = module.schema.lead_account;
    if (op == Opcode::LoadAccount && account != bytecode::kNone) attributes.push_back(account);
  });
  return attributes;
}

bool of_event_and_lead(const Module& module, Pc expression) {
  bool only = true;
  Walk(module, nullptr).from(expression, [&](Opcode op, std::uint32_t) {
    switch (op) {
      case Opcode::LoadAccount:
      case Opcode::LoadEntry:
      case Opcode::LoadColumn:
      case Opcode::LoadSlot:
      case Opcode::LoadWithSales:
      case Opcode::LoadWaitStart:
      case Opcode::LoadEnteredAt:
      case Opcode::LoadTouch:
      case Opcode::History:
      case Opcode::LoadSent:
      case Opcode::CountLeads:
      case Opcode::LoadVisits:
      case Opcode::WasIn:
      case Opcode::WasInLast:
      case Opcode::LoadScore:
      case Opcode::ScoreCompare:
        only = false;
        return;
      default:
        return;
    }
  });
  return only;
}

namespace {

/// One instruction, with operands of two bytes.
struct Instruction {
  Opcode op;
  std::uint16_t first = 0, second = 0;
};

/// The four of `p < c` and its like, as far as there are so many.
std::vector<Instruction> first_four(const Module& module, Pc at) {
  std::vector<Instruction> out;
  while (out.size() < 4 && at < module.code.size()) {
    Instruction& read = out.emplace_back(Instruction{static_cast<Opcode>(module.code[at])});
    const auto& row = bytecode::info(read.op);
    if (row.size >= 3) read.first = static_cast<std::uint16_t>(read_operand(module, at + 1, 2));
    if (row.size >= 5) read.second = static_cast<std::uint16_t>(read_operand(module, at + 3, 2));
    at += row.size;
  }
  return out;
}

}  // namespace

Bounds bounds_of(const vm::BoundModule& bound, Pc expression) {
  const std::vector<Instruction> code = first_four(*bound.module, expression);
  if (code.size() < 4 || code[3].op != Opcode::Return) return {};
  const bool property_first = code[0].op == Opcode::LoadEvent && code[1].op == Opcode::PushConst;
  if (!property_first && (code[0].op != Opcode::PushConst || code[1].op != Opcode::LoadEvent)) return {};
  const Instruction& property = code[property_first ? 0 : 1];
  const Value bound_value = bound.constants[code[property_first ? 1 : 0].first];
  Bounds bounds{property.first, property.second};
  if (!bound_value.known) return {};
  if (code[2].op == Opcode::Equal) {
    bounds.low = bounds.high = bound_value.bits;
    return bounds;
  }
  const bool strict = code[2].op == Opcode::LessInt;
  if (!strict && code[2].op != Opcode::LessEqualInt) return {};
  std::int64_t& side = property_first ? bounds.high : bounds.low;
  const std::int64_t step = !strict ? 0 : property_first ? -1 : 1;
  if (__builtin_add_overflow(bound_value.bits, step, &side)) return {};
  return bounds;
}

std::vector<std::uint16_t> sends_of(const Module& module, const Campaign& campaign, Pc body) {
  std::vector<std::uint16_t> sites;
  Walk(module, &campaign).from(body, [&](Opcode op, std::uint32_t site) {
    if (op == Opcode::Send) sites.push_back(static_cast<std::uint16_t>(site));
  });
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

}  // namespace nurture::engine
