#include "compiler/report/report.h"
#include "runtime/base/json.h"

namespace nurture::report {

namespace {

std::string_view gravity(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "critical";
    case Severity::Warning:
      return "minor";
    case Severity::Advice:
      return "info";
  }
  return {};
}

}  // namespace

std::string gitlab(const Report& report) {
  JsonWriter json(JsonWriter::Layout::Indented);
  std::vector<std::string> prints = fingerprints(report);
  std::size_t index = 0;
  json.begin_array();
  for (const Programme& programme : report.programmes) {
    for (const Finding& each : programme.findings) {
      json.begin_object().member("description", sentences(each)).member("check_name", info(each.id).code);
      json.member("fingerprint", prints[index++]).member("severity", gravity(each.severity));
      bool somewhere = !each.place.file.empty() && !each.place.embedded;
      json.key("location").begin_object().member("path", somewhere ? each.place.file : programme.path);
      json.key("lines").begin_object().member("begin", somewhere ? each.place.begin.line : 1);
      json.member("end", somewhere ? each.place.end.line : 1).end_object().end_object().end_object();
    }
  }
  json.end_array();
  return std::move(json).take() + '\n';
}

}  // namespace nurture::report
