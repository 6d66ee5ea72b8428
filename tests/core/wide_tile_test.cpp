#include "core/kernels/wide_tile.h"

#include <array>
#include <cmath>
#include <vector>

#include "tests/catch.h"

namespace byzsim {
namespace {

// Values of no pattern, of both signs.
float value(std::size_t vector, std::size_t c) {
  return static_cast<float>(std::sin(static_cast<double>(vector * 977 + c * c + 1)));
}

// The square as the narrow registers of distance_tiles sum it: eight lanes, then neighbours, then
// their neighbours, then the two halves.
double in_eight_lanes(const std::vector<float>& a, const std::vector<float>& b) {
  std::array<float, 8> lanes{};
  for (std::size_t c = 0; c < a.size(); ++c) {
    const float difference = a[c] - b[c];
    lanes[c % 8] = std::fma(difference, difference, lanes[c % 8]);
  }
  const float first = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  const float second = (lanes[4] + lanes[5]) + (lanes[6] + lanes[7]);
  return double{first + second};
}

}  // namespace

TEST_CASE("a wide tile adds the bits that eight lanes make, and to no other place") {
  if (!has_wide_registers()) {
    WARN("skipped: this machine has no registers of 512 bits");
    return;
  }
  constexpr std::size_t stride = 11;
  for (const std::size_t length : {8, 16, 128})
    for (std::size_t columns = 1; columns <= kWideColumns; ++columns) {
      std::vector<std::vector<float>> vectors(kWideRows + columns);
      std::vector<const float*> pointers;
      for (std::size_t i = 0; i < vectors.size(); ++i) {
        for (std::size_t c = 0; c < length; ++c) vectors[i].push_back(value(i, c));
        pointers.push_back(vectors[i].data());
      }
      std::vector<double> sums(kWideRows * stride, 0.5);  // what is there is added to
      add_wide_tile(columns, pointers.data(), pointers.data() + kWideRows, 0, length, sums.data(),
                    stride);
      for (std::size_t row = 0; row < kWideRows; ++row)
        for (std::size_t k = 0; k < stride; ++k) {
          INFO(length << " coordinates, row " << row << ", column " << k << " of " << columns);
          const double expected =
              k < columns ? 0.5 + in_eight_lanes(vectors[row], vectors[kWideRows + k]) : 0.5;
          CHECK(sums[row * stride + k] == expected);
        }
    }
}

TEST_CASE("a wide tile begins and ends at the coordinates asked for") {
  if (!has_wide_registers()) {
    WARN("skipped: this machine has no registers of 512 bits");
    return;
  }
  std::vector<float> zeros(24, 0.0f), ones(24, 1.0f);
  const std::array<const float*, kWideRows> rows{zeros.data(), ones.data(), zeros.data(),
                                                 ones.data()};
  const float* const column = zeros.data();
  std::vector<double> sums(kWideRows * kWideColumns, 0.0);
  add_wide_tile(1, rows.data(), &column, 8, 24, sums.data(), kWideColumns);
  CHECK(sums[0] == 0);
  CHECK(sums[kWideColumns] == 16);  // 16 differences of 1
}

}  // namespace byzsim
