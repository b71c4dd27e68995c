#include "tools/nurture/evidence/probes.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/host/overlay_file_system.h"

namespace nurture::tool::evidence {

namespace {

/// In it while in the segment. The stay has an end, as every stay must, but none that a log lives to see.
std::string probe_text(const std::string& name, const std::string& segment) {
  return fmt::format(
      "\ncampaign {0} {{\n  enter when {1}\n  reenter always\n  exit when not {1} as gone\n"
      "  lasts at most 30000 days as over\n  stage inside {{ stay }}\n}}\n",
      name, segment);
}

/// The probes as text that stands behind that of a file, and where each of them does.
class Appendix {
 public:
  Appendix(const sema::Model& model, std::string before) : model_(model), text_(std::move(before)) {}

  void add(std::uint32_t segment) {
    Probe probe{segment, fmt::format("in_segment_{}", segment), 0};
    while (model_.find_campaign(probe.name) != sema::kNoIndex) probe.name += "_";
    begins_.push_back(static_cast<std::uint32_t>(text_.size()));
    text_ += probe_text(probe.name, model_.segments[segment].name);
    probes_.push_back(std::move(probe));
  }
  const std::string& text() const { return text_; }
  const std::vector<Probe>& probes() const { return probes_; }

  /// The segments whose probe has no error.
  std::vector<std::uint32_t> sound(const sema::Unit& unit, const std::string& path) const {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      const std::uint32_t end = i + 1 < begins_.size() ? begins_[i + 1] : static_cast<std::uint32_t>(text_.size());
      const auto& found = unit.diagnostics.all();
      bool wrong = std::any_of(found.begin(), found.end(), [&](const Diagnostic& each) {
        return each.severity == Severity::Error && unit.sources.file(each.span.file).path() == path &&
               each.span.begin >= begins_[i] && each.span.begin < end;
      });
      if (!wrong) out.push_back(probes_[i].segment);
    }
    return out;
  }

 private:
  const sema::Model& model_;
  std::string text_;
  std::vector<std::uint32_t> begins_;
  std::vector<Probe> probes_;
};

std::vector<std::uint32_t> own_segments(const sema::Unit& unit) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < unit.model.segments.size(); ++i) {
    const FileId file = unit.model.segments[i].decl->span.file;
    const auto end = unit.files.begin() + static_cast<std::ptrdiff_t>(unit.own_files);
    if (std::any_of(unit.files.begin(), end, [&](const ast::File& own) { return own.file == file; })) out.push_back(i);
  }
  return out;
}

Result<Probed> compiled(const driver::Checked& checked, std::vector<Probe> probes) {
  auto made = driver::compile(checked);
  if (!made) return made.error();
  for (Probe& each : probes) each.campaign = static_cast<std::uint16_t>(checked.unit->model.find_campaign(each.name));
  return Probed{std::move(made->module), std::move(probes)};
}

}  // namespace

bool Probed::is_probe(std::uint16_t campaign) const {
  return std::any_of(probes.begin(), probes.end(), [&](const Probe& each) { return each.campaign == campaign; });
}

Result<Probed> with_probes(const std::string& root, const driver::Checked& checked, FileSystem& files) {
  return with_probes(root, checked, files, own_segments(*checked.unit));
}

Result<Probed> with_probes(const std::string& root, const driver::Checked& checked, FileSystem& files,
                           std::vector<std::uint32_t> segments) {
  const sema::Unit& unit = *checked.unit;
  host::OverlayFileSystem overlay(files);
  // As they were checked, whatever has become of them since.
  for (const ast::File& file : unit.files) {
    const SourceFile& source = unit.sources.file(file.file);
    if (!source.path().starts_with('<')) overlay.put(source.path(), std::string(source.content()));
  }
  const SourceFile& host = unit.sources.file(unit.files.front().file);
  for (;;) {
    Appendix appendix(unit.model, std::string(host.content()));
    for (std::uint32_t segment : segments) appendix.add(segment);
    overlay.put(host.path(), appendix.text());
    auto probed = driver::check(root, overlay);
    if (!probed) return probed.error();
    if (!probed->failed() || segments.empty()) return compiled(*probed, appendix.probes());
    std::vector<std::uint32_t> sound = appendix.sound(*probed->unit, host.path());
    segments = sound.size() < segments.size() ? sound : std::vector<std::uint32_t>{};
  }
}

}  // namespace nurture::tool::evidence
