#include "compiler/flow/domain.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

namespace nurture::flow {

// Numbers -------------------------------------------------------------------------------------------------------------

Ranges common(const Ranges& a, const Ranges& b) {
  Ranges made;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    Range shared{std::max(a[i].low, b[j].low), std::min(a[i].high, b[j].high)};
    if (shared.low <= shared.high) made.push_back(shared);
    (a[i].high < b[j].high ? i : j)++;
  }
  return made;
}

Ranges without(const Range& whole, const Ranges& ranges) {
  Ranges made;
  std::int64_t next = whole.low;
  for (const Range& each : ranges) {
    if (each.high < next) continue;
    if (each.low > whole.high) break;
    if (each.low > next) made.push_back({next, each.low - 1});
    if (each.high >= whole.high) return made;
    next = each.high + 1;
  }
  if (next <= whole.high) made.push_back({next, whole.high});
  return made;
}

std::int64_t in_order(double number) {
  const auto bits = std::bit_cast<std::int64_t>(number == 0 ? 0.0 : number);
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

// Texts ---------------------------------------------------------------------------------------------------------------

namespace {

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string folded(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

bool answers(TextTest::Kind kind, const std::string& text, const std::string& pattern) {
  switch (kind) {
    case TextTest::Kind::Is:
      return text == pattern;
    case TextTest::Kind::Starts:
      return text.starts_with(pattern);
    case TextTest::Kind::Ends:
      return text.ends_with(pattern);
    case TextTest::Kind::Contains:
      return text.find(pattern) != std::string::npos;
  }
  return false;
}

/// Whether a text passes; none where that takes more than the letters of ASCII.
std::optional<bool> passes(const TextTest& test, const std::string& text) {
  if (!test.fold) return answers(test.kind, text, test.text) == test.wanted;
  if (!is_ascii(text) || !is_ascii(test.text)) return std::nullopt;
  return answers(test.kind, folded(text), folded(test.text)) == test.wanted;
}

/// Whether a text for which `a` is true is one for which `b` is.
bool implies(const TextTest& a, const TextTest& b) {
  if (b.text.empty() && b.kind != TextTest::Kind::Is) return true;
  if (a.fold && !b.fold) return false;
  if (b.fold && (!is_ascii(a.text) || !is_ascii(b.text))) return false;
  const std::string x = b.fold ? folded(a.text) : a.text, y = b.fold ? folded(b.text) : b.text;
  if (a.kind == TextTest::Kind::Is) return answers(b.kind, x, y);
  const bool same = a.kind == b.kind || b.kind == TextTest::Kind::Contains;
  return same && answers(b.kind, x, y);
}

/// Whether no text passes two tests that both want a yes.
bool apart(const TextTest& a, const TextTest& b) {
  const bool fold = a.fold || b.fold;
  if (fold && (!is_ascii(a.text) || !is_ascii(b.text))) return false;
  const std::string x = fold ? folded(a.text) : a.text, y = fold ? folded(b.text) : b.text;
  if (a.kind == TextTest::Kind::Is) return !answers(b.kind, x, y);
  if (b.kind == TextTest::Kind::Is) return !answers(a.kind, y, x);
  if (a.kind != b.kind || a.kind == TextTest::Kind::Contains) return false;
  return !answers(a.kind, x, y) && !answers(a.kind, y, x);
}

bool contradict(const TextTest& a, const TextTest& b) {
  if (a.wanted && b.wanted) return apart(a, b);
  if (a.wanted != b.wanted) return a.wanted ? implies(a, b) : implies(b, a);
  return false;
}

bool contradictory(const std::vector<TextTest>& tests) {
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const TextTest& each = tests[i];
    if (!each.wanted && each.text.empty() && each.kind != TextTest::Kind::Is) return true;
    for (std::size_t j = 0; j < i; ++j) {
      if (contradict(each, tests[j])) return true;
    }
  }
  return false;
}

std::vector<std::string> merged(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> made;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(made));
  return made;
}

/// Which of the texts listed by `some` are left by `other`.
std::vector<std::string> left_of(const Values& some, const Values& other) {
  std::vector<std::string> made;
  for (const std::string& text : some.listed) {
    if (std::binary_search(other.listed.begin(), other.listed.end(), text) == other.only_listed) made.push_back(text);
  }
  return made;
}

Values common_texts(const Values& a, const Values& b) {
  Values made;
  made.only_listed = a.only_listed || b.only_listed;
  made.listed = !made.only_listed ? merged(a.listed, b.listed) : a.only_listed ? left_of(a, b) : left_of(b, a);
  made.tests = a.tests;
  for (const TextTest& test : b.tests) {
    if (std::find(made.tests.begin(), made.tests.end(), test) == made.tests.end()) made.tests.push_back(test);
  }
  if (made.only_listed) {
    std::erase_if(made.listed, [&](const std::string& text) {
      return std::any_of(made.tests.begin(), made.tests.end(),
                         [&](const TextTest& test) { return passes(test, text) == false; });
    });
    made.tests.clear();
  } else if (contradictory(made.tests)) {
    made = {.unknown = true, .ranges = {}, .only_listed = true, .listed = {}, .tests = {}};
  }
  return made;
}

}  // namespace

// Values --------------------------------------------------------------------------------------------------------------

Values whole(const Place& place) {
  Values made;
  made.unknown = place.optional;
  if (place.shape == Place::Shape::Ordered) made.ranges = {place.whole};
  return made;
}

Values common(const Values& a, const Values& b, const Place& place) {
  Values made;
  if (place.shape == Place::Shape::Text) {
    made = common_texts(a, b);
  } else {
    made.ranges = common(a.ranges, b.ranges);
  }
  made.unknown = a.unknown && b.unknown;
  return made;
}

bool nothing(const Values& values, const Place& place) {
  if (values.unknown) return false;
  return place.shape == Place::Shape::Ordered ? values.ranges.empty() : values.only_listed && values.listed.empty();
}

PlaceId Places::add(Place place) {
  auto at = std::lower_bound(by_key_.begin(), by_key_.end(), place.key,
                             [](const auto& row, const std::string& key) { return row.first < key; });
  if (at != by_key_.end() && at->first == place.key) return at->second;
  const auto id = static_cast<PlaceId>(places_.size());
  by_key_.insert(at, {place.key, id});
  places_.push_back(std::move(place));
  return id;
}

// Facts ---------------------------------------------------------------------------------------------------------------

namespace {

std::optional<Box> shared(const Box& a, const Box& b, const Places& places) {
  Box made;
  made.reserve(a.size() + b.size());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
      made.push_back(a[i++]);
    } else if (i == a.size() || b[j].first < a[i].first) {
      made.push_back(b[j++]);
    } else {
      const Place& place = places[a[i].first];
      Values values = common(a[i].second, b[j].second, place);
      if (nothing(values, place)) return std::nullopt;
      made.emplace_back(a[i].first, std::move(values));
      ++i, ++j;
    }
  }
  return made;
}

}  // namespace

Facts Facts::of(PlaceId id, Values values, const Places& places) {
  values = common(values, whole(places[id]), places[id]);
  if (nothing(values, places[id])) return impossible();
  if (values == whole(places[id])) return anything();
  return Facts({Box{{id, std::move(values)}}});
}

void Facts::add(Box box) {
  if (boxes_.size() == 1 && boxes_.front().empty()) return;
  if (box.empty()) {
    boxes_ = {Box{}};
  } else if (std::find(boxes_.begin(), boxes_.end(), box) == boxes_.end()) {
    boxes_.push_back(std::move(box));
  }
}

Facts both(const Facts& a, const Facts& b, const Places& places) {
  Facts made({});
  for (const Box& x : a.boxes_) {
    for (const Box& y : b.boxes_) {
      if (auto box = shared(x, y, places)) made.add(std::move(*box));
    }
    if (made.boxes_.size() > kMostBoxes) return a.boxes_.size() <= b.boxes_.size() ? a : b;
  }
  return made;
}

Facts either(const Facts& a, const Facts& b) {
  Facts made = a;
  for (const Box& box : b.boxes_) made.add(box);
  return made.boxes_.size() > kMostBoxes ? Facts::anything() : made;
}

}  // namespace nurture::flow
