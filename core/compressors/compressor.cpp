#include "core/compressors/compressor.h"

#include <algorithm>

namespace byzsim {

namespace compressors_list {
std::vector<Compressor> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(Compressor, name),
#include "core/compressors/compressors.def"
#undef STRATEGY
  };
}
}  // namespace compressors_list

const Table<Compressor>& compressors() {
  static const Table<Compressor> table(compressors_list::all());
  return table;
}

template <class Real>
void compress(const Choice& choice, std::span<const Real> vector, const Stream& stream,
              const Executor& executor, Real* out) {
  compressors().at(choice.name).compress({vector, choice.parameters, stream, executor}, out);
}

template void compress(const Choice&, std::span<const float>, const Stream&, const Executor&,
                       float*);
template void compress(const Choice&, std::span<const double>, const Stream&, const Executor&,
                       double*);

std::int64_t compressed_bytes(const Choice& choice, std::size_t dimension) {
  return compressors().at(choice.name).bytes(choice.parameters, dimension);
}

std::optional<double> compression_variance(const Choice& choice, std::size_t dimension) {
  const auto variance = compressors().at(choice.name).variance;
  if (variance == nullptr) return std::nullopt;
  return dimension == 0 ? 0 : variance(choice.parameters, dimension);
}

double compression_contraction(const Choice& choice, std::size_t dimension) {
  // Of no coordinates nothing is lost.
  if (dimension == 0) return 1;
  if (const auto variance = compression_variance(choice, dimension))
    return std::max(0.0, 1 - *variance);
  return compressors().at(choice.name).shrinkage(choice.parameters, dimension);
}

bool shares_coins(const Choice& choice) {
  const auto& values = choice.parameters.values();
  return std::any_of(values.begin(), values.end(), [](const auto& each) {
    return each.first == "coins" && each.second == Value(std::string("shared"));
  });
}

Stream compression_stream(const Choice& choice, std::uint64_t seed, std::uint64_t node,
                          std::uint64_t counter) {
  // Identity 0 is everybody's; nodes count from 1.
  return {seed, Purpose::compression, shares_coins(choice) ? 0 : node + 1, counter};
}

}  // namespace byzsim
