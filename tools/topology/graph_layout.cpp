#include "tools/topology/graph_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/check.h"
#include "core/exact/portable_math.h"
#include "core/graphs/fiedler_cut.h"
#include "core/graphs/graph_draws.h"

namespace byzsim {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Shares of honest pairs that are joined. Above the first one, the lengths of paths are 1 or 2,
// which shows nothing; above the second one, nor does anything else.
constexpr double kDense = 0.4;
constexpr double kComplete = 0.9;
// Two sides are shown where the share across is below this part of the share within. With fewer
// edges across than the second one, the lengths of paths show them better.
constexpr double kApart = 0.7;
constexpr double kFewAcross = 0.25;
constexpr int kScalingRounds = 100;
constexpr int kStressRounds = 120;

// Row by row, the length of the shortest path between each two vertices.
struct PathLengths {
  std::size_t count;
  std::vector<float> values;
  double operator()(std::size_t a, std::size_t b) const { return values[a * count + b]; }
};

void measure_paths_from(const Graph& graph, std::uint32_t start, PathLengths& lengths) {
  float* const row = lengths.values.data() + std::size_t{start} * lengths.count;
  std::vector<std::uint32_t> reached = {start};
  row[start] = 0;
  for (std::size_t next = 0; next < reached.size(); ++next)
    for (const std::uint32_t neighbour : graph.neighbours[reached[next]])
      if (row[neighbour] < 0) {
        row[neighbour] = row[reached[next]] + 1;
        reached.push_back(neighbour);
      }
}

// Vertices that no path joins are somewhat further apart than any that one joins.
PathLengths path_lengths(const Graph& graph) {
  const std::size_t count = graph.vertices();
  PathLengths lengths{count, std::vector<float>(count * count, -1)};
  for (std::uint32_t v = 0; v < count; ++v) measure_paths_from(graph, v, lengths);
  const float longest = *std::max_element(lengths.values.begin(), lengths.values.end());
  std::replace(lengths.values.begin(), lengths.values.end(), -1.0f, 1.5f * longest + 1);
  return lengths;
}

std::vector<Place> circle_of(std::size_t count) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = 2 * kPi * static_cast<double>(i) / static_cast<double>(count);
    places.push_back({portable::sin(angle), -portable::cos(angle)});  // from the top, clockwise
  }
  return places;
}

// -1/2 of the squared lengths, with the means of rows and columns taken out: inner products of
// places that have these distances.
std::vector<double> inner_products_of(const PathLengths& lengths) {
  const std::size_t count = lengths.count;
  std::vector<double> products(count * count), means(count, 0.0);
  double mean = 0;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < count; ++b) means[a] += lengths(a, b) * lengths(a, b);
    means[a] /= static_cast<double>(count);
    mean += means[a] / static_cast<double>(count);
  }
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < count; ++b)
      products[a * count + b] = (means[a] + means[b] - mean - lengths(a, b) * lengths(a, b)) / 2;
  return products;
}

double scale_to_norm_1(std::vector<double>& x) {
  double squared = 0;
  for (const double value : x) squared += value * value;
  const double norm = std::sqrt(squared);
  if (norm > 0)
    for (double& value : x) value /= norm;
  return norm;
}

// x without its part along a vector of norm 1.
void make_orthogonal(std::vector<double>& x, const std::vector<double>& unit) {
  double along = 0;
  for (std::size_t i = 0; i < x.size() && i < unit.size(); ++i) along += x[i] * unit[i];
  for (std::size_t i = 0; i < x.size() && i < unit.size(); ++i) x[i] -= along * unit[i];
}

// The largest eigenvector, by power iteration, orthogonal to another one (empty: to none), times
// the root of its eigenvalue.
std::vector<double> scaled_axis(const std::vector<double>& products, std::size_t count,
                                const std::vector<double>& other, std::uint64_t number) {
  Stream stream = graph_stream(0, GraphDraw::guess, number);
  std::vector<double> axis(count), next(count);
  for (double& value : axis) value = stream.uniform(-1, 1);
  double eigenvalue = 0;
  for (int round = 0; round < kScalingRounds; ++round) {
    make_orthogonal(axis, other);
    scale_to_norm_1(axis);
    for (std::size_t a = 0; a < count; ++a) {
      next[a] = 0;
      for (std::size_t b = 0; b < count; ++b) next[a] += products[a * count + b] * axis[b];
    }
    std::swap(axis, next);
    eigenvalue = scale_to_norm_1(axis);
  }
  make_orthogonal(axis, other);
  for (double& value : axis) value *= std::sqrt(eigenvalue);
  return axis;
}

std::vector<Place> classical_scaling(const PathLengths& lengths) {
  const std::vector<double> products = inner_products_of(lengths);
  const std::vector<double> x = scaled_axis(products, lengths.count, {}, 0);
  std::vector<double> unit = x;
  scale_to_norm_1(unit);
  const std::vector<double> y = scaled_axis(products, lengths.count, unit, 1);
  // A little noise, as vertices in one place would stay together.
  Stream stream = graph_stream(0, GraphDraw::guess, 2);
  std::vector<Place> places;
  for (std::size_t v = 0; v < lengths.count; ++v) {
    const double dx = stream.uniform(-0.05, 0.05), dy = stream.uniform(-0.05, 0.05);
    places.push_back({x[v] + dx, y[v] + dy});
  }
  return places;
}

// Where the others, each at its length of path in its present direction, would have a vertex; the
// nearer ones count more, by the inverse square.
Place wanted_place(const std::vector<Place>& places, const PathLengths& lengths, std::size_t v) {
  double x = 0, y = 0, sum = 0;
  for (std::size_t w = 0; w < places.size(); ++w) {
    if (w == v) continue;
    const double dx = places[v].x - places[w].x, dy = places[v].y - places[w].y;
    const double distance = std::max(std::sqrt(dx * dx + dy * dy), 1e-9);
    const double length = lengths(v, w), weight = 1 / (length * length);
    x += weight * (places[w].x + dx / distance * length);
    y += weight * (places[w].y + dy / distance * length);
    sum += weight;
  }
  return {x / sum, y / sum};
}

void reduce_stress(std::vector<Place>& places, const PathLengths& lengths) {
  for (int round = 0; round < kStressRounds; ++round)
    for (std::size_t v = 0; v < places.size(); ++v) places[v] = wanted_place(places, lengths, v);
}

// Into the circle of radius 1, whose centre is the middle of the places.
void fit_into_circle(std::vector<Place>& places) {
  const auto by_x = [](const Place& a, const Place& b) { return a.x < b.x; };
  const auto by_y = [](const Place& a, const Place& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(places.begin(), places.end(), by_x);
  const auto [top, bottom] = std::minmax_element(places.begin(), places.end(), by_y);
  const Place middle{(left->x + right->x) / 2, (top->y + bottom->y) / 2};
  double radius = 0;
  for (Place& place : places) {
    place = {place.x - middle.x, place.y - middle.y};
    radius = std::max(radius, std::sqrt(place.x * place.x + place.y * place.y));
  }
  if (radius > 0)
    for (Place& place : places) place = {place.x / radius, place.y / radius};
}

// Pairs of honest vertices, by whether a cut is between them.
struct PairShares {
  std::size_t pairs[2] = {0, 0};
  std::size_t joined[2] = {0, 0};
  double share(std::size_t across) const {
    return static_cast<double>(joined[across]) /
           static_cast<double>(std::max<std::size_t>(pairs[across], 1));
  }
  double of_all() const {
    return static_cast<double>(joined[0] + joined[1]) /
           static_cast<double>(std::max<std::size_t>(pairs[0] + pairs[1], 1));
  }
};

PairShares pair_shares(const Graph& graph, std::size_t honest,
                       const std::vector<std::uint8_t>& sides) {
  PairShares shares;
  for (std::size_t v = 0; v < honest; ++v) {
    for (std::size_t w = 0; w < v; ++w) ++shares.pairs[sides[v] != sides[w]];
    for (const std::uint32_t w : graph.neighbours[v])
      if (w < v) ++shares.joined[sides[v] != sides[w]];
  }
  return shares;
}

bool has_two_sides(const PairShares& shares) {
  return shares.of_all() >= kDense && shares.share(1) >= kFewAcross &&
         shares.share(1) <= kApart * shares.share(0);
}

// Honest vertices on a circle for each side, in their order, and all others in a row below.
std::vector<Place> two_circles(std::size_t honest, const std::vector<std::uint8_t>& sides) {
  std::vector<Place> places(sides.size());
  const double up = honest < sides.size() ? 0.1 : 0;
  for (const std::uint8_t side : {std::uint8_t{0}, std::uint8_t{1}}) {
    std::vector<std::size_t> on_side;
    for (std::size_t v = 0; v < honest; ++v)
      if (sides[v] == side) on_side.push_back(v);
    const std::vector<Place> circle = circle_of(on_side.size());
    for (std::size_t i = 0; i < on_side.size(); ++i)
      places[on_side[i]] = {0.42 * circle[i].x + (side == 0 ? -0.54 : 0.54),
                            0.42 * circle[i].y - up};
  }
  const auto others = static_cast<double>(sides.size() - honest);
  for (std::size_t v = honest; v < sides.size(); ++v) {
    const double share = (static_cast<double>(v - honest) + 0.5) / others;
    places[v] = {std::min(0.15 * others, 1.2) * (share - 0.5), 0.75};
  }
  return places;
}

}  // namespace

std::vector<Place> layout_of(const Graph& graph, std::size_t honest) {
  BYZ_CHECK(graph.vertices() <= kMostDrawn, "a graph that is drawn has few vertices");
  BYZ_CHECK(honest >= 1 && honest <= graph.vertices(), "some vertices of a graph are honest");
  const std::vector<std::uint8_t> sides = fiedler_cut(graph, honest);
  const PairShares shares = pair_shares(graph, honest, sides);
  if (graph.vertices() < 3 || shares.of_all() >= kComplete) return circle_of(graph.vertices());
  if (has_two_sides(shares)) return two_circles(honest, sides);
  const PathLengths lengths = path_lengths(graph);
  std::vector<Place> places = classical_scaling(lengths);
  reduce_stress(places, lengths);
  fit_into_circle(places);
  return places;
}

}  // namespace byzsim
