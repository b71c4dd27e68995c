#include "runtime/statistics/distributions.h"

#include "tests/catch.h"

namespace nurture::statistics {
namespace {

// Expected: scipy.stats 1.17.

TEST_CASE("normal") {
  CHECK(normal_quantile(0.001) == Approx(-3.090232306167813).epsilon(1e-13));
  CHECK(normal_quantile(0.9) == Approx(1.2815515655446004).epsilon(1e-13));
  CHECK(two_sided_z(0.95) == Approx(1.959963984540054).epsilon(1e-13));
  CHECK(two_sided_z(0.99) == Approx(2.5758293035489004).epsilon(1e-13));
  CHECK(normal_cdf(1.3) == Approx(0.9031995154143897).epsilon(1e-13));
  CHECK(normal_tail(9) == Approx(1.1285884059538324e-19).epsilon(1e-12));
}

TEST_CASE("chi-square") {
  CHECK(chi_square_quantile(0.95, 1) == Approx(3.841458820694124).epsilon(1e-12));
  CHECK(chi_square_quantile(0.5, 3) == Approx(2.3659738843753377).epsilon(1e-12));
  CHECK(chi_square_quantile(0.01, 10) == Approx(2.5582121601872063).epsilon(1e-12));
  CHECK(chi_square_tail(12.5, 2) == Approx(0.0019304541362277095).epsilon(1e-12));
  CHECK(chi_square_tail(300, 1) == Approx(3.2943623833139784e-67).epsilon(1e-10));
  CHECK(chi_square_tail(0, 4) == 1);
}

TEST_CASE("beta") {
  CHECK(beta_quantile(0.025, 2, 8) == Approx(0.028144973477898197).epsilon(1e-12));
  CHECK(beta_quantile(0.5, 0.5, 0.5) == Approx(0.5).epsilon(1e-12));
  CHECK(beta_quantile(0.975, 122.5, 21184.5) == Approx(0.006807630342776922).epsilon(1e-10));
  CHECK(beta_cdf(0.3, 2, 5) == Approx(0.579825).epsilon(1e-12));
  CHECK(beta_quantile(0, 2, 8) == 0);
  CHECK(beta_quantile(1, 2, 8) == 1);
}

}  // namespace
}  // namespace nurture::statistics
