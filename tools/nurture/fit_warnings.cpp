// Where a log says too little to learn from.
#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/one_line.h"
#include "tools/nurture/fit_report.h"

namespace nurture::tool {

using outcome::count_text;
using outcome::counted;

namespace {

constexpr fit::Count kFewReactions = 10;  // a rate for all that rests on fewer is warned of
constexpr std::size_t kMostNamed = 5;

/// "a, b and 3 more".
std::string some_of(const std::vector<std::string>& names) {
  if (names.size() <= kMostNamed) return fmt::format("{}", fmt::join(names, ", "));
  const auto end = names.begin() + kMostNamed;
  return fmt::format("{} and {} more", fmt::join(names.begin(), end, ", "), names.size() - kMostNamed);
}

class Warnings {
 public:
  explicit Warnings(const Learned& learned) : learned_(learned), module_(learned.module) {}

  std::vector<std::string> collect() {
    for (const fit::Cause& cause : learned_.fit.causes) {
      too_few(cause);
      short_log(cause);
      rates_for_all(cause);
      cannot_be_written(cause);
    }
    foreign();
    orphans();
    refused();
    if (learned_.fit.unclear > 0) {
      add("{} left out: they do not say which of several reactions they are.",
          counted(learned_.fit.unclear, "event is", "events are"));
    }
    return std::move(found_);
  }

 private:
  template <typename... Arguments>
  void add(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    found_.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  std::string all_of(const fit::Cause& cause) const { return causes_words(learned_, cause, cause.rules.back()); }

  void too_few(const fit::Cause& cause) {
    if (cause.too_few.empty()) return;
    std::vector<std::string> names;
    for (std::uint16_t content : cause.too_few) names.emplace_back(outcome::content_name(module_, content));
    add("too few sends of {} (less than {} whose time for a reaction is over): the rates of all {} are used.",
        some_of(names), fit::kLeastCauses, all_of(cause));
  }

  void short_log(const fit::Cause& cause) {
    if (cause.window >= learned_.options.window || cause.causes == cause.foreign) return;
    add("{} are followed for {} only, not {}: for half of them the log goes on no longer.", all_of(cause),
        length_text(static_cast<double>(cause.window)), length_text(static_cast<double>(learned_.options.window)));
  }

  void rates_for_all(const fit::Cause& cause) {
    for (const fit::Line& line : cause.rules.back().lines) {
      const fit::Evidence& seen = line.rate.evidence;
      if (seen.reactions == 0 || (seen.reactions >= kFewReactions && seen.causes >= fit::kLeastCauses)) continue;
      add("{} after {} rests on {} of {}: its interval is wide.",
          reaction_words(learned_, learned_.fit.reactions[line.reaction]), all_of(cause), count_text(seen.reactions),
          count_text(seen.causes));
    }
  }

  void cannot_be_written(const fit::Cause& cause) {
    for (const fit::Rule& rule : cause.rules) {
      if (can_be_written(learned_, rule)) continue;
      add("{} have no rates of their own: no text of a programme can have a line break. They fare like all.",
          outcome::one_line(causes_words(learned_, cause, rule)));
    }
  }

  void foreign() {
    fit::Count sends = 0;
    for (const fit::Cause& cause : learned_.fit.causes) sends += cause.foreign;
    if (sends == 0) return;
    std::vector<std::string> names;
    for (const auto& each : learned_.fit.foreign)
      names.push_back(fmt::format("\"{}\"", learned_.store.texts.at(each.first)));
    add("nothing is learned from {} of contents that the programme does not declare ({}); they count as earlier sends.",
        counted(sends, "send", "sends"), some_of(names));
  }

  /// From one in twenty on: less is what was sent before the log begins.
  void orphans() {
    std::vector<std::string> shares;
    for (std::size_t r = 0; r < learned_.fit.reactions.size(); ++r) {
      const fit::Fates& fates = learned_.fit.fates[r];
      if (fates.orphan * 20 < fates.all() || fates.orphan == 0) continue;
      shares.push_back(fmt::format("{} of {}", outcome::share_text(fates.orphan, fates.all()),
                                   reaction_words(learned_, learned_.fit.reactions[r])));
    }
    if (shares.empty()) return;
    add("left out, because nothing before them is what they could be a reaction to: {}.", fmt::join(shares, ", "));
  }

  void refused() {
    for (const auto& [kind, property] : learned_.fit.refused) {
      if (learned_.store.blocks[kind].rows == 0) continue;
      const bytecode::EventKind& declared = module_.schema.kinds[kind];
      add("nothing is learned about {}: it must have a \"{}\", which is no choice, and a scenario could not say which.",
          module_.strings[declared.name], module_.strings[declared.properties[property].name]);
    }
  }

  const Learned& learned_;
  const bytecode::Module& module_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> fit_warnings(const Learned& learned) { return Warnings(learned).collect(); }

}  // namespace nurture::tool
