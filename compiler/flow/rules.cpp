#include "compiler/flow/walker.h"

/// The rules about single bodies (§5.8, §5.9), each with its diagnostic.
namespace nurture::flow {

using ast::NodeKind;

bool Walker::refuse_wait(const ast::Stmt& stmt, Span span, const Context& context) {
  if (context.may_wait) return false;
  if (context.where == Context::Where::Handler && context.back) {
    Diagnostic& found =
        diagnostics_.report(DiagnosticId::MayNotWait, span, keyword(stmt.kind), "an answer that goes back to its wait");
    found.labels.push_back({context.back->span, "this goes back to the wait"});
    found.hint = "End the answer with `move on`, or go to a stage that waits.";
    return true;
  }
  Diagnostic& found = diagnostics_.report(DiagnosticId::MayNotWait, span, keyword(stmt.kind), "the body of a trigger");
  found.hint = "Go to a stage that does this: `go to …`.";
  return true;
}

bool Walker::refuse_in_on_exit(const ast::Stmt& stmt, const Context& context) {
  if (context.where != Context::Where::OnExit) return false;
  Diagnostic& found = diagnostics_.report(DiagnosticId::EndingAlready, stmt.span, keyword(stmt.kind));
  found.hint = "It may send with `now or skip`, notify, assign, set, or take the lead back from sales.";
  return true;
}

bool Walker::refuse_in_else(const ast::Stmt& stmt, const Context& context) {
  if (refuse_in_on_exit(stmt, context)) return true;
  if (!context.in_detached_else) return false;
  Diagnostic& found = diagnostics_.report(DiagnosticId::ElseMayNotLeave, stmt.span, keyword(stmt.kind));
  found.hint =
      "Its body does not wait for the send, so this else may neither wait nor lead elsewhere; "
      "`go to` a stage that sends and then decides.";
  return true;
}

void Walker::refuse_rest(const ast::Block& body, std::size_t first) {
  const ast::Stmt& end = *body.statements[first - 1];
  std::string what = "\"" + std::string(keyword(end.kind)) + "\"";
  if (end.kind == NodeKind::If || end.kind == NodeKind::SplitStmt) what = "every path of the " + what;
  Diagnostic& found = diagnostics_.report(DiagnosticId::NothingAfter, body.statements[first]->span, what);
  found.labels.push_back({end.span, "nothing after this runs"});
  found.hint = "Move it above, or leave it out.";
}

void Walker::check_handler_end(const ast::Trigger& handler) {
  if (working_.broken || !falls_through(model_, handler.body)) return;
  Diagnostic& found = diagnostics_.report(DiagnosticId::HandlerWithoutEnd, handler.span);
  found.labels.push_back(where_it_runs_out(model_, handler.body));
  found.hint = "End it with `move on` (the wait is over), `keep waiting`, `go to …`, `restart stage` or `exit as …`.";
  const Span& body = handler.body.span;
  if (body.end > body.begin) found.edits.push_back({{body.file, body.end - 1, body.end - 1}, "move on "});
}

void Walker::check_stage_end(const ast::Clause& clause) {
  if (working_.broken || !falls_through(model_, clause.body)) return;
  Diagnostic& found = diagnostics_.report(DiagnosticId::StageDeadEnd, clause.name.span, clause.name.text);
  if (clause.body.statements.empty()) {
    found.labels.push_back({clause.name.span, "it has no statements"});
  } else {
    found.labels.push_back(where_it_runs_out(model_, clause.body));
  }
  found.hint = "Say what comes then: `go to …`, `exit as …`, or `stay`.";
}

}  // namespace nurture::flow
