#pragma once

#include "compiler/sema/context.h"

namespace nurture::sema {

/// The campaign as it is checked: with the clauses of the rules that it follows in place of each `follow`.
const ast::CampaignDecl& composed(const Context& context, const ast::CampaignDecl& decl);
/// The campaign that a template makes of its arguments; null where that was reported.
const ast::CampaignDecl* composed(const Context& context, const ast::CampaignFrom& decl);

}  // namespace nurture::sema
