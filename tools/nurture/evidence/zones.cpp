#include <algorithm>
#include <fmt/format.h>

#include "compiler/sema/walk.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/evidence/values.h"

namespace nurture::tool::evidence {

namespace {

/// Finds the first place of the programme's own files that goes by the lead's own clock.
class LeadClock {
 public:
  explicit LeadClock(const Evidence& evidence) : evidence_(evidence), model_(evidence.model()) {}

  std::optional<Span> first() {
    for (const sema::Rule& rule : model_.rules) take(rule);
    for (const sema::Campaign& campaign : model_.campaigns) {
      if (campaign.decl->for_account) continue;
      for (const sema::Rule& rule : campaign.rules) take(rule);
      for (const ast::Clause* entry : campaign.entries) take(*entry);
      const auto& graph = evidence_.checked.graphs[static_cast<std::size_t>(&campaign - model_.campaigns.data())];
      for (const flow::Node& node : graph.nodes) take(node);
    }
    return found_;
  }

 private:
  void take(const sema::Rule& rule) {
    const bool quiet = rule.clause->kind == ast::Clause::Kind::Quiet && rule.zone.empty();
    if (quiet || of_lead(rule.window)) note(rule.clause->span);
  }
  void take(const ast::Clause& entry) {
    using Form = ast::Clause::EntryForm;
    const bool timed = entry.entry == Form::Every || entry.entry == Form::Once || entry.entry == Form::Dated;
    if (timed && entry.at.time && entry.at.zone.empty()) note(entry.span);
  }
  void take(const flow::Node& node) {
    if (const auto* wait = ast::try_as<ast::Wait>(node.statement)) {
      if (wait->until.time && wait->until.zone.empty()) note(wait->head);
      if (wait->window && of_lead(model_.find_window(wait->window.text))) note(wait->head);
    } else if (const auto* repeat = ast::try_as<ast::Repeat>(node.statement)) {
      if (repeat->at.time && repeat->at.zone.empty()) note(repeat->head);
    }
  }

  bool of_lead(std::uint32_t window) const { return window != sema::kNoIndex && model_.windows[window].zone.empty(); }
  void note(const Span& span) {
    if (!evidence_.own(span)) return;
    if (!found_ || std::pair(span.file, span.begin) < std::pair(found_->file, found_->begin)) found_ = span;
  }

  const Evidence& evidence_;
  const sema::Model& model_;
  std::optional<Span> found_;
};

}  // namespace

/// Nine in the morning is nine in the morning of the programme where the log does not say where a lead is.
void zones(const Evidence& evidence) {
  constexpr Count kShare = 20;  // one in so many
  const std::uint16_t attribute = evidence.programme.module.schema.lead_timezone;
  const Count leads = evidence.leads();
  if (attribute == bytecode::kNone || leads < kFewest) return;
  const Count known = leads_with(evidence.log.store, attribute,
                                 [](std::string_view zone) { return calendar::find_zone(zone) != nullptr; });
  const Count unknown = leads - known;
  if (unknown * kShare <= leads) return;
  auto at = LeadClock(evidence).first();
  if (!at) return;
  Diagnostic& said = evidence.diagnostics.report(DiagnosticId::ZonesUnknown, *at, share_of_leads(unknown, leads));
  said.hint = fmt::format(
      "The programme's clock ({}) is used for them. Have the source give their `timezone`, or name the zone that is "
      "meant: in \"Europe/Berlin\".",
      evidence.model().program.timezone);
}

}  // namespace nurture::tool::evidence
