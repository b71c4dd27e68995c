#pragma once

/// The distributions that intervals and tests are made of, through Boost.Math. Probabilities are shares in [0, 1],
/// never per cent. Arguments outside the domain named are a bug of the caller and stop the process.
namespace nurture::statistics {

double normal_cdf(double z);
double normal_tail(double z);      ///< P(Z > z), exact far out, where 1 - normal_cdf(z) is 0
double normal_quantile(double p);  ///< 0 < p < 1
/// The z of a two-sided interval: 1.96 for a level of 0.95. 0 < level < 1.
double two_sided_z(double level);

/// The same for Student's t of so many degrees of freedom (> 0).
double two_sided_t(double level, double freedom);

double chi_square_tail(double x, double freedom);      ///< P(X > x); x ≥ 0, freedom > 0
double chi_square_quantile(double p, double freedom);  ///< 0 ≤ p < 1, freedom > 0

double beta_cdf(double x, double a, double b);       ///< 0 ≤ x ≤ 1; a, b > 0
double beta_quantile(double p, double a, double b);  ///< 0 ≤ p ≤ 1; a, b > 0

}  // namespace nurture::statistics
