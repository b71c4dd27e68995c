#pragma once

#include <memory>

#include "compiler/sema/expressions.h"

namespace nurture::sema {

/// What kind of block a statement stands in.
struct Body {
  bool may_wait = true;     ///< false: sends are detached (§5.5)
  bool of_trigger = false;  ///< of a trigger or handler, not the stage's own
  bool of_exit = false;     ///< `on exit`: the membership ends after it
};

/// Goes through the statements of a campaign with what each may see. Clauses and their bodies in the order written.
class BodyVisitor {
 public:
  virtual ~BodyVisitor() = default;
  virtual void statement(const ast::Stmt& statement, const Scope& scope, const Body& body) = 0;
  /// The head of a trigger or handler; `scope` is what its conditions see.
  virtual void trigger(const ast::Trigger& trigger, const Scope& scope) = 0;
  /// After the last statement of a trigger's or handler's body.
  virtual void body_done(const ast::Block& block, const Body& body) = 0;

 protected:
  explicit BodyVisitor(Context& context) : context_(context) {}
  void stage(const ast::Clause& clause, const Scope& campaign);
  void trigger_with_body(const ast::Trigger& trigger, const Scope& around, bool handler);
  void on_exit(const ast::Clause& clause, const Scope& campaign);

  Context& context_;

 private:
  void block(const ast::Block& block, Scope& scope, const Body& body);
  void inside(const ast::Stmt& statement, Scope& scope, const Body& body);
  void wait(const ast::Wait& statement, Scope& scope, const Body& body);
};

/// The kind or group that a trigger listens to, kBrokenIndex for one that is not there, kNoIndex for a `when`. Reports
/// nothing.
std::uint32_t kind_at_hand(const Context& context, const ast::EventRef& event);
/// The head line of what spans several.
Span head_line(const Context& context, Span span);

/// Entering kinds, remembered names, reasons and who sends what, of all campaigns, before anything is typed.
void prepare_campaigns(Context& context);

/// Checks the kind, `of`, `including machine` and `where` of an event that is listened to; the kind or kBrokenIndex.
std::uint32_t check_event(Context& context, Expressions& expressions, const ast::EventRef& event, ast::NodeId id,
                          const Scope& scope);
/// What is written after an event: `of x`, `including machine`. `index` is of a kind or a group.
void check_of_and_machine(Context& context, const ast::EventRef& event, std::uint32_t index);
/// Reports what a `when` cannot watch.
void check_watched(Context& context, const ast::Expr* condition);
/// The target of a statement that changes a score.
void check_score_target(Context& context, const ast::Path& target, std::string_view changed);
/// Checks `silence of D [of kinds] [where c]`; `scope` is what stands around it.
void check_silence(Context& context, Expressions& expressions, const ast::Trigger& silence, Scope scope);
/// Checks the bodies of a campaign.
void check_bodies(Context& context, Expressions& expressions, CampaignNames& names, const Scope& scope);
/// Warns where an earlier trigger takes everything that a later one waits for.
void warn_never_reacts(Context& context, const std::vector<const ast::Trigger*>& earlier,
                       const std::vector<ast::Trigger>& later);

}  // namespace nurture::sema
