#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/ir/code.h"
#include "compiler/sema/model.h"
#include "runtime/bytecode/module.h"

/// The programme as linear code with labels, and the tables of the module around it.
namespace nurture::ir {

/// `module` is complete but for its code: until codegen lays that out, its Pc fields hold labels of `code`.
struct Program {
  Code code;
  bytecode::Module module;
  std::vector<Spot> spots;
  std::string_view overflow;  ///< what there is more of than the format can name; or empty
};

/// Needs a model and graphs without errors.
Program build(const sema::Unit& unit, const std::vector<flow::CampaignGraph>& graphs);

/// For --dump=ir.
std::string dump(const Program& program);

}  // namespace nurture::ir
