#pragma once

#include <optional>
#include <set>
#include <string>

#include "compiler/findings/levels.h"
#include "runtime/engine/engine.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/outcome/summary.h"
#include "tools/nurture/evidence/counting.h"

namespace nurture::tool::evidence {

/// Of fewer leads, or events, a share says nothing.
inline constexpr Count kFewest = 10;

/// A programme that was replayed over a log, and where to report.
struct Evidence {
  const driver::Checked& checked;  ///< as its author wrote it
  const Probed& programme;         ///< as it ran
  const eventlog::Imported& log;
  const vm::BoundModule& bound;
  const Seen& seen;
  const outcome::Summary& summary;
  const findings::Capacity& capacity;
  unsigned threads;
  Diagnostics& diagnostics;

  const sema::Model& model() const { return checked.unit->model; }
  Count leads() const { return log.store.lead_count(); }
  bool own(const Span& span) const;
  /// A campaign of the model as it ran.
  std::uint16_t in_module(const sema::Campaign& campaign) const;
  const outcome::CampaignSummary& summary_of(const sema::Campaign& campaign) const;
  /// The statement of a campaign that stands at a place of the module; null where none does.
  const ast::Stmt* statement(const sema::Campaign& campaign, bytecode::PlaceIndex place) const;
};

/// "912 of the log's 1,000 leads (91 %)".
std::string share_of_leads(Count part, Count whole);

void values_nobody_has(const Evidence& evidence);  ///< W1508
void segments(const Evidence& evidence);           ///< W1501 where W1508 does not say why, W1502
Status launch(const Evidence& evidence);           ///< W1503; replays the log once more, where there is an entry for it
void splits(const Evidence& evidence);             ///< W1504
void zones(const Evidence& evidence);              ///< W1505
void sharing(const Evidence& evidence);            ///< W1506
void over_capacity(const Evidence& evidence);      ///< W1507

}  // namespace nurture::tool::evidence
