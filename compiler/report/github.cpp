#include "compiler/report/report.h"

namespace nurture::report {

namespace {

std::string_view command(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Advice:
      return "notice";
  }
  return {};
}

/// As the runner reads it back: in the value of a property, colons and commas too.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (char c : text) {
    bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

/// Columns only where it ends on its line: otherwise they are refused.
std::string where(const Place& place) {
  if (place.file.empty() || place.embedded) return {};
  std::string out = fmt::format("file={},line={}", escaped(place.file, true), place.begin.line);
  if (place.end.line != place.begin.line) return out + fmt::format(",endLine={},", place.end.line);
  return out + fmt::format(",col={},endColumn={},", place.begin.column, place.end.column);
}

std::string notes(const Finding& finding) {
  std::string out;
  for (const Note& note : finding.notes) {
    if (!note.place.file.empty()) out += fmt::format("\n{}:{}: {}", note.place.file, note.place.begin.line, note.text);
  }
  return out;
}

}  // namespace

std::string github(const Report& report, const Pages& pages) {
  std::string out;
  for (const Programme& programme : report.programmes) {
    for (const Finding& each : programme.findings) {
      std::string_view code = info(each.id).code;
      std::string heading = escaped(fmt::format("{} {}", code, title(pages(code))), true);
      std::string text = escaped(sentences(each) + notes(each), false);
      out += fmt::format("::{} {}title={}::{}\n", command(each.severity), where(each.place), heading, text);
    }
  }
  return out;
}

}  // namespace nurture::report
