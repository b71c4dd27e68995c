#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

bool sends(const bytecode::Campaign& campaign) { return !campaign.sends.empty(); }

/// Whether one brings leads into the other, so that they are meant to be in both.
bool enrolls(const sema::Model& model, const sema::Campaign& one, const sema::Campaign& other) {
  return std::any_of(one.enrolls_in.begin(), one.enrolls_in.end(),
                     [&](std::uint32_t index) { return &model.campaigns[index] == &other; });
}

}  // namespace

/// Two campaigns that write to the same people at the same time, and do not know of each other. Of one exclusive group
/// no two ever have the same lead.
void sharing(const Evidence& evidence) {
  constexpr Count kShare = 30;  // per cent
  const sema::Model& model = evidence.model();
  const bytecode::Module& module = evidence.programme.module;
  for (const auto& [pair, both] : evidence.seen.both) {
    if (!sends(module.campaigns[pair.first]) || !sends(module.campaigns[pair.second])) continue;
    // The one with fewer leads says it of itself.
    const bool first_is_smaller = evidence.seen.ever[pair.first] < evidence.seen.ever[pair.second];
    const std::uint16_t small = first_is_smaller ? pair.first : pair.second;
    const std::uint16_t large = first_is_smaller ? pair.second : pair.first;
    const Count of = evidence.seen.ever[small];
    if (of < kFewest || 100 * both <= kShare * of) continue;
    const sema::Campaign& here = model.campaigns[model.find_campaign(module.strings[module.campaigns[small].name])];
    const sema::Campaign& there = model.campaigns[model.find_campaign(module.strings[module.campaigns[large].name])];
    if (enrolls(model, here, there) || enrolls(model, there, here)) continue;
    Diagnostic& said = evidence.diagnostics.report(
        DiagnosticId::CampaignsShareLeads, here.decl->name.span, here.name, there.name,
        fmt::format("{} at the same time, {} % of those who enter \"{}\"", outcome::counted(both, "lead", "leads"),
                    (100 * both + of / 2) / of, here.name));
    said.labels.push_back({there.decl->name.span, "the other"});
    said.hint = fmt::format(
        "Let a lead be in one of them at a time (`exclusive in group nurturing` in both), or leave out of one who is "
        "in the "
        "other.");
  }
}

}  // namespace nurture::tool::evidence
