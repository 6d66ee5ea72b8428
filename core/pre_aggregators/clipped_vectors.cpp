#include "core/pre_aggregators/clipped_vectors.h"

#include <cmath>

#include "core/kernels/vector_kernels.h"

namespace byzsim {

template <class Real>
std::vector<Mixture> clipped_vectors(const RuleInput<Real>& input, std::span<const double> norms,
                                     double threshold) {
  std::vector<Mixture> clipped(input.vectors.size());
  input.executor.for_each(clipped.size(), [&](std::size_t i) {
    const double factor = norms[i] > threshold ? threshold / norms[i] : 1;
    // A finite norm spares the look at the coordinates; an infinite one may be an overflow.
    const bool finite = std::isfinite(norms[i]) || all_finite(input.vectors[i], input.dimension);
    // Otherwise an empty mixture, which is zero: 0 times an infinity would be NaN.
    if (finite && factor != 0) clipped[i] = {{i}, factor};
  });
  return clipped;
}

template std::vector<Mixture> clipped_vectors(const RuleInput<float>&, std::span<const double>,
                                              double);
template std::vector<Mixture> clipped_vectors(const RuleInput<double>&, std::span<const double>,
                                              double);

}  // namespace byzsim
