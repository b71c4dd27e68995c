#include "tools/nurture/graph/layout.h"

#ifdef NURTURE_GRAPHVIZ
#include <fmt/format.h>
#include <gvc.h>
#include <map>
#include <memory>
#include <string>
#endif

namespace nurture::tool {

#ifndef NURTURE_GRAPHVIZ

bool can_lay_out() { return false; }
Result<Placed> lay_out(const picture::Chart&, const Sheet&) {
  return Error{"this nurture was built without Graphviz, which lays pictures out",
               "Install libgraphviz-dev and build again, or ask for --format mermaid or dot."};
}

#else

namespace {

using picture::Arrow;
using picture::Box;
using picture::Chart;
using picture::Group;
using picture::Index;

constexpr double kPerInch = 72;
constexpr Index kRows = 4;  ///< of boxes that nothing leads to or from, one below the other

/// A graph of Graphviz for a sheet. Boxes and labels are given as sizes, so that no font of this machine matters.
class Graph {
 public:
  Graph(const Chart& chart, const Sheet& sheet)
      : chart_(chart),
        sheet_(sheet),
        context_(gvContext(), gvFreeContext),
        graph_(agopen(name("g"), Agdirected, nullptr), agclose) {}
  ~Graph() {
    if (laid_out_) gvFreeLayout(context_.get(), graph_.get());
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  Result<Placed> placed() {
    set(graph_.get(), "rankdir", chart_.of_programme ? "LR" : "TB");
    set(graph_.get(), "nodesep", "0.3");
    set(graph_.get(), "ranksep", chart_.of_programme ? "0.6" : "0.32");
    set(graph_.get(), "labeljust", "l");
    for (Index i = 0; i < chart_.groups.size(); ++i) group(i);
    for (Index i = 0; i < chart_.boxes.size(); ++i) box(i);
    for (Index i = 0; i < chart_.arrows.size(); ++i) arrow(i);
    stack_loose_boxes();
    agseterr(AGMAX);  // what it would print is not for people who draw a campaign
    if (gvLayout(context_.get(), graph_.get(), "dot") != 0)
      return Error{"Graphviz could not lay the picture out", "Ask for --format dot and try `dot -v` on that."};
    laid_out_ = true;
    return read();
  }

 private:
  static char* name(const std::string& text) { return const_cast<char*>(text.c_str()); }
  static void set(void* object, const char* key, const std::string& value) {
    agsafeset(object, const_cast<char*>(key), name(value), const_cast<char*>(""));
  }
  /// As large as the text, and empty.
  void set_label(void* object, const TextBlock& block) {
    const std::string text =
        fmt::format("<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" FIXEDSIZE=\"TRUE\" "
                    "WIDTH=\"{:.0f}\" HEIGHT=\"{:.0f}\"><TR><TD></TD></TR></TABLE>",
                    block.width + 8, block.height + 4);
    char* html = agstrdup_html(graph_.get(), name(text));
    agsafeset(object, const_cast<char*>("label"), html, const_cast<char*>(""));
    agstrfree(graph_.get(), html);
  }

  void group(Index index) {
    Agraph_t* made = agsubg(graph_.get(), name(fmt::format("cluster_{}", index)), 1);
    set_label(made, sheet_.groups[index]);
    set(made, "margin", "12");
    groups_.push_back(made);
  }

  void box(Index index) {
    const Index group = chart_.boxes[index].group;
    Agraph_t* in = group == picture::kNoIndex ? graph_.get() : groups_[group];
    Agnode_t* made = agnode(in, name(fmt::format("b{}", index)), 1);
    set(made, "shape", "box");
    set(made, "fixedsize", "true");
    set(made, "label", "");
    set(made, "width", fmt::format("{:.4f}", sheet_.widths[index] / kPerInch));
    set(made, "height", fmt::format("{:.4f}", sheet_.heights[index] / kPerInch));
    boxes_.push_back(made);
  }

  void arrow(Index index) {
    const Arrow& row = chart_.arrows[index];
    Agedge_t* made = agedge(graph_.get(), boxes_[row.from], boxes_[row.to], name(fmt::format("a{}", index)), 1);
    if (!sheet_.arrows[index].empty()) set_label(made, sheet_.arrows[index]);
    set(made, "arrowsize", "0.7");
    const bool same_group = chart_.boxes[row.from].group == chart_.boxes[row.to].group;
    if (row.kind == Arrow::Kind::Next && same_group) set(made, "weight", "4");
    if (row.kind == Arrow::Kind::Back) set(made, "constraint", "false");
    arrows_.push_back(made);
  }

  /// Boxes without any arrow would all stand side by side.
  void stack_loose_boxes() {
    std::vector<bool> tied(chart_.boxes.size());
    for (const Arrow& each : chart_.arrows) tied[each.from] = tied[each.to] = true;
    std::map<Index, std::pair<Index, Index>> last;  // per group: how many, and the last of them
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (tied[i]) continue;
      const auto [found, fresh] = last.try_emplace(chart_.boxes[i].group, 0, i);
      if (!fresh && ++found->second.first % kRows != 0) {
        Agedge_t* made = agedge(graph_.get(), boxes_[found->second.second], boxes_[i], nullptr, 1);
        set(made, "style", "invis");
      }
      found->second.second = i;
    }
  }

  Point at(pointf point) const { return {point.x, GD_bb(graph_.get()).UR.y - point.y}; }

  Placed::Curve read(Agedge_t* edge) const {
    Placed::Curve curve;
    if (const splines* lines = ED_spl(edge); lines != nullptr && lines->size > 0) {
      const bezier& line = lines->list[0];
      for (int i = 0; i < line.size; ++i) curve.points.push_back(at(line.list[i]));
      curve.tip = line.eflag != 0 ? at(line.ep) : curve.points.back();
    }
    if (const textlabel_t* label = ED_label(edge); label != nullptr) curve.label = at(label->pos);
    return curve;
  }

  Placed read() const {
    Placed placed;
    placed.width = GD_bb(graph_.get()).UR.x;
    placed.height = GD_bb(graph_.get()).UR.y;
    for (Agnode_t* each : boxes_) placed.boxes.push_back(at(ND_coord(each)));
    for (Agedge_t* each : arrows_) placed.arrows.push_back(read(each));
    for (Agraph_t* each : groups_) {
      const boxf bounds = GD_bb(each);
      const Point low = at(bounds.LL), high = at(bounds.UR);
      placed.groups.push_back({low.x, high.y, high.x, low.y});
      placed.headings.push_back(GD_label(each) ? at(GD_label(each)->pos) : Point{low.x, high.y});
    }
    return placed;
  }

  const Chart& chart_;
  const Sheet& sheet_;
  std::unique_ptr<GVC_t, decltype(&gvFreeContext)> context_;
  std::unique_ptr<Agraph_t, decltype(&agclose)> graph_;
  std::vector<Agraph_t*> groups_;
  std::vector<Agnode_t*> boxes_;
  std::vector<Agedge_t*> arrows_;
  bool laid_out_ = false;
};

}  // namespace

bool can_lay_out() { return true; }
Result<Placed> lay_out(const Chart& chart, const Sheet& sheet) { return Graph(chart, sheet).placed(); }

#endif

}  // namespace nurture::tool
