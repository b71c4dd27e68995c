#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

/// The findings of one run over any number of programmes, on their own: no source is needed any more to print them.
/// Each of the functions below makes one whole document of them.
namespace nurture::report {

struct Point {
  std::uint32_t offset = 0;  ///< bytes
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in code points
  std::uint32_t utf16 = 1;   ///< from 1, in UTF-16 code units
};

struct Place {
  std::string file;       ///< empty: nowhere in particular
  bool embedded = false;  ///< in a module that comes with nurture, which is no file of the reader's
  Point begin, end;       ///< half-open
};

struct Note {
  Place place;
  std::string text;
};

struct Change {
  Place place;
  std::string replacement;
};

struct Finding {
  DiagnosticId id{};
  Severity severity{};
  std::string message;
  std::string hint;
  Place place;
  std::vector<Note> notes;
  std::vector<Change> changes;  ///< together they mend it
  std::string line;             ///< the line it begins on, without the spaces around it
};

struct Programme {
  std::string path;
  std::vector<Finding> findings;
  std::size_t left_out = 0;  ///< errors beyond the limit
};

struct Report {
  std::vector<Programme> programmes;
  Severity fails_from = Severity::Error;  ///< what is as grave as this, or graver, fails the run

  bool fails(const Finding& finding) const { return finding.severity <= fails_from; }
  std::size_t count(Severity severity) const;
  std::size_t left_out() const;
  bool failed() const;
};

/// Adds a programme; `name` says how a file is to be called in the report.
using Naming = std::function<std::string(const std::string&)>;
Programme collect(std::string path, const Diagnostics& diagnostics, const SourceManager& sources, const Naming& name);

/// The page of a code, in Markdown.
using Pages = std::function<std::string_view(std::string_view code)>;

/// {"diagnostics": [...], "errors": n, "warnings": n, "advice": n, "left_out": n}
std::string json(const Report& report);
/// SARIF 2.1.0; files as URIs, relative where they are named so.
std::string sarif(const Report& report, const Pages& pages, std::string_view version);
/// Workflow commands of GitHub Actions, a line each.
std::string github(const Report& report, const Pages& pages);
/// A Code Quality report of GitLab.
std::string gitlab(const Report& report);
/// A testcase for each finding, failed where it fails the run, and a passed one for a programme without any.
std::string junit(const Report& report);

/// Per finding, in order, a text that stays the same while its line, file and message do, wherever the line moves.
std::vector<std::string> fingerprints(const Report& report);
/// Message and hint as sentences.
std::string sentences(const Finding& finding);
/// The title of a page, without its code.
std::string_view title(std::string_view page);

}  // namespace nurture::report
