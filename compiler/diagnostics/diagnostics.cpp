#include "compiler/diagnostics/diagnostics.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "runtime/base/check.h"

namespace nurture {

namespace {

constexpr std::array<DiagnosticInfo, static_cast<std::size_t>(DiagnosticId::Count)> kTable = {{
#define NURTURE_DIAGNOSTIC(id, code, severity, message) {#id, code, severity, message},
#include "compiler/diagnostics/diagnostics.def"
#undef NURTURE_DIAGNOSTIC
}};

auto key(const Diagnostic& d) {
  return std::tuple(d.span.file, d.span.begin, d.span.end, info(d.id).code, std::string_view(d.message));
}

}  // namespace

std::string_view severity_name(Severity severity) {
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

std::optional<Severity> find_severity(std::string_view name) {
  for (Severity each : {Severity::Error, Severity::Warning, Severity::Advice}) {
    if (severity_name(each) == name) return each;
  }
  return std::nullopt;
}

const DiagnosticInfo& info(DiagnosticId id) { return kTable[static_cast<std::size_t>(id)]; }

std::optional<DiagnosticId> find_diagnostic(std::string_view code) {
  auto found = std::find_if(kTable.begin(), kTable.end(), [&](const DiagnosticInfo& row) { return row.code == code; });
  if (found == kTable.end()) return std::nullopt;
  return static_cast<DiagnosticId>(found - kTable.begin());
}

const std::vector<std::string_view>& diagnostic_codes() {
  static const std::vector<std::string_view> codes = [] {
    std::vector<std::string_view> out;
    for (const DiagnosticInfo& row : kTable) out.push_back(row.code);
    return out;
  }();
  return codes;
}

Diagnostic& Diagnostics::add(DiagnosticId id, Span span, std::string message) {
  Severity severity = info(id).severity;
  if (severity == Severity::Error && errors() >= limit_) {
    ++left_out_;
    overflow_ = Diagnostic{};
    return overflow_;
  }
  ++count_of(severity);
  Diagnostic& item = items_.emplace_back(Diagnostic{id, severity, span, std::move(message), {}, {}, {}});
  for (const Home& home : homes_) {
    bool inside = span.file == home.span.file && span.begin >= home.span.begin && span.end <= home.span.end;
    if (!inside) item.labels.push_back(home.label);
  }
  return item;
}

Diagnostics::About::About(Diagnostics& diagnostics, Span home, Label label) : diagnostics_(diagnostics) {
  diagnostics_.homes_.push_back({home, std::move(label)});
}

Diagnostics::About::~About() { diagnostics_.homes_.pop_back(); }

void Diagnostics::sort() {
  std::stable_sort(items_.begin(), items_.end(), [](const auto& a, const auto& b) { return key(a) < key(b); });
  auto end = std::unique(items_.begin(), items_.end(), [](const auto& a, const auto& b) { return key(a) == key(b); });
  for (auto it = end; it != items_.end(); ++it) --count_of(it->severity);
  items_.erase(end, items_.end());
}

void Diagnostics::judge(const std::function<std::optional<Severity>(const Diagnostic&)>& verdict) {
  std::erase_if(items_, [&](Diagnostic& each) {
    std::optional<Severity> severity = verdict(each);
    --count_of(each.severity);
    if (severity) ++count_of(each.severity = *severity);
    return !severity;
  });
}

}  // namespace nurture
