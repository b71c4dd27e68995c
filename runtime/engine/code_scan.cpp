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
