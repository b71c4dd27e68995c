#pragma once

#include <string>
#include <vector>

#include "compiler/compare/compare.h"
#include "tools/nurture/diff_log.h"

/// What changed between two versions, as people and machines read it.
namespace nurture::tool {

/// A figure of `nurture plan` that is another.
struct FigureChange {
  std::string campaign, what, before, after;
};

struct VersionsDiff {
  const Version& before;
  const Version& after;
  compare::Comparison comparison;
  std::vector<FigureChange> figures;
  std::optional<LogDiff> log;
  bool any() const { return !comparison.changes.empty() || (log && log->different > 0); }
};

VersionsDiff diff_of(const Version& before, const Version& after);

std::string diff_text(const VersionsDiff& diff, bool colour);
std::string diff_markdown(const VersionsDiff& diff);
std::string diff_json(const VersionsDiff& diff);

}  // namespace nurture::tool
