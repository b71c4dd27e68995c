#pragma once

#include <string>
#include <vector>

#include "compiler/picture/chart.h"
#include "tools/nurture/graph/layout.h"

/// A chart in the formats of `nurture graph`.
namespace nurture::tool {

/// A whole file: light and dark by what the reader prefers, with a legend, and with title and desc for those who have
/// it read to them.
std::string svg(const picture::Chart& chart, const Sheet& sheet, const Placed& placed, const sema::Unit& unit);

/// For Graphviz, with the same words, colours and shapes.
std::string dot(const picture::Chart& chart);

/// A flowchart of Mermaid. Its identifiers are made up, so that no name is taken for a word of its language.
std::string mermaid(const picture::Chart& chart);

/// All charts of a programme, the one of all campaigns first, where there is one. Times in microseconds (`…_us`).
///
///   programme, overview (null for a single chart), campaigns[]
///   each: name about facts[] at totals groups[] boxes[] arrows[]
///   totals     entered held_out inside left[]{reason count} stay{count median_us}; null without a replay
///   groups[]   kind name about at entered inside stayed{count median_us}
///   boxes[]    id kind lines[] detail group reason at reached inside
///   arrows[]   from to kind label at least_us most_us count share took{count median_us}
///   at         {file line column}; a figure that is not known, or that has no meaning there, is null
struct Charts {
  std::string programme;
  const picture::Chart* overview = nullptr;
  std::vector<const picture::Chart*> campaigns;
};
std::string graph_json(const Charts& charts, const sema::Unit& unit);

}  // namespace nurture::tool
