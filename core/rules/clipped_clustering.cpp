// The bound of the norms is that of all vectors ever seen, so that no single step decides it; what
// is then alike in direction is one cluster.

#include <algorithm>
#include <cmath>

#include "core/kernels/weighted_mean.h"
#include "core/rules/inner_products.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

using Cluster = std::vector<std::size_t>;

// The mean of the two middle ones of all norms, those of earlier aggregations first.
template <class Real>
double median_of_norms(const RuleInput<Real>& input, const std::vector<double>& lengths) {
  std::vector<double> norms(input.norms.begin(), input.norms.end());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    // NaN counts as infinity does.
    const double norm = std::isfinite(lengths[i]) ? lengths[i] : kUnbounded;
    // Rounded as it is kept, whether or not it is.
    const Real kept = static_cast<Real>(norm);
    norms.push_back(double(kept));
    if (input.new_norms != nullptr) input.new_norms[i] = kept;
  }
  const auto at = [&](std::size_t rank) {
    const auto place = norms.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(norms.begin(), place, norms.end());
    return *place;
  };
  const double lower = at((norms.size() - 1) / 2), upper = at(norms.size() / 2);
  return std::isfinite(upper) ? lower / 2 + upper / 2 : lower;
}

// Joins the two clusters with the least mean distance until two are left; the first cluster has the
// lowest index. Distances are 1 - cosine; of equal ones the first pair joins.
std::vector<Cluster> two_clusters(const SymmetricMatrix& products, const Cluster& among) {
  std::vector<Cluster> clusters;
  for (const std::size_t i : among) clusters.push_back({i});
  // Sums of the distances between the members of two clusters.
  SymmetricMatrix sums(among.size());
  for (std::size_t a = 0; a < among.size(); ++a)
    for (std::size_t b = a + 1; b < among.size(); ++b)
      sums.set(a, b, 1 - cosine_between(products, among[a], among[b]));
  for (std::size_t left = among.size(); left > 2; --left) {
    std::size_t first = 0, second = 1;
    double least = kUnbounded;
    for (std::size_t a = 0; a < clusters.size(); ++a)
      for (std::size_t b = a + 1; b < clusters.size(); ++b) {
        if (clusters[a].empty() || clusters[b].empty()) continue;
        const double mean = sums(a, b) / double(clusters[a].size() * clusters[b].size());
        if (mean < least) least = mean, first = a, second = b;
      }
    for (std::size_t c = 0; c < clusters.size(); ++c)
      if (c != first) sums.set(first, c, sums(first, c) + sums(second, c));
    clusters[first].insert(clusters[first].end(), clusters[second].begin(), clusters[second].end());
    clusters[second].clear();
  }
  std::erase_if(clusters, [](const Cluster& cluster) { return cluster.empty(); });
  return clusters;
}

template <class Real>
void aggregate_clipped_clustering(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "there are no clusters without vectors");
  const SymmetricMatrix products =
      inner_products<Real>(input.vectors, input.dimension, input.executor);
  std::vector<double> lengths;
  for (std::size_t i = 0; i < products.n(); ++i) lengths.push_back(length_of(products, i));
  const double most = std::min(median_of_norms(input, lengths), input.parameters.real("most"));
  const Cluster among = with_finite_length(products);
  // Squares of huge doubles overflow: no norm can tell then.
  if (among.empty()) return mean_of_selected<Real>(input, finite_first(input), out);
  const std::vector<Cluster> clusters = two_clusters(products, among);
  Cluster larger =
      clusters.back().size() > clusters.front().size() ? clusters.back() : clusters.front();
  std::sort(larger.begin(), larger.end());
  std::vector<const Real*> vectors;
  std::vector<double> weights;
  double rest = 1;
  for (const std::size_t i : larger) {
    vectors.push_back(input.vectors[i]);
    weights.push_back((lengths[i] > most ? most / lengths[i] : 1) / double(larger.size()));
    rest -= weights.back();
  }
  // What is cut off goes to the zero vector.
  vectors.push_back(nullptr);
  weights.push_back(std::max(0.0, rest));
  weighted_mean<Real>(vectors, weights, input.dimension, input.executor, out);
}

}  // namespace

Rule clipped_clustering() {
  return {
      .declaration =
          {.name = "clipped_clustering",
           .summary = "clips vectors to the median of all norms ever seen, joins them by the angle "
                      "between them into two clusters; the mean of the larger",
           .source =
               "Li et al., IEEE TBD 2023, as we understand it; steps as in the code of Blades "
               "(fllib); no bound on f was published: byzsim asks for a majority of honest "
               "vectors",
           .parameters = {real("most", 1e5, 0, kUnbounded,
                               "norms are clipped to at most this, whatever their median")},
           .aliases = {"ClippedClustering"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_clipped_clustering<float>,
      .aggregate_double = aggregate_clipped_clustering<double>,
      .most_vectors = 500,
      .growth = Growth::pairs,
      .cost = "n^2 d + n^3",
      .keeps_norms = true};
}

}  // namespace byzsim::rules_list
