#include "tools/nurture/graph/strip.h"

#include <algorithm>

namespace nurture::tool {

using picture::Arrow;
using picture::Chart;
using picture::Index;

namespace {

/// Rows of boxes, group by group, above what Graphviz has placed.
class Strip {
 public:
  Strip(const Chart& chart, const Sheet& sheet, const std::vector<bool>& strip, Placed& placed)
      : chart_(chart), sheet_(sheet), strip_(strip), placed_(placed), room_(std::clamp(placed.width, 620.0, kScreen)) {}

  void place() {
    const double before = placed_.width;
    for (Index group = 0; group < chart_.groups.size(); ++group) rows(group);
    rows(picture::kNoIndex);
    if (bottom_ == 0) return;
    const bool all = std::find(strip_.begin(), strip_.end(), false) == strip_.end();
    placed_.width = std::max(placed_.width, right_);
    const double down = all ? bottom_ : bottom_ + kGap, across = (placed_.width - before) / 2;
    shift(across, down);
    placed_.height = all ? bottom_ : placed_.height + down;
  }

 private:
  static constexpr double kGap = 22, kBetween = 12, kFrame = 12;

  void rows(Index group) {
    std::vector<Index> members;
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (strip_[i] && chart_.boxes[i].group == group) members.push_back(i);
    }
    if (members.empty()) return;
    const bool framed = group != picture::kNoIndex;
    const double frame = framed ? kFrame : 0;
    double y = bottom_ == 0 ? 0 : bottom_ + kGap;
    const double top = y;
    double widest = framed ? sheet_.groups[group].width : 0;
    if (framed) {
      placed_.headings[group] = {kFrame + sheet_.groups[group].width / 2, y + 8 + sheet_.groups[group].height / 2};
      y += sheet_.groups[group].height + 16;
    }
    for (std::size_t at = 0; at < members.size();) {
      double x = frame, high = 0;
      std::size_t end = at;
      while (end < members.size() && (end == at || x + sheet_.widths[members[end]] + frame <= room_)) {
        high = std::max(high, sheet_.heights[members[end]]);
        x += sheet_.widths[members[end++]] + kBetween;
      }
      x = frame;
      for (; at < end; ++at) {
        const double width = sheet_.widths[members[at]];
        placed_.boxes[members[at]] = {x + width / 2, y + high / 2};
        x += width + kBetween;
      }
      widest = std::max(widest, x - kBetween - frame);
      y += high + kBetween;
    }
    bottom_ = y - kBetween + frame;
    right_ = std::max(right_, widest + 2 * frame);
    if (framed) placed_.groups[group] = {0, top, widest + 2 * frame, bottom_};
  }

  /// What Graphviz has placed makes room.
  void shift(double across, double down) {
    const auto move = [&](Point& point) {
      point.x += across;
      point.y += down;
    };
    std::vector<bool> framed(chart_.groups.size());
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (!strip_[i]) move(placed_.boxes[i]);
      if (!strip_[i] && chart_.boxes[i].group != picture::kNoIndex) framed[chart_.boxes[i].group] = true;
    }
    for (Index i = 0; i < chart_.groups.size(); ++i) {
      if (!framed[i]) continue;
      Area& area = placed_.groups[i];
      area = {area.left + across, area.top + down, area.right + across, area.bottom + down};
      move(placed_.headings[i]);
    }
    for (Placed::Curve& curve : placed_.arrows) {
      for (Point& point : curve.points) move(point);
      move(curve.tip);
      move(curve.label);
    }
  }

  const Chart& chart_;
  const Sheet& sheet_;
  const std::vector<bool>& strip_;
  Placed& placed_;
  double room_;
  double bottom_ = 0, right_ = 0;
};

}  // namespace

std::vector<bool> in_strip(const Chart& chart) {
  std::vector<bool> tied(chart.boxes.size()), tied_group(chart.groups.size());
  for (const Arrow& each : chart.arrows) tied[each.from] = tied[each.to] = true;
  for (Index i = 0; i < tied.size(); ++i) {
    if (tied[i] && chart.boxes[i].group != picture::kNoIndex) tied_group[chart.boxes[i].group] = true;
  }
  std::vector<bool> strip(chart.boxes.size());
  for (Index i = 0; i < strip.size(); ++i) {
    const Index group = chart.boxes[i].group;
    strip[i] = !tied[i] && (group == picture::kNoIndex || !tied_group[group]);
  }
  return strip;
}

void place_strip(const Chart& chart, const Sheet& sheet, const std::vector<bool>& strip, Placed& placed) {
  Strip(chart, sheet, strip, placed).place();
}

}  // namespace nurture::tool
