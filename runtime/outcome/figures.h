#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/outcome/summary.h"

/// The figures of a summary one by one, each with a name that is the same in every run: what can be averaged over runs
/// and compared between them.
namespace nurture::outcome {

enum class Unit : std::uint8_t {
  Number,
  Share,     ///< 0 to 1
  Duration,  ///< microseconds
  Money,     ///< ten-thousandths
};

struct Figure {
  std::string campaign;  ///< empty: of the whole run
  std::string group;     ///< "messages", "stages", "goals" …
  std::string name;      ///< "welcome_2 sent"
  Unit unit = Unit::Number;
  double value = 0;
  /// Not a figure where there is nothing to measure: a rate of nothing, a median of none.
  bool known = true;
};

/// In the order in which a summary tells them. Rates and medians follow what they are about.
std::vector<Figure> figures(const Summary& summary);

/// "1,204", "12.3 %", "2 days 3 h", "1,234.50"; of a mean of counts one decimal.
std::string figure_text(double value, Unit unit, bool mean = false);
std::string_view unit_word(Unit unit);  ///< "count", "share", "microseconds", "money"

}  // namespace nurture::outcome
