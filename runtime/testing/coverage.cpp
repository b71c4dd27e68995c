#include "runtime/testing/coverage.h"

#include <algorithm>

#include "runtime/bytecode/opcode.h"

namespace nurture::testing {
namespace {

using bytecode::Campaign;
using bytecode::kNone;
using bytecode::Module;
using bytecode::Pc;
using bytecode::Spot;
using outcome::Kind;
using outcome::Outcome;
using outcome::Reaction;

Part part_of(Reaction reaction) {
  switch (reaction) {
    case Reaction::CampaignExit:
    case Reaction::GoalExit:
      return Part::Exit;
    case Reaction::Handler:
      return Part::Handler;
    case Reaction::StageTrigger:
    case Reaction::CampaignTrigger:
      return Part::Trigger;
  }
  return Part::Trigger;
}

Part part_of(const Spot& spot) { return spot.kind == Spot::Kind::Exit ? Part::Exit : Part::Branch; }

std::string text_of(const Spot& spot) {
  switch (spot.kind) {
    case Spot::Kind::Arm:
      return "`" + spot.written + "` is so";
    case Spot::Kind::Else:
      return "`" + spot.written + "` is not so";
    case Spot::Kind::Exit:
      return spot.written;
  }
  return {};
}

}  // namespace

std::string_view part_text(Part part) {
  constexpr std::string_view kTexts[] = {"stage", "branch", "handler", "timeout", "trigger", "exit"};
  return kTexts[static_cast<std::size_t>(part)];
}

std::string_view parts_text(Part part) {
  constexpr std::string_view kTexts[] = {"stages", "branches", "handlers", "timeouts", "triggers", "exits"};
  return kTexts[static_cast<std::size_t>(part)];
}

void Tally::add(const CoverageItem& item) {
  ++total;
  if (item.reached) ++reached;
}

std::uint32_t Tally::permille() const { return total == 0 ? 1000 : static_cast<std::uint32_t>(reached * 1000 / total); }

Coverage::Coverage(const Module& module, const std::vector<Spot>& spots) : module_(module), spots_(spots) {
  for (std::uint16_t campaign = 0; campaign < module.campaigns.size(); ++campaign) list(campaign);
}

TestHooks Coverage::hooks() {
  TestHooks hooks;
  hooks.outcome = [this](const bytecode::TestPlan&, const Outcome& out) { see(out); };
  hooks.passage = &passage_;
  return hooks;
}

// What there is to reach
// ------------------------------------------------------------------------------------------------

void Coverage::add(Key key, std::string what, bytecode::PlaceIndex place) {
  const bytecode::Place& at = module_.places[place];
  CoverageItem item{std::get<Part>(key), std::get<1>(key), std::move(what), {}, false};
  item.place = {module_.strings[at.file], at.line, at.column};
  items_.emplace(key, std::move(item));
}

void Coverage::list(std::uint16_t index) {
  const Campaign& campaign = module_.campaigns[index];
  for (std::size_t i = 0; i < campaign.stages.size(); ++i) {
    const bytecode::Stage& stage = campaign.stages[i];
    add({Part::Stage, index, static_cast<std::int64_t>(i), 0}, module_.strings[stage.name], stage.place);
    list(Part::Trigger, index, stage.triggers);
  }
  for (std::size_t i = 0; i < campaign.states.size(); ++i) {
    const bytecode::State& state = campaign.states[i];
    list(Part::Handler, index, state.handlers);
    if (state.kind != bytecode::StateKind::Wait) continue;
    add({Part::Timeout, index, static_cast<std::int64_t>(i), 0}, module_.strings[state.label], state.place);
  }
  list(Part::Trigger, index, campaign.triggers);
  list(Part::Exit, index, campaign.exits);
  if (campaign.while_with_sales == bytecode::WhileWithSales::Leave) {
    const std::string& reason = module_.strings[campaign.reasons[campaign.with_sales_reason]];
    add(leaving(index), "while with sales leave as " + reason, campaign.place);
  }
  for (const bytecode::Goal& goal : campaign.goals) {
    if (goal.exit_reason == kNone) continue;
    add({Part::Exit, index, goal.place, 0}, "goal " + module_.strings[goal.name] + " then exit", goal.place);
  }
  list_branches(index);
}

/// A reaction is told apart by where it was written: a record of it names that.
void Coverage::list(Part part, std::uint16_t campaign, const std::vector<bytecode::Trigger>& triggers) {
  for (const bytecode::Trigger& row : triggers) {
    add({part, campaign, row.place, 0}, module_.strings[row.label], row.place);
  }
}

void Coverage::list_branches(std::uint16_t index) {
  const auto& splits = module_.campaigns[index].splits;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    for (std::size_t k = 0; k < splits[i].branches.size(); ++k) {
      if (splits[i].branches[k].share == 0) continue;
      const std::string& branch = module_.strings[splits[i].branches[k].name];
      add({Part::Branch, index, static_cast<std::int64_t>(i), static_cast<std::int64_t>(k)},
          "split " + module_.strings[splits[i].name] + " takes " + branch, splits[i].place);
    }
  }
}

// What was reached
// ------------------------------------------------------------------------------------------------------

void Coverage::reach(const Key& key) {
  auto found = items_.find(key);
  if (found != items_.end()) found->second.reached = true;
}

void Coverage::see(const Outcome& out) {
  if (out.kind == Kind::StageEntered) return reach({Part::Stage, out.campaign, out.stage, 0});
  if (out.kind == Kind::Split) return reach({Part::Branch, out.campaign, out.a, out.b});
  if (out.kind == Kind::TriggerFired) {
    return reach({part_of(static_cast<Reaction>(out.a)), out.campaign, out.place, 0});
  }
  if (out.kind == Kind::Exited) {
    const Campaign& campaign = module_.campaigns[out.campaign];
    if (out.place == campaign.place && out.a == campaign.with_sales_reason) reach(leaving(out.campaign));
    return;
  }
  const bool over = out.kind == Kind::WaitEnded && out.b == static_cast<std::int64_t>(outcome::WaitEnd::Timer);
  if (over) reach({Part::Timeout, out.campaign, out.a, 0});
}

bool Coverage::passed(Pc at) const {
  return std::any_of(passage_.begin(), passage_.end(), [&](const auto& step) { return step.second == at; });
}

bool Coverage::jumped(const Spot& spot) const {
  return std::any_of(passage_.lower_bound({spot.from, 0}), passage_.lower_bound({spot.at, 0}),
                     [&](const auto& step) { return step.second == spot.to; });
}

/// A wait for what is past already begins and ends in one instruction.
bool Coverage::ran_out_at_once(std::uint16_t campaign, std::uint16_t state) const {
  const Pc after = module_.campaigns[campaign].states[state].on_timer;
  return std::any_of(passage_.begin(), passage_.end(), [&](const auto& step) {
    return step.second == after && module_.code[step.first] == static_cast<std::uint8_t>(bytecode::Opcode::WaitUntil);
  });
}

bool Coverage::reached(const Spot& spot) const {
  return spot.kind == Spot::Kind::Else ? jumped(spot) : passed(spot.at);
}

std::vector<CoverageItem> Coverage::items() const {
  std::vector<CoverageItem> all;
  for (const auto& [key, item] : items_) {
    all.push_back(item);
    const auto& [part, campaign, index, rest] = key;
    if (part == Part::Timeout && !item.reached)
      all.back().reached = ran_out_at_once(campaign, static_cast<std::uint16_t>(index));
  }
  for (const Spot& spot : spots_) {
    // Without a statement in it, an arm is no way of its own.
    if (spot.kind != Spot::Kind::Exit && spot.at == spot.to) continue;
    all.push_back({part_of(spot), spot.campaign, text_of(spot), spot.place, reached(spot)});
  }
  for (std::uint16_t c = 0; c < module_.campaigns.size(); ++c) {
    for (const bytecode::SendSite& send : module_.campaigns[c].sends) {
      if (send.otherwise == send.next) continue;
      const bytecode::Place& at = module_.places[send.place];
      all.push_back({Part::Branch,
                     c,
                     "the `else` of this send",
                     {module_.strings[at.file], at.line, at.column},
                     passed(send.otherwise)});
    }
  }
  const auto order = [](const CoverageItem& item) {
    return std::tie(item.campaign, item.place.file, item.place.line, item.place.column, item.part);
  };
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return all;
}

}  // namespace nurture::testing
