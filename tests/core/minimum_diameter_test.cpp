#include "core/rules/minimum_diameter.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::minimum_diameter_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double diameter_of(const DistanceMatrix& distances, const std::vector<int>& subset) {
  double largest = 0;
  for (const int i : subset)
    for (const int j : subset)
      if (i < j)
        largest =
            std::max(largest, distances(static_cast<std::size_t>(i), static_cast<std::size_t>(j)));
  return largest;
}

// The next list in lexicographic order of `subset`'s length out of 0 ... n-1; false at the end.
bool next_combination(std::vector<int>& subset, int n) {
  const int size = static_cast<int>(subset.size());
  for (int place = size - 1; place >= 0; --place) {
    int& index = subset[static_cast<std::size_t>(place)];
    if (index == n - size + place) continue;
    std::iota(subset.begin() + place, subset.end(), index + 1);
    return true;
  }
  return false;
}

// The definition: all subsets in lexicographic order, the first of the least diameter wins.
std::vector<int> enumerated(const DistanceMatrix& distances, int size) {
  std::vector<int> subset(static_cast<std::size_t>(size));
  std::iota(subset.begin(), subset.end(), 0);
  std::vector<int> best = subset;
  while (next_combination(subset, static_cast<int>(distances.n())))
    if (diameter_of(distances, subset) < diameter_of(distances, best)) best = subset;
  return best;
}

std::vector<int> tightest_subset(const DistanceMatrix& distances, int size) {
  return minimum_diameter_subset(distances, size, Executor(1));
}

DistanceMatrix distances_on_line(const std::vector<double>& points) {
  DistanceMatrix distances(points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j)
      distances.set(i, j, (points[i] - points[j]) * (points[i] - points[j]));
  return distances;
}

// Each distance one of 0 ... levels - 1; no geometry, so any conflict graph can come.
DistanceMatrix random_distances(Stream& stream, std::size_t n, std::uint64_t levels) {
  DistanceMatrix distances(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      distances.set(i, j, static_cast<double>(stream.below(levels)));
  return distances;
}

// Points of a small integer grid in the plane: many equal distances and equal points.
DistanceMatrix grid_distances(Stream& stream, std::size_t n, std::uint64_t side) {
  std::vector<double> x(n), y(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = static_cast<double>(stream.below(side));
    y[i] = static_cast<double>(stream.below(side));
  }
  DistanceMatrix distances(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      distances.set(i, j, (x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]));
  return distances;
}

TEST_CASE("The tightest subset is found", "[minimum_diameter]") {
  CHECK(tightest_subset(distances_on_line({0, 50, 1, 3, 2}), 4) == std::vector<int>{0, 2, 3, 4});
}

TEST_CASE("Among equal diameters the first in lexicographic order wins", "[minimum_diameter]") {
  // {0, 1, 10} and {1, 10, 11} both span 10; ByzFL's example of a tie.
  CHECK(tightest_subset(distances_on_line({0, 1, 10, 11}), 3) == std::vector<int>{0, 1, 2});
  CHECK(tightest_subset(distances_on_line({5, 5, 5, 5}), 2) == std::vector<int>{0, 1});
}

TEST_CASE("A subset of one is the first vector, of all is all", "[minimum_diameter]") {
  const DistanceMatrix distances = distances_on_line({3, 1, 1});
  CHECK(tightest_subset(distances, 1) == std::vector<int>{0});
  CHECK(tightest_subset(distances, 3) == std::vector<int>{0, 1, 2});
}

TEST_CASE("The search agrees with enumeration on 10,000 random cases", "[minimum_diameter]") {
  int differences = 0;
  for (std::uint64_t round = 0; round < 10'000; ++round) {
    Stream stream(3, Purpose::attack, 0, round);
    const std::size_t n = 1 + stream.below(10);
    const int size = static_cast<int>(1 + stream.below(n));
    const DistanceMatrix distances = stream.below(2) == 0
                                         ? grid_distances(stream, n, 2 + stream.below(6))
                                         : random_distances(stream, n, 2 + stream.below(20));
    differences += tightest_subset(distances, size) != enumerated(distances, size);
  }
  CHECK(differences == 0);
}

TEST_CASE("The search agrees with enumeration for 18 vectors", "[minimum_diameter]") {
  for (std::uint64_t round = 0; round < 60; ++round) {
    Stream stream(4, Purpose::attack, 0, round);
    const DistanceMatrix distances = random_distances(stream, 18, 2 + 5 * (round % 4));
    const int size = static_cast<int>(10 + stream.below(8));
    CAPTURE(round, size);
    CHECK(tightest_subset(distances, size) == enumerated(distances, size));
  }
}

TEST_CASE("On a line the search agrees with sliding windows for up to 513 vectors",
          "[minimum_diameter]") {
  for (const std::size_t n : {63UL, 64UL, 65UL, 129UL, 300UL, 512UL, 513UL}) {
    Stream stream(5, Purpose::attack, 0, n);
    std::vector<double> points(n);
    for (double& point : points) point = stream.uniform();
    const int size = static_cast<int>(n - (n - 1) / 3);
    std::vector<double> sorted = points;
    std::sort(sorted.begin(), sorted.end());
    double narrowest = 1;
    for (std::size_t i = 0; i + static_cast<std::size_t>(size) <= n; ++i)
      narrowest = std::min(narrowest, sorted[i + static_cast<std::size_t>(size) - 1] - sorted[i]);
    const DistanceMatrix distances = distances_on_line(points);
    CAPTURE(n);
    CHECK(diameter_of(distances, tightest_subset(distances, size)) == narrowest * narrowest);
  }
}

TEST_CASE("Vectors infinitely far from all are left out while they can be", "[minimum_diameter]") {
  DistanceMatrix distances = distances_on_line({0, 1e100, -1e100, 7, 5});
  for (const std::size_t strange : {0UL, 3UL})
    for (std::size_t other = 0; other < 5; ++other)
      if (other != strange) distances.set(strange, other, kInfinity);
  CHECK(tightest_subset(distances, 3) == std::vector<int>{1, 2, 4});
  CHECK(tightest_subset(distances, 4) == std::vector<int>{0, 1, 2, 3});  // no way around
}

TEST_CASE("A search can be broken off", "[minimum_diameter]") {
  const Executor executor(1, Launched::soon, [] { throw std::runtime_error("enough"); });
  CHECK_THROWS_WITH(minimum_diameter_subset(distances_on_line({0, 1, 2}), 2, executor), "enough");
}

TEST_CASE("Asking for no vector, or for more than there are, is a programmer error",
          "[minimum_diameter]") {
  const DistanceMatrix distances = distances_on_line({0, 1});
  CHECK_THROWS_AS(tightest_subset(distances, 0), InternalError);
  CHECK_THROWS_AS(tightest_subset(distances, 3), InternalError);
}

}  // namespace
}  // namespace byzsim::minimum_diameter_test
