#include "core/kernels/selection_network.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::selection_network_test {
namespace {

// A network moves any values as it moves zeros and ones (the 0-1 principle), so it selects rank r
// of n values if it does so for all 2^n columns of zeros and ones, 64 columns a word.
int zero_one_faults(std::size_t n, std::size_t first, std::size_t last) {
  const SelectionNetwork network = selection_network(n, first, last);
  int faults = 0;
  for (std::uint64_t column = 0; column < (std::uint64_t{1} << n); column += 64) {
    std::vector<std::uint64_t> words(n, 0);
    std::vector<int> ones(64, 0);
    for (std::uint64_t bit = 0; bit < 64; ++bit) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t value = (column + bit) >> i & 1;
        words[i] |= value << bit;
        ones[bit] += static_cast<int>(value);
      }
    }
    for (const auto [low, high] : network.comparators) {
      const std::uint64_t least = words[low] & words[high];
      words[high] |= words[low];
      words[low] = least;
    }
    for (std::uint64_t bit = 0; bit < 64; ++bit)
      for (std::size_t rank = first; rank <= last; ++rank) {
        const bool expected = static_cast<int>(n - rank) <= ones[bit];
        faults += expected != static_cast<bool>(words[network.places[rank]] >> bit & 1);
      }
  }
  return faults;
}

TEST_CASE("Networks sort all columns of zeros and ones, for 1 to 14 values",
          "[selection_network]") {
  for (std::size_t n = 1; n <= 14; ++n) {
    CAPTURE(n);
    CHECK(zero_one_faults(n, 0, n - 1) == 0);
  }
}

TEST_CASE("Pruned networks select the middle of all columns of zeros and ones",
          "[selection_network]") {
  for (std::size_t n = 1; n <= 14; ++n) {
    CAPTURE(n);
    CHECK(zero_one_faults(n, (n - 1) / 2, n / 2) == 0);
  }
}

TEST_CASE("A pruned network selects any range of ranks", "[selection_network]") {
  for (std::size_t first = 0; first < 9; ++first)
    for (std::size_t last = first; last < 9; ++last) CHECK(zero_one_faults(9, first, last) == 0);
}

TEST_CASE("Networks sort random values, for 15 to 100 values", "[selection_network]") {
  for (std::size_t n = 15; n <= 100; ++n) {
    const SelectionNetwork network = selection_network(n, 0, n - 1);
    Stream stream(5, Purpose::attack, n, 0);
    for (int trial = 0; trial < 50; ++trial) {
      std::vector<std::uint64_t> values;
      for (std::size_t i = 0; i < n; ++i) values.push_back(stream.below(trial < 25 ? 2 : 1000));
      std::vector<std::uint64_t> sorted = values, found;
      std::sort(sorted.begin(), sorted.end());
      for (const auto [low, high] : network.comparators)
        if (values[high] < values[low]) std::swap(values[low], values[high]);
      for (const std::uint32_t place : network.places) found.push_back(values[place]);
      REQUIRE(found == sorted);
    }
  }
}

TEST_CASE("Merging networks select any rank of runs that are in order", "[selection_network]") {
  Stream stream(6, Purpose::attack, 0, 0);
  for (const std::vector<std::size_t>& runs :
       {std::vector<std::size_t>{7}, {4, 5}, {1, 1, 1}, {9, 2, 13}, {40, 40}, {64, 64, 63, 65}}) {
    std::size_t n = 0;
    for (const std::size_t run : runs) n += run;
    for (std::size_t rank = 0; rank < n; ++rank) {
      const SelectionNetwork network = merging_network(runs, rank, rank);
      std::vector<std::uint64_t> values;
      for (std::size_t i = 0; i < n; ++i) values.push_back(stream.below(rank % 2 == 0 ? 2 : 1000));
      auto begin = values.begin();
      for (const std::size_t run : runs) {
        const auto end = begin + static_cast<std::ptrdiff_t>(run);
        std::sort(begin, end);
        begin = end;
      }
      std::vector<std::uint64_t> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      for (const auto [low, high] : network.comparators)
        if (values[high] < values[low]) std::swap(values[low], values[high]);
      REQUIRE(values[network.places[rank]] == sorted[rank]);
    }
  }
}

TEST_CASE("The median of two runs of 40 takes far fewer comparators than that of 80 values",
          "[selection_network]") {
  CHECK(selection_network(80, 39, 40).comparators.size() == 645);
  CHECK(merging_network({40, 40}, 39, 40).comparators.size() == 79);
}

TEST_CASE("Networks are as small as odd-even merge makes them", "[selection_network]") {
  // Knuth, The Art of Computer Programming 3, section 5.3.4, table 1.
  CHECK(selection_network(4, 0, 3).comparators.size() == 5);
  CHECK(selection_network(8, 0, 7).comparators.size() == 19);
  CHECK(selection_network(16, 0, 15).comparators.size() == 63);
  CHECK(selection_network(11, 5, 5).comparators.size() == 31);
}

}  // namespace
}  // namespace byzsim::selection_network_test
