#include "tools/nurture/graph/looks.h"

#include <algorithm>

namespace nurture::tool {

using Kind = picture::Box::Kind;

const Look& look_of(Kind kind) {
  static constexpr Look kEntry{Shape::Pill, {"#e0f3e3", "#3f8f52"}, {"#1d3a26", "#6cc184"}};
  static constexpr Look kHeldOut{Shape::Pill, {"#f4f5f7", "#8a94a0"}, {"#262c33", "#8f9aa6"}};
  static constexpr Look kSend{Shape::Card, {"#e1edfb", "#4479bd"}, {"#1a304b", "#72a9e6"}};
  static constexpr Look kWait{Shape::Pill, {"#fdf4d9", "#b38a22"}, {"#3c3315", "#d9b857"}};
  static constexpr Look kChoice{Shape::Hexagon, {"#efe9f9", "#7d5fb2"}, {"#31274a", "#b59be0"}};
  static constexpr Look kRepeat{Shape::Hexagon, {"#e2f3f3", "#3b8b8b"}, {"#153636", "#6cc0c0"}};
  static constexpr Look kPeople{Shape::Card, {"#fde9d9", "#c46d2d"}, {"#46290f", "#e79b60"}};
  static constexpr Look kChange{Shape::Card, {"#f0f2f4", "#7c8896"}, {"#2a3138", "#98a5b3"}};
  static constexpr Look kElsewhere{Shape::Card, {"#f8e6f1", "#a9568d"}, {"#40203a", "#d38abb"}};
  static constexpr Look kTrigger{Shape::Tag, {"#fafbd9", "#80852a"}, {"#33351a", "#c3c86a"}};
  static constexpr Look kExit{Shape::Pill, {"#fbe4e1", "#b3493f"}, {"#451f1b", "#e58a80"}};
  static constexpr Look kCampaign{Shape::Card, {"#e1edfb", "#4479bd"}, {"#1a304b", "#72a9e6"}};
  switch (kind) {
    case Kind::Entry:
      return kEntry;
    case Kind::HeldOut:
      return kHeldOut;
    case Kind::Send:
      return kSend;
    case Kind::Wait:
      return kWait;
    case Kind::Choice:
      return kChoice;
    case Kind::Repeat:
      return kRepeat;
    case Kind::People:
      return kPeople;
    case Kind::Change:
      return kChange;
    case Kind::Elsewhere:
      return kElsewhere;
    case Kind::Trigger:
      return kTrigger;
    case Kind::Exit:
      return kExit;
    case Kind::Campaign:
      return kCampaign;
  }
  return kChange;
}

const Theme& light_theme() {
  static constexpr Theme kTheme{"#ffffff", "#1c242c", "#56616d", "#6b7784", "#80852a", "#f8f9fb", "#c3cad2"};
  return kTheme;
}

const Theme& dark_theme() {
  static constexpr Theme kTheme{"#13171c", "#e9edf1", "#a7b2bd", "#8d99a6", "#c3c86a", "#1a2027", "#3d4854"};
  return kTheme;
}

std::vector<Kind> kinds_in(const picture::Chart& chart) {
  std::vector<Kind> kinds;
  for (const picture::Box& box : chart.boxes) kinds.push_back(box.kind);
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

}  // namespace nurture::tool
