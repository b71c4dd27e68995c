#include "runtime/statistics/distributions.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "runtime/base/check.h"

namespace nurture::statistics {
namespace {

namespace math = boost::math;
using math::policies::errno_on_error;
using math::policies::policy;

// Nothing throws: domains are checked here, and what overflows is infinite.
using Quiet = policy<math::policies::domain_error<errno_on_error>, math::policies::pole_error<errno_on_error>,
                     math::policies::overflow_error<errno_on_error>, math::policies::evaluation_error<errno_on_error>,
                     math::policies::rounding_error<errno_on_error>>;
using Student = math::students_t_distribution<double, Quiet>;
using Normal = math::normal_distribution<double, Quiet>;
using ChiSquare = math::chi_squared_distribution<double, Quiet>;
using Beta = math::beta_distribution<double, Quiet>;

}  // namespace

double normal_cdf(double z) { return math::cdf(Normal(), z); }

double normal_tail(double z) { return math::cdf(math::complement(Normal(), z)); }

double normal_quantile(double p) {
  NURTURE_CHECK(p > 0 && p < 1);
  return math::quantile(Normal(), p);
}

double two_sided_z(double level) {
  NURTURE_CHECK(level > 0 && level < 1);
  return math::quantile(math::complement(Normal(), (1 - level) / 2));
}

double two_sided_t(double level, double freedom) {
  NURTURE_CHECK(level > 0 && level < 1 && freedom > 0);
  return math::quantile(math::complement(Student(freedom), (1 - level) / 2));
}

double chi_square_tail(double x, double freedom) {
  NURTURE_CHECK(x >= 0 && freedom > 0);
  return math::cdf(math::complement(ChiSquare(freedom), x));
}

double chi_square_quantile(double p, double freedom) {
  NURTURE_CHECK(p >= 0 && p < 1 && freedom > 0);
  return math::quantile(ChiSquare(freedom), p);
}

double beta_cdf(double x, double a, double b) {
  NURTURE_CHECK(x >= 0 && x <= 1 && a > 0 && b > 0);
  return math::cdf(Beta(a, b), x);
}

double beta_quantile(double p, double a, double b) {
  NURTURE_CHECK(p >= 0 && p <= 1 && a > 0 && b > 0);
  return math::quantile(Beta(a, b), p);
}

}  // namespace nurture::statistics
