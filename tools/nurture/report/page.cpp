#include "tools/nurture/report/page.h"

#include <array>
#include <utility>

#include "runtime/base/embedded.h"
#include "runtime/base/xml.h"

namespace nurture {
extern const std::span<const EmbeddedFile> report_page;  ///< one file, or none where it could not be built
}

namespace nurture::tool::report {

namespace {

constexpr std::string_view kTitle = "@@TITLE@@";
constexpr std::string_view kData = "@@DATA@@";

/// JSON as it may stand in a script element: nothing in it ends the element or begins a comment, and no line ends that
/// only some readers know.
std::string in_script(std::string_view json) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kEscapes{
      {{"<", "\\u003c"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}}};
  std::string out;
  out.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size();) {
    std::string_view take = json.substr(i, 1);
    std::string_view put = take;
    for (const auto& [found, escape] : kEscapes) {
      if (json.substr(i).starts_with(found)) take = found, put = escape;
    }
    out += put;
    i += take.size();
  }
  return out;
}

void append_until(std::string& out, std::string_view& rest, std::string_view mark) {
  const std::size_t at = rest.find(mark);
  out += rest.substr(0, at);
  rest.remove_prefix(at + mark.size());
}

}  // namespace

Result<std::string> page_of(std::string_view title, std::string_view json) {
  if (report_page.empty()) {
    return Error{"this nurture was built without the page of its reports, as npm was not to be had then",
                 "Run `./dev page` where the network can be reached: it installs npm, fetches the charts (Apache "
                 "ECharts) and builds the page in. Everything that the page shows is there now with --format json."};
  }
  std::string_view rest = report_page.front().content;
  std::string out;
  out.reserve(rest.size() + json.size() * 17 / 16);
  append_until(out, rest, kTitle);
  out += xml_text(title);
  append_until(out, rest, kData);
  out += in_script(json);
  return out.append(rest);
}

}  // namespace nurture::tool::report
