#include "runtime/statistics/power.h"

#include <cmath>

#include "runtime/base/check.h"
#include "runtime/statistics/distributions.h"

namespace nurture::statistics {
namespace {

constexpr std::uint64_t kMostLeads = 1'000'000'000'000'000;

double power_with(double p, double q, double n, double share, const Demand& demand) {
  return power_of(p, q, n * share, n * (1 - share), demand.alpha);
}

void check(double share, const Demand& demand) {
  NURTURE_CHECK(share > 0 && share < 1 && demand.alpha > 0 && demand.power > demand.alpha && demand.power < 1);
}

}  // namespace

double power_of(double p, double q, double n_p, double n_q, double alpha) {
  NURTURE_CHECK(p >= 0 && p <= 1 && q >= 0 && q <= 1 && n_p > 0 && n_q > 0 && alpha > 0 && alpha < 1);
  double pooled = (p * n_p + q * n_q) / (n_p + n_q);
  double under_null = std::sqrt(pooled * (1 - pooled) * (1 / n_p + 1 / n_q));
  if (under_null == 0) return 0;
  double under_truth = std::sqrt(p * (1 - p) / n_p + q * (1 - q) / n_q);
  double limit = two_sided_z(1 - alpha) * under_null;
  double off = std::abs(p - q);
  if (under_truth == 0) return off > limit ? 1 : 0;
  return normal_tail((limit - off) / under_truth) + normal_tail((limit + off) / under_truth);
}

std::optional<std::uint64_t> leads_needed(double p, double q, double share, const Demand& demand) {
  check(share, demand);
  auto enough = [&](std::uint64_t n) {
    return power_with(p, q, static_cast<double>(n), share, demand) >= demand.power;
  };
  if (p == q || !enough(kMostLeads)) return std::nullopt;
  std::uint64_t low = 1;
  std::uint64_t high = kMostLeads;
  while (low < high) {
    std::uint64_t middle = low + (high - low) / 2;
    enough(middle) ? high = middle : low = middle + 1;
  }
  return low;
}

std::optional<double> detectable_rise(double base, double n, double share, const Demand& demand) {
  check(share, demand);
  NURTURE_CHECK(n > 0);
  if (base >= 1 || power_with(1, base, n, share, demand) < demand.power) return std::nullopt;
  double low = base;
  double high = 1;
  while (high - low > 1e-12) {
    double middle = (low + high) / 2;
    power_with(middle, base, n, share, demand) >= demand.power ? high = middle : low = middle;
  }
  return high - base;
}

}  // namespace nurture::statistics
