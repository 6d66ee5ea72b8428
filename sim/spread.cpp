#include "sim/spread.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

struct Difference {
  double length;
  std::size_t i, j;
};

// All pairs, the longest first; ties in the order of the vectors.
std::vector<Difference> differences_of(const std::vector<Payload>& vectors) {
  std::vector<Difference> all;
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t j = i + 1; j < vectors.size(); ++j)
      all.push_back({distance(vectors[i].values(), vectors[j].values()), i, j});
  std::stable_sort(all.begin(), all.end(),
                   [](const Difference& a, const Difference& b) { return a.length > b.length; });
  return all;
}

double sum_of_widths(const std::vector<Payload>& vectors) {
  double sum = 0;
  for (std::size_t c = 0; c < vectors[0].dimension(); ++c) {
    double low = vectors[0].values()[c], high = low;
    for (const Payload& vector : vectors) {
      const double value = vector.values()[c];
      if (std::isnan(value)) return value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    sum += high - low;
  }
  return sum;
}

// |cos|, at most 1 whatever the rounding.
double cosine_size(const std::vector<Payload>& vectors, const Difference& a, const Difference& b) {
  double product = 0;
  for (std::size_t c = 0; c < vectors[0].dimension(); ++c)
    product += (double(vectors[a.i].values()[c]) - double(vectors[a.j].values()[c])) *
               (double(vectors[b.i].values()[c]) - double(vectors[b.j].values()[c]));
  const double size = std::fabs(product / (a.length * b.length));
  return size > 1 ? 1 : size;
}

}  // namespace

Spread spread_of(const std::vector<Payload>& vectors) {
  finish_all(vectors);
  Spread spread;
  if (vectors.size() < 2) return spread;
  const std::vector<Difference> differences = differences_of(vectors);
  spread.diameter = differences[0].length;
  spread.coordinates = sum_of_widths(vectors);
  if (differences.size() > 1)
    spread.alignment = cosine_size(vectors, differences[0], differences[1]);
  return spread;
}

double variance_to_norm(const std::vector<Payload>& vectors) {
  finish_all(vectors);
  const auto count = static_cast<double>(vectors.size());
  double variance = 0, norm = 0;
  for (std::size_t c = 0; c < vectors[0].dimension(); ++c) {
    double mean = 0;
    for (const Payload& vector : vectors) mean += double(vector.values()[c]);
    mean /= count;
    norm += mean * mean;
    for (const Payload& vector : vectors) {
      const double off = double(vector.values()[c]) - mean;
      variance += off * off / count;
    }
  }
  return std::sqrt(variance) / std::sqrt(norm);
}

}  // namespace byzsim
