#pragma once

#include <fmt/format.h>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace nurture {

enum class Severity : std::uint8_t { Error, Warning, Advice };  ///< the gravest first
/// "error", "warning", "advice".
std::string_view severity_name(Severity severity);
std::optional<Severity> find_severity(std::string_view name);

enum class DiagnosticId : std::uint16_t {
#define NURTURE_DIAGNOSTIC(id, code, severity, message) id,
#include "compiler/diagnostics/diagnostics.def"
#undef NURTURE_DIAGNOSTIC
  Count
};

struct DiagnosticInfo {
  std::string_view id;    ///< "UnknownStage"
  std::string_view code;  ///< "E0304"
  Severity severity;
  std::string_view message;
};
const DiagnosticInfo& info(DiagnosticId id);
std::optional<DiagnosticId> find_diagnostic(std::string_view code);
/// Of all diagnostics, in the order of the table.
const std::vector<std::string_view>& diagnostic_codes();

/// Another place that helps to understand the first: "declared here".
struct Label {
  Span span;
  std::string text;
};

/// A change of the source that would mend it.
struct Edit {
  Span span;
  std::string replacement;
};

struct Diagnostic {
  DiagnosticId id{};
  Severity severity{};  ///< the table's, unless the project sets another level
  Span span;
  std::string message;
  std::vector<Label> labels;
  std::string hint;  ///< the way forward, a whole sentence; or empty
  std::vector<Edit> edits;
};

/// Collects the diagnostics of one compilation, at most `limit` errors; what comes after is counted.
class Diagnostics {
 public:
  explicit Diagnostics(std::size_t limit = 100) : limit_(limit) {}

  template <typename... Args>
  Diagnostic& report(DiagnosticId id, Span span, Args&&... args) {
    return add(id, span, fmt::format(fmt::runtime(info(id).message), std::forward<Args>(args)...));
  }
  Diagnostic& add(DiagnosticId id, Span span, std::string message);

  /// While it lives, what is reported outside `home` gets the label.
  class About {
   public:
    About(Diagnostics& diagnostics, Span home, Label label);
    ~About();
    About(const About&) = delete;
    About& operator=(const About&) = delete;

   private:
    Diagnostics& diagnostics_;
  };

  const std::vector<Diagnostic>& all() const { return items_; }
  std::size_t count(Severity severity) const { return counts_[static_cast<std::size_t>(severity)]; }
  std::size_t errors() const { return count(Severity::Error); }
  std::size_t warnings() const { return count(Severity::Warning); }
  std::size_t left_out() const { return left_out_; }  ///< errors beyond the limit
  bool failed() const { return errors() > 0; }
  /// By file, then position, then code; equal ones once.
  void sort();
  /// Each gets the severity that is returned for it, or goes.
  void judge(const std::function<std::optional<Severity>(const Diagnostic&)>& verdict);

 private:
  struct Home {
    Span span;
    Label label;
  };

  std::size_t& count_of(Severity severity) { return counts_[static_cast<std::size_t>(severity)]; }

  std::size_t limit_;
  std::vector<Diagnostic> items_;
  std::vector<Home> homes_;     ///< the innermost last
  std::size_t counts_[3] = {};  ///< by severity
  std::size_t left_out_ = 0;
  Diagnostic overflow_;  // written to once the limit is reached
};

/// Whether the code is one of good practice: W11 to W15, which docs/practice.md tells of.
inline bool is_practice(std::string_view code) { return code.starts_with("W1") && !code.starts_with("W10"); }

/// The candidate closest to `word` if it is close enough to be a slip of the pen; or empty.
std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates);

/// For people: source line, caret, labels, hint. `color` adds ANSI colours.
std::string render_terminal(const Diagnostics& diagnostics, const SourceManager& sources, bool color);

}  // namespace nurture
