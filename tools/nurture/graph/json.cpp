#include "runtime/base/json.h"

#include <fmt/format.h>

#include "tools/nurture/graph/writers.h"

namespace nurture::tool {

using picture::Arrow;
using picture::Box;
using picture::Chart;
using picture::Group;
using picture::Index;

namespace {

class Writer {
 public:
  explicit Writer(const sema::Unit& unit) : unit_(unit) {}

  std::string write(const Charts& charts) {
    json_.begin_object().member("programme", charts.programme).key("overview");
    if (charts.overview)
      chart(*charts.overview);
    else
      json_.null();
    json_.key("campaigns").begin_array();
    for (const Chart* each : charts.campaigns) chart(*each);
    json_.end_array().end_object();
    return std::move(json_).take() + '\n';
  }

 private:
  void place(Span span) {
    const SourceFile& file = unit_.sources.file(span.file);
    const LineColumn at = file.locate(span.begin);
    json_.key("at").begin_object().member("file", file.path()).member("line", at.line).member("column", at.column);
    json_.end_object();
  }

  template <typename T>
  void maybe(std::string_view key, const std::optional<T>& value) {
    json_.key(key);
    value ? json_.value(*value) : json_.null();
  }

  void text(std::string_view key, const std::string& value) {
    json_.key(key);
    value.empty() ? json_.null() : json_.value(value);
  }

  void times(std::string_view key, const std::optional<picture::Times>& times) {
    json_.key(key);
    if (!times || times->count == 0) {
      json_.null();
      return;
    }
    json_.begin_object().member("count", times->count).member("median_us", times->median).end_object();
  }

  void texts(std::string_view key, const std::vector<std::string>& all) {
    json_.key(key).begin_array();
    for (const std::string& each : all) json_.value(each);
    json_.end_array();
  }

  void totals(const std::optional<picture::Totals>& totals) {
    json_.key("totals");
    if (!totals) {
      json_.null();
      return;
    }
    json_.begin_object().member("entered", totals->entered).member("held_out", totals->held_out);
    json_.member("inside", totals->inside).key("left").begin_array();
    for (const auto& left : totals->left)
      json_.begin_object().member("reason", left.reason).member("count", left.count).end_object();
    json_.end_array();
    times("stay", totals->stay);
    json_.end_object();
  }

  void group(const Group& group) {
    json_.begin_object().member("kind", word_of(group.kind)).member("name", group.name);
    text("about", group.about);
    place(group.span);
    maybe("entered", group.entered);
    maybe("inside", group.inside);
    times("stayed", group.stayed);
    json_.end_object();
  }

  void box(const Box& box, Index index) {
    json_.begin_object().member("id", fmt::format("b{}", index)).member("kind", word_of(box.kind));
    texts("lines", box.lines);
    text("detail", box.detail);
    json_.key("group");
    box.group == picture::kNoIndex ? json_.null() : json_.value(box.group);
    text("reason", box.reason);
    place(box.span);
    maybe("reached", box.reached);
    maybe("inside", box.inside);
    json_.end_object();
  }

  void arrow(const Arrow& arrow, const Chart& chart) {
    json_.begin_object().member("from", fmt::format("b{}", arrow.from)).member("to", fmt::format("b{}", arrow.to));
    json_.member("kind", word_of(arrow.kind));
    text("label", arrow.label);
    place(arrow.span);
    json_.member("least_us", arrow.shortest).key("most_us");
    arrow.longest == kNever ? json_.null() : json_.value(arrow.longest);
    maybe("count", arrow.count);
    maybe("share", picture::share_of(arrow, chart));
    times("took", arrow.took);
    json_.end_object();
  }

  void chart(const Chart& chart) {
    json_.begin_object().member("name", chart.name);
    text("about", chart.about);
    texts("facts", chart.facts);
    if (!chart.of_programme) place(chart.span);
    totals(chart.totals);
    json_.key("groups").begin_array();
    for (const Group& each : chart.groups) group(each);
    json_.end_array().key("boxes").begin_array();
    for (Index i = 0; i < chart.boxes.size(); ++i) box(chart.boxes[i], i);
    json_.end_array().key("arrows").begin_array();
    for (const Arrow& each : chart.arrows) arrow(each, chart);
    json_.end_array().end_object();
  }

  const sema::Unit& unit_;
  JsonWriter json_{JsonWriter::Layout::Indented};
};

}  // namespace

std::string graph_json(const Charts& charts, const sema::Unit& unit) { return Writer(unit).write(charts); }

}  // namespace nurture::tool
