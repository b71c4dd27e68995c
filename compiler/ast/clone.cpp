#include "compiler/ast/clone.h"

namespace nurture::ast {

template <typename T>
T* Cloner::copy(const Node& node) {
  T* out = tree_.make<T>(node.span);
  NodeId id = out->id;
  *out = as<T>(node);
  out->id = id;
  return out;
}

void Cloner::replace(const Expr*& expr) {
  if (expr) expr = cloned(*expr);
}

void Cloner::replace(EventRef& event) {
  named(Place::Event, event.kind);
  named(Place::Content, event.of_content);
  replace(event.where);
}

void Cloner::replace(When& when) {
  replace(when.time);
  replace(when.target);
}

void Cloner::replace(Message& message) {
  for (MessagePart& part : message.parts) replace(part.expression);
}

void Cloner::replace(Block& block) {
  for (const Stmt*& each : block.statements) {
    if (each) each = cloned(*each);
  }
}

void Cloner::replace(std::optional<Block>& block) {
  if (block) replace(*block);
}

void Cloner::replace(Trigger& trigger) {
  trigger.id = tree_.new_id();
  replace(trigger.event);
  replace(trigger.condition);
  replace(trigger.silence);
  for (EventRef& each : trigger.silence_of) replace(each);
  replace(trigger.body);
}

void Cloner::replace(std::vector<Trigger>& triggers) {
  for (Trigger& each : triggers) replace(each);
}

Clause Cloner::clause(const Clause& original) {
  Clause out = original;
  out.id = tree_.new_id();
  replace(out.condition);
  replace(out.event);
  for (EventRef& each : out.after) replace(each);
  for (EventRef& each : out.until) replace(each);
  replace(out.trigger);
  replace(out.at);
  for (const Expr** each : {&out.duration, &out.target, &out.target2, &out.condition2, &out.also_already})
    replace(*each);
  if (out.kind == Clause::Kind::SendOnlyIn) named(Place::Window, out.name);
  named(Place::Window, out.outside);
  replace(out.body);
  replace(out.triggers);
  return out;
}

// Expressions ---------------------------------------------------------------------------------------------------------

/// `score.x`: the second part names the score.
void Cloner::score(Path& path) {
  if (path.parts.size() == 2 && path.parts.front().text == "score") named(Place::Score, path.parts[1]);
}

void Cloner::inside(Aggregate& expr) {
  replace(expr.event);
  replace(expr.last);
}

const Expr* Cloner::cloned(const Expr& expr) {
  switch (expr.kind) {
    case NodeKind::TextLit:
      return copy<TextLit>(expr);
    case NodeKind::IntegerLit:
      return copy<IntegerLit>(expr);
    case NodeKind::NumberLit:
      return copy<NumberLit>(expr);
    case NodeKind::PercentLit:
      return copy<PercentLit>(expr);
    case NodeKind::BooleanLit:
      return copy<BooleanLit>(expr);
    case NodeKind::DateLit:
      return copy<DateLit>(expr);
    case NodeKind::TimeLit:
      return copy<TimeLit>(expr);
    case NodeKind::DateTimeLit:
      return copy<DateTimeLit>(expr);
    case NodeKind::DurationLit:
      return copy<DurationLit>(expr);
    case NodeKind::Now:
      return copy<Now>(expr);
    case NodeKind::Today:
      return copy<Today>(expr);
    case NodeKind::WithSales:
      return copy<WithSales>(expr);
    case NodeKind::VisitsOf:
      return copy<VisitsOf>(expr);
    case NodeKind::NameRef: {
      auto* out = copy<NameRef>(expr);
      score(out->path);
      return reference(*out);
    }
    case NodeKind::LeadsQuery: {
      auto* out = copy<LeadsQuery>(expr);
      replace(out->where);
      return out;
    }
    case NodeKind::ListLit: {
      auto* out = copy<ListLit>(expr);
      for (const Expr*& item : out->items) replace(item);
      return out;
    }
    case NodeKind::Unary: {
      auto* out = copy<Unary>(expr);
      replace(out->operand);
      return out;
    }
    case NodeKind::Binary: {
      auto* out = copy<Binary>(expr);
      replace(out->left);
      replace(out->right);
      return out;
    }
    case NodeKind::InTest: {
      auto* out = copy<InTest>(expr);
      replace(out->value);
      replace(out->list);
      return out;
    }
    case NodeKind::Between: {
      auto* out = copy<Between>(expr);
      for (const Expr** each : {&out->value, &out->low, &out->high}) replace(*each);
      return out;
    }
    case NodeKind::KnownTest: {
      auto* out = copy<KnownTest>(expr);
      replace(out->value);
      return out;
    }
    case NodeKind::DateShift: {
      auto* out = copy<DateShift>(expr);
      replace(out->amount);
      replace(out->target);
      return out;
    }
    case NodeKind::Aggregate: {
      auto* out = copy<Aggregate>(expr);
      inside(*out);
      return out;
    }
    case NodeKind::DaysSince: {
      auto* out = copy<DaysSince>(expr);
      replace(out->target);
      return out;
    }
    case NodeKind::Lookup: {
      auto* out = copy<Lookup>(expr);
      replace(out->key);
      return out;
    }
    case NodeKind::ContentPast: {
      auto* out = copy<ContentPast>(expr);
      named(Place::Content, out->content);
      return out;
    }
    case NodeKind::InLast: {
      auto* out = copy<InLast>(expr);
      replace(out->value);
      replace(out->length);
      return out;
    }
    case NodeKind::WithinNext: {
      auto* out = copy<WithinNext>(expr);
      replace(out->value);
      replace(out->length);
      return out;
    }
    case NodeKind::WasInCampaign: {
      auto* out = copy<WasInCampaign>(expr);
      named(Place::Campaign, out->campaign);
      replace(out->last);
      return out;
    }
    case NodeKind::ErrorExpr: {
      auto* out = copy<ErrorExpr>(expr);
      for (const Expr*& part : out->partial) replace(part);
      return out;
    }
#define NURTURE_EXPR(name)
#define NURTURE_STMT(name) case NodeKind::name:
#define NURTURE_DECL(name) case NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
    break;
  }
  return copy<ErrorExpr>(expr);
}

// Statements ----------------------------------------------------------------------------------------------------------

void Cloner::inside(Send& statement) {
  named(statement.what == Send::What::NextOf ? Place::Stream : Place::Content, statement.content);
  for (Name& each : statement.choices) named(Place::Content, each);
  replace(statement.for_up_to);
  replace(statement.to_leads_where);
  replace(statement.otherwise);
}

void Cloner::inside(Wait& statement) {
  replace(statement.duration);
  named(Place::Window, statement.window);
  replace(statement.until);
  replace(statement.at_least);
  replace(statement.at_most);
  replace(statement.handlers);
  replace(statement.otherwise);
}

void Cloner::inside(If& statement) {
  for (IfArm& arm : statement.arms) {
    replace(arm.condition);
    replace(arm.body);
  }
  replace(statement.otherwise);
}

void Cloner::inside(SplitStmt& statement) {
  for (SplitArm& arm : statement.arms) replace(arm.body);
}

void Cloner::inside(Repeat& statement) {
  replace(statement.every);
  replace(statement.at);
  replace(statement.body);
}

void Cloner::inside(HandOff& statement) {
  replace(statement.note);
  replace(statement.answer_within);
  named(Place::Window, statement.window);
}

void Cloner::inside(Assign& statement) {
  replace(statement.to);
  replace(statement.due_in);
  named(Place::Window, statement.window);
  replace(statement.note);
}

const Stmt* Cloner::cloned(const Stmt& statement) {
  switch (statement.kind) {
#define NURTURE_CLONE(name)            \
  case NodeKind::name: {               \
    auto* out = copy<name>(statement); \
    inside(*out);                      \
    return out;                        \
  }
    NURTURE_CLONE(Send)
    NURTURE_CLONE(Wait)
    NURTURE_CLONE(If)
    NURTURE_CLONE(SplitStmt)
    NURTURE_CLONE(Repeat)
    NURTURE_CLONE(HandOff)
    NURTURE_CLONE(Assign)
#undef NURTURE_CLONE
    case NodeKind::Stay:
      return copy<Stay>(statement);
    case NodeKind::GoTo:
      return copy<GoTo>(statement);
    case NodeKind::RestartStage:
      return copy<RestartStage>(statement);
    case NodeKind::ExitStmt:
      return copy<ExitStmt>(statement);
    case NodeKind::TakeBack:
      return copy<TakeBack>(statement);
    case NodeKind::AudienceChange:
      return copy<AudienceChange>(statement);
    case NodeKind::CallWebhook:
      return copy<CallWebhook>(statement);
    case NodeKind::MoveOn:
      return copy<MoveOn>(statement);
    case NodeKind::KeepWaiting:
      return copy<KeepWaiting>(statement);
    case NodeKind::ErrorStmt:
      return copy<ErrorStmt>(statement);
    case NodeKind::Notify: {
      auto* out = copy<Notify>(statement);
      replace(out->who);
      replace(out->note);
      return out;
    }
    case NodeKind::SetStmt: {
      auto* out = copy<SetStmt>(statement);
      replace(out->value);
      return out;
    }
    case NodeKind::AddScore: {
      auto* out = copy<AddScore>(statement);
      replace(out->amount);
      score(out->target);
      return out;
    }
    case NodeKind::ResetScore: {
      auto* out = copy<ResetScore>(statement);
      score(out->target);
      return out;
    }
    case NodeKind::Enroll: {
      auto* out = copy<Enroll>(statement);
      named(Place::Campaign, out->campaign);
      return out;
    }
    case NodeKind::RemoveFrom: {
      auto* out = copy<RemoveFrom>(statement);
      named(Place::Campaign, out->campaign);
      return out;
    }
    case NodeKind::Remember: {
      auto* out = copy<Remember>(statement);
      replace(out->value);
      return out;
    }
#define NURTURE_EXPR(name) case NodeKind::name:
#define NURTURE_STMT(name)
#define NURTURE_DECL(name) case NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
    break;
  }
  return copy<ErrorStmt>(statement);
}

}  // namespace nurture::ast
