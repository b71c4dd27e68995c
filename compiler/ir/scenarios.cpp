#include "compiler/ir/scenarios.h"

namespace nurture::ir {

using bytecode::kNone;

namespace {

bytecode::AssumedCause cause_of(ast::AssumedRule::Cause cause) {
  using Cause = ast::AssumedRule::Cause;
  switch (cause) {
    case Cause::Send:
      return bytecode::AssumedCause::Send;
    case Cause::HandOff:
      return bytecode::AssumedCause::HandOff;
    case Cause::Reaction:
      return bytecode::AssumedCause::Reaction;
  }
  return {};
}

std::uint16_t index_of(std::uint32_t index) {
  return index == sema::kNoIndex ? kNone : static_cast<std::uint16_t>(index);
}

bytecode::AssumedReaction reaction(const sema::Model& model, const sema::AssumedReaction& row, Pools& pools) {
  const ast::AssumedReaction& line = *row.decl;
  bytecode::AssumedReaction made;
  made.kind = index_of(row.kind);
  made.by_machine = line.by_machine;
  for (const auto& [property, value] : row.record) made.record.emplace_back(index_of(property), pools.constant(value));
  made.rate = static_cast<std::uint32_t>(line.rate);
  made.within = sema::exact_length(model, *line.within);
  for (const ast::DelayPoint& point : line.delay) {
    made.delay.push_back({static_cast<std::uint32_t>(point.share), sema::exact_length(model, *point.by)});
  }
  if (line.tires_within) {
    made.tires = static_cast<std::uint32_t>(line.tires);
    made.tires_channel = pools.text(line.tires_channel.text);
    made.tires_within = sema::exact_length(model, *line.tires_within);
  }
  if (line.group != ast::AssumedReaction::kAlone) made.group = static_cast<std::uint16_t>(line.group);
  made.place = pools.place(line.span);
  return made;
}

/// The numbers of groups that have members follow one another.
void number_groups(std::vector<bytecode::AssumedReaction>& rows) {
  std::uint16_t next = 0;
  std::uint16_t last = kNone;
  for (bytecode::AssumedReaction& row : rows) {
    if (row.group == kNone) continue;
    if (row.group != last) ++next;
    last = row.group;
    row.group = static_cast<std::uint16_t>(next - 1);
  }
}

/// A rule without a line decides nothing.
std::vector<bytecode::AssumedRule> rules(const sema::Model& model, const sema::Scenario& scenario, Pools& pools,
                                         Expressions& expressions) {
  std::vector<bytecode::AssumedRule> made;
  for (const sema::AssumedRule& row : scenario.rules) {
    if (row.reactions.empty()) continue;
    bytecode::AssumedRule& rule = made.emplace_back();
    rule.cause = cause_of(row.decl->cause);
    if (!row.channel.empty()) rule.channel = pools.text(row.channel);
    rule.content = index_of(row.content);
    rule.kind = index_of(row.kind);
    rule.condition = expressions.later(row.decl->condition);
    for (const sema::AssumedReaction& each : row.reactions) rule.reactions.push_back(reaction(model, each, pools));
    number_groups(rule.reactions);
    rule.label = pools.text(pools.written(row.decl->head));
    rule.place = pools.place(row.decl->head);
  }
  return made;
}

}  // namespace

std::vector<bytecode::Scenario> scenarios(const sema::Model& model, Pools& pools, Expressions& expressions) {
  std::vector<bytecode::Scenario> made;
  for (const sema::Scenario& row : model.scenarios) {
    made.push_back({pools.text(row.name), rules(model, row, pools, expressions), pools.place(row.decl->name.span)});
  }
  expressions.flush();
  return made;
}

}  // namespace nurture::ir
