// Compressors in tests: choices, calls, and random vectors with ties, zeros and what is not finite.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/compressors/compressor.h"

namespace byzsim::compressor_cases {

using Settings = std::vector<std::pair<std::string, Value>>;

/// The compressor with these parameters, the others at their defaults.
inline Choice choice_of(const std::string& name, const Settings& settings = {}) {
  Choice choice{name, defaults(compressors().at(name).declaration.parameters)};
  for (const auto& [parameter, value] : settings) choice.parameters.set(parameter, value);
  return choice;
}

inline Settings keeping(std::int64_t k) { return {{"k", k}}; }

template <class Real>
std::vector<Real> compressed(const Choice& choice, const std::vector<Real>& vector,
                             const Stream& stream, int threads = 1) {
  const Executor executor(threads);
  std::vector<Real> out(vector.size(), Real(-7));
  compress<Real>(choice, vector, stream, executor, out.data());
  return out;
}

inline Stream stream_of(std::uint64_t counter) { return {11, Purpose::compression, 0, counter}; }

/// Whether two vectors have the same bits.
template <class Real>
bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  using Bits = std::conditional_t<std::is_same_v<Real, float>, std::uint32_t, std::uint64_t>;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](Real x, Real y) {
    return std::bit_cast<Bits>(x) == std::bit_cast<Bits>(y);
  });
}

/// 0 to 40 coordinates: of a lattice (many ties and zeros) or not, over many orders of magnitude
/// now and then; with `strange`, some are NaN or infinite.
template <class Real>
std::vector<Real> random_vector(std::uint64_t seed, bool strange) {
  Stream stream(seed, Purpose::attack, 5, 0);
  const bool lattice = stream.below(2) == 0, wide = stream.below(4) == 0;
  const std::uint64_t most_strange = strange ? 1 + stream.below(3) : 0;
  std::vector<Real> vector(stream.below(41));
  for (Real& value : vector) {
    const double drawn = lattice ? double(stream.below(7)) - 3 : stream.normal();
    value = static_cast<Real>(wide ? drawn * std::ldexp(1.0, int(stream.below(200)) - 120) : drawn);
    if (value == 0 && stream.below(2) == 0) value = -value;
  }
  using Limits = std::numeric_limits<Real>;
  const Real others[] = {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::infinity(),
                         -Limits::infinity()};
  for (std::uint64_t i = 0; i < most_strange && !vector.empty(); ++i)
    vector[stream.below(vector.size())] = others[stream.below(4)];
  return vector;
}

}  // namespace byzsim::compressor_cases
