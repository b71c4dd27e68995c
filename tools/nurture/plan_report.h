#pragma once

#include <string>

#include "compiler/sema/model.h"
#include "tools/nurture/planning.h"

/// A plan as people and machines read it.
namespace nurture::tool {

std::string plan_text(const ProgrammePlan& plan, const sema::Unit& unit, bool colour);
std::string plan_markdown(const ProgrammePlan& plan, const sema::Unit& unit);
std::string plan_json(const ProgrammePlan& plan, const sema::Unit& unit);

}  // namespace nurture::tool
