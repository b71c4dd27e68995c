#include <algorithm>
#include <map>

#include "compiler/report/report.h"
#include "runtime/base/json.h"

namespace nurture::report {

namespace {

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Advice:
      return "note";
  }
  return {};
}

/// A path as a URI reference; from the root of the machine, as a file URI.
std::string uri(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (char c : path) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// What a page says under "What it means".
std::string_view meaning(std::string_view page) {
  constexpr std::string_view kHead = "## What it means\n\n";
  std::size_t begin = page.find(kHead);
  if (begin == std::string_view::npos) return title(page);
  page.remove_prefix(begin + kHead.size());
  page = page.substr(0, page.find("\n\n## "));
  return page.substr(0, page.find_last_not_of('\n') + 1);
}

class Writer {
 public:
  Writer(const Report& report, const Pages& pages) : report_(report), pages_(pages), prints_(fingerprints(report)) {
    for (const Programme& programme : report_.programmes) {
      for (const Finding& each : programme.findings) rules_.try_emplace(info(each.id).code, 0);
    }
    std::size_t index = 0;
    for (auto& rule : rules_) rule.second = index++;
  }

  std::string run(std::string_view version) {
    json_.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
    json_.key("runs").begin_array().begin_object();
    tool(version);
    json_.member("columnKind", "utf16CodeUnits").key("results").begin_array();
    std::size_t index = 0;
    for (const Programme& programme : report_.programmes) {
      for (const Finding& each : programme.findings) result(each, prints_[index++]);
    }
    json_.end_array().end_object().end_array().end_object();
    return std::move(json_).take() + '\n';
  }

 private:
  void text(std::string_view key, std::string_view what) {
    json_.key(key).begin_object().member("text", what).end_object();
  }

  void tool(std::string_view version) {
    json_.key("tool").begin_object().key("driver").begin_object();
    json_.member("name", "nurture").member("version", version).member("semanticVersion", version);
    json_.key("rules").begin_array();
    for (const auto& each : rules_) rule(info(*find_diagnostic(each.first)));
    json_.end_array().end_object().end_object();
  }

  void rule(const DiagnosticInfo& row) {
    std::string_view page = pages_(row.code);
    json_.begin_object().member("id", row.code).member("name", row.id);
    text("shortDescription", title(page));
    text("fullDescription", meaning(page));
    json_.key("help").begin_object().member("text", page).member("markdown", page).end_object();
    json_.key("defaultConfiguration").begin_object().member("level", level(row.severity)).end_object().end_object();
  }

  void result(const Finding& finding, const std::string& print) {
    std::string_view code = info(finding.id).code;
    json_.begin_object().member("ruleId", code).member("ruleIndex", rules_.at(code));
    json_.member("level", level(finding.severity));
    text("message", sentences(finding));
    if (!finding.place.file.empty() && !finding.place.embedded) {
      json_.key("locations").begin_array().begin_object();
      physical(finding.place);
      json_.end_object().end_array();
    }
    related(finding);
    json_.key("partialFingerprints").begin_object().member("nurture/v1", print).end_object();
    fix(finding);
    json_.end_object();
  }

  void artifact(std::string_view file) {
    json_.key("artifactLocation").begin_object().member("uri", uri(file)).end_object();
  }

  void region(std::string_view key, const Place& place) {
    json_.key(key).begin_object().member("startLine", place.begin.line).member("startColumn", place.begin.utf16);
    json_.member("endLine", place.end.line).member("endColumn", place.end.utf16).end_object();
  }

  void physical(const Place& place) {
    json_.key("physicalLocation").begin_object();
    artifact(place.file);
    region("region", place);
    json_.end_object();
  }

  /// A place in a module that comes with nurture is named by its text alone: there is no file to open.
  void related(const Finding& finding) {
    if (finding.notes.empty()) return;
    json_.key("relatedLocations").begin_array();
    for (std::size_t i = 0; i < finding.notes.size(); ++i) {
      const Note& note = finding.notes[i];
      json_.begin_object().member("id", i + 1);
      if (!note.place.file.empty() && !note.place.embedded) physical(note.place);
      text("message", note.place.embedded ? fmt::format("{} in {}", note.text, note.place.file) : note.text);
      json_.end_object();
    }
    json_.end_array();
  }

  void fix(const Finding& finding) {
    const auto& changes = finding.changes;
    bool ours = std::all_of(changes.begin(), changes.end(),
                            [](const Change& each) { return !each.place.embedded && !each.place.file.empty(); });
    if (changes.empty() || !ours) return;
    std::map<std::string_view, std::vector<const Change*>> by_file;
    for (const Change& each : changes) by_file[each.place.file].push_back(&each);
    json_.key("fixes").begin_array().begin_object();
    text("description", finding.hint.empty() ? sentences(finding) : finding.hint);
    json_.key("artifactChanges").begin_array();
    for (const auto& [file, list] : by_file) {
      json_.begin_object();
      artifact(file);
      json_.key("replacements").begin_array();
      for (const Change* each : list) replacement(*each);
      json_.end_array().end_object();
    }
    json_.end_array().end_object().end_array();
  }

  void replacement(const Change& change) {
    json_.begin_object();
    region("deletedRegion", change.place);
    if (!change.replacement.empty()) text("insertedContent", change.replacement);
    json_.end_object();
  }

  const Report& report_;
  const Pages& pages_;
  std::vector<std::string> prints_;
  std::map<std::string_view, std::size_t> rules_;  ///< code → place in the list of rules
  JsonWriter json_{JsonWriter::Layout::Indented};
};

}  // namespace

std::string sarif(const Report& report, const Pages& pages, std::string_view version) {
  return Writer(report, pages).run(version);
}

}  // namespace nurture::report
