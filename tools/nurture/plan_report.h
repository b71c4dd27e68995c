#pragma once

#include <string>

#include "compiler/sema/model.h"
#include "tools/nurture/planning.h"

/// A plan as people and machines read it.
namespace nurture::tool {

std::string plan_text(const ProgrammePlan& plan, const sema::Unit& unit, bool colour);
std::string plan_markdown(const ProgrammePlan& plan, const sema::Unit& unit);
/// The lifts that a plan says the size for, as shares of the rate compared with.
inline constexpr double kPlannedLifts[] = {0.1, 0.2, 0.5};
std::string plan_json(const ProgrammePlan& plan, const sema::Unit& unit);

}  // namespace nurture::tool
