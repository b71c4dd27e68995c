#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/base/xml.h"
#include "tools/nurture/graph/looks.h"
#include "tools/nurture/graph/text.h"
#include "tools/nurture/graph/writers.h"

namespace nurture::tool {

using picture::Arrow;
using picture::Box;
using picture::Chart;
using picture::Group;
using picture::Index;
using Style = TextLine::Style;

namespace {

// In pixels
constexpr double kEdge = 28;          ///< around everything
constexpr double kNarrowest = 640;    ///< the text above the picture needs that
constexpr double kWidestText = 1100;  ///< longer lines are hard to read
constexpr double kRound = 8;
constexpr double kPoint = 14;

std::string class_of(Style style) {
  switch (style) {
    case Style::Main:
      return "main";
    case Style::Detail:
      return "detail";
    case Style::Figure:
      return "figure";
    case Style::Heading:
      return "heading";
  }
  return "";
}

/// What the colours of one theme say to the classes of the drawing.
std::string rules(const Theme& theme, bool dark, const std::vector<Box::Kind>& kinds) {
  std::string out = fmt::format(
      ".paper{{fill:{0}}}text{{fill:{1}}}.detail,.quiet{{fill:{2}}}.way{{stroke:{3}}}.head{{fill:{3}}}"
      ".jump .way{{stroke:{4}}}.jump .head{{fill:{4}}}.group rect{{fill:{5};stroke:{6}}}"
      ".over text{{stroke:{5}}}",
      theme.paper, theme.ink, theme.quiet, theme.line, theme.jump, theme.group_fill, theme.group_line);
  for (Box::Kind kind : kinds) {
    const Look& look = look_of(kind);
    const Paint& paint = dark ? look.dark : look.light;
    out += fmt::format(".k-{} .shape{{fill:{};stroke:{}}}", word_of(kind), paint.fill, paint.stroke);
  }
  return out;
}

class Writer {
 public:
  Writer(const Chart& chart, const Sheet& sheet, const Placed& placed, const sema::Unit& unit)
      : chart_(chart), sheet_(sheet), placed_(placed), unit_(unit), kinds_(kinds_in(chart)) {
    width_ = std::max(placed.width, kNarrowest);
  }

  std::string write() {
    head();
    // A picture narrower than its head stands in the middle.
    left_ = kEdge + (width_ - placed_.width) / 2;
    top_ = y_ + 8;
    for (Index i = 0; i < chart_.groups.size(); ++i) group(i);
    for (Index i = 0; i < chart_.arrows.size(); ++i) arrow(i);
    for (Index i = 0; i < chart_.boxes.size(); ++i) box(i);
    for (Index i = 0; i < chart_.groups.size(); ++i) heading(i);
    for (Index i = 0; i < chart_.arrows.size(); ++i) label(i);
    y_ = top_ + placed_.height + 24;
    legend();
    return whole();
  }

 private:
  std::string whole() const {
    const double width = width_ + 2 * kEdge, height = y_ + kEdge;
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
        "{1:.0f}\" role=\"img\" aria-labelledby=\"title desc\">\n",
        width, height);
    out += fmt::format("<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n", xml_text(title()),
                       xml_text(description()));
    out += fmt::format(
        "<style>text{{font:13px Helvetica,Arial,\"Liberation Sans\",sans-serif;text-anchor:middle}}"
        ".left{{text-anchor:start}}.detail,.figure{{font-size:12px}}.figure,.heading,.name{{font-weight:bold}}"
        ".heading{{font-size:15px}}.name{{font-size:22px}}.way{{fill:none;stroke-width:1.4}}"
        ".jump .way{{stroke-dasharray:7 4}}.back .way{{stroke-dasharray:2 4}}.shape{{stroke-width:1.5}}"
        ".over text{{stroke-width:4px;stroke-linejoin:round;paint-order:stroke}}"
        "{}@media (prefers-color-scheme:dark){{{}}}</style>\n",
        rules(light_theme(), false, kinds_), rules(dark_theme(), true, kinds_));
    out += fmt::format("<rect class=\"paper\" width=\"{:.0f}\" height=\"{:.0f}\"/>\n", width, height);
    return out + body_ + "</svg>\n";
  }

  std::string title() const {
    return chart_.of_programme ? "The campaigns of " + chart_.name : "Campaign " + chart_.name;
  }

  /// What somebody who cannot see the picture wants to know first.
  std::string description() const {
    std::string out = chart_.about;
    if (!out.empty()) out += ' ';
    if (chart_.totals) out += figures_of(*chart_.totals) + ". ";
    std::vector<std::string> names;
    for (const Group& each : chart_.groups) {
      if (each.kind == Group::Kind::Stage) names.push_back(each.name);
    }
    if (chart_.of_programme) {
      for (const Box& each : chart_.boxes) names.push_back(each.lines[0]);
    }
    return out + fmt::format("{}: {}.", chart_.of_programme ? "Campaigns" : "Stages", fmt::join(names, ", "));
  }

  /// A font that is wider than the room says is set closer.
  void text(double x, double y, Style style, bool left, std::string_view what) {
    const auto width = drawn_width(what, widened(style));
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}{}\"", x, y, class_of(style), left ? " left" : "");
    if (width) body_ += fmt::format(" textLength=\"{:.1f}\" lengthAdjust=\"spacingAndGlyphs\"", *width);
    body_ += fmt::format(">{}</text>\n", xml_text(what));
  }

  /// Below each other, the middle at a point.
  void block(const TextBlock& block, Point middle, bool left = false) {
    double y = middle.y - block.height / 2;
    const double x = left ? middle.x - block.width / 2 : middle.x;
    for (const TextLine& line : block.lines) {
      text(x, y + size_of(line.style), line.style, left, line.text);
      y += height_of(line.style);
    }
  }

  void head() {
    y_ = kEdge + 18;
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"name left\">{}</text>\n", kEdge, y_,
                         xml_text(chart_.name));
    TextBlock words;
    const double width = std::min(width_, kWidestText);
    if (!chart_.about.empty()) add_text(words, Style::Main, chart_.about, width);
    for (const std::string& fact : chart_.facts) add_text(words, Style::Detail, fact, width);
    if (chart_.totals) add_text(words, Style::Figure, figures_of(*chart_.totals), width);
    y_ += 12;
    block(words, {kEdge + words.width / 2, y_ + words.height / 2}, true);
    y_ += words.height;
  }

  Point moved(Point point) const { return {point.x + left_, point.y + top_}; }

  void group(Index index) {
    const Area& area = placed_.groups[index];
    body_ += fmt::format(
        "<g class=\"group\">{}<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
        "rx=\"{}\"/>\n",
        tooltip(chart_.groups[index].span, chart_.groups[index].about), area.left + left_, area.top + top_,
        area.right - area.left, area.bottom - area.top, kRound);
    body_ += "</g>\n";
  }

  /// Above the arrows that lead into the group.
  void heading(Index index) {
    body_ += "<g class=\"over\">";
    block(sheet_.groups[index], moved(placed_.headings[index]), true);
    body_ += "</g>\n";
  }

  /// Where it is written.
  std::string tooltip(Span span, const std::string& about = {}) const {
    if (span.end == 0) return {};
    const SourceFile& file = unit_.sources.file(span.file);
    const std::string place = fmt::format("{}:{}", file.path(), file.locate(span.begin).line);
    return fmt::format("<title>{}</title>", xml_text(about.empty() ? place : about + " (" + place + ")"));
  }

  void shape(Shape shape, Point at, double width, double height) {
    const double l = at.x - width / 2, r = at.x + width / 2, t = at.y - height / 2, b = at.y + height / 2;
    if (shape == Shape::Card || shape == Shape::Pill) {
      const double round = shape == Shape::Card ? kRound : std::min(height / 2, 18.0);
      body_ += fmt::format(
          "<rect class=\"shape\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
          "rx=\"{:.1f}\"/>\n",
          l, t, width, height, round);
      return;
    }
    const double right = shape == Shape::Hexagon ? r - kPoint : r;
    std::string path = fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", l + kPoint, t, right, t);
    if (shape == Shape::Hexagon) path += fmt::format("L{:.1f} {:.1f}", r, at.y);
    path += fmt::format("L{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z", right, b, l + kPoint, b, l, at.y);
    body_ += fmt::format("<path class=\"shape\" stroke-linejoin=\"round\" d=\"{}\"/>\n", path);
  }

  void box(Index index) {
    const Box& row = chart_.boxes[index];
    const Shape form = look_of(row.kind).shape;
    const Point at = moved(placed_.boxes[index]);
    body_ += fmt::format("<g class=\"k-{}\">{}", word_of(row.kind), tooltip(row.span));
    shape(form, at, sheet_.widths[index], sheet_.heights[index]);
    block(sheet_.boxes[index], {form == Shape::Tag ? at.x + kPoint / 2 : at.x, at.y});
    body_ += "</g>\n";
  }

  static std::string_view line_class(Arrow::Kind kind) {
    return kind == Arrow::Kind::Jump ? "arrow jump" : kind == Arrow::Kind::Back ? "arrow back" : "arrow";
  }

  void line(const std::vector<Point>& points, Point tip) {
    std::string path = fmt::format("M{:.1f} {:.1f}", points[0].x, points[0].y);
    for (std::size_t i = 1; i + 2 < points.size(); i += 3)
      path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", points[i].x, points[i].y, points[i + 1].x,
                          points[i + 1].y, points[i + 2].x, points[i + 2].y);
    body_ += fmt::format("<path class=\"way\" d=\"{}\"/>", path);
    const Point end = points.back();
    const double length = std::hypot(tip.x - end.x, tip.y - end.y);
    if (length < 0.1) return;
    const double dx = (tip.x - end.x) / length * 3.5, dy = (tip.y - end.y) / length * 3.5;
    body_ += fmt::format("<path class=\"head\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>\n", tip.x, tip.y,
                         end.x - dy, end.y + dx, end.x + dy, end.y - dx);
  }

  void arrow(Index index) {
    const Placed::Curve& curve = placed_.arrows[index];
    if (curve.points.empty()) return;
    std::vector<Point> points;
    for (Point each : curve.points) points.push_back(moved(each));
    body_ +=
        fmt::format("<g class=\"{}\">{}", line_class(chart_.arrows[index].kind), tooltip(chart_.arrows[index].span));
    line(points, moved(curve.tip));
    body_ += "</g>\n";
  }

  void label(Index index) {
    if (sheet_.arrows[index].empty()) return;
    body_ += "<g class=\"over\">";
    block(sheet_.arrows[index], moved(placed_.arrows[index].label));
    body_ += "</g>\n";
  }

  void legend() {
    double x = kEdge;
    const auto room = [&](std::string_view meaning) {
      const double needs = 34 + width_of(meaning, 12) + 22;
      if (x + needs > width_ + kEdge && x > kEdge) {
        x = kEdge;
        y_ += 24;
      }
      return needs;
    };
    for (Box::Kind kind : kinds_) {
      const double needs = room(meaning_of(kind));
      body_ += fmt::format("<g class=\"k-{}\">", word_of(kind));
      shape(look_of(kind).shape, {x + 14, y_}, 28, 16);
      text(x + 34, y_ + 4, Style::Detail, true, meaning_of(kind));
      body_ += "</g>\n";
      x += needs;
    }
    for (const auto& [kind, meaning] :
         {std::pair{Arrow::Kind::Jump, "from wherever one is"}, std::pair{Arrow::Kind::Back, "goes on waiting"}}) {
      const bool used =
          std::any_of(chart_.arrows.begin(), chart_.arrows.end(), [&](const Arrow& each) { return each.kind == kind; });
      if (!used) continue;
      const double needs = room(meaning);
      body_ += fmt::format("<g class=\"{}\">", line_class(kind));
      line({{x, y_}, {x + 8, y_}, {x + 14, y_}, {x + 20, y_}}, {x + 28, y_});
      body_ += "</g>";
      text(x + 34, y_ + 4, Style::Detail, true, meaning);
      x += needs;
    }
  }

  const Chart& chart_;
  const Sheet& sheet_;
  const Placed& placed_;
  const sema::Unit& unit_;
  std::vector<Box::Kind> kinds_;
  double width_ = 0, left_ = 0, top_ = 0;
  double y_ = 0;  ///< what is drawn so far ends here
  std::string body_;
};

}  // namespace

std::string svg(const Chart& chart, const Sheet& sheet, const Placed& placed, const sema::Unit& unit) {
  return Writer(chart, sheet, placed, unit).write();
}

}  // namespace nurture::tool
