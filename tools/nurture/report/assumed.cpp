#include "tools/nurture/report/assumed.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <simdjson.h>

#include "runtime/base/json.h"

namespace nurture::tool::report {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// What rows of lists are known by; all else in them is counted, measured or found out.
constexpr std::array kLabels{
    std::string_view("name"),   std::string_view("label"),   std::string_view("on"),       std::string_view("reason"),
    std::string_view("rule"),   std::string_view("owner"),   std::string_view("where"),    std::string_view("week_of"),
    std::string_view("week"),   std::string_view("visit"),   std::string_view("from"),     std::string_view("to"),
    std::string_view("event"),  std::string_view("content"), std::string_view("messages"), std::string_view("line"),
    std::string_view("kind"),   std::string_view("channel"), std::string_view("stage"),    std::string_view("what"),
    std::string_view("branch"), std::string_view("claim"),   std::string_view("goal"),     std::string_view("anchor"),
    std::string_view("lead")};

bool is_label(std::string_view key) { return std::find(kLabels.begin(), kLabels.end(), key) != kLabels.end(); }

bool is_leaf(const element& value) {
  return value.type() != element_type::OBJECT && value.type() != element_type::ARRAY;
}

/// What a row that is not there has counted.
bool is_nothing(const element& value) {
  std::int64_t count = 0;
  return value.is_null() || (value.get(count) == simdjson::SUCCESS && count == 0);
}

/// The labels of a row; a row of figures alone has none.
std::string label_of(const element& row) {
  std::string label;
  if (row.type() != element_type::OBJECT) return label;
  for (const auto [key, value] : simdjson::dom::object(row)) {
    if (is_label(key) && is_leaf(value)) label += fmt::format("{}={}\n", key, simdjson::minify(value));
  }
  return label;
}

std::string below(const std::string& path, std::string_view key) {
  std::string out = path + "/";
  for (char c : key) out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

using Maybe = std::optional<element>;

class Comparison {
 public:
  explicit Comparison(JsonWriter& json) : json_(json) {}

  void value(const std::string& path, const element& run, const Maybe& history) {
    if (run.type() == element_type::OBJECT) return object(path, run, history, false);
    if (run.type() == element_type::ARRAY) return list(path, run, history);
    if (history ? simdjson::minify(run) == simdjson::minify(*history) : is_nothing(run)) return;
    json_.begin_object().member("at", path).key("history");
    history ? leaf(*history) : void(json_.null());
    json_.end_object();
  }

 private:
  void object(const std::string& path, const element& run, const Maybe& history, bool row) {
    const bool same_width = member(run, "width_us") == member(history, "width_us");
    for (const auto [key, each] : simdjson::dom::object(run)) {
      if (row && is_label(key) && is_leaf(each)) continue;
      Maybe before;
      element found;
      // Parts of other widths are no parts of the same.
      if (history && (same_width || key != "parts") && (*history)[key].get(found) == simdjson::SUCCESS) before = found;
      value(below(path, key), each, before);
    }
  }

  /// Of rows with the same labels the first is the first of history.
  void list(const std::string& path, const element& run, const Maybe& history) {
    std::map<std::string, std::vector<element>> rows;
    if (history && history->type() == element_type::ARRAY) {
      for (const element each : simdjson::dom::array(*history)) rows[label_of(each)].push_back(each);
    }
    std::map<std::string, std::size_t> seen;
    std::size_t at = 0;
    for (const element each : simdjson::dom::array(run)) {
      const std::string label = label_of(each);
      const std::vector<element>& alike = rows[label];
      const std::size_t nth = seen[label]++;
      const Maybe before = nth < alike.size() ? Maybe(alike[nth]) : Maybe();
      const std::string place = fmt::format("{}/{}", path, at++);
      each.type() == element_type::OBJECT ? object(place, each, before, true) : value(place, each, before);
    }
  }

  static std::string member(const Maybe& of, std::string_view key) {
    element found;
    return of && (*of)[key].get(found) == simdjson::SUCCESS ? simdjson::minify(found) : std::string();
  }

  void leaf(const element& value) {
    switch (value.type()) {
      case element_type::INT64:
        json_.value(std::int64_t(value));
        return;
      case element_type::UINT64:
        json_.value(std::uint64_t(value));
        return;
      case element_type::DOUBLE:
        json_.value(double(value));
        return;
      case element_type::STRING:
        json_.value(std::string_view(value));
        return;
      case element_type::BOOL:
        json_.value(bool(value));
        return;
      case element_type::NULL_VALUE:
      case element_type::ARRAY:
      case element_type::OBJECT:
        json_.null();
        return;
    }
  }

  JsonWriter& json_;
};

}  // namespace

Result<std::string> assumed_figures(const std::string& scenario, const std::vector<Compared>& parts) {
  JsonWriter json;
  json.begin_object().member("scenario", scenario).key("figures").begin_array();
  for (const Compared& part : parts) {
    simdjson::dom::parser of_run, of_history;
    element run, history;
    if (of_run.parse(part.run).get(run) != simdjson::SUCCESS ||
        of_history.parse(part.history).get(history) != simdjson::SUCCESS) {
      return Error{fmt::format("the part \"{}\" of the report can't be read again", part.part),
                   "This is a fault of nurture: please report it."};
    }
    Comparison(json).value(fmt::format("/{}", part.part), run, history);
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace nurture::tool::report
