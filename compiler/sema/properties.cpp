#include <algorithm>

#include "compiler/sema/bodies.h"
#include "compiler/sema/passes.h"
#include "compiler/sema/sending.h"
#include "runtime/base/channels.h"

namespace nurture::sema {

namespace {

using ActKind = ast::Act::Kind;
using Form = ast::PropertyDecl::Form;

/// Checks what is claimed of every lead (§10).
class PropertyChecker {
 public:
  PropertyChecker(Context& context, Expressions& expressions) : context_(context), expressions_(expressions) {}

  void run() {
    for (Property& property : context_.model.properties) check(property);
  }

 private:
  void check(Property& property);
  void act(Property& property);
  void send(Property& property);
  void reason(const ast::Name& name);
  void listened(const std::vector<ast::EventRef>& events);

  Context& context_;
  Expressions& expressions_;
};

void PropertyChecker::check(Property& property) {
  const ast::PropertyDecl& decl = *property.decl;
  if (decl.form == Form::Ends) {
    if (decl.campaign) property.campaign = resolve_campaign(context_, decl.campaign.text(), decl.campaign.span);
  } else {
    act(property);
  }
  listened(decl.after);
  listened(decl.until);
  Scope scope;
  if (decl.event) {
    scope.event = kind_at_hand(context_, decl.event);
    check_listened(context_, expressions_, decl.event, scope);
  }
  expressions_.condition(decl.condition, scope);
  expressions_.duration(decl.within, Scope{}, true);
  constexpr std::int64_t kMost = 1'000'000;
  if (decl.form == Form::AtMost && (decl.number < 1 || decl.number > kMost)) {
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::BadCount, decl.number_span, "what happens at most", 1, kMost);
    if (decl.number < 1) diagnostic.hint = "What must not happen at all is written `never …`.";
  }
  if (decl.until.empty() || !decl.after.empty() || context_.incomplete(decl.span)) return;
  context_.out.report(DiagnosticId::UntilWithoutAfter, head_line(context_, decl.span)).hint =
      "Say what begins it: `never send email after email.unsubscribed until email.subscribed`.";
}

void PropertyChecker::act(Property& property) {
  const ast::Act& act = property.decl->act;
  switch (act.kind) {
    case ActKind::Send:
      return send(property);
    case ActKind::Enter:
      if (act.name) property.campaign = resolve_campaign(context_, act.name.text, act.name.span);
      return;
    case ActKind::Exit:
      return reason(act.name);
    case ActKind::Event: {
      Scope scope;
      scope.event = kind_at_hand(context_, act.event);
      check_listened(context_, expressions_, act.event, scope);
      return;
    }
    case ActKind::HandOff:
    case ActKind::TakeBack:
    case ActKind::Assign:
    case ActKind::Notify:
      return;
  }
}

/// `send email`, `send welcome`, `send email welcome`: a channel, unless a content has that name.
void PropertyChecker::send(Property& property) {
  const ast::Act& act = property.decl->act;
  if (!act.name) return;
  if (!act.channel && context_.model.find_content(act.name.text) == kNoIndex && is_channel(act.name.text)) {
    property.channel = act.name.text;
    return;
  }
  const std::uint32_t found = resolve_content(context_, act.name);
  if (found == kBrokenIndex) return;
  property.content = found;
  check_channel_of(context_, act.channel, found);
}

/// A reason that some campaign gives.
void PropertyChecker::reason(const ast::Name& name) {
  if (!name) return;
  std::vector<std::string_view> reasons;
  for (const Campaign& campaign : context_.model.campaigns) {
    reasons.insert(reasons.end(), campaign.reasons.begin(), campaign.reasons.end());
  }
  const bool found = std::find(reasons.begin(), reasons.end(), name.text) != reasons.end();
  if (found || context_.lost(name.text)) return;
  suggest(context_.out.report(DiagnosticId::NothingOfThatName, name.span, "reason to exit", name.text), name.text,
          name.span, reasons, "A reason is what stands after `exit as` in a campaign.");
}

/// A `where` is about the event at hand; each has its own.
void PropertyChecker::listened(const std::vector<ast::EventRef>& events) {
  for (const ast::EventRef& event : events) {
    Scope scope;
    scope.event = kind_at_hand(context_, event);
    check_listened(context_, expressions_, event, scope);
  }
}

}  // namespace

void check_properties(Context& context, Expressions& expressions) { PropertyChecker(context, expressions).run(); }

}  // namespace nurture::sema
