#include "runtime/engine/assumed.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "runtime/base/hash.h"
#include "runtime/outcome/names.h"

namespace nurture::engine {
namespace {

using bytecode::AssumedCause;
using bytecode::AssumedReaction;
using bytecode::AssumedRule;
using bytecode::kNone;
using bytecode::Module;

constexpr std::uint32_t kWhole = 1'000'000;  // millionths

Share share_of(std::uint64_t millionths) { return (Share{millionths} << 64) / kWhole; }

class Planner {
 public:
  Planner(const vm::BoundModule& bound, const bytecode::Scenario& scenario)
      : bound_(bound), module_(*bound.module), scenario_(scenario) {}

  AssumedPlan plan() {
    plan_.of_content.resize(module_.contents.size());
    plan_.of_kind.resize(module_.schema.kinds.size());
    for (const AssumedRule& rule : scenario_.rules) {
      add_cause(rule);
      add_lines(rule, plan_.blocks.emplace_back());
    }
    plan_.identities = identities_.size();
    return std::move(plan_);
  }

 private:
  void add_cause(const AssumedRule& rule) {
    const auto block = static_cast<std::uint32_t>(plan_.blocks.size());
    switch (rule.cause) {
      case AssumedCause::Send:
        for (std::uint16_t content = 0; content < module_.contents.size(); ++content) {
          if (rule.content != kNone && rule.content != content) continue;
          if (rule.channel != kNone && !same(rule.channel, module_.contents[content].channel)) continue;
          plan_.of_content[content].push_back(block);
        }
        return;
      case AssumedCause::HandOff:
        plan_.of_hand_off.push_back(block);
        return;
      case AssumedCause::Reaction:
        plan_.of_kind[rule.kind].push_back(block);
        return;
    }
  }

  void add_lines(const AssumedRule& rule, AssumedBlock& block) {
    block.code = &rule;
    for (const AssumedReaction& reaction : rule.reactions) {
      AssumedLine line;
      line.code = &reaction;
      line.name = outcome::assumed_text(module_, reaction);
      line.identity = identities_.try_emplace(line.name, identities_.size()).first->second;
      line.draw = line.name;
      line.delay = "when " + line.name;
      line.rate = share_of(reaction.rate);
      if (reaction.group != kNone) stand_in_group(block, line);
      if (reaction.tires_channel != kNone) line.channel = channel(reaction.tires_channel);
      add_cells(line);
      block.lines.push_back(std::move(line));
    }
  }

  /// They exclude each other: each has its own part of what is drawn once for all of them.
  void stand_in_group(const AssumedBlock& block, AssumedLine& line) const {
    std::uint64_t before = 0;
    line.draw = "one of " + line.name;
    for (auto other = block.lines.rbegin(); other != block.lines.rend(); ++other) {
      if (other->code->group != line.code->group) continue;
      before += other->code->rate;
      line.draw = other->draw;
    }
    line.begin = share_of(before);
  }

  void add_cells(AssumedLine& line) const {
    const bytecode::EventKind& kind = module_.schema.kinds[line.code->kind];
    line.content_property = kind.content_property;
    for (const auto& [property, constant] : line.code->record)
      line.cells.emplace_back(property, bound_.constants[constant]);
    for (std::uint16_t i = 0; i < kind.properties.size(); ++i) {
      const std::uint16_t otherwise = kind.properties[i].default_value;
      const bool given =
          std::any_of(line.cells.begin(), line.cells.end(), [i](const auto& cell) { return cell.first == i; });
      if (otherwise != kNone && !given && i != kind.machine_property)
        line.cells.emplace_back(i, bound_.constants[otherwise]);
    }
    if (kind.machine_property != kNone)
      line.cells.emplace_back(kind.machine_property, Value::of_bool(line.code->by_machine));
  }

  std::uint16_t channel(bytecode::StringIndex name) {
    const auto found = std::find_if(plan_.channels.begin(), plan_.channels.end(),
                                    [&](bytecode::StringIndex each) { return same(each, name); });
    if (found == plan_.channels.end()) {
      plan_.channels.push_back(name);
      return static_cast<std::uint16_t>(plan_.channels.size() - 1);
    }
    return static_cast<std::uint16_t>(found - plan_.channels.begin());
  }

  bool same(bytecode::StringIndex a, bytecode::StringIndex b) const { return module_.strings[a] == module_.strings[b]; }

  const vm::BoundModule& bound_;
  const Module& module_;
  const bytecode::Scenario& scenario_;
  std::map<std::string, std::uint16_t> identities_;
  AssumedPlan plan_;
};

}  // namespace

AssumedPlan plan_scenario(const vm::BoundModule& bound, const bytecode::Scenario& scenario, std::uint64_t seed,
                          std::uint64_t run) {
  AssumedPlan plan = Planner(bound, scenario).plan();
  plan.seed = seed;
  plan.run = std::to_string(run);
  return plan;
}

/// What is given in the record says more than what follows from the cause.
Value AssumedEvent::cell(std::uint16_t property) const {
  for (const auto& [known, value] : line->cells) {
    if (known == property) return value;
  }
  return property == line->content_property && content != kNone ? Value::of_text(content_name) : Value{};
}

AssumedDraws::AssumedDraws(const AssumedPlan& plan, std::string_view lead, std::string_view cause) : plan_(plan) {
  for (std::string_view part : {std::string_view(plan.run), lead, cause}) {
    bytes_.append(part);
    bytes_.push_back('\0');
  }
  prefix_ = bytes_.size();
}

std::uint64_t AssumedDraws::draw(std::string_view name) {
  bytes_.resize(prefix_);
  bytes_.append(name);
  bytes_.push_back('\0');
  return hash64(bytes_, plan_.seed);
}

bool AssumedDraws::reacts(const AssumedLine& line, std::uint64_t sends) {
  constexpr Share kAll = Share{1} << 64;
  Share rate = line.rate;
  for (; sends > 0 && rate > 0; --sends) rate = std::min(rate * line.code->tires / kWhole, kAll);
  if (rate == 0) return false;
  const Share drawn = draw(line.draw);
  return drawn >= line.begin && drawn - line.begin < rate;
}

/// As long however many have led to it.
std::string AssumedDraws::cause_of(const AssumedLine& line) {
  return fmt::format("{:016x} {}", draw(line.name), line.name);
}

/// Evenly between the two points around what was drawn; the first is (0, now), the last (all, the window).
std::int64_t AssumedDraws::delay(const AssumedLine& line) {
  const std::uint64_t drawn = draw(line.delay);
  Share low = 0;
  std::int64_t from = 0;
  for (std::size_t i = 0;; ++i) {
    const bool last = i == line.code->delay.size();
    const Share high = last ? Share{1} << 64 : share_of(line.code->delay[i].share);
    const std::int64_t to = last ? line.code->within : line.code->delay[i].by;
    if (drawn < high) {
      const auto passed = (drawn - low) * static_cast<std::uint64_t>(to - from) / (high - low);
      return std::max<std::int64_t>(1, from + static_cast<std::int64_t>(passed));
    }
    low = high;
    from = to;
  }
}

}  // namespace nurture::engine
