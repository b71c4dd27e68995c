#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "runtime/outcome/outcome.h"

/// What two versions of a programme decided for the same leads, side by side: whom they treat differently, and how.
namespace nurture::outcome {

/// What is compared of a lead.
enum class Facet : std::uint8_t {
  Entries,   ///< memberships begun; other: held out or not
  Messages,  ///< sent; other: another content at that instant, in that campaign
  HandOffs,  ///< to sales
  Work,      ///< assigned and notified
  Goals,     ///< credited
  Exits,     ///< other: another reason
  Branches,  ///< of splits; other: another branch
  Deeds,     ///< what else a campaign does: attributes, scores, audiences, other campaigns, taking back
  AtTheEnd,  ///< where a membership is at the horizon; other: in another stage
};
inline constexpr std::size_t kFacets = 9;
std::string_view facet_word(Facet facet);  ///< "messages"

/// How one decision compares with its counterpart. Of Same nothing is kept but the count.
enum class Fate : std::uint8_t { Same, Earlier, Later, Other, Lost, Added };
inline constexpr std::size_t kFates = 6;
std::string_view fate_word(Fate fate);  ///< "earlier"

/// Names of both versions under one number. What was renamed has its new one.
class SharedNames {
 public:
  std::uint32_t id(std::string_view name);
  const std::string& name(std::uint32_t id) const { return names_[id]; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> ids_;
};

/// One decision, as far as it is compared.
struct Decision {
  Instant at = 0;
  std::uint32_t member = 0;  ///< of both versions, in the order of keys
  std::uint32_t campaign = 0, what = 0;
  std::uint32_t detail = 0;  ///< reason of an exit, branch, stage, held out: what may be another
  bytecode::PlaceIndex place = 0;
  Facet facet{};
};

/// What is called otherwise in the version after: a campaign, or `campaign/stage`, by its name before.
using Renamed = std::map<std::string, std::string>;

/// The names of one module's tables, looked up once.
class Translation {
 public:
  Translation(const bytecode::Module& module, SharedNames& names, const Renamed& renamed);
  /// False if this kind of outcome is not compared.
  bool translate(const Outcome& outcome, Decision& decision) const;

 private:
  struct Campaign {
    std::uint32_t name;
    std::vector<std::uint32_t> stages, reasons, goals, splits, assigns, notifies;
    std::vector<std::vector<std::uint32_t>> branches;
  };
  std::vector<Campaign> campaigns_;
  std::vector<std::uint32_t> contents_, attributes_, scores_;
  std::unordered_map<std::int64_t, std::uint32_t> targets_;  ///< of what is asked of campaigns, audiences, webhooks
  std::uint32_t treated_, held_out_, nothing_, sales_, taken_back_;
};

/// Keeps the decisions of one range of leads.
class DecisionSink final : public Sink {
 public:
  /// `members`: per lead of the store.
  DecisionSink(const Translation& translation, const std::vector<std::uint32_t>& members)
      : translation_(translation), members_(members) {}
  void on(const Outcome& outcome) override;
  std::vector<Decision>& decisions() { return decisions_; }

 private:
  const Translation& translation_;
  const std::vector<std::uint32_t>& members_;
  std::vector<Decision> decisions_;
};

/// Decisions that differ in one way.
struct DifferenceKey {
  std::uint32_t campaign = 0;
  Facet facet{};
  Fate fate{};
  std::uint32_t before = 0, after = 0;  ///< what it was and what it is; the same unless the fate is Other
  auto operator<=>(const DifferenceKey&) const = default;
};
struct Difference {
  std::uint64_t count = 0;
  std::uint64_t leads = 0;
  // The first lead's first
  std::uint32_t member = 0;
  Instant before = kNever, after = kNever;  ///< kNever: not in that version
  bytecode::PlaceIndex place_before = 0, place_after = 0;
};

/// Sums: of all leads that were added, in any grouping.
struct LogComparison {
  std::array<std::array<std::uint64_t, kFates>, kFacets> fates{};
  std::map<DifferenceKey, Difference> differences;
  std::uint64_t members = 0;    ///< compared
  std::uint64_t different = 0;  ///< of them treated differently

  std::uint64_t before(Facet facet) const;
  std::uint64_t after(Facet facet) const;
  /// Adds what was found among members that come later.
  void merge(const LogComparison& later);
};

/// Compares the decisions of one member, which it may reorder.
class MemberComparer {
 public:
  void compare(std::vector<Decision>& before, std::vector<Decision>& after);
  const LogComparison& result() const { return result_; }
  LogComparison take() { return std::move(result_); }

 private:
  void pair_group(const Decision* before, std::size_t n, const Decision* after, std::size_t m);
  void pair_in_order(const Decision* before, std::size_t n, const Decision* after, std::size_t m);
  void pair_by_instant(const Decision* before, std::size_t n, const Decision* after, std::size_t m);
  void pair_replaced();
  void add(Fate fate, const Decision* before, const Decision* after);

  LogComparison result_;
  std::vector<const Decision*> lost_, added_;  ///< messages of this member that have no counterpart yet
  std::uint32_t member_ = 0;
  bool different_ = false;
  std::vector<const DifferenceKey*> seen_;  ///< of this member
};

}  // namespace nurture::outcome
