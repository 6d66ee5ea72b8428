// Divide and conquer: what sets forged vectors apart from the others shows along the direction in
// which all of them vary most, and a few coordinates are enough to see that direction.

#include <algorithm>
#include <cmath>
#include <set>

#include "core/kernels/vector_kernels.h"
#include "core/rules/selection.h"
#include "core/rules/widest.h"

namespace byzsim::rules_list {
namespace {

// `count` of the coordinates, ascending, every set equally likely (Floyd's algorithm). All of them
// take no draw.
std::vector<std::size_t> drawn_coordinates(std::size_t dimension, std::size_t count,
                                           Stream& stream) {
  std::set<std::size_t> drawn;
  if (count == dimension) {
    for (std::size_t c = 0; c < dimension; ++c) drawn.insert(drawn.end(), c);
  } else {
    for (std::size_t last = dimension - count; last < dimension; ++last) {
      const std::size_t c = stream.below(last + 1);
      drawn.insert(drawn.contains(c) ? last : c);
    }
  }
  return {drawn.begin(), drawn.end()};
}

// Every vector's squared component along the widest direction of the drawn coordinates; infinite
// for one out of reach. Empty where no vector is within reach.
template <class Real>
std::vector<double> outlier_scores(const RuleInput<Real>& input,
                                   const std::vector<std::size_t>& coordinates) {
  std::vector<std::vector<Real>> pieces;
  std::vector<const Real*> pointers;
  for (const Real* vector : input.vectors) {
    pieces.emplace_back();
    for (const std::size_t c : coordinates) pieces.back().push_back(vector[c]);
  }
  for (const auto& piece : pieces) pointers.push_back(piece.data());
  const SymmetricMatrix products =
      centred_products<Real>(pointers, coordinates.size(), input.executor).products;
  const std::vector<double> weights = equal_weights(products, pointers.size());
  if (weights.empty()) return {};
  std::vector<double> scores = widest(products, weights).components;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (!reachable(products, i) || !std::isfinite(scores[i])) scores[i] = kUnbounded;
  return scores;
}

std::size_t left_by_dnc(const Parameters& parameters, int n, int f) {
  // What rounding leaves below a whole number is that number.
  const double removed = std::floor(parameters.real("share") * double(f) + 1e-9);
  return static_cast<std::size_t>(std::max(1.0, double(n) - removed));
}

// The vectors that every round kept or, where there are none, those that any did. One that is not
// finite may look harmless in the drawn coordinates.
template <class Real>
std::vector<std::size_t> kept_by_rounds(const RuleInput<Real>& input,
                                        const std::vector<std::int64_t>& times,
                                        std::int64_t rounds) {
  std::vector<std::size_t> kept;
  for (const std::int64_t enough : {rounds, std::int64_t{1}}) {
    if (!kept.empty()) return kept;
    for (std::size_t i = 0; i < times.size(); ++i)
      if (times[i] >= enough && all_finite(input.vectors[i], input.dimension)) kept.push_back(i);
  }
  return kept.empty() ? finite_first(input) : kept;
}

template <class Real>
void aggregate_dnc(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "there is nothing to divide");
  const std::size_t left = left_by_dnc(input.parameters, input.n(), input.f);
  const std::size_t count =
      std::min(input.dimension, static_cast<std::size_t>(input.parameters.integer("coordinates")));
  const std::int64_t rounds = input.parameters.integer("iterations");
  Stream stream = input.stream;
  std::vector<std::int64_t> times(input.vectors.size(), 0);
  for (std::int64_t round = 0; round < rounds; ++round) {
    const auto coordinates = drawn_coordinates(input.dimension, count, stream);
    const std::vector<double> scores = outlier_scores(input, coordinates);
    // Squares of huge doubles overflow: no direction can tell then.
    for (const std::size_t i :
         scores.empty() ? finite_first(input, left) : least_scored(input, scores, left))
      ++times[i];
  }
  mean_of_selected<Real>(input, kept_by_rounds(input, times, rounds), out);
}

}  // namespace

Rule dnc() {
  return {
      .declaration =
          {.name = "dnc",
           .summary = "divide and conquer: on drawn coordinates, removes the vectors that lie "
                      "farthest along the direction of largest variance; the mean of the others",
           .source = "Shejwalkar and Houmansadr, NDSS 2021, as we understand it; defaults as in "
                     "the code of FL-Byzantine-Library; condition: a majority of honest vectors",
           .parameters =
               {integer("coordinates", 10000, 1, 1e9,
                        "how many coordinates a round looks at; all where there are fewer"),
                integer("iterations", 1, 1, 1000,
                        "rounds; only vectors that none of them removes are averaged, or those "
                        "that any keeps where there are none"),
                real("share", 1, 0, 1e6, "c: a round removes the whole part of c f vectors")},
           .aliases = {"DnC", "DivideAndConquer"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_dnc<float>,
      .aggregate_double = aggregate_dnc<double>,
      .most_vectors = 1000,
      .growth = Growth::pairs,
      .cost = "n^2 min(d, coordinates) + n^3 + n d"};
}

}  // namespace byzsim::rules_list
