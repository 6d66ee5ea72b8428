#include "sim/nodes/kardam_filter.h"

#include <algorithm>
#include <limits>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {

KardamFilter::KardamFilter(std::int64_t n, std::int64_t f)
    : f_(static_cast<std::size_t>(f)),
      heard_(static_cast<std::size_t>(n)),
      coefficients_(heard_.size()),
      norms_(heard_.size()) {
  BYZ_CHECK(f >= 0 && f < n, "at least one of the workers is honest");
}

bool KardamFilter::accepts(std::uint32_t worker, const Payload& model, const Payload& gradient) {
  BYZ_CHECK(worker < heard_.size(), "a filter judges the workers that it was made for");
  BYZ_CHECK(gradient.dimension() == model.dimension(), "a gradient has its model's dimension");
  // In this order: any gradient becomes the worker's latest, but only one that passes both
  // filters counts as an update.
  return (!gradient.has_values() || is_smooth(worker, model, gradient)) && is_rare(worker);
}

bool KardamFilter::is_smooth(std::uint32_t worker, const Payload& model, const Payload& gradient) {
  const Heard before = heard_[worker];
  // Whatever the verdict: the next coefficient is between this gradient and the one to come.
  heard_[worker] = {model, gradient};
  const double moved = before.model ? distance(model.values(), before.model.values()) : 0;
  // Kept of every gradient, so that there is something to compare with when a model has not
  // moved.
  norms_[worker] = norm(gradient.values());
  if (moved == 0) return within_quantile(*norms_[worker], norms_);
  const double turned = distance(gradient.values(), before.gradient.values());
  // Both are infinite once a run has diverged: no number may be.
  constexpr double infinity = std::numeric_limits<double>::infinity();
  coefficients_[worker] = turned < infinity ? turned / moved : infinity;
  return within_quantile(*coefficients_[worker], coefficients_);
}

bool KardamFilter::within_quantile(double value, const Latest& latest) const {
  std::vector<double> known;
  for (const auto& each : latest)
    if (each) known.push_back(*each);
  // Of f known values or fewer, none is sure to be of an honest worker.
  if (known.size() <= f_) return false;
  const auto place = known.end() - 1 - static_cast<std::ptrdiff_t>(f_);
  std::nth_element(known.begin(), place, known.end());
  return value <= *place;
}

bool KardamFilter::is_rare(std::uint32_t worker) {
  if (std::find(accepted_.begin(), accepted_.end(), worker) != accepted_.end()) return false;
  accepted_.push_back(worker);
  if (accepted_.size() > 2 * f_) accepted_.pop_front();
  return true;
}

void KardamFilter::walk(Archive& archive) {
  archive.all(*this, unchanged(f_), heard_, coefficients_, norms_, accepted_);
}

}  // namespace byzsim
