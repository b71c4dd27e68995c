#include "runtime/base/json.h"

#include "compiler/report/report.h"

namespace nurture::report {

namespace {

void write_place(JsonWriter& json, const Place& place) {
  if (place.file.empty()) return;
  json.member("file", place.file).member("line", place.begin.line).member("column", place.begin.column);
  json.member("end_line", place.end.line).member("end_column", place.end.column);
  json.member("begin", place.begin.offset).member("end", place.end.offset);
}

void write(JsonWriter& json, const Finding& finding) {
  json.begin_object().member("code", info(finding.id).code).member("severity", severity_name(finding.severity));
  json.member("message", finding.message);
  write_place(json, finding.place);
  json.key("labels").begin_array();
  for (const Note& note : finding.notes) {
    json.begin_object().member("text", note.text);
    write_place(json, note.place);
    json.end_object();
  }
  json.end_array();
  if (!finding.hint.empty()) json.member("hint", finding.hint);
  json.key("edits").begin_array();
  for (const Change& change : finding.changes) {
    json.begin_object().member("replacement", change.replacement);
    write_place(json, change.place);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string json(const Report& report) {
  JsonWriter out(JsonWriter::Layout::Indented);
  out.begin_object().key("diagnostics").begin_array();
  for (const Programme& programme : report.programmes) {
    for (const Finding& each : programme.findings) write(out, each);
  }
  out.end_array().member("errors", report.count(Severity::Error)).member("warnings", report.count(Severity::Warning));
  out.member("advice", report.count(Severity::Advice)).member("left_out", report.left_out()).end_object();
  return std::move(out).take() + '\n';
}

}  // namespace nurture::report
