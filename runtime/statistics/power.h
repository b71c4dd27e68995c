#pragma once

#include <cstdint>
#include <optional>

/// How many leads a comparison of two rates needs. The test is the two-sided z test of two independent rates with the
/// pooled variance under "no difference" and without continuity correction (Fleiss, Levin and Paik 2003, chapter 4).
namespace nurture::statistics {

/// `alpha`: the false alarms accepted; `power`: the chance to find a difference that is there. Shares, 0 to 1.
struct Demand {
  double alpha = 0.05;
  double power = 0.8;
};

/// The chance that a difference between rates p and q is found with so many leads in each. 0 ≤ p, q ≤ 1; n > 0.
/// Where p = q it is alpha. Where both are 0, or both 1, nothing is ever found: 0.
double power_of(double p, double q, double n_p, double n_q, double alpha);

/// Leads in both arms together, `share` (0 to 1, neither) of them in the arm of rate p, from which the demand is met.
/// None where p = q, or where it takes more than 10^15.
std::optional<std::uint64_t> leads_needed(double p, double q, double share, const Demand& demand = {});

/// The smallest rise over `base` (as a share: 0.02 is two points) that n leads in both arms together find, `share` of
/// them in the arm that rises. None where even a rise to 1 is not found.
std::optional<double> detectable_rise(double base, double n, double share, const Demand& demand = {});

}  // namespace nurture::statistics
