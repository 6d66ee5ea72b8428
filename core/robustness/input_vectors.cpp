#include "core/robustness/input_vectors.h"

namespace byzsim {

template <class Real>
std::vector<double> output_of(const Aggregation& aggregation, const InputVectors& inputs,
                              std::uint64_t seed, const Executor& executor) {
  const std::vector<Real> values(inputs.values.begin(), inputs.values.end());
  std::vector<const Real*> pointers;
  for (std::size_t i = 0; i < inputs.n(); ++i)
    pointers.push_back(values.data() + i * inputs.dimension);
  const std::vector<Real> out = aggregate<Real>(
      aggregation, {pointers, inputs.dimension, nullptr, Stream(seed, Purpose::aggregation, 0, 0)},
      executor);
  return {out.begin(), out.end()};
}

template std::vector<double> output_of<float>(const Aggregation&, const InputVectors&,
                                              std::uint64_t, const Executor&);
template std::vector<double> output_of<double>(const Aggregation&, const InputVectors&,
                                               std::uint64_t, const Executor&);

}  // namespace byzsim
