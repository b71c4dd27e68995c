#include "runtime/experiment/recorded.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"
#include "runtime/vm/vm.h"

namespace nurture::experiment {

using outcome::Outcome;
using RecordKind = outcome::Kind;

namespace {

void add(std::vector<Reached>& into, const std::vector<Reached>& from) {
  into.resize(from.size());
  for (std::size_t g = 0; g < from.size(); ++g) {
    into[g].ground.of += from[g].ground.of;
    into[g].ground.reached += from[g].ground.reached;
    into[g].open += from[g].open;
  }
}

}  // namespace

void Recorded::merge(const Recorded& other) {
  for (const auto& [alike, counts] : other.groups) {
    Outcomes& into = groups[alike];
    into.leads += counts.leads;
    add(into.goals, counts.goals);
  }
  moved += other.moved;
}

RecordedSink::RecordedSink(const bytecode::Module& module, const store::Store& store, const Lookout& lookout,
                           Instant horizon)
    : module_(module), store_(store), lookout_(lookout), horizon_(horizon) {}

outcome::Kinds RecordedSink::wants() const {
  return outcome::kinds({RecordKind::Entered, RecordKind::Remembered, RecordKind::GoalCredited, RecordKind::MergedInto,
                         RecordKind::MovedHere});
}

void RecordedSink::on(const Outcome& o) {
  if (o.kind == RecordKind::MergedInto) merged_ = true;
  if (o.campaign != lookout_.campaign) return;
  if (o.kind == RecordKind::Entered) {
    const std::size_t goals = module_.campaigns[o.campaign].goals.size();
    leads_.push_back({o.lead, o.at, outcome::zone_of(module_, o), {}, false, std::vector<Instant>(goals, kNever)});
    leads_.back().alike.rules.resize(lookout_.policies.size());
    return;
  }
  const store::LeadIndex who = o.kind == RecordKind::MovedHere ? static_cast<store::LeadIndex>(o.a) : o.lead;
  auto lead = std::find_if(leads_.begin(), leads_.end(), [&](const Lead& each) { return each.lead == who; });
  if (lead == leads_.end()) return;
  if (o.kind == RecordKind::MovedHere) {
    lead->lead = o.lead;
  } else if (o.kind == RecordKind::GoalCredited) {
    lead->reached[static_cast<std::size_t>(o.a)] = o.at;
  } else if (o.kind == RecordKind::Remembered) {
    remember(*lead, o);
  }
}

std::string RecordedSink::text_of(Value value, const bytecode::Type& type) const {
  return value.known ? vm::format_value(value, type, store_.texts, store_.lists, outcome::programme_zone(module_))
                     : "unknown";
}

void RecordedSink::remember(Lead& lead, const Outcome& o) {
  const auto name = static_cast<bytecode::StringIndex>(o.a);
  if (name == lookout_.arm) {
    lead.alike.arm = text_of(o.value, lookout_.arm_type);
  } else if (name == lookout_.by) {
    lead.alike.by = text_of(o.value, lookout_.by_type);
  } else if (name == lookout_.later) {
    lead.moved |= text_of(o.value, lookout_.arm_type) != lead.alike.arm;
  } else {
    for (std::size_t i = 0; i < lookout_.policies.size(); ++i) {
      if (name == lookout_.policies[i]) lead.alike.rules[i] = static_cast<std::uint16_t>(o.value.bits);
    }
  }
}

void RecordedSink::lead_done(store::LeadIndex) {
  if (merged_) {
    merged_ = false;
    return;
  }
  for (const Lead& lead : leads_) count(lead);
  leads_.clear();
}

void RecordedSink::count(const Lead& lead) {
  Outcomes& group = recorded_.groups[lead.alike];
  ++group.leads;
  recorded_.moved += lead.moved ? 1 : 0;
  const auto& goals = module_.campaigns[lookout_.campaign].goals;
  group.goals.resize(goals.size());
  for (std::size_t g = 0; g < goals.size(); ++g) {
    const bool endless = goals[g].within == bytecode::kNone;
    const Instant end =
        endless
            ? horizon_
            : calendar::add(lead.at, module_.constants[goals[g].within].value.duration(), lead.zone).value_or(kNever);
    const bool reached = lead.reached[g] != kNever;
    Reached& counts = group.goals[g];
    counts.ground.of += end <= horizon_ ? 1 : 0;
    counts.ground.reached += end <= horizon_ && reached ? 1 : 0;
    counts.open += !reached && (endless || end > horizon_) ? 1 : 0;
  }
}

namespace {

Experiment by_arm(const Recorded& recorded, const Reading& reading) {
  Experiment out;
  out.kind = Kind::Recorded;
  out.name = reading.name;
  out.moved = recorded.moved;
  for (const auto& [alike, counts] : recorded.groups) {  // sorted by arm
    if (out.arms.empty() || out.arms.back().name != alike.arm) out.arms.push_back({alike.arm, 0, 0});
    out.arms.back().assigned += counts.leads;
  }
  for (std::size_t g = 0; g < reading.goals.size(); ++g) {
    Goal goal{reading.goals[g], std::vector<Reached>(out.arms.size())};
    for (const auto& [alike, counts] : recorded.groups) {
      auto arm =
          std::find_if(out.arms.begin(), out.arms.end(), [&](const Arm& each) { return each.name == alike.arm; });
      std::vector<Reached> one{goal.arms[static_cast<std::size_t>(arm - out.arms.begin())]};
      add(one, {counts.goals[g]});
      goal.arms[static_cast<std::size_t>(arm - out.arms.begin())] = one.front();
    }
    out.goals.push_back(std::move(goal));
  }
  return out;
}

std::string names_of(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const Arm& arm : experiment.arms) names.push_back("\"" + arm.name + "\"");
  return fmt::format("{}", fmt::join(names, ", "));
}

std::size_t find_arm(const Experiment& experiment, const std::string& name) {
  auto found =
      std::find_if(experiment.arms.begin(), experiment.arms.end(), [&](const Arm& arm) { return arm.name == name; });
  return static_cast<std::size_t>(found - experiment.arms.begin());
}

Status declare_shares(Experiment& experiment, const std::map<std::string, double>& shares) {
  experiment.declared = !shares.empty();
  double whole = 0;
  for (const auto& [name, share] : shares) {
    const std::size_t arm = find_arm(experiment, name);
    if (arm == experiment.arms.size())
      return Error{fmt::format("no lead has the arm \"{}\", which --share speaks of", name),
                   fmt::format("The log has {}.", names_of(experiment))};
    experiment.arms[arm].share = share;
    whole += share;
  }
  for (Arm& arm : experiment.arms) {
    if (experiment.declared && !shares.contains(arm.name))
      return Error{fmt::format("there is no --share of the arm \"{}\"", arm.name),
                   "Give one for each arm, or for none."};
    arm.share = experiment.declared ? arm.share / whole : 1.0 / static_cast<double>(experiment.arms.size());
  }
  return Done{};
}

}  // namespace

Result<Experiment> experiment_of(const Recorded& recorded, const Reading& reading) {
  Experiment out = by_arm(recorded, reading);
  if (out.arms.size() < 2) {
    return out.arms.empty()
               ? Error{fmt::format("no lead of this log has an arm: {} is never known", reading.name),
                       "`nurture log inspect` tells which events a log has."}
               : Error{fmt::format("all leads have the arm {}: there is nothing to compare it with", names_of(out)),
                       ""};
  }
  if (!reading.against.empty()) out.against = find_arm(out, reading.against);
  if (out.against == out.arms.size())
    return Error{fmt::format("no lead has the arm \"{}\", which --against names", reading.against),
                 fmt::format("The log has {}.", names_of(out))};
  if (auto declared = declare_shares(out, reading.shares); !declared) return declared.error();
  return out;
}

}  // namespace nurture::experiment
