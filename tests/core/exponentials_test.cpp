#include "core/kernels/exponentials.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/exact/portable_math.h"
#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::exponentials_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Every border of portable::exp and portable::tanh, both sides of it, and values in between.
std::vector<double> arguments() {
  std::vector<double> values = {0.0, -0.0, kInfinity, -kInfinity, kNan, -kNan, 5e-324, 1e308};
  for (const double border : {0x1p-28, 1.0, 22.0, 709.78, 709.8, 709.9, 710.0, 744.4, 745.2, 745.6})
    for (const double factor : {1.0, 1 - 0x1p-24, 1 + 0x1p-24})
      for (const double sign : {1.0, -1.0}) values.push_back(sign * border * factor);
  Stream stream(1, Purpose::dataset, 0, 0);
  for (int i = 0; i < 20000; ++i) values.push_back(stream.uniform(-25, 25));
  for (int i = 0; i < 20000; ++i) values.push_back(stream.uniform(-760, 720));
  return values;
}

TEST_CASE("exponentials taken together have the bits of those taken one by one") {
  const std::vector<double> values = arguments();
  std::vector<double> together = values;
  exponentials(together);
  std::size_t different = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    different += std::bit_cast<std::uint64_t>(together[i]) !=
                 std::bit_cast<std::uint64_t>(portable::exp(values[i]));
  CHECK(different == 0);
}

TEST_CASE("hyperbolic tangents taken together have the bits of those taken one by one") {
  const std::vector<double> wide = arguments();
  const std::vector<float> values(wide.begin(), wide.end());
  std::vector<float> together = values;
  hyperbolic_tangents(together);
  std::size_t different = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    different += std::bit_cast<std::uint32_t>(together[i]) !=
                 std::bit_cast<std::uint32_t>(static_cast<float>(portable::tanh(values[i])));
  CHECK(different == 0);
}

TEST_CASE("values that do not fill a register have the same exponentials") {
  for (std::size_t count = 1; count <= 9; ++count) {
    std::vector<double> values(count, 0.0);
    exponentials(values);
    CHECK(values == std::vector<double>(count, 1.0));  // e^0
  }
}

}  // namespace
}  // namespace byzsim::exponentials_test
