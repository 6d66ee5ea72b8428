// Rejection takes as many draws as it needs: as streams are named, that moves no other one.

#include "core/exact/gamma_draw.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/exact/portable_math.h"

namespace byzsim {
namespace {

// For shapes >= 1: (1 + c x)^3 d with x normal is nearly gamma, and rejection makes it so.
double draw_log_gamma_above_one(double shape, Stream& stream) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = stream.normal(), root = 1 + c * x;
    // The cube would have no logarithm.
    if (root <= 0) continue;
    const double v = root * root * root, log_v = portable::log(v);
    if (portable::log(stream.uniform_open()) < 0.5 * x * x + d * (1 - v + log_v))
      return portable::log(d) + log_v;
  }
}

}  // namespace

double draw_log_gamma(double shape, Stream& stream) {
  BYZ_CHECK(shape > 0, "a gamma distribution has a shape above 0");
  if (shape >= 1) return draw_log_gamma_above_one(shape, stream);
  // Gamma(shape) = Gamma(shape + 1) U^(1 / shape). No shape may turn a logarithm infinite.
  const double log_larger = draw_log_gamma_above_one(shape + 1, stream);
  return log_larger + portable::log(stream.uniform_open()) / std::max(shape, 1e-300);
}

std::vector<double> draw_dirichlet(double alpha, std::size_t count, Stream& stream) {
  std::vector<double> shares(count);
  for (double& share : shares) share = draw_log_gamma(alpha, stream);
  const double largest = *std::max_element(shares.begin(), shares.end());
  double sum = 0;
  for (double& share : shares) {
    // Relative to the largest, so that at least one share is not 0.
    share = portable::exp(share - largest);
    sum += share;
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace byzsim
