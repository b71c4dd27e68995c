#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/bytecode/coverage.h"
#include "runtime/outcome/outcome.h"
#include "runtime/testing/testing.h"

/// What of a programme its tests reach (§9).
namespace nurture::testing {

/// Timeout: the time of a wait that ran out. Exit: an `exit on`, `exit when` or `then exit`, or an `exit as` of a body.
enum class Part : std::uint8_t { Stage, Branch, Handler, Timeout, Trigger, Exit };
inline constexpr Part kParts[] = {Part::Stage, Part::Branch, Part::Handler, Part::Timeout, Part::Trigger, Part::Exit};
std::string_view part_text(Part part);   ///< "stage"
std::string_view parts_text(Part part);  ///< "stages"

struct CoverageItem {
  Part part = Part::Stage;
  std::uint16_t campaign = bytecode::kNone;  ///< into Module::campaigns
  std::string what;                          ///< "wait up to 7 days"
  bytecode::WrittenAt place;
  bool reached = false;
};

struct Tally {
  std::size_t reached = 0, total = 0;
  void add(const CoverageItem& item);
  /// In tenths of a percent, rounded down; of nothing: all of it.
  std::uint32_t permille() const;
};

/// Collects over the runs of all tests. The module must outlive it.
class Coverage {
 public:
  Coverage(const bytecode::Module& module, const std::vector<bytecode::Spot>& spots);

  TestHooks hooks();
  /// By campaign in the module's order, then by place.
  std::vector<CoverageItem> items() const;

 private:
  using Key = std::tuple<Part, std::uint16_t, std::int64_t, std::int64_t>;

  /// `while with sales leave`: such an exit names the campaign itself as its place.
  static Key leaving(std::uint16_t campaign) { return {Part::Exit, campaign, -1, 0}; }
  void list(std::uint16_t campaign);
  void list(Part part, std::uint16_t campaign, const std::vector<bytecode::Trigger>& triggers);
  void list_branches(std::uint16_t campaign);
  void add(Key key, std::string what, bytecode::PlaceIndex place);
  void see(const outcome::Outcome& outcome);
  void reach(const Key& key);
  bool passed(bytecode::Pc at) const;
  bool jumped(const bytecode::Spot& spot) const;
  bool ran_out_at_once(std::uint16_t campaign, std::uint16_t state) const;
  bool reached(const bytecode::Spot& spot) const;

  const bytecode::Module& module_;
  const std::vector<bytecode::Spot>& spots_;
  std::map<Key, CoverageItem> items_;
  vm::Passage passage_;
};

}  // namespace nurture::testing
