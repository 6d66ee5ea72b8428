#include "core/graphs/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"

namespace byzsim {
namespace {

using SpectrumMatrix = Eigen::MatrixXd;

Eigen::Index eigen_index(std::size_t i) { return static_cast<Eigen::Index>(i); }

// Honest rows and columns, with the weights of Byzantine neighbours on the diagonal.
SpectrumMatrix honest_weights(const Graph& graph, std::size_t honest, GossipWeights kind) {
  SpectrumMatrix matrix = SpectrumMatrix::Zero(eigen_index(honest), eigen_index(honest));
  const std::size_t largest = largest_degree(graph);
  for (std::size_t v = 0; v < honest; ++v) {
    const std::vector<double> weights = weights_of(graph, kind, v, largest);
    matrix(eigen_index(v), eigen_index(v)) = weights[0];
    for (std::size_t i = 0; i < degree_of(graph, v); ++i) {
      const std::size_t neighbour = graph.neighbours[v][i];
      matrix(eigen_index(v), eigen_index(neighbour < honest ? neighbour : v)) += weights[i + 1];
    }
  }
  return matrix;
}

// A symmetric matrix with the same eigenvalues: that of sqrt(w_ij w_ji). Uniform weights are
// D^-1 (A + I), similar to D^-1/2 (A + I) D^-1/2; the others are symmetric and stay as they are.
SpectrumMatrix symmetrized(const SpectrumMatrix& weights) {
  return weights.cwiseProduct(weights.transpose()).cwiseSqrt();
}

SpectrumMatrix honest_laplacian(const Graph& graph, std::size_t honest) {
  SpectrumMatrix matrix = SpectrumMatrix::Zero(eigen_index(honest), eigen_index(honest));
  for (std::size_t v = 0; v < honest; ++v)
    for (const std::uint32_t w : graph.neighbours[v]) {
      if (w >= honest) break;
      matrix(eigen_index(v), eigen_index(v)) += 1;
      matrix(eigen_index(v), eigen_index(w)) = -1;
    }
  return matrix;
}

double gap_of(const SpectrumMatrix& weights) {
  const Eigen::SelfAdjointEigenSolver<SpectrumMatrix> solver(weights, Eigen::EigenvaluesOnly);
  const auto& values = solver.eigenvalues();  // ascending, the last is 1
  return 1 - std::max(std::fabs(values(0)), std::fabs(values(values.size() - 2)));
}

std::vector<double> with_fixed_sign(std::vector<double> vector) {
  // Entries that are 0 but for rounding decide no sign.
  const auto first = std::find_if(vector.begin(), vector.end(),
                                  [](double value) { return std::fabs(value) > 1e-9; });
  if (first != vector.end() && *first < 0)
    for (double& value : vector) value = -value;
  return vector;
}

}  // namespace

std::optional<std::string> spectrum_problem(std::size_t honest) {
  if (honest <= kMostForSpectrum) return std::nullopt;
  return fmt::format("the spectrum is computed for at most {} honest nodes, not {}",
                     kMostForSpectrum, honest);
}

GraphSpectrum spectrum_of(const Graph& graph, std::size_t honest, GossipWeights weights) {
  BYZ_CHECK(honest >= 1 && honest <= graph.vertices(), "some vertices of a graph are honest");
  BYZ_CHECK(!spectrum_problem(honest), "the honest part is small enough for its spectrum");
  if (honest == 1) return {};
  const Eigen::SelfAdjointEigenSolver<SpectrumMatrix> solver(honest_laplacian(graph, honest));
  const Eigen::VectorXd fiedler = solver.eigenvectors().col(1);
  return {gap_of(symmetrized(honest_weights(graph, honest, weights))),
          std::max(0.0, solver.eigenvalues()(1)),
          with_fixed_sign({fiedler.data(), fiedler.data() + fiedler.size()})};
}

}  // namespace byzsim
