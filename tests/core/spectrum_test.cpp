// Spectra of graphs against closed forms.
#include "core/graphs/spectrum.h"

#include <cmath>

#include "core/graphs/fiedler_cut.h"
#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::spectrum_test {
namespace {

using namespace graphs;

const double kPi = std::acos(-1.0);

GraphSpectrum spectrum(const Graph& graph, GossipWeights weights = GossipWeights::metropolis) {
  return spectrum_of(graph, graph.vertices(), weights);
}

/// How far L x is from mu x, at most, in the honest part.
double residual(const Graph& graph, const std::vector<double>& x, double mu) {
  double worst = 0;
  for (std::size_t v = 0; v < x.size(); ++v) {
    double sum = -mu * x[v];
    for (const std::uint32_t w : graph.neighbours[v])
      if (w < x.size()) sum += x[v] - x[w];
    worst = std::max(worst, std::fabs(sum));
  }
  return worst;
}

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

TEST_CASE(
    "a ring has mu_2 = 2 - 2 cos(2 pi / n) and, with thirds as weights, a third of it as gap") {
  for (const std::size_t n : {5u, 10u, 33u}) {
    const double mu_2 = 2 - 2 * std::cos(2 * kPi / double(n));
    CHECK(spectrum(graph("ring", n)).mu_2 == Approx(mu_2).epsilon(1e-10));
    CHECK(spectrum(graph("ring", n)).gap == Approx(mu_2 / 3).epsilon(1e-10));
  }
}

TEST_CASE("a complete graph has mu_2 = n and, by equal weights, the gap 1") {
  for (const GossipWeights weights : {GossipWeights::metropolis, GossipWeights::uniform}) {
    CHECK(spectrum(graph("complete", 9), weights).mu_2 == Approx(9));
    CHECK(spectrum(graph("complete", 9), weights).gap == Approx(1));
  }
}

TEST_CASE("a star has mu_2 = 1 and, by Metropolis weights 1 / n, the gap 1 / n") {
  CHECK(spectrum(graph("star", 8)).mu_2 == Approx(1));
  CHECK(spectrum(graph("star", 8)).gap == Approx(1.0 / 8));
}

TEST_CASE("a torus of a x b has the mu_2 of its longer cycle, and a fifth of it as gap") {
  const double mu_2 = 2 - 2 * std::cos(2 * kPi / 6);
  CHECK(spectrum(graph("torus", 24)).mu_2 == Approx(mu_2));  // 4 x 6
  CHECK(spectrum(graph("torus", 24)).gap == Approx(mu_2 / 5));
}

TEST_CASE(
    "a chain has mu_2 = 2 - 2 cos(pi / n), and the cosines of its middles as Fiedler vector") {
  const GraphSpectrum chain = spectrum(graph("chain", 7));
  CHECK(chain.mu_2 == Approx(2 - 2 * std::cos(kPi / 7)));
  for (std::size_t v = 0; v < 7; ++v)
    CHECK(chain.fiedler[v] ==
          Approx(std::sqrt(2.0 / 7) * std::cos(kPi * (double(v) + 0.5) / 7)).margin(1e-12));
}

TEST_CASE("two worlds have mu_2 = twice their links") {
  // The vector of 1 on one world and -1 on the other: each node differs from k neighbours by 2.
  const Graph worlds = graph("two_worlds", 26, {{"links", std::int64_t{4}}});
  CHECK(spectrum(worlds).mu_2 == Approx(8));
}

TEST_CASE("by Laplacian weights the gap is mu_2 over the largest degree, or less") {
  // I - L / D: a bipartite graph of one degree has the eigenvalue -1, too.
  CHECK(spectrum(graph("ring", 9), GossipWeights::laplacian).gap ==
        Approx(1 - std::cos(kPi / 9)));  // lambda = cos(8 pi / 9) is nearest to -1
  CHECK(spectrum(graph("ring", 8), GossipWeights::laplacian).gap == Approx(0).margin(1e-12));
}

TEST_CASE("uniform weights have the eigenvalues of their own matrix") {
  // A star of 3: rows (1, 1, 1) / 3, (1, 1, 0) / 2, (1, 0, 1) / 2, with eigenvalues 1, 1/2, -1/6.
  CHECK(spectrum(graph("star", 3), GossipWeights::uniform).gap == Approx(0.5));
}

TEST_CASE("the weights of Byzantine neighbours count as a node's own") {
  // Two honest nodes of a triangle by thirds: rows (2, 1) / 3 and (1, 2) / 3.
  CHECK(spectrum_of(graph("complete", 3), 2, GossipWeights::metropolis).gap == Approx(2.0 / 3));
  CHECK(spectrum_of(graph("complete", 3), 2, GossipWeights::metropolis).mu_2 == Approx(2));
}

TEST_CASE("a disconnected honest part has neither a gap nor connectivity") {
  // Of a star without its centre: nodes 1, 2, 3 alone.
  const PlacedGraph star =
      place_byzantine(graph("star", 4), placement("list", {{"nodes", Integers{0}}}), {3, 1}, 1);
  const GraphSpectrum spectrum = spectrum_of(star.graph, 3, GossipWeights::metropolis);
  CHECK(spectrum.gap == Approx(0).margin(1e-12));
  CHECK(spectrum.mu_2 == Approx(0).margin(1e-12));
}

TEST_CASE("one honest node agrees with itself") {
  const GraphSpectrum one = spectrum_of(graph("complete", 3), 1, GossipWeights::uniform);
  CHECK(one.gap == 1);
  CHECK(one.fiedler.empty());
}

TEST_CASE("more nodes than a spectrum can take are refused") {
  CHECK_FALSE(spectrum_problem(2000));
  CHECK(spectrum_problem(2001) ==
        "the spectrum is computed for at most 2000 honest nodes, not 2001");
}

TEST_CASE("the Fiedler vector of the cut is Eigen's where there is one alone") {
  for (const char* name :
       {"chain", "binary_tree", "two_cliques", "erdos_renyi", "random_regular"}) {
    CAPTURE(name);
    const Graph made = graph(name, 40);
    const std::vector<double> own = fiedler_vector(made, 40);
    const GraphSpectrum eigen = spectrum(made);
    CHECK(residual(made, own, eigen.mu_2) < 1e-8);
    CHECK(inner(own, own) == Approx(1));
    CHECK(std::fabs(inner(own, eigen.fiedler)) == Approx(1).epsilon(1e-9));
  }
}

TEST_CASE("the Fiedler vector of a ring is one of the two-dimensional space") {
  const Graph ring = graph("ring", 50);
  const std::vector<double> fiedler = fiedler_vector(ring, 50);
  CHECK(residual(ring, fiedler, 2 - 2 * std::cos(2 * kPi / 50)) < 1e-8);
}

}  // namespace byzsim::spectrum_test
