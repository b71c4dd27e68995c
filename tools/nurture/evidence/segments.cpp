#include <algorithm>
#include <fmt/format.h>

#include "compiler/sema/walk.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

/// Whether it is known already why nobody is in it.
bool explained(const Evidence& evidence, const Span& segment) {
  const auto& all = evidence.diagnostics.all();
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& each) {
    return each.id == DiagnosticId::ValueNobodyHas && each.span.file == segment.file &&
           each.span.begin >= segment.begin && each.span.begin < segment.end;
  });
}

/// Whether it depends on the date, so that the days of the log say little about it.
bool of_the_day(const sema::Model& model, const ast::Expr& condition) {
  if (condition.kind == ast::NodeKind::Today || condition.kind == ast::NodeKind::Now) return true;
  if (condition.kind == ast::NodeKind::NameRef) {
    auto symbol = model.symbols.find(condition.id);
    return symbol != model.symbols.end() && symbol->second.kind == sema::Symbol::Kind::Segment &&
           of_the_day(model, *model.segments[symbol->second.index].decl->condition);
  }
  bool found = false;
  sema::for_each_child(condition, [&](const ast::Expr& child) { found = found || of_the_day(model, child); });
  return found;
}

}  // namespace

/// A segment that nobody is ever in asks for what the log does not say; one that takes nearly everybody decides
/// nothing.
void segments(const Evidence& evidence) {
  constexpr Count kNearlyAll = 80;  // per cent
  const Count leads = evidence.leads();
  if (leads < kFewest) return;
  for (const Probe& probe : evidence.programme.probes) {
    const sema::Segment& segment = evidence.model().segments[probe.segment];
    if (of_the_day(evidence.model(), *segment.decl->condition)) continue;
    const Span& at = segment.decl->name.span;
    const Count inside = evidence.seen.inside[probe.campaign];
    if (evidence.seen.ever[probe.campaign] == 0) {
      if (explained(evidence, segment.decl->span)) continue;
      Diagnostic& said = evidence.diagnostics.report(DiagnosticId::SegmentEmpty, at, segment.name);
      said.hint = "See whether the log has what it asks for: `nurture log inspect` lists its events.";
    } else if (100 * inside > kNearlyAll * leads) {
      Diagnostic& said =
          evidence.diagnostics.report(DiagnosticId::SegmentNearlyAll, at, segment.name, share_of_leads(inside, leads));
      said.hint = "Ask for what sets these leads apart, or leave the segment out where it decides nothing.";
    }
  }
}

}  // namespace nurture::tool::evidence
