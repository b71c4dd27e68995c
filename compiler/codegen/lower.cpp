#include <algorithm>
#include <fmt/format.h>

#include "compiler/codegen/codegen.h"
#include "compiler/codegen/layout.h"
#include "compiler/ir/ir.h"
#include "runtime/bytecode/codec.h"

namespace nurture::codegen {

namespace {

constexpr std::size_t kMaxKinds = 255;
constexpr std::size_t kMaxRows = bytecode::kNone;

Error too_many(std::string_view what, std::size_t most, std::string hint) {
  return {fmt::format("the programme has more than {} {}", most, what), std::move(hint)};
}

Status check_campaign(const bytecode::Campaign& campaign, const bytecode::Module& module) {
  const std::string& name = module.strings[campaign.name];
  // Counted anew: the campaign's own number has 16 bits.
  const std::size_t slots = std::max<std::size_t>(4 * campaign.repeats.size() + campaign.splits.size(), campaign.slots);
  const std::size_t rows[] = {campaign.stages.size(),    campaign.states.size(),  campaign.sends.size(),
                              campaign.hand_offs.size(), campaign.assigns.size(), campaign.notifies.size(),
                              campaign.splits.size(),    campaign.reasons.size(), slots};
  for (std::size_t count : rows) {
    if (count >= kMaxRows) {
      return Error{fmt::format("the campaign \"{}\" is larger than a module can hold", name),
                   "Divide it into several campaigns."};
    }
  }
  std::size_t highest = 0;
  const auto count = [&](const std::vector<bytecode::Trigger>& triggers) {
    for (const bytecode::Trigger& row : triggers) {
      if (row.when_index != bytecode::kNone) highest = std::max<std::size_t>(highest, row.when_index + 1u);
    }
  };
  count(campaign.exits);
  count(campaign.triggers);
  for (const bytecode::Stage& stage : campaign.stages) count(stage.triggers);
  for (const bytecode::State& state : campaign.states) count(state.handlers);
  if (highest <= bytecode::kMaxWhens) return Done{};
  return Error{fmt::format("the campaign \"{}\" has more than {} `when`", name, bytecode::kMaxWhens),
               "Join some with `or`, or divide the campaign."};
}

Status check_size(const ir::Program& program) {
  if (!program.overflow.empty()) {
    return too_many(program.overflow, kMaxRows, "Divide it into several programmes.");
  }
  if (program.module.schema.kinds.size() > kMaxKinds) {
    return too_many("kinds of event", kMaxKinds, "Leave out declarations of events that nothing here reacts to.");
  }
  for (const bytecode::Campaign& campaign : program.module.campaigns) {
    if (auto fits = check_campaign(campaign, program.module); !fits) return fits;
  }
  return Done{};
}

}  // namespace

Result<bytecode::Module> lower(const sema::Unit& unit, const std::vector<flow::CampaignGraph>& graphs,
                               std::vector<bytecode::Spot>* spots) {
  ir::Program program = ir::build(unit, graphs);
  if (auto fits = check_size(program); !fits) return fits.error();
  lay_out(program);
  if (auto sound = bytecode::verify(program.module); !sound) {
    return Error{"the compiler wrote code that it does not accept itself: " + sound.error().message,
                 "This is a mistake in nurture, not in the programme; please report it with the programme."};
  }
  for (ir::Spot& spot : program.spots) {
    if (!spots) break;
    const SourceFile& file = unit.sources.file(spot.span.file);
    const LineColumn at = file.locate(spot.span.begin);
    spot.row.place = {file.path(), at.line, at.column};
    spots->push_back(std::move(spot.row));
  }
  return std::move(program.module);
}

}  // namespace nurture::codegen
