#include "tools/nurture/report/document.h"

#include <fmt/format.h>

#include "runtime/base/json.h"

namespace nurture::tool::report {

namespace {

/// A JSON text without the white space between its parts.
std::string compact(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_text && (c == ' ' || c == '\n')) continue;
    out += c;
    if (in_text && c == '\\') out += json[++i];
    if (c == '"') in_text = !in_text;
  }
  return out;
}

std::string about(const Document& document) {
  JsonWriter w;
  w.begin_object().member("version", document.version).member("command", document.command).end_object();
  return std::move(w).take();
}

std::string capacity(const findings::Capacity& capacity) {
  JsonWriter w;
  w.begin_object();
  for (const auto& [name, value] :
       {std::pair("calls", capacity.calls), std::pair("tasks", capacity.tasks),
        std::pair("hand_offs", capacity.hand_offs), std::pair("calls_per_owner", capacity.calls_per_owner)}) {
    w.key(name);
    value ? w.value(*value) : w.null();
  }
  w.end_object();
  return std::move(w).take();
}

void text_or_null(JsonWriter& w, std::string_view key, const std::string& text) {
  w.key(key);
  text.empty() ? w.null() : w.value(text);
}

std::string flows(const std::vector<Flow>& flows) {
  JsonWriter w;
  w.begin_array();
  for (const Flow& flow : flows) {
    w.begin_object();
    text_or_null(w, "name", flow.name);
    text_or_null(w, "svg", flow.svg);
    text_or_null(w, "missing", flow.missing);
    w.end_object();
  }
  w.end_array();
  return std::move(w).take();
}

}  // namespace

std::string to_json(const std::vector<SourceText>& sources) {
  JsonWriter w;
  w.begin_array();
  for (const SourceText& source : sources) {
    w.begin_object().member("path", source.path).key("lines").begin_array();
    for (const std::string& line : source.lines) w.value(line);
    w.end_array().key("counts").begin_array();
    for (const LineCount& row : source.counts) {
      w.begin_object().member("line", row.line).member("count", row.count).member("what", row.what).end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
  return std::move(w).take();
}

namespace {

std::string leads(const Stories& stories) {
  std::string out = "{\"told\":[";
  for (const Told& told : stories.told) {
    JsonWriter w;
    w.begin_array();
    for (const std::string& each : told.because) w.value(each);
    w.end_array();
    if (out.back() != '[') out += ',';
    out += "{\"key\":";
    append_json_string(out, told.key);
    out += fmt::format(",\"asked_for\":{},\"because\":{},\"story\":{}}}", told.asked_for, w.text(), compact(told.json));
  }
  return out + fmt::format("],\"left_out\":{}}}", stories.left_out);
}

}  // namespace

std::string to_json(const Document& d) {
  return fmt::format(
      "{{\"about\":{},\"log\":{},\"simulation\":{},\"experiments\":{},\"review\":{},\"assumed\":{},\"capacity\":{},"
      "\"flows\":{},\"sources\":{},\"leads\":{}}}\n",
      about(d), d.log, compact(d.simulation), compact(d.experiments), d.review, d.assumed.empty() ? "null" : d.assumed,
      capacity(d.capacity), flows(d.flows), to_json(d.sources), leads(d.stories));
}

}  // namespace nurture::tool::report
