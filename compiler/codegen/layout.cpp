#include "compiler/codegen/layout.h"

#include <algorithm>
#include <vector>

#include "runtime/base/check.h"

namespace nurture::codegen {

using bytecode::Pc;

namespace {

/// Where each instruction begins; one more for the end.
std::vector<Pc> offsets_of(const ir::Code& code) {
  const auto& rows = code.instructions();
  std::vector<Pc> offsets(rows.size() + 1, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool to_next = rows[i].op == ir::Opcode::Jump && code.at(rows[i].operands[0]) == i + 1;
    offsets[i + 1] = offsets[i] + (to_next ? 0 : bytecode::info(rows[i].op).size);
  }
  return offsets;
}

void put(std::vector<std::uint8_t>& out, std::uint32_t value, std::uint8_t bytes) {
  for (std::uint8_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void encode(const ir::Code& code, const std::vector<Pc>& offsets, std::vector<std::uint8_t>& out) {
  const auto& rows = code.instructions();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (offsets[i + 1] == offsets[i]) continue;
    const bytecode::OpcodeInfo& row = bytecode::info(rows[i].op);
    out.push_back(static_cast<std::uint8_t>(rows[i].op));
    for (std::size_t k = 0; k < row.operands; ++k) {
      std::uint32_t value = rows[i].operands[k];
      if (row.operand[k] == bytecode::Operand::Target) {
        NURTURE_CHECK(code.at(value) > i);
        value = offsets[code.at(value)];
      }
      put(out, value, bytecode::operand_bytes(row.operand[k]));
    }
  }
}

/// Calls `patch` for every Pc of the tables.
template <typename Patch>
void for_each_pc(bytecode::Module& module, const Patch& patch) {
  const auto message = [&](bytecode::Message& parts) {
    for (bytecode::MessagePart& part : parts) patch(part.expression);
  };
  const auto triggers = [&](std::vector<bytecode::Trigger>& rows) {
    for (bytecode::Trigger& row : rows) {
      patch(row.event.where);
      patch(row.silence.where);
      patch(row.condition);
      patch(row.body);
    }
  };
  const auto mappings = [&](std::vector<bytecode::PropertyMapping>& rows) {
    for (bytecode::PropertyMapping& row : rows) patch(row.value);
  };
  for (bytecode::Score& score : module.scores) {
    for (bytecode::ScoreRow& row : score.rows) patch(row.event.where);
  }
  for (bytecode::HistorySite& site : module.histories) {
    for (bytecode::AskedEvent& asked : site.events) patch(asked.event.where);
  }
  for (bytecode::Rule& rule : module.rules) {
    patch(rule.condition);
    for (bytecode::EventMatch& event : rule.after) patch(event.where);
    for (bytecode::EventMatch& event : rule.until) patch(event.where);
  }
  for (bytecode::Content& content : module.contents) {
    for (bytecode::Message* each : {&content.subject, &content.text, &content.from, &content.reply_to}) message(*each);
    for (bytecode::ContentVariant& variant : content.variants) {
      patch(variant.condition);
      message(variant.subject);
      message(variant.text);
    }
  }
  for (bytecode::Campaign& campaign : module.campaigns) {
    patch(campaign.audience);
    patch(campaign.exclude);
    patch(campaign.on_exit);
    for (bytecode::Entry& entry : campaign.entries) {
      for (Pc* pc : {&entry.event.where, &entry.condition, &entry.when, &entry.silence.where}) patch(*pc);
      patch(entry.target);
      patch(entry.instant);
    }
    for (bytecode::Goal& goal : campaign.goals) {
      for (Pc* pc : {&goal.event.where, &goal.condition, &goal.worth}) patch(*pc);
    }
    triggers(campaign.exits);
    triggers(campaign.triggers);
    for (bytecode::Stage& stage : campaign.stages) {
      patch(stage.body);
      triggers(stage.triggers);
    }
    for (bytecode::State& state : campaign.states) {
      patch(state.on_timer);
      patch(state.on_move_on);
      patch(state.recompute);
      patch(state.earliest);
      triggers(state.handlers);
    }
    for (bytecode::SendSite& send : campaign.sends) {
      patch(send.next);
      patch(send.otherwise);
    }
    for (bytecode::HandOffSite& site : campaign.hand_offs) message(site.note);
    for (bytecode::AssignSite& site : campaign.assigns) message(site.note);
    for (bytecode::NotifySite& site : campaign.notifies) message(site.note);
    for (bytecode::SplitSite& site : campaign.splits) {
      for (bytecode::SplitBranch& branch : site.branches) patch(branch.body);
    }
    for (bytecode::RepeatSite& site : campaign.repeats) {
      patch(site.body);
      patch(site.after);
    }
  }
  for (bytecode::SourceSpec& source : module.sources) {
    for (Pc* pc : {&source.lead, &source.at, &source.id, &source.origin, &source.leave_out}) patch(*pc);
    for (bytecode::SourceRule& rule : source.rules) {
      patch(rule.when);
      mappings(rule.properties);
    }
    mappings(source.lead_attributes);
  }
}

}  // namespace

void lay_out(ir::Program& program) {
  std::vector<Pc> offsets = offsets_of(program.code);
  program.module.code.clear();
  program.module.code.reserve(offsets.back());
  encode(program.code, offsets, program.module.code);
  for_each_pc(program.module, [&](Pc& pc) {
    if (pc != bytecode::kNoCode) pc = offsets[program.code.at(pc)];
  });
  for (ir::Spot& spot : program.spots) {
    for (Pc* pc : {&spot.row.from, &spot.row.at, &spot.row.to}) {
      if (*pc != ir::kNoLabel) *pc = offsets[program.code.at(*pc)];
    }
  }
}

}  // namespace nurture::codegen
