// A subset has diameter at most t exactly when no two of its members conflict, that is, are further
// than t apart; its complement is then a vertex cover of the conflict graph. So the least t is
// found by binary search over the distances, and each question "is there a cover of at most f
// vertices?" by a depth-first search that first takes every vertex some best cover must hold.
#include "core/rules/minimum_diameter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>

#include "core/check.h"

namespace byzsim {
namespace {

// A set of vertices in a fixed number of words.
template <std::size_t Words>
struct VertexSet {
  std::array<std::uint64_t, Words> words{};

  void insert(int v) { words[word_of(v)] |= bit_of(v); }
  void erase(int v) { words[word_of(v)] &= ~bit_of(v); }
  bool contains(int v) const { return words[word_of(v)] & bit_of(v); }
  int size() const {
    int count = 0;
    for (const std::uint64_t word : words) count += std::popcount(word);
    return count;
  }
  VertexSet operator&(const VertexSet& other) const {
    VertexSet both;
    for (std::size_t w = 0; w < Words; ++w) both.words[w] = words[w] & other.words[w];
    return both;
  }
  VertexSet without(const VertexSet& other) const {
    VertexSet rest;
    for (std::size_t w = 0; w < Words; ++w) rest.words[w] = words[w] & ~other.words[w];
    return rest;
  }
  template <class Body>
  void for_each(const Body& body) const {
    for (std::size_t w = 0; w < Words; ++w)
      for (std::uint64_t left = words[w]; left != 0; left &= left - 1)
        body(static_cast<int>(64 * w) + std::countr_zero(left));
  }
  int first() const {
    for (std::size_t w = 0; w < Words; ++w)
      if (words[w] != 0) return static_cast<int>(64 * w) + std::countr_zero(words[w]);
    return -1;
  }

 private:
  static std::size_t word_of(int v) { return static_cast<std::size_t>(v) / 64; }
  static std::uint64_t bit_of(int v) { return std::uint64_t{1} << (v % 64); }
};

// Which pairs of vectors are too far apart, and the search for a small cover of those pairs.
template <std::size_t Words>
class ConflictGraph {
 public:
  using Set = VertexSet<Words>;

  ConflictGraph(const DistanceMatrix& distances, double threshold, const Executor& executor)
      : conflicts_(distances.n()), executor_(executor) {
    const int n = static_cast<int>(distances.n());
    for (int i = 0; i < n; ++i) all_.insert(i);
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j)
        if (distances(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) > threshold) {
          conflicts_[static_cast<std::size_t>(i)].insert(j);
          conflicts_[static_cast<std::size_t>(j)].insert(i);
        }
  }

  const Set& all() const { return all_; }
  const Set& conflicts(int v) const { return conflicts_[static_cast<std::size_t>(v)]; }

  /// Removes at most `budget` vertices from `alive` so that no conflict is left; false, with
  /// `alive` in no particular state, when that is impossible.
  bool remove_conflicts(Set& alive, int budget) const {
    executor_.interruption_point();
    int pivot = 0;
    switch (reduce(alive, budget, pivot)) {
      case Reduced::solved:
        return true;
      case Reduced::impossible:
        return false;
      case Reduced::open:
        break;
    }
    // Either the pivot goes, or all that it conflicts with.
    const Set neighbours = conflicts(pivot) & alive;
    Set with_pivot = alive.without(neighbours);
    alive.erase(pivot);
    if (remove_conflicts(alive, budget - 1)) return true;
    if (!remove_conflicts(with_pivot, budget - neighbours.size())) return false;
    alive = with_pivot;
    return true;
  }

 private:
  enum class Reduced { solved, impossible, open };

  // What one pass over the degrees of the remaining graph tells.
  struct Degrees {
    int edges = 0;
    int largest = 0;
    int of_largest = -1;    // a vertex of that degree
    int beside_leaf = -1;   // the only neighbour of some vertex
    bool too_many = false;  // no `budget` vertices touch all edges
  };

  Degrees degrees_of(const Set& alive, int budget) const {
    Degrees degrees;
    std::array<int, 64 * Words> vertices_of_degree;
    // Only as many as there are vertices: the array is made for the largest n, and this runs often.
    std::fill_n(vertices_of_degree.begin(), conflicts_.size(), 0);
    int ends = 0;
    alive.for_each([&](int v) {
      const Set neighbours = conflicts(v) & alive;
      const int degree = neighbours.size();
      ends += degree;
      ++vertices_of_degree[static_cast<std::size_t>(degree)];
      // To take the neighbour of a leaf is never worse than to take the leaf.
      if (degree == 1) degrees.beside_leaf = neighbours.first();
      if (degree > degrees.largest) {
        degrees.largest = degree;
        degrees.of_largest = v;
      }
    });
    degrees.edges = ends / 2;
    int reachable = 0, left = budget;
    // The `budget` vertices of largest degree touch the most edges that any could.
    for (int degree = degrees.largest; degree > 0 && left > 0; --degree) {
      const int taken = std::min(left, vertices_of_degree[static_cast<std::size_t>(degree)]);
      reachable += taken * degree;
      left -= taken;
    }
    degrees.too_many = reachable < degrees.edges;
    return degrees;
  }

  // Takes vertices that some smallest cover holds until none is evident: a vertex with more
  // neighbours than the budget, the neighbour of a leaf, and, when all degrees are 2, any vertex of
  // a cycle. Then `pivot` is the vertex to branch on.
  Reduced reduce(Set& alive, int& budget, int& pivot) const {
    for (;;) {
      if (budget < 0) return Reduced::impossible;
      const Degrees degrees = degrees_of(alive, budget);
      if (degrees.edges == 0) return Reduced::solved;
      // The cheap bound first: it needs nothing but the degrees.
      if (degrees.too_many) return Reduced::impossible;
      if (degrees.largest > budget || degrees.largest == 1) {
        alive.erase(degrees.of_largest);
      } else if (degrees.beside_leaf >= 0) {
        alive.erase(degrees.beside_leaf);
      } else if (degrees.largest == 2) {
        alive.erase(degrees.of_largest);
      } else {
        pivot = degrees.of_largest;
        return least_cover(alive) > budget ? Reduced::impossible : Reduced::open;
      }
      --budget;
    }
  }

  // A lower bound: of every clique all vertices but one must go; the cliques here are disjoint.
  int least_cover(Set alive) const {
    int least = 0;
    // Greedily, from the lowest vertex: any disjoint cliques give a bound, and this is quick.
    for (int v = alive.first(); v >= 0; v = alive.first()) {
      alive.erase(v);
      Set common = conflicts(v) & alive;
      for (int u = common.first(); u >= 0; u = common.first()) {
        alive.erase(u);
        common = common & conflicts(u);
        ++least;
      }
    }
    return least;
  }

  std::vector<Set> conflicts_;
  Set all_;
  const Executor& executor_;
};

// All distances between different vectors.
std::vector<double> all_distances(const DistanceMatrix& distances) {
  std::vector<double> all;
  for (std::size_t i = 0; i < distances.n(); ++i)
    for (std::size_t j = i + 1; j < distances.n(); ++j) all.push_back(distances(i, j));
  return all;
}

// The least distance at which enough vectors are left. Halves the distances that it may be, without
// sorting them.
template <std::size_t Words>
double least_diameter(const DistanceMatrix& distances, int excluded, const Executor& executor) {
  std::vector<double> candidates = all_distances(distances);
  auto first = candidates.begin(), last = candidates.end();
  // The largest one needs no search: without conflicts any subset will do.
  while (last - first > 1) {
    const auto middle = first + (last - first - 1) / 2;
    std::nth_element(first, middle, last);
    const double threshold = *middle;
    const ConflictGraph<Words> graph(distances, threshold, executor);
    auto alive = graph.all();
    if (graph.remove_conflicts(alive, excluded)) {
      last = middle + 1;
    } else {
      // Equal ones would only be searched again.
      first = std::partition(middle + 1, last, [&](double each) { return each <= threshold; });
    }
  }
  return *first;
}

// The lexicographically first conflict-free set of `size` vertices: each index is taken if a whole
// set can still be completed. `witness` is such a completion, so its members need no search.
template <std::size_t Words>
std::vector<int> first_subset(const ConflictGraph<Words>& graph, int n, int size) {
  auto witness = graph.all(), open = graph.all();
  int budget = n - size;
  BYZ_CHECK(graph.remove_conflicts(witness, budget), "the diameter found is reached by no subset");
  std::vector<int> subset;
  for (int v = 0; static_cast<int>(subset.size()) < size; ++v) {
    if (!open.contains(v)) continue;
    const auto excluded = graph.conflicts(v) & open;
    bool take = witness.contains(v);
    if (!take && excluded.size() <= budget) {
      auto alive = open.without(excluded);
      take = graph.remove_conflicts(alive, budget - excluded.size());
      if (take) witness = alive;
    }
    if (take) {
      subset.push_back(v);
      open = open.without(excluded);
      budget -= excluded.size();
    } else {
      open.erase(v);
      --budget;
    }
  }
  return subset;
}

template <std::size_t Words>
std::vector<int> search(const DistanceMatrix& distances, int size, const Executor& executor) {
  const int n = static_cast<int>(distances.n());
  const ConflictGraph<Words> graph(distances, least_diameter<Words>(distances, n - size, executor),
                                   executor);
  return first_subset(graph, n, size);
}

}  // namespace

std::vector<int> minimum_diameter_subset(const DistanceMatrix& distances, int size,
                                         const Executor& executor) {
  const std::size_t n = distances.n();
  BYZ_CHECK(size >= 1 && static_cast<std::size_t>(size) <= n, "a subset has 1 to n members");
  BYZ_CHECK(n <= kMinimumDiameterVectors, "too many vectors for the minimum-diameter search");
  // No pair, or no choice: the first in lexicographic order.
  if (size == 1 || static_cast<std::size_t>(size) == n) {
    std::vector<int> first(static_cast<std::size_t>(size));
    std::iota(first.begin(), first.end(), 0);
    return first;
  }
  // Fewer words where they suffice: every operation on sets costs a step a word.
  if (n <= 64) return search<1>(distances, size, executor);
  if (n <= 256) return search<4>(distances, size, executor);
  if (n <= 512) return search<8>(distances, size, executor);
  return search<kMinimumDiameterVectors / 64>(distances, size, executor);
}

}  // namespace byzsim
