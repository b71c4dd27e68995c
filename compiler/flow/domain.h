#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/value.h"

/// What is known of values at one instant: which of them a place may hold, and what a condition leaves. Everything here
/// may say that more is possible than is; never less. So "nothing is possible" is certain.
namespace nurture::flow {

/// From `low` to `high`, both included.
struct Range {
  std::int64_t low = 0, high = 0;
  bool operator==(const Range&) const = default;
};
using Ranges = std::vector<Range>;  ///< ascending, apart from each other
Ranges common(const Ranges& a, const Ranges& b);
/// What is left of `whole` without `ranges`.
Ranges without(const Range& whole, const Ranges& ranges);
/// Numbers in the order of whole numbers: comparisons of the one are those of the other.
std::int64_t in_order(double number);

/// A question about the letters of a text.
struct TextTest {
  enum class Kind : std::uint8_t { Is, Starts, Ends, Contains } kind{};
  bool fold = false;   ///< ignoring case
  bool wanted = true;  ///< false: the answer is no
  std::string text;
  bool operator==(const TextTest&) const = default;
};

/// Something that has a value: an attribute, a property of the event, a question about the past.
struct Place {
  enum class Lasts : std::uint8_t {
    Membership,  ///< entry.x never changes
    Until,       ///< an attribute: until somebody sets it, or time passes
    Instant,     ///< changes by itself, or with what a statement does
    Event,       ///< of the event at hand
  };
  std::string key;
  enum class Shape : std::uint8_t { Ordered, Text } shape{};
  Range whole{0, 0};     ///< Ordered
  bool optional = true;  ///< may be unknown
  Lasts lasts = Lasts::Instant;
  bool of_campaigns = false;  ///< what other campaigns did: who may be in two of them is not known
};
using PlaceId = std::uint32_t;

/// The values that a place may hold.
struct Values {
  bool unknown = true;
  Ranges ranges;                    ///< Ordered
  bool only_listed = false;         ///< Text: one of `listed`; otherwise any but those, for which all tests hold
  std::vector<std::string> listed;  ///< by code point
  std::vector<TextTest> tests;
  bool operator==(const Values&) const = default;
};
Values whole(const Place& place);
Values common(const Values& a, const Values& b, const Place& place);
bool nothing(const Values& values, const Place& place);

class Places {
 public:
  /// The place of this key, which always comes with the same shape.
  PlaceId add(Place place);
  const Place& operator[](PlaceId id) const { return places_[id]; }

 private:
  std::vector<Place> places_;
  std::vector<std::pair<std::string, PlaceId>> by_key_;  ///< sorted
};

/// Places that hold such values, all of them.
using Box = std::vector<std::pair<PlaceId, Values>>;  ///< by place

/// One of some boxes, each of which can be; none: it cannot be.
class Facts {
 public:
  static Facts anything() { return Facts({Box{}}); }
  static Facts impossible() { return Facts({}); }
  static Facts of(PlaceId place, Values values, const Places& places);

  bool never() const { return boxes_.empty(); }
  const std::vector<Box>& boxes() const { return boxes_; }

  friend Facts both(const Facts& a, const Facts& b, const Places& places);
  friend Facts either(const Facts& a, const Facts& b);
  /// What stays of it when only some places keep their values.
  template <typename Keeps>
  Facts keep(const Keeps& keeps) const {
    Facts kept({});
    for (const Box& box : boxes_) {
      Box made;
      for (const auto& row : box) {
        if (keeps(row.first)) made.push_back(row);
      }
      kept.add(std::move(made));
    }
    return kept;
  }

 private:
  explicit Facts(std::vector<Box> boxes) : boxes_(std::move(boxes)) {}
  void add(Box box);

  std::vector<Box> boxes_;
};
Facts both(const Facts& a, const Facts& b, const Places& places);
Facts either(const Facts& a, const Facts& b);

/// More boxes than this are not looked at: it is then not known what is possible.
inline constexpr std::size_t kMostBoxes = 64;

}  // namespace nurture::flow
