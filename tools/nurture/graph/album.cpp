#include "tools/nurture/graph/album.h"

#include "tools/nurture/graph/writers.h"

namespace nurture::tool {

Album album_of(const driver::Checked& checked, const std::vector<picture::Observed>& observed, std::uint32_t only) {
  const sema::Unit& unit = *checked.unit;
  Album album;
  std::vector<picture::Totals> totals;
  for (const flow::CampaignGraph& graph : checked.graphs) {
    if (!observed.empty()) totals.push_back(observed[graph.campaign].totals);
    if (only != sema::kNoIndex && graph.campaign != only) continue;
    if (observed.empty()) {
      album.campaigns.push_back(picture::chart_of(unit, graph));
    } else {
      const picture::Traffic traffic(unit, graph, observed[graph.campaign]);
      album.campaigns.push_back(picture::chart_of(unit, graph, &traffic));
    }
  }
  if (only == sema::kNoIndex && checked.graphs.size() > 1) album.overview = picture::overview_of(unit, totals);
  return album;
}

Result<std::string> svg_of(const picture::Chart& chart, const sema::Unit& unit) {
  const Sheet sheet = sheet_of(chart);
  auto placed = lay_out(chart, sheet);
  if (!placed) return placed.error();
  return svg(chart, sheet, *placed, unit);
}

}  // namespace nurture::tool
