#include "runtime/bytecode/kept.h"

#include <algorithm>
#include <fmt/format.h>

namespace nurture::bytecode {
namespace {

std::string counted(std::uint64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string_view owner(const HistorySite& site) {
  const bool own = site.since == HistorySince::Entry || site.since == HistorySince::Stage;
  return own ? " for each membership" : "";
}

/// Without a window one number follows what happens; in one, what leaves it must be known.
std::string kept_of(const Module& module, const HistorySite& site) {
  const bool window = site.since == HistorySince::Window;
  const std::string_view each = site.events.front().property == kNone ? "instant" : "value";
  const std::string most =
      fmt::format("at most {}", counted(module.history_max == 0 ? kHistoryMax : module.history_max, each));
  switch (site.function) {
    case HistoryFunction::Any:
    case HistoryFunction::None:
      return fmt::format("the latest instant{}", owner(site));
    case HistoryFunction::Last:
      return fmt::format("the latest {}{}", each, owner(site));
    case HistoryFunction::First:
      return window ? most : fmt::format("the first {}{}", each, owner(site));
    case HistoryFunction::Sum:
      return window ? most : fmt::format("the sum{}", owner(site));
    case HistoryFunction::Count:
      if (!window) return fmt::format("the count{}", owner(site));
      return site.enough == 0 ? most : counted(site.enough, "instant");
  }
  return {};
}

std::string kept_of(const Score& score) {
  std::string what = score.half_life == 0 ? "its points" : "its points and their instant";
  for (const ScoreRow& row : score.rows) {
    if (row.most > 0) what += fmt::format(", {} of a row", counted(row.most, "instant"));
  }
  return what;
}

}  // namespace

std::vector<Kept> kept(const Module& module) {
  std::vector<Kept> all;
  const auto add = [&](Kept row) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Kept& other) {
      return other.question == row.question && other.what == row.what;
    });
    if (!known) all.push_back(std::move(row));
  };
  for (const Score& score : module.scores) {
    add({"score." + module.strings[score.name], kept_of(score), score.place});
  }
  for (const HistorySite& site : module.histories) {
    add({module.strings[site.label], kept_of(module, site), site.place});
  }
  return all;
}

}  // namespace nurture::bytecode
