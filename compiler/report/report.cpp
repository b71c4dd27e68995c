#include "compiler/report/report.h"

#include <algorithm>
#include <map>

#include "runtime/base/hash.h"

namespace nurture::report {

namespace {

Point point(const SourceFile& file, std::uint32_t offset) {
  LineColumn at = file.locate(offset);
  std::string_view line = file.line(at.line);
  auto start = static_cast<std::uint32_t>(line.data() - file.content().data());
  Point out{offset, at.line, at.column, at.column};
  // A code point that takes four bytes takes two units.
  for (std::uint32_t i = start; i < std::min<std::size_t>(offset, file.content().size()); ++i)
    out.utf16 += static_cast<unsigned char>(file.content()[i]) >= 0xF0;
  return out;
}

Place place(Span span, const SourceManager& sources, const Naming& name) {
  if (!sources.has(span.file)) return {};
  const SourceFile& file = sources.file(span.file);
  const bool embedded = file.path().starts_with('<');
  return {embedded ? file.path() : name(file.path()), embedded, point(file, span.begin),
          point(file, std::max(span.begin, span.end))};
}

/// Without spaces around it, and a single one where there are several.
std::string tidy(std::string_view line) {
  std::string out;
  for (char c : line) {
    bool space = c == ' ' || c == '\t' || c == '\r';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

Finding finding(const Diagnostic& d, const SourceManager& sources, const Naming& name) {
  Finding out{d.id, d.severity, d.message, d.hint, place(d.span, sources, name), {}, {}, {}};
  for (const Label& label : d.labels) out.notes.push_back({place(label.span, sources, name), label.text});
  for (const Edit& edit : d.edits) out.changes.push_back({place(edit.span, sources, name), edit.replacement});
  if (!out.place.file.empty()) out.line = tidy(sources.file(d.span.file).line(out.place.begin.line));
  return out;
}

}  // namespace

std::size_t Report::count(Severity severity) const {
  std::size_t out = 0;
  for (const Programme& programme : programmes) {
    for (const Finding& each : programme.findings) out += each.severity == severity;
  }
  return out + (severity == Severity::Error ? left_out() : 0);
}

std::size_t Report::left_out() const {
  std::size_t out = 0;
  for (const Programme& programme : programmes) out += programme.left_out;
  return out;
}

bool Report::failed() const {
  return std::any_of(programmes.begin(), programmes.end(), [&](const Programme& programme) {
    return std::any_of(programme.findings.begin(), programme.findings.end(),
                       [&](const Finding& each) { return fails(each); });
  });
}

Programme collect(std::string path, const Diagnostics& diagnostics, const SourceManager& sources, const Naming& name) {
  Programme out{std::move(path), {}, diagnostics.left_out()};
  for (const Diagnostic& each : diagnostics.all()) out.findings.push_back(finding(each, sources, name));
  return out;
}

std::vector<std::string> fingerprints(const Report& report) {
  std::vector<std::string> out;
  std::map<std::string, std::size_t> seen;
  for (const Programme& programme : report.programmes) {
    for (const Finding& each : programme.findings) {
      std::string key = fmt::format("{}\n{}\n{}\n{}", info(each.id).code, each.place.file, each.line, each.message);
      // Of several that are alike in all this, the first, the second, …
      key += fmt::format("\n{}", seen[key]++);
      out.push_back(fmt::format("{:016x}{:016x}", hash64(key), hash64(key, 1)));
    }
  }
  return out;
}

std::string sentences(const Finding& finding) {
  std::string out = finding.message;
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  if (!out.ends_with('?')) out += '.';
  return finding.hint.empty() ? out : out + " " + finding.hint;
}

std::string_view title(std::string_view page) {
  std::string_view line = page.substr(0, page.find('\n'));
  std::size_t colon = line.find(": ");
  return colon == std::string_view::npos ? line : line.substr(colon + 2);
}

}  // namespace nurture::report
