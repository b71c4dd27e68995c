#pragma once

#include <vector>

#include "compiler/sema/expressions.h"

/// What decides whether and when a message goes out: windows, streams, and the rules of policies and campaigns.
namespace nurture::sema {

/// The window or stream, or kBrokenIndex after a report.
std::uint32_t resolve_window(Context& context, const ast::Name& name);
std::uint32_t resolve_stream(Context& context, const ast::Name& name);
void check_channel(Context& context, const ast::Name& name);
/// `send email welcome`: the channel must be the content's own.
void check_channel_of(Context& context, const ast::Name& channel, std::uint32_t content);
/// Must be the same for every lead, and of one of these types.
void constant_value(Context& context, Expressions& expressions, const ast::Expr& expr, const std::vector<Type>& types);
void check_holdout(Context& context, const ast::Clause& clause);
/// `send only in` or `limit`, of a campaign or a policy.
void check_sending_rule(Context& context, Expressions& expressions, Rule& rule);
/// The kind, `of`, `including machine` and `where` of an event; the kind or kBrokenIndex.
std::uint32_t check_listened(Context& context, Expressions& expressions, const ast::EventRef& event,
                             const Scope& scope);

}  // namespace nurture::sema
