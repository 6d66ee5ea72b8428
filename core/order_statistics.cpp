#include "core/order_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/check.h"

namespace byzsim {
namespace {

// Coordinates sorted together: enough for whole SIMD registers, few enough that the keys of some
// fifty vectors stay in the first-level cache.
constexpr std::size_t kLanes = 128;

template <class Real>
using KeyOf = std::conditional_t<std::is_same_v<Real, float>, std::int32_t, std::int64_t>;

// A signed integer that orders like the value: the bits of a positive number, those of a negative
// one with all but the sign flipped. Applied twice it gives the bits back.
template <class Key>
Key flip_negative(Key bits) {
  return bits ^ ((bits >> (8 * sizeof(Key) - 1)) & std::numeric_limits<Key>::max());
}

template <class Real>
KeyOf<Real> to_key(Real value) {
  const Real settled = value == value ? value : std::numeric_limits<Real>::infinity();
  return flip_negative(std::bit_cast<KeyOf<Real>>(settled));
}

template <class Real>
Real from_key(KeyOf<Real> key) {
  return std::bit_cast<Real>(flip_negative(key));
}

float midpoint(float low, float high) {
  return static_cast<float>(0.5 * (static_cast<double>(low) + static_cast<double>(high)));
}

double midpoint(double low, double high) {
  const double sum = low + high;
  return std::fabs(sum) <= std::numeric_limits<double>::max() ? 0.5 * sum : 0.5 * low + 0.5 * high;
}

// Puts the lesser key of two rows into row `low`.
struct Comparator {
  std::size_t low;
  std::size_t high;
};

// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M): sorts any
// number of values.
std::vector<Comparator> sorting_network(std::size_t n) {
  std::vector<Comparator> network;
  if (n < 2) return network;
  const std::size_t top = std::bit_ceil(n) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t remainder = 0, step = p;
    for (std::size_t q = top;; q /= 2) {
      for (std::size_t i = 0; i + step < n; ++i)
        if ((i & p) == remainder) network.push_back({i, i + step});
      if (q == p) break;
      step = q - p;
      remainder = p;
    }
  }
  return network;
}

// The comparators of a sorting network that the rows `first` and `last` of its result depend on.
std::vector<Comparator> selection_network(std::size_t n, std::size_t first, std::size_t last) {
  const std::vector<Comparator> all = sorting_network(n);
  std::vector<bool> needed(n, false);
  needed[first] = needed[last] = true;
  std::vector<Comparator> kept;
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (!needed[it->low] && !needed[it->high]) continue;
    needed[it->low] = needed[it->high] = true;
    kept.push_back(*it);
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

template <class Key>
void compare_rows(Key* __restrict low, Key* __restrict high) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Key a = low[lane], b = high[lane];
    low[lane] = a < b ? a : b;
    high[lane] = a < b ? b : a;
  }
}

template <class Real>
void load_keys(const Real* __restrict values, std::size_t count, KeyOf<Real>* __restrict keys) {
  for (std::size_t lane = 0; lane < count; ++lane) keys[lane] = to_key(values[lane]);
}

template <class Real>
void store_middle(const KeyOf<Real>* low, const KeyOf<Real>* high, std::size_t count,
                  Real* __restrict out) {
  if (low == high) {
    for (std::size_t lane = 0; lane < count; ++lane) out[lane] = from_key<Real>(low[lane]);
  } else {
    for (std::size_t lane = 0; lane < count; ++lane)
      out[lane] = midpoint(from_key<Real>(low[lane]), from_key<Real>(high[lane]));
  }
}

}  // namespace

template <class Real>
void coordinatewise_median(std::span<const Real* const> vectors, std::size_t begin, std::size_t end,
                           Middle middle, Real* out) {
  const std::size_t n = vectors.size();
  BYZ_CHECK(n >= 1, "the median of no vectors does not exist");
  const std::size_t first = middle == Middle::upper ? n / 2 : (n - 1) / 2;
  const std::size_t last = middle == Middle::lower ? (n - 1) / 2 : n / 2;
  const std::vector<Comparator> network = selection_network(n, first, last);
  std::vector<KeyOf<Real>> keys(n * kLanes);
  const auto row = [&](std::size_t i) { return keys.data() + i * kLanes; };

  for (std::size_t c = begin; c < end; c += kLanes) {
    const std::size_t count = std::min(kLanes, end - c);
    for (std::size_t i = 0; i < n; ++i) load_keys(vectors[i] + c, count, row(i));
    for (const Comparator& comparator : network)
      compare_rows(row(comparator.low), row(comparator.high));
    store_middle(row(first), row(last), count, out + c);
  }
}

template void coordinatewise_median(std::span<const float* const>, std::size_t, std::size_t, Middle,
                                    float*);
template void coordinatewise_median(std::span<const double* const>, std::size_t, std::size_t,
                                    Middle, double*);

}  // namespace byzsim
