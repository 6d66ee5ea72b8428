#include "core/clipped_vectors.h"

#include <cmath>

#include "core/kernels/vector_kernels.h"

namespace byzsim {

template <class Real>
VectorList<Real> clipped_vectors(const RuleInput<Real>& input, std::span<const double> norms,
                                 double threshold) {
  VectorList<Real> clipped(input.vectors.size());
  input.executor.for_each(clipped.size(), [&](std::size_t i) {
    const Real* const vector = input.vectors[i];
    const double factor = norms[i] > threshold ? threshold / norms[i] : 1;
    const bool finite = std::isfinite(norms[i]) || all_finite(vector, input.dimension);
    if (!finite || factor == 0) {
      clipped[i].assign(input.dimension, Real{0});
      return;
    }
    clipped[i].assign(vector, vector + input.dimension);
    if (factor == 1) return;
    for (Real& value : clipped[i]) value = static_cast<Real>(factor * static_cast<double>(value));
  });
  return clipped;
}

template VectorList<float> clipped_vectors(const RuleInput<float>&, std::span<const double>,
                                           double);
template VectorList<double> clipped_vectors(const RuleInput<double>&, std::span<const double>,
                                            double);

}  // namespace byzsim
