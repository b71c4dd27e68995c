#pragma once

#include "compiler/sema/expressions.h"

/// Campaigns whose members are accounts (§5.14), and merged leads (§7.4).
namespace nurture::sema {

/// Reports a campaign that is asked about, or acted on, whose members are of the other kind.
bool same_members(Context& context, const Campaign& other, bool accounts, Span span);
/// Reports a statement about one lead in a campaign for accounts; whether it was one.
bool refuse_for_accounts(Context& context, const Campaign& campaign, const ast::Stmt& statement);
/// To whom a send goes: `to leads` exactly in a campaign for accounts, and what those must fulfil.
void check_recipients(Context& context, Expressions& expressions, const Campaign& campaign, const ast::Send& send);
/// `lead.merged` names the lead that stays.
void check_merged(Context& context);

}  // namespace nurture::sema
