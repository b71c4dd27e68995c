#include "compiler/report/report.h"
#include "runtime/base/xml.h"

namespace nurture::report {

namespace {

std::string details(const Finding& finding) {
  std::string out = sentences(finding);
  if (!finding.place.file.empty())
    out += fmt::format("\n{}:{}:{}\n{}", finding.place.file, finding.place.begin.line, finding.place.begin.column,
                       finding.line);
  for (const Note& note : finding.notes) {
    if (!note.place.file.empty()) out += fmt::format("\n{}:{}: {}", note.place.file, note.place.begin.line, note.text);
  }
  return out;
}

std::string testcase(const Finding& finding, const Programme& programme, bool fails) {
  std::string_view code = info(finding.id).code;
  const std::string& file = finding.place.file.empty() ? programme.path : finding.place.file;
  std::string out =
      fmt::format("    <testcase name=\"{}: {}\" classname=\"{}\">\n", code, xml_text(finding.message), xml_text(file));
  std::string text = xml_text(details(finding));
  if (fails) {
    out +=
        fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", xml_text(finding.message), code, text);
  } else {
    out += fmt::format("      <system-out>{}: {}</system-out>\n", severity_name(finding.severity), text);
  }
  return out + "    </testcase>\n";
}

struct Counts {
  std::size_t tests = 0, failures = 0;
  std::string text() const { return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\"", tests, failures); }
};

}  // namespace

std::string junit(const Report& report) {
  std::string suites;
  Counts total;
  for (const Programme& programme : report.programmes) {
    Counts here;
    std::string cases;
    for (const Finding& each : programme.findings) {
      cases += testcase(each, programme, report.fails(each));
      here.failures += report.fails(each);
      ++here.tests;
    }
    if (cases.empty()) {
      cases = fmt::format("    <testcase name=\"nothing found\" classname=\"{}\"/>\n", xml_text(programme.path));
      here.tests = 1;
    }
    total = {total.tests + here.tests, total.failures + here.failures};
    suites +=
        fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", xml_text(programme.path), here.text(), cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nurture check\" {}>\n{}</testsuites>\n",
      total.text(), suites);
}

}  // namespace nurture::report
