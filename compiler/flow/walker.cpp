#include "compiler/flow/walker.h"

#include <algorithm>

#include "compiler/sema/walk.h"

namespace nurture::flow {

using ast::as;
using ast::NodeKind;

namespace {

const Delay kAtOnce{0, Duration{}, false};
/// An `on` or `when`: any time, and always allowed in a cycle.
const Delay kAnyTime{0, std::nullopt, true};

}  // namespace

Walker::Walker(const sema::Model& model, std::uint32_t campaign, bool broken, Diagnostics& diagnostics)
    : model_(model), campaign_(model.campaigns[campaign]), diagnostics_(diagnostics), graph_(working_.graph) {
  graph_.campaign = campaign;
  working_.broken = broken;
}

Working build_campaign(const sema::Model& model, std::uint32_t campaign, bool broken, Diagnostics& diagnostics) {
  return Walker(model, campaign, broken, diagnostics).run();
}

Working Walker::run() {
  Context outside;
  node(Node::Kind::Entry, outside, campaign_.decl->head);
  for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
    Context context{.stage = i};
    graph_.stage_start.push_back(node(Node::Kind::StageStart, context, campaign_.stages[i].clause->name.span));
  }
  if (!graph_.stage_start.empty()) edge({0, Edge::Kind::Enter, 0, kAtOnce}, graph_.stage_start[0]);
  for (std::uint32_t i = 0; i < campaign_.entries.size(); ++i) {
    std::uint32_t at = campaign_.entries[i]->name ? find_stage(campaign_.entries[i]->name.text) : kNoIndex;
    if (at != kNoIndex && at != 0) edge({0, Edge::Kind::Enter, i, kAtOnce}, graph_.stage_start[at]);
  }
  for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) stage(i);
  for (const ast::Clause* clause : campaign_.triggers) {
    Context context{.where = Context::Where::CampaignTrigger, .may_wait = false};
    working_.campaign_bodies.push_back(trigger_body(clause->trigger, context));
  }
  if (campaign_.on_exit) on_exit(*campaign_.on_exit);
  connect_triggers();
  return std::move(working_);
}

// Graph ---------------------------------------------------------------------------------------------------------------

NodeIndex Walker::node(Node::Kind kind, const Context& context, Span span, const ast::Stmt* statement) {
  Node made{};
  made.kind = kind;
  made.stage = context.stage;
  made.statement = statement;
  made.may_wait = context.may_wait;
  made.span = span;
  graph_.nodes.push_back(made);
  graph_.out.emplace_back();
  working_.dwell.emplace_back(Duration{});
  working_.whole_repeat.emplace_back(Duration{});
  return static_cast<NodeIndex>(graph_.nodes.size() - 1);
}

NodeIndex Walker::suspension(const Context& context, Span span, const ast::Stmt* statement, const Bound& dwell) {
  NodeIndex made = node(Node::Kind::Suspension, context, span, statement);
  working_.dwell[made] = dwell;
  return made;
}

void Walker::edge(const Open& open, NodeIndex to) {
  Edge made{open.kind,  open.node,           to,
            open.index, open.delay.shortest, open.delay.longest ? open.delay.longest->nominal() : kNever};
  graph_.out[open.node].push_back(static_cast<EdgeIndex>(graph_.edges.size()));
  graph_.edges.push_back(made);
  working_.waits.push_back(open.delay.waits);
}

void Walker::connect(const Opens& opens, NodeIndex to) {
  for (const Open& open : opens) edge(open, to);
}

std::uint32_t Walker::find_stage(std::string_view name) const {
  for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
    if (campaign_.stages[i].name == name) return i;
  }
  return kNoIndex;
}

// Bodies --------------------------------------------------------------------------------------------------------------

Opens Walker::block(const ast::Block& body, Opens opens, const Context& context) {
  for (std::size_t i = 0; i < body.statements.size(); ++i) {
    opens = statement(*body.statements[i], opens, context);
    bool rest = i + 1 < body.statements.size();
    if (rest && !falls_through(model_, *body.statements[i])) {
      // What only seems to end the body (a `move on` in a trigger) was reported and is passed over.
      if (!opens.empty()) continue;
      refuse_rest(body, i + 1);
      break;
    }
  }
  return opens;
}

void Walker::stage(std::uint32_t index) {
  const ast::Clause& clause = *campaign_.stages[index].clause;
  Context context{.stage = index};
  std::vector<NodeIndex> bodies;
  for (const ast::Trigger& trigger : clause.triggers) {
    Context inner{.where = Context::Where::StageTrigger, .stage = index, .may_wait = false};
    bodies.push_back(trigger_body(trigger, inner));
  }
  working_.stage_bodies.push_back(std::move(bodies));
  block(clause.body, {{graph_.stage_start[index], Edge::Kind::Next, 0, kAtOnce}}, context);
  check_stage_end(clause);
}

/// Runs while the membership ends: nothing leads there, and it leads nowhere.
void Walker::on_exit(const ast::Clause& clause) {
  Context context{.where = Context::Where::OnExit, .may_wait = false};
  NodeIndex top = node(Node::Kind::BodyEnd, context, clause.span);
  Opens opens = block(clause.body, {{top, Edge::Kind::Next, 0, kAtOnce}}, context);
  if (!opens.empty()) connect(opens, node(Node::Kind::BodyEnd, context, clause.body.span));
}

NodeIndex Walker::trigger_body(const ast::Trigger& trigger, const Context& context) {
  NodeIndex top = node(Node::Kind::TriggerBody, context, trigger.span);
  graph_.nodes[top].trigger = &trigger;
  Opens opens = block(trigger.body, {{top, Edge::Kind::Next, 0, kAtOnce}}, context);
  if (!opens.empty()) connect(opens, node(Node::Kind::BodyEnd, context, trigger.body.span));
  return top;
}

void Walker::connect_triggers() {
  const auto when_at_once = [&](NodeIndex from, NodeIndex body, Edge::Kind kind, std::uint32_t index) {
    if (graph_.nodes[body].trigger->condition) edge({from, kind, index, kAnyTime}, body);
  };
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    const Node::Kind kind = graph_.nodes[i].kind;
    const std::uint32_t at = graph_.nodes[i].stage;
    if (kind != Node::Kind::Suspension && kind != Node::Kind::StageStart && kind != Node::Kind::Entry) continue;
    bool suspended = kind == Node::Kind::Suspension;
    for (std::uint32_t t = 0; at != kNoIndex && t < working_.stage_bodies[at].size(); ++t) {
      NodeIndex body = working_.stage_bodies[at][t];
      suspended ? edge({i, Edge::Kind::Trigger, t, kAnyTime}, body) : when_at_once(i, body, Edge::Kind::Trigger, t);
    }
    for (std::uint32_t t = 0; kind != Node::Kind::StageStart && t < working_.campaign_bodies.size(); ++t) {
      NodeIndex body = working_.campaign_bodies[t];
      suspended ? edge({i, Edge::Kind::CampaignTrigger, t, kAnyTime}, body)
                : when_at_once(i, body, Edge::Kind::CampaignTrigger, t);
    }
  }
}

// Statements ----------------------------------------------------------------------------------------------------------

Opens Walker::statement(const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  switch (stmt.kind) {
    case NodeKind::Send:
      return send(as<ast::Send>(stmt), opens, context);
    case NodeKind::Wait:
      return wait(as<ast::Wait>(stmt), opens, context);
    case NodeKind::Stay:
      return stay(stmt, opens, context);
    case NodeKind::If:
      return branch(as<ast::If>(stmt), opens, context);
    case NodeKind::SplitStmt:
      return split(as<ast::SplitStmt>(stmt), opens, context);
    case NodeKind::Repeat:
      return repeat(as<ast::Repeat>(stmt), opens, context);
    case NodeKind::GoTo:
      return go_to(as<ast::GoTo>(stmt), opens, context);
    case NodeKind::RestartStage:
      return restart(stmt, opens, context);
    case NodeKind::ExitStmt:
      return leave(Node::Kind::Exit, stmt, opens, context);
    case NodeKind::MoveOn:
    case NodeKind::KeepWaiting:
      return end_of_handler(stmt, opens, context);
    case NodeKind::ErrorStmt:
      working_.broken = true;
      return work(stmt, opens, context);
    default:
      return work(stmt, opens, context);  // every other statement works at one instant and goes on
  }
}

Opens Walker::work(const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  NodeIndex made = node(Node::Kind::Work, context, stmt.span, &stmt);
  connect(opens, made);
  return {{made, Edge::Kind::Next, 0, kAtOnce}};
}

Opens Walker::send(const ast::Send& stmt, const Opens& opens, const Context& context) {
  NodeIndex made = node(Node::Kind::SendWork, context, stmt.span, &stmt);
  connect(opens, made);
  Opens result{{made, Edge::Kind::Next, 0, kAtOnce}};
  Opens otherwise{{made, Edge::Kind::Else, 0, kAtOnce}};
  std::uint32_t content = model_.find_content(stmt.content.text);
  bool held =
      content == sema::kNoIndex || model_.contents[content].message_class != sema::Content::Class::Transactional;
  if (context.may_wait && !stmt.now_or_skip && held && !stmt.to_leads) {
    Delay delay = delay_of_send(model_, stmt);
    NodeIndex pause = suspension(context, stmt.span, &stmt, delay.longest);
    graph_.nodes[pause].suspension_of = made;
    edge({made, Edge::Kind::Deferred, 0, kAtOnce}, pause);
    result.push_back({pause, Edge::Kind::Timer, 0, delay});
    otherwise.push_back({pause, Edge::Kind::Else, 0, delay});
  }
  if (!stmt.otherwise) return result;
  Context inner = context;
  inner.in_detached_else = context.in_detached_else || !context.may_wait;
  Opens after = block(*stmt.otherwise, otherwise, inner);
  result.insert(result.end(), after.begin(), after.end());
  return result;
}

Opens Walker::wait(const ast::Wait& stmt, const Opens& opens, const Context& context) {
  Span head = stmt.head.end > stmt.head.begin ? stmt.head : stmt.span;
  if (refuse_in_else(stmt, context) || refuse_wait(stmt, head, context)) return work(stmt, opens, context);
  Delay delay = delay_of_wait(model_, stmt);
  NodeIndex made = suspension(context, head, &stmt, delay.longest);
  connect(opens, made);
  Opens result;
  for (std::uint32_t i = 0; i < stmt.handlers.size(); ++i) handler(stmt, i, made, result, context);
  if (sema::waits_for_condition(model_, stmt)) {
    result.push_back({made, Edge::Kind::MoveOn, 0, Delay{delay.shortest, delay.longest, true}});
  }
  Opens after{{made, Edge::Kind::Timer, 0, delay}};
  if (stmt.otherwise) after = block(*stmt.otherwise, after, context);
  result.insert(result.end(), after.begin(), after.end());
  return result;
}

void Walker::handler(const ast::Wait& stmt, std::uint32_t index, NodeIndex suspension, Opens& moved_on,
                     const Context& context) {
  const ast::Trigger& trigger = stmt.handlers[index];
  Context inner = context;
  inner.where = Context::Where::Handler;
  inner.back =
      context.stage == kNoIndex ? nullptr : sema::goes_back_to_wait(trigger.body, campaign_.stages[context.stage].name);
  inner.may_wait = inner.back == nullptr;
  inner.wait = suspension;
  inner.moved_on = &moved_on;
  NodeIndex top = node(Node::Kind::TriggerBody, inner, trigger.span);
  graph_.nodes[top].trigger = &trigger;
  edge({suspension, Edge::Kind::Handler, index, kAnyTime}, top);
  block(trigger.body, {{top, Edge::Kind::Next, 0, kAtOnce}}, inner);
  check_handler_end(trigger);
}

Opens Walker::stay(const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  if (refuse_in_else(stmt, context) || refuse_wait(stmt, stmt.span, context)) return work(stmt, opens, context);
  connect(opens, suspension(context, stmt.span, &stmt, std::nullopt));
  return {};
}

Opens Walker::branch(const ast::If& stmt, const Opens& opens, const Context& context) {
  NodeIndex made = node(Node::Kind::Branch, context, stmt.span, &stmt);
  connect(opens, made);
  Opens result;
  for (std::uint32_t i = 0; i < stmt.arms.size(); ++i) {
    Opens after = block(stmt.arms[i].body, {{made, Edge::Kind::Arm, i, kAtOnce}}, context);
    result.insert(result.end(), after.begin(), after.end());
  }
  Opens none{{made, Edge::Kind::NoArm, 0, kAtOnce}};
  if (stmt.otherwise) none = block(*stmt.otherwise, none, context);
  result.insert(result.end(), none.begin(), none.end());
  return result;
}

Opens Walker::split(const ast::SplitStmt& stmt, const Opens& opens, const Context& context) {
  NodeIndex made = node(Node::Kind::Split, context, stmt.span, &stmt);
  connect(opens, made);
  Opens result;
  for (std::uint32_t i = 0; i < stmt.arms.size(); ++i) {
    Opens after = block(stmt.arms[i].body, {{made, Edge::Kind::BranchOf, i, kAtOnce}}, context);
    result.insert(result.end(), after.begin(), after.end());
  }
  return result;
}

Opens Walker::repeat(const ast::Repeat& stmt, const Opens& opens, const Context& context) {
  Span head = stmt.head.end > stmt.head.begin ? stmt.head : stmt.span;
  if (refuse_in_else(stmt, context) || refuse_wait(stmt, head, context)) return work(stmt, opens, context);
  Delay delay = delay_of_repeat(model_, stmt);
  delay.waits = true;  // a minute or more: sema refuses less
  NodeIndex made = node(Node::Kind::RepeatStart, context, head, &stmt);
  connect(opens, made);
  NodeIndex pause = suspension(context, head, &stmt, delay.longest);
  graph_.nodes[pause].suspension_of = made;
  Opens body{{pause, Edge::Kind::Again, 0, delay}};
  if (stmt.every) {
    body.push_back({made, Edge::Kind::Next, 0, kAtOnce});
  } else {
    edge({made, Edge::Kind::Next, 0, kAtOnce}, pause);  // up to the first anchor
  }
  Bound inside{Duration{}};
  connect(block(stmt.body, body, context), pause);
  for (NodeIndex i = pause + 1; i < graph_.nodes.size(); ++i) inside = add(inside, working_.dwell[i]);
  // Each run takes one period, or the whole periods that its body needs.
  Bound whole;
  if (inside && delay.longest && delay.longest->nominal() > 0) {
    std::int64_t period = delay.longest->nominal();
    std::int64_t periods = std::max<std::int64_t>(1, (inside->nominal() + period - 1) / period);
    whole = times(delay.longest, stmt.times * periods + (stmt.every ? 0 : 1));
  }
  working_.whole_repeat[made] = whole;
  return {{pause, Edge::Kind::Timer, 0, delay}};
}

Opens Walker::go_to(const ast::GoTo& stmt, const Opens& opens, const Context& context) {
  if (refuse_in_else(stmt, context)) return work(stmt, opens, context);
  std::uint32_t target = find_stage(stmt.stage.text);
  bool same = target != kNoIndex && target == context.stage;
  if (same && context.where == Context::Where::Stage) {
    Diagnostic& found = diagnostics_.report(DiagnosticId::GoToSameStage, stmt.span, stmt.stage.text);
    found.hint = "Write `restart stage` to leave the stage and begin it anew.";
    found.edits.push_back({stmt.span, "restart stage"});
    leave(Node::Kind::Goto, stmt, opens, context);
    return {};
  }
  NodeIndex made = node(Node::Kind::Goto, context, stmt.span, &stmt);
  connect(opens, made);
  if (same && context.wait != kNoIndex) edge({made, Edge::Kind::Resume, 0, kAtOnce}, context.wait);
  if (!same && target != kNoIndex) edge({made, Edge::Kind::Next, 0, kAtOnce}, graph_.stage_start[target]);
  return {};
}

Opens Walker::restart(const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  if (refuse_in_else(stmt, context)) return work(stmt, opens, context);
  NodeIndex made = node(Node::Kind::Restart, context, stmt.span, &stmt);
  connect(opens, made);
  if (context.stage != kNoIndex) edge({made, Edge::Kind::Next, 0, kAtOnce}, graph_.stage_start[context.stage]);
  return {};
}

Opens Walker::leave(Node::Kind kind, const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  if (refuse_in_else(stmt, context)) return work(stmt, opens, context);
  connect(opens, node(kind, context, stmt.span, &stmt));
  return {};
}

Opens Walker::end_of_handler(const ast::Stmt& stmt, const Opens& opens, const Context& context) {
  if (refuse_in_else(stmt, context)) return work(stmt, opens, context);
  if (context.where != Context::Where::Handler) {
    Diagnostic& found = diagnostics_.report(DiagnosticId::NoWaitToEnd, stmt.span, keyword(stmt.kind));
    found.hint = context.where == Context::Where::Stage
                     ? "Leave it out: what comes next in the stage follows by itself."
                     : "Leave it out: when the trigger's body is over, the lead goes on waiting where it was.";
    found.edits.push_back({stmt.span, ""});
    return work(stmt, opens, context);
  }
  bool keep = stmt.kind == NodeKind::KeepWaiting;
  NodeIndex made = node(keep ? Node::Kind::KeepWaiting : Node::Kind::MoveOn, context, stmt.span, &stmt);
  connect(opens, made);
  if (keep) {
    edge({made, Edge::Kind::Resume, 0, kAtOnce}, context.wait);
  } else {
    context.moved_on->push_back({made, Edge::Kind::MoveOn, 0, kAtOnce});
  }
  return {};
}

}  // namespace nurture::flow
