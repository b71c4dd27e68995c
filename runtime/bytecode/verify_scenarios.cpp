#include <fmt/format.h>

#include "runtime/bytecode/verify.h"

namespace nurture::bytecode {
namespace {

Flaw check_record(const Module& module, const AssumedReaction& reaction, std::string_view where) {
  const EventKind& kind = module.schema.kinds[reaction.kind];
  const std::vector<Field>& properties = properties_of(module.schema, kind);
  for (std::size_t i = 0; i < reaction.record.size(); ++i) {
    const auto& [property, constant] = reaction.record[i];
    if (i > 0 && property <= reaction.record[i - 1].first) {
      return fmt::format("{} names its properties out of order, or twice", where);
    }
    if (property == kind.content_property || property == kind.machine_property) {
      return fmt::format("{} gives what follows from its cause", where);
    }
    if (ValueType::of(module.constants[constant].type) != ValueType::of(properties[property].type)) {
      return fmt::format("{} gives a property a constant of another type", where);
    }
  }
  return {};
}

Flaw check_delay(const AssumedReaction& reaction, std::string_view where) {
  DelayPoint last;
  for (const DelayPoint& point : reaction.delay) {
    if (point.share <= last.share || point.by <= last.by) {
      return fmt::format("{} has a delay that does not rise", where);
    }
    if (point.share >= kWholeRate || point.by >= reaction.within) {
      return fmt::format("{} has a delay that leaves its window", where);
    }
    last = point;
  }
  return {};
}

Flaw check_kind(const EventKind& kind, const AssumedReaction& reaction, std::string_view where) {
  if (kind.records_send || kind.updates_lead || kind.merges_into != kNone || kind.of_account) {
    return fmt::format("{} is an event that nobody reacts by", where);
  }
  if (reaction.by_machine && kind.machine_property == kNone) {
    return fmt::format("{} is by a machine, and its kind has none", where);
  }
  return {};
}

Flaw check_reaction(const Module& module, const AssumedReaction& reaction, std::string_view where) {
  Flaw flaw = check_kind(module.schema.kinds[reaction.kind], reaction, where);
  if (flaw) return flaw;
  if (reaction.rate > kWholeRate || reaction.tires > kWholeRate) {
    return fmt::format("{} has a rate of more than 100 %", where);
  }
  if (reaction.within <= 0 || reaction.within > kMaxReactionWindow) return fmt::format("{} has no window", where);
  const bool tires = reaction.tires_channel != kNone;
  if (tires ? reaction.tires_within <= 0 || reaction.tires_within > kMaxReactionWindow
            : reaction.tires_within != 0 || reaction.tires != kWholeRate) {
    return fmt::format("{} needs a channel and a length exactly where it tires", where);
  }
  if (flaw = check_record(module, reaction, where); flaw) return flaw;
  return check_delay(reaction, where);
}

/// Members of a `one of` stand together, groups are numbered from 0 in order, and leave each other room.
Flaw check_groups(const AssumedRule& rule, std::string_view where) {
  std::uint16_t next = 0;
  std::uint64_t sum = 0;
  std::uint16_t before = kNone;
  for (const AssumedReaction& reaction : rule.reactions) {
    const std::uint16_t group = reaction.group;
    const bool begins = group != kNone && group != before;
    if (begins && group != next++) return fmt::format("{} has its groups out of order", where);
    sum = begins ? reaction.rate : sum + reaction.rate;
    if (group != kNone && sum > kWholeRate) return fmt::format("{} has a group of more than 100 %", where);
    before = group;
  }
  return {};
}

Flaw check_cause(const AssumedRule& rule, std::string_view where) {
  const bool send = rule.cause == AssumedCause::Send;
  if (!send && (rule.channel != kNone || rule.content != kNone)) {
    return fmt::format("{} follows what is no send, and names what is sent", where);
  }
  if (rule.channel != kNone && rule.content != kNone) return fmt::format("{} names content and channel", where);
  if ((rule.cause == AssumedCause::Reaction) != (rule.kind != kNone)) {
    return fmt::format("{} needs an event exactly where it follows a reaction", where);
  }
  if (rule.reactions.empty()) return fmt::format("{} assumes nothing", where);
  return {};
}

Flaw check_rule(const Module& module, const AssumedRule& rule, const std::string& where) {
  Flaw flaw = check_cause(rule, where);
  for (std::size_t i = 0; i < rule.reactions.size() && !flaw; ++i) {
    flaw = check_reaction(module, rule.reactions[i], fmt::format("{}.reactions[{}]", where, i));
  }
  return flaw ? flaw : check_groups(rule, where);
}

}  // namespace

Flaw check_scenarios(const Module& module) {
  for (std::size_t i = 0; i < module.scenarios.size(); ++i) {
    const Scenario& scenario = module.scenarios[i];
    if (i > 0 && module.strings[module.scenarios[i - 1].name] >= module.strings[scenario.name]) {
      return fmt::format("scenarios[{}] is out of order: by name, no name twice", i);
    }
    for (std::size_t k = 0; k < scenario.rules.size(); ++k) {
      if (Flaw flaw = check_rule(module, scenario.rules[k], fmt::format("scenarios[{}].rules[{}]", i, k))) return flaw;
    }
  }
  return {};
}

}  // namespace nurture::bytecode
