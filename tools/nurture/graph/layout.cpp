#include "tools/nurture/graph/layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <simdjson.h>
#include <string>

#include "tools/nurture/graph/process.h"
#include "tools/nurture/graph/strip.h"

namespace nurture::tool {

namespace {

using picture::Arrow;
using picture::Chart;
using picture::Index;

constexpr double kPerInch = 72;

/// What Graphviz may do in one way or the other; which is better depends on the campaign.
struct Variant {
  bool jumps_rank = true;    ///< what a trigger leads to stands below it
  bool far_is_loose = true;  ///< ways between stages may be long
  bool reversed = false;     ///< groups are made from the last to the first
  bool apart = false;        ///< the next stage stands further down, below the end of the one before, and not beside it
};
constexpr unsigned kVariants = 16;
Variant variant_of(unsigned number) {
  return {(number & 1) == 0, (number & 2) == 0, (number & 4) != 0, (number & 8) != 0};
}

// What is asked -------------------------------------------------------------------------------------------------------

/// A sheet in the words of Graphviz. Boxes and labels are given as sizes, so that no font of this machine matters.
class Question {
 public:
  Question(const Chart& chart, const Sheet& sheet, const std::vector<bool>& strip, const Variant& variant)
      : chart_(chart), sheet_(sheet), strip_(strip), variant_(variant) {}

  std::string write() {
    out_ = fmt::format("digraph {{ graph [rankdir={}, nodesep=0.28, ranksep={}, labeljust=l];\n",
                       chart_.of_programme ? "LR" : "TB", chart_.of_programme ? 0.6 : 0.3);
    out_ += "node [shape=box, fixedsize=true, label=\"\"]; edge [arrowsize=0.7];\n";
    const auto count = static_cast<Index>(chart_.groups.size());
    for (Index i = 0; i < count; ++i) group(variant_.reversed ? count - 1 - i : i);
    boxes(picture::kNoIndex);
    for (Index i = 0; i < chart_.arrows.size(); ++i) arrow(i);
    return std::move(out_) + "}\n";
  }

 private:
  /// As large as the text, and empty.
  static std::string label(const TextBlock& block) {
    return fmt::format(
        "label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" "
        "FIXEDSIZE=\"TRUE\" WIDTH=\"{:.0f}\" HEIGHT=\"{:.0f}\"><TR><TD></TD></TR></TABLE>>",
        block.width + 8, block.height + 4);
  }

  void boxes(Index group) {
    for (Index i = 0; i < chart_.boxes.size(); ++i) {
      if (strip_[i] || chart_.boxes[i].group != group) continue;
      out_ += fmt::format("b{} [width={:.4f}, height={:.4f}];\n", i, sheet_.widths[i] / kPerInch,
                          sheet_.heights[i] / kPerInch);
    }
  }

  void group(Index index) {
    bool used = false;
    for (Index i = 0; i < chart_.boxes.size(); ++i) used |= chart_.boxes[i].group == index && !strip_[i];
    if (!used) return;
    out_ += fmt::format("subgraph cluster_{} {{ margin=12; {};\n", index, label(sheet_.groups[index]));
    boxes(index);
    out_ += "}\n";
  }

  void arrow(Index index) {
    const Arrow& row = chart_.arrows[index];
    std::string attributes = fmt::format("id={}", index);
    if (!sheet_.arrows[index].empty()) attributes += ", " + label(sheet_.arrows[index]);
    const bool same_group = chart_.boxes[row.from].group == chart_.boxes[row.to].group;
    if (row.kind == Arrow::Kind::Next && same_group) attributes += ", weight=4";
    if (!same_group && variant_.far_is_loose) attributes += ", weight=0";
    const bool on = row.kind == Arrow::Kind::Next && chart_.boxes[row.from].group != picture::kNoIndex;
    if (!same_group && on && variant_.apart) attributes += ", minlen=3";
    const bool free = row.kind == Arrow::Kind::Back || (row.kind == Arrow::Kind::Jump && !variant_.jumps_rank);
    if (free) attributes += ", constraint=false";
    out_ += fmt::format("b{} -> b{} [{}];\n", row.from, row.to, attributes);
  }

  const Chart& chart_;
  const Sheet& sheet_;
  const std::vector<bool>& strip_;
  Variant variant_;
  std::string out_;
};

// What is answered ----------------------------------------------------------------------------------------------------

/// "12.5,30,40": the numbers up to a space, or to the end.
std::vector<double> numbers(std::string_view text) {
  std::vector<double> found;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    double value = 0;
    const auto [behind, error] = std::from_chars(at, end, value);
    if (error != std::errc()) break;
    found.push_back(value);
    at = behind + 1;
  }
  return found;
}

/// Reads one laid out graph; lengths count from the bottom there.
class Answer {
 public:
  Answer(const Chart& chart, simdjson::dom::element graph) : chart_(chart), graph_(graph) {}

  std::optional<Placed> read() {
    placed_.boxes.resize(chart_.boxes.size());
    placed_.arrows.resize(chart_.arrows.size());
    placed_.groups.resize(chart_.groups.size());
    placed_.headings.resize(chart_.groups.size());
    const std::vector<double> bounds = numbers(text(graph_, "bb"));
    if (bounds.size() != 4) return std::nullopt;
    placed_.width = bounds[2];
    placed_.height = bounds[3];
    simdjson::dom::array objects, edges;
    if (graph_["objects"].get(objects) == simdjson::SUCCESS) {
      for (simdjson::dom::element each : objects) object(each);
    }
    if (graph_["edges"].get(edges) == simdjson::SUCCESS) {
      for (simdjson::dom::element each : edges) edge(each);
    }
    return std::move(placed_);
  }

 private:
  static std::string_view text(simdjson::dom::element of, std::string_view key) {
    std::string_view found;
    return of[key].get(found) == simdjson::SUCCESS ? found : std::string_view();
  }

  Point point(std::string_view written) const {
    const std::vector<double> xy = numbers(written);
    return xy.size() < 2 ? Point{} : Point{xy[0], placed_.height - xy[1]};
  }

  void object(simdjson::dom::element of) {
    constexpr std::string_view kCluster = "cluster_";
    const std::string_view name = text(of, "name");
    const bool group = name.starts_with(kCluster);
    const auto number = numbers(name.substr(group ? kCluster.size() : 1));
    if (number.empty()) return;
    const auto index = static_cast<std::size_t>(number[0]);
    if (!group && index < placed_.boxes.size()) placed_.boxes[index] = point(text(of, "pos"));
    if (!group || index >= placed_.groups.size()) return;
    const std::vector<double> bounds = numbers(text(of, "bb"));
    if (bounds.size() != 4) return;
    placed_.groups[index] = {bounds[0], placed_.height - bounds[3], bounds[2], placed_.height - bounds[1]};
    placed_.headings[index] = point(text(of, "lp"));
  }

  /// "e,x,y x,y x,y …": the tip, then the points of the curves.
  void edge(simdjson::dom::element of) {
    const auto number = numbers(text(of, "id"));
    if (number.empty() || static_cast<std::size_t>(number[0]) >= placed_.arrows.size()) return;
    Placed::Curve& curve = placed_.arrows[static_cast<std::size_t>(number[0])];
    std::string_view rest = text(of, "pos");
    rest = rest.substr(0, rest.find(';'));
    bool tip = false;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      std::string_view word = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (word.starts_with("e,")) {
        curve.tip = point(word.substr(2));
        tip = true;
      } else if (!word.starts_with("s,")) {
        curve.points.push_back(point(word));
      }
    }
    if (!tip && !curve.points.empty()) curve.tip = curve.points.back();
    curve.label = point(text(of, "lp"));
  }

  const Chart& chart_;
  simdjson::dom::element graph_;
  Placed placed_;
};

// The better of several -----------------------------------------------------------------------------------------------

/// The less, the easier to follow: long arrows, what has to be scrolled for, and a beginning that is not at the top
/// left.
double burden(const Chart& chart, const Placed& placed) {
  double sum = placed.width + placed.height;
  if (!placed.boxes.empty() && chart.boxes[0].kind == picture::Box::Kind::Entry)
    sum += placed.boxes[0].x + 2 * placed.boxes[0].y;
  for (const Placed::Curve& curve : placed.arrows) {
    for (std::size_t i = 1; i < curve.points.size(); ++i)
      sum += std::hypot(curve.points[i].x - curve.points[i - 1].x, curve.points[i].y - curve.points[i - 1].y);
  }
  return sum + 8 * std::max(0.0, placed.width - kScreen);
}

/// Runs Graphviz on some graphs and keeps the best that came out of it. Each is laid out by a process of its own: it
/// may crash on one that it cannot manage, and where it puts things depends on what lies in its memory from a graph
/// before, so that two runs would not draw the same picture.
class Search {
 public:
  Search(const Chart& chart, const Sheet& sheet, const std::vector<bool>& strip)
      : chart_(chart), sheet_(sheet), strip_(strip) {}

  Result<Placed> run() {
    for (unsigned i = 0; i < kVariants; ++i) {
      if (auto asked = ask(question(i)); !asked) return asked.error();
    }
    if (best_) return std::move(*best_);
    return Error{"Graphviz could not lay this picture out",
                 "Ask for --format mermaid, or for --format dot and see what `dot -v` says."};
  }

 private:
  std::string question(unsigned variant) const { return Question(chart_, sheet_, strip_, variant_of(variant)).write(); }

  /// What it cannot answer is no candidate.
  Status ask(const std::string& graph) {
    auto ran = run_program({"dot", "-Tjson0"}, graph);
    if (!ran) return ran.error();
    if (!ran->started)
      return Error{"there is no Graphviz on this machine to lay the picture out",
                   "Install it (Debian, Ubuntu: apt install graphviz; macOS: brew install graphviz), or ask for "
                   "--format mermaid or dot."};
    simdjson::dom::parser parser;
    simdjson::dom::element answer;
    if (!ran->well || parser.parse(simdjson::padded_string(ran->output)).get(answer) != simdjson::SUCCESS)
      return Done{};
    auto placed = Answer(chart_, answer).read();
    if (placed && (!best_ || burden(chart_, *placed) < burden(chart_, *best_))) best_ = std::move(placed);
    return Done{};
  }

  const Chart& chart_;
  const Sheet& sheet_;
  const std::vector<bool>& strip_;
  std::optional<Placed> best_;
};

}  // namespace

Result<Placed> lay_out(const Chart& chart, const Sheet& sheet) {
  const std::vector<bool> strip = in_strip(chart);
  Result<Placed> placed = Search(chart, sheet, strip).run();
  if (placed) place_strip(chart, sheet, strip, *placed);
  return placed;
}

}  // namespace nurture::tool
