#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/bytecode/opcode.h"
#include "runtime/bytecode/value_type.h"

/// The verifier's parts. Each finds the first thing that is wrong and says it; later parts rely on earlier ones.
namespace nurture::bytecode {

/// What is wrong with a module, as the end of "the compiled programme is not sound: …".
using Flaw = std::optional<std::string>;

/// Where instructions begin.
using Starts = std::vector<bool>;

/// Tables no larger than their indices reach, strings in UTF-8.
Flaw check_sizes(const Module& module);
/// The code is one sequence of whole instructions.
Flaw check_instructions(const Module& module, Starts& starts);
/// Every index within its table, every code offset on an instruction (layout.h says which).
Flaw check_indices(const Module& module, const Starts& starts);
/// What rows must be besides: constants of their type, shares that sum to 100 %, sites and states that name each other,
/// …
Flaw check_rows(const Module& module);
/// The same of scenarios.
Flaw check_scenarios(const Module& module);
/// Every piece of code: operands, types on the stack, jumps, what its circumstances allow.
Flaw check_code(const Module& module, const Starts& starts);

/// The properties of a kind of event: for lead.updated the lead's attributes.
inline const std::vector<Field>& properties_of(const Schema& schema, const EventKind& kind) {
  return kind.updates_lead ? schema.lead : kind.properties;
}

std::uint16_t operand16(const Module& module, Pc pc, std::size_t index);
Pc target_of(const Module& module, Pc pc);

bool valid_utf8(std::string_view text);

}  // namespace nurture::bytecode
