#include "core/graphs/fiedler_cut.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/graphs/graph_draws.h"

namespace byzsim {
namespace {

using Vector = std::vector<double>;

// The work is bounded: seconds for the largest graphs, whose vector is then a rough one.
// Counted in products with the Laplacian, one for each vertex and neighbour, so that no clock
// decides.
constexpr std::size_t kMostWork = 1'000'000'000;
constexpr std::size_t kLeastProducts = 500;
// A change of the vector, and a residual, that count as none; squared, relative to the norm.
constexpr double kNoChange = 1e-20;
constexpr double kNoResidual = 1e-24;
// Entries that count as 0, relative to the largest.
constexpr double kNoEntry = 1e-9;

double inner_product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add_multiple(Vector& to, double factor, const Vector& of) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * of[i];
}

// Takes the mean out, to which the Laplacian is blind, and scales to norm 1.
void centre_and_scale(Vector& x) {
  double sum = 0;
  for (const double value : x) sum += value;
  for (double& value : x) value -= sum / static_cast<double>(x.size());
  const double norm = std::sqrt(inner_product(x, x));
  BYZ_CHECK(norm > 0, "a vector that is to be scaled is not constant");
  for (double& value : x) value /= norm;
}

// The Laplacian of the honest part times x.
void multiply_by_laplacian(const Graph& graph, const Vector& x, Vector& product) {
  for (std::size_t v = 0; v < x.size(); ++v) {
    double sum = 0;
    for (const std::uint32_t w : graph.neighbours[v]) {
      if (w >= x.size()) break;  // Byzantine ones come last
      sum += x[v] - x[w];
    }
    product[v] = sum;
  }
}

// The solution of L x = b without a mean, by conjugate gradients (Hestenes and Stiefel, Journal of
// Research of the National Bureau of Standards 49(6), 1952); b has no mean, and norm 1.
// Takes each product from those that are left.
Vector divide_by_laplacian(const Graph& graph, const Vector& b, std::size_t& products_left) {
  Vector x(b.size(), 0.0), residual = b, direction = b, product(b.size());
  double squared = inner_product(residual, residual);
  for (; products_left > 0 && squared > kNoResidual; --products_left) {
    multiply_by_laplacian(graph, direction, product);
    const double curvature = inner_product(direction, product);
    if (!(curvature > 0)) break;  // rounding alone is left
    add_multiple(x, squared / curvature, direction);
    add_multiple(residual, -squared / curvature, product);
    const double before = squared;
    squared = inner_product(residual, residual);
    for (std::size_t i = 0; i < direction.size(); ++i)
      direction[i] = residual[i] + squared / before * direction[i];
  }
  return x;
}

// A slope, which cuts ring and complete graph into halves that lie together, and a little noise, so
// that no symmetry of a graph hides its Fiedler vector.
Vector first_guess(std::size_t honest) {
  Stream stream = graph_stream(0, GraphDraw::guess, 0);
  Vector guess;
  for (std::size_t v = 0; v < honest; ++v)
    guess.push_back(static_cast<double>(v) / static_cast<double>(honest) + 1e-3 * stream.uniform());
  centre_and_scale(guess);
  return guess;
}

double squared_difference(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

void fix_zeros_and_sign(Vector& x) {
  double largest = 0;
  for (const double value : x) largest = std::max(largest, std::fabs(value));
  for (double& value : x)
    if (std::fabs(value) <= kNoEntry * largest) value = 0;
  const auto first = std::find_if(x.begin(), x.end(), [](double value) { return value != 0; });
  if (first != x.end() && *first < 0)
    for (double& value : x) value = -value;
}

std::uint8_t side_of_byzantine(const std::vector<std::uint32_t>& neighbours,
                               const std::vector<std::uint8_t>& sides, std::size_t honest) {
  std::size_t on_0 = 0, on_1 = 0;
  for (const std::uint32_t neighbour : neighbours)
    if (neighbour < honest) ++(sides[neighbour] == 0 ? on_0 : on_1);
  return on_1 > on_0 ? 1 : 0;
}

// The sides of the honest vertices; those of all others are 0.
std::vector<std::uint8_t> sides_of_honest(const Graph& graph, std::size_t honest,
                                          const Vector& fiedler) {
  std::vector<std::uint8_t> sides(graph.vertices(), 0);
  const std::vector<std::uint32_t> components = component_of(graph, honest);
  const auto is_apart = [](std::uint32_t component) { return component != 0; };
  if (std::any_of(components.begin(), components.end(), is_apart)) {
    for (std::size_t v = 0; v < honest; ++v) sides[v] = is_apart(components[v]) ? 1 : 0;
  } else if (honest > 1) {
    BYZ_CHECK(fiedler.size() == honest, "every honest vertex has an entry");
    for (std::size_t v = 0; v < honest; ++v) sides[v] = fiedler[v] < 0 ? 1 : 0;
  }
  return sides;
}

}  // namespace

std::vector<double> fiedler_vector(const Graph& graph, std::size_t honest) {
  BYZ_CHECK(honest >= 2 && is_connected(graph, honest),
            "a Fiedler vector is of a connected graph of two vertices or more");
  const std::size_t work = graph.vertices() + 2 * edge_count(graph);
  std::size_t products_left = std::max(kLeastProducts, kMostWork / work);
  Vector x = first_guess(honest);
  for (double change = 1; products_left > 0 && change > kNoChange;) {
    Vector next = divide_by_laplacian(graph, x, products_left);
    centre_and_scale(next);
    change = squared_difference(next, x);
    x = std::move(next);
  }
  fix_zeros_and_sign(x);
  return x;
}

std::vector<double> fiedler_vector_if_any(const Graph& graph, std::size_t honest) {
  if (honest < 2 || !is_connected(graph, honest)) return {};
  return fiedler_vector(graph, honest);
}

std::vector<std::uint8_t> fiedler_cut(const Graph& graph, std::size_t honest) {
  return fiedler_cut(graph, honest, fiedler_vector_if_any(graph, honest));
}

std::vector<std::uint8_t> fiedler_cut(const Graph& graph, std::size_t honest,
                                      const std::vector<double>& fiedler) {
  BYZ_CHECK(honest >= 1 && honest <= graph.vertices(), "some vertices of a graph are honest");
  std::vector<std::uint8_t> sides = sides_of_honest(graph, honest, fiedler);
  for (std::size_t v = honest; v < graph.vertices(); ++v)
    sides[v] = side_of_byzantine(graph.neighbours[v], sides, honest);
  return sides;
}

}  // namespace byzsim
