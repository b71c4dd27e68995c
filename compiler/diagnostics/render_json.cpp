#include "compiler/diagnostics/diagnostics.h"
#include "runtime/base/json.h"

namespace nurture {

namespace {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Advice:
      return "advice";
  }
  return {};
}

void write_place(JsonWriter& json, Span span, const SourceManager& sources) {
  if (span.file >= sources.size()) return;
  const SourceFile& file = sources.file(span.file);
  LineColumn begin = file.locate(span.begin);
  LineColumn end = file.locate(span.end);
  json.member("file", file.path()).member("line", begin.line).member("column", begin.column);
  json.member("end_line", end.line)
      .member("end_column", end.column)
      .member("begin", span.begin)
      .member("end", span.end);
}

void write(JsonWriter& json, const Diagnostic& d, const SourceManager& sources) {
  const DiagnosticInfo& row = info(d.id);
  json.begin_object().member("code", row.code).member("severity", name(row.severity)).member("message", d.message);
  write_place(json, d.span, sources);
  json.key("labels").begin_array();
  for (const Label& label : d.labels) {
    json.begin_object().member("text", label.text);
    write_place(json, label.span, sources);
    json.end_object();
  }
  json.end_array();
  if (!d.hint.empty()) json.member("hint", d.hint);
  json.key("edits").begin_array();
  for (const Edit& edit : d.edits) {
    json.begin_object().member("replacement", edit.replacement);
    write_place(json, edit.span, sources);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string render_json(const Diagnostics& diagnostics, const SourceManager& sources) {
  JsonWriter json(JsonWriter::Layout::Indented);
  json.begin_object().key("diagnostics").begin_array();
  for (const Diagnostic& d : diagnostics.all()) write(json, d, sources);
  json.end_array().member("errors", diagnostics.errors() + diagnostics.left_out());
  json.member("warnings", diagnostics.warnings()).member("left_out", diagnostics.left_out()).end_object();
  return std::move(json).take() + '\n';
}

}  // namespace nurture
