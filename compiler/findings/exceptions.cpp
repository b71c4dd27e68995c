#include "compiler/findings/exceptions.h"

#include <algorithm>
#include <cctype>

#include "compiler/findings/comments.h"
#include "compiler/findings/constructs.h"

namespace nurture::findings {

namespace {

constexpr std::string_view kForm = "Write it as `// allow(W0302): the launch in May needs it`.";

/// One code of one comment that can be allowed.
struct Exception {
  std::size_t comment;  ///< of `Applier::comments_`
  std::size_t code;     ///< of its codes
  DiagnosticId id;
  Span about;
  bool own;
  bool used = false;
};

/// All codes that may be allowed.
std::vector<std::string_view> allowable() {
  std::vector<std::string_view> out;
  for (std::string_view code : diagnostic_codes()) {
    if (info(*find_diagnostic(code)).severity != Severity::Error) out.push_back(code);
  }
  return out;
}

bool holds(const Span& about, const Span& place) {
  return about.file == place.file && place.begin >= about.begin && place.begin < about.end;
}

class Applier {
 public:
  Applier(const SourceManager& sources, Diagnostics& out, Log log) : sources_(sources), out_(out), log_(log) {}

  void read(const ast::File& file, bool own) {
    const SourceFile& source = sources_.file(file.file);
    std::vector<AllowComment> found = allow_comments(file, source);
    if (found.empty()) return;
    std::vector<Span> parts = constructs(file);
    for (AllowComment& each : found) {
      comments_.push_back(std::move(each));
      take(comments_.back(), subject_of(comments_.back(), file, source, parts), own);
    }
  }

  void apply() {
    const bool whole = !out_.failed();
    out_.judge([&](const Diagnostic& each) -> std::optional<Severity> {
      return allowed(each) ? std::nullopt : std::optional(each.severity);
    });
    if (!whole) return;
    for (const Exception& each : exceptions_) {
      if (each.own && !each.used && looked_for(each)) report_unused(each);
    }
  }

 private:
  void take(const AllowComment& allow, Span about, bool own) {
    if (allow.codes.empty() || !allow.closed) return incomplete(allow, "what it allows");
    bool known = true;
    for (std::size_t i = 0; i < allow.codes.size(); ++i) known &= take_code(allow.codes[i], i, about, own);
    if (known && allow.reason.empty()) incomplete(allow, "why");
  }

  /// Whether there is such a code.
  bool take_code(const AllowedCode& code, std::size_t index, Span about, bool own) {
    std::string upper(code.text);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
    const std::optional<DiagnosticId> id = find_diagnostic(upper);
    if (!id) {
      unknown(code);
    } else if (info(*id).severity == Severity::Error) {
      out_.report(DiagnosticId::AllowError, code.span, info(*id).code).hint =
          fmt::format("Take this out, and mend what is wrong: `nurture help {}` says how.", info(*id).code);
    } else {
      exceptions_.push_back({comments_.size() - 1, index, *id, about, own});
    }
    return id.has_value();
  }

  void incomplete(const AllowComment& allow, std::string_view what) {
    out_.report(DiagnosticId::AllowWithoutReason, allow.comment, what).hint = kForm;
  }

  void unknown(const AllowedCode& code) {
    static const std::vector<std::string_view> codes = allowable();
    Diagnostic& found = out_.report(DiagnosticId::AllowUnknownCode, code.span, code.text);
    std::string_view near = closest(code.text, codes);
    found.hint = near.empty() ? "`nurture help` lists all codes; what begins with W can be allowed."
                              : fmt::format("Did you mean {}?", near);
    if (!near.empty()) found.edits.push_back({code.span, std::string(near)});
  }

  bool allowed(const Diagnostic& each) {
    bool out = false;
    for (Exception& exception : exceptions_) {
      if (exception.id == each.id && holds(exception.about, each.span)) out = exception.used = true;
    }
    return out;
  }

  bool looked_for(const Exception& exception) const {
    return log_ == Log::Read || !info(exception.id).code.starts_with("W15");
  }

  void report_unused(const Exception& exception) {
    const AllowComment& comment = comments_[exception.comment];
    const AllowedCode& code = comment.codes[exception.code];
    Diagnostic& found = out_.report(DiagnosticId::AllowNothing, code.span, info(exception.id).code);
    found.hint = comment.codes.size() > 1 ? "Take the code out." : "Take the comment out.";
    found.edits.push_back({comment.codes.size() > 1 ? with_comma(comment, exception.code) : with_line(comment), ""});
  }

  /// A code and the comma that parts it from its neighbour.
  static Span with_comma(const AllowComment& comment, std::size_t index) {
    Span span = comment.codes[index].span;
    if (index > 0) return {span.file, comment.codes[index - 1].span.end, span.end};
    return {span.file, span.begin, comment.codes[1].span.begin};
  }

  /// A comment and the space before it; one that stands alone with its whole line.
  Span with_line(const AllowComment& comment) const {
    Span span = comment.comment;
    std::string_view all = sources_.file(span.file).content();
    while (span.begin > 0 && (all[span.begin - 1] == ' ' || all[span.begin - 1] == '\t')) --span.begin;
    std::size_t line = all.find('\n', span.end);
    if (comment.alone && line != std::string_view::npos) span.end = static_cast<std::uint32_t>(line + 1);
    return span;
  }

  const SourceManager& sources_;
  Diagnostics& out_;
  Log log_;
  std::vector<AllowComment> comments_;
  std::vector<Exception> exceptions_;
};

}  // namespace

void apply_exceptions(const std::vector<ast::File>& files, std::size_t own, const SourceManager& sources,
                      Diagnostics& diagnostics, Log log) {
  Applier applier(sources, diagnostics, log);
  for (std::size_t i = 0; i < files.size(); ++i) applier.read(files[i], i < own);
  applier.apply();
}

}  // namespace nurture::findings
