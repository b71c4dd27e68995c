#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/experiment/experiment.h"

/// How many units an experiment needs, before anybody is assigned.
namespace nurture::experiment {

/// The holdouts and splits of a programme that have a goal to be judged by, with nobody in them.
std::vector<Experiment> planned(const bytecode::Module& module);

/// Units in all arms together from which, at 5 % two-sided and with a power of 80 %, each arm shows a relative lift
/// over the arm that it is compared with, which reaches the goal at rate `base` (0 < base < 1, lift > 0). None where
/// the lifted rate would be above 1.
std::optional<Count> units_needed(const Experiment& experiment, double base, double lift);

/// The smallest difference of rates over `base` that each arm shows with so many units in all arms together. None where
/// not even a rise to 1 is shown.
std::optional<double> rise_shown(const Experiment& experiment, double base, Count units);

}  // namespace nurture::experiment
