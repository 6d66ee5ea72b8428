// The tables hold exact values: bits that change here change every digest.
#include "core/exact/portable_math.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/check.h"
#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::portable_math_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Value {
  double x;
  double expected;
};

void check_table(double (*function)(double), const std::vector<Value>& table) {
  for (const Value& value : table) {
    CAPTURE(value.x, value.expected, function(value.x));
    CHECK(std::bit_cast<std::uint64_t>(function(value.x)) ==
          std::bit_cast<std::uint64_t>(value.expected));
  }
}

/// The distance from `got` to the exact value in units of the last place of a double.
double ulps(double got, long double exact) {
  int exponent = 0;
  std::frexp(static_cast<double>(exact), &exponent);
  const int last_place = std::max(exponent, -1021) - 53;
  return static_cast<double>(std::fabs(std::ldexp(got - exact, -last_place)));
}

/// The largest error over 20,000 points of [low, high].
double largest_error(double (*function)(double), long double (*exact)(long double), double low,
                     double high) {
  Stream stream(7, Purpose::batch, 0, 0);
  double largest = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double x = stream.uniform(low, high);
    largest = std::max(largest, ulps(function(x), exact(x)));
  }
  return largest;
}

/// Error bounds need a long double with more digits than a double (x87).
constexpr bool kLongDoubleIsLonger = std::numeric_limits<long double>::digits >= 64;

}  // namespace

TEST_CASE("exp has these bits") {
  check_table(portable::exp, {{0.0, 1.0},
                              {1.0, 0x1.5bf0a8b14576ap+1},
                              {-1.0, 0x1.78b56362cef38p-2},
                              {0.5, 0x1.a61298e1e069cp+0},
                              {-20.25, 0x1.b93de1e27ca3bp-30},
                              {100.0, 0x1.3494a9b171bf5p+144},
                              {-700.0, 0x1.14f2b0fb9307fp-1010},
                              {-740.0, 0x0.0000000000055p-1022},
                              {709.5, 0x1.81e9b4b52d0c9p+1023},
                              {0x1p-30, 0x1.00000004p+0},
                              {3.14, 0x1.71a9704b9599cp+4}});
}

TEST_CASE("log has these bits") {
  check_table(portable::log, {{1.0, 0.0},
                              {2.0, 0x1.62e42fefa39efp-1},
                              {0.5, -0x1.62e42fefa39efp-1},
                              {10.0, 0x1.26bb1bbb55516p+1},
                              {0.1, -0x1.26bb1bbb55515p+1},
                              {3.0, 0x1.193ea7aad030ap+0},
                              {1e300, 0x1.5963447f87fb5p+9},
                              {0x1p-1074, -0x1.74385446d71c3p+9},
                              {1.0000001, 0x1.ad7f2847b6492p-24},
                              {0.9999999, -0x1.ad7f2b1049b9fp-24},
                              {12345.678, 0x1.2d79559791e31p+3}});
}

TEST_CASE("tanh has these bits") {
  check_table(portable::tanh, {{0.5, 0x1.d9353d7568af3p-2},
                               {-0.5, -0x1.d9353d7568af3p-2},
                               {1e-5, 0x1.4f8b588e06853p-17},
                               {0.1, 0x1.983d7795f413bp-4},
                               {-0.25, -0x1.f597ea69a1c86p-3},
                               {1.0, 0x1.85efab514f394p-1},
                               {2.5, 0x1.f9258260a71c2p-1},
                               {-10.0, -0x1.ffffffdc96f35p-1},
                               {19.0, 0x1.fffffffffffffp-1},
                               {0x1p-20, 0x1.ffffffffff556p-21}});
}

TEST_CASE("sin has these bits") {
  check_table(portable::sin, {{1.0, 0x1.aed548f090ceep-1},
                              {-1.0, -0x1.aed548f090ceep-1},
                              {3.0, 0x1.210386db6d55bp-3},
                              {355.0, -0x1.f9bd0307d1de3p-16},
                              {1e6, -0x1.6664b2568d867p-2},
                              {0.1, 0x1.98eaecb8bcb2cp-4},
                              {100.0, -0x1.03425b78c4db8p-1},
                              {1048576.0, 0x1.526ccb2fc8656p-2},
                              {1e-5, 0x1.4f8b588e1e8a2p-17},
                              {-6.28, 0x1.a180fe0f0fda7p-9}});
}

TEST_CASE("cos has these bits") {
  check_table(portable::cos, {{0.0, 1.0},
                              {1.0, 0x1.14a280fb5068cp-1},
                              {-1.0, 0x1.14a280fb5068cp-1},
                              {3.0, -0x1.fae04be85e5d2p-1},
                              {355.0, -0x1.fffffffc18e4cp-1},
                              {1e6, 0x1.df9df9906d32cp-1},
                              {0.1, 0x1.fd712f9a817c1p-1},
                              {100.0, 0x1.b981dbf665fdfp-1},
                              {1048576.0, 0x1.e33ada92fe2aep-1},
                              {-6.28, 0x1.ffff55c68488ep-1}});
}

TEST_CASE("the normal quantile has these bits") {
  check_table(portable::normal_quantile, {{0.5, 0.0},
                                          {0.25, -0x1.5956b87528a49p-1},
                                          {0.75, 0x1.5956b87528a49p-1},
                                          {0.9, 0x1.4813c36e26d34p+0},
                                          {0.975, 0x1.f5c0331eeff82p+0},
                                          {0.001, -0x1.8b8cbb720447p+1},
                                          {1e-10, -0x1.97203597a2154p+2},
                                          {0x1p-53, -0x1.06b48528cea51p+3},
                                          {1 - 0x1p-53, 0x1.06b48528cea51p+3}});
}

TEST_CASE("exp ends in 0, in infinity and in NaN") {
  CHECK(portable::exp(-745.3) == 0.0);
  CHECK(portable::exp(-745.1) == 0x1p-1074);
  CHECK(portable::exp(-kInfinity) == 0.0);
  CHECK(std::isfinite(portable::exp(709.78)));
  CHECK(portable::exp(709.79) == kInfinity);
  CHECK(portable::exp(kInfinity) == kInfinity);
  CHECK(std::isnan(portable::exp(kNaN)));
}

TEST_CASE("log ends in infinities and in NaN") {
  CHECK(portable::log(0.0) == -kInfinity);
  CHECK(portable::log(-0.0) == -kInfinity);
  CHECK(portable::log(kInfinity) == kInfinity);
  CHECK(std::isnan(portable::log(-1.0)));
  CHECK(std::isnan(portable::log(-kInfinity)));
  CHECK(std::isnan(portable::log(kNaN)));
}

TEST_CASE("tanh keeps the sign, saturates and passes NaN on") {
  CHECK(std::signbit(portable::tanh(-0.0)));
  CHECK(portable::tanh(1e-300) == 1e-300);
  CHECK(portable::tanh(22.5) == 1.0);
  CHECK(portable::tanh(-kInfinity) == -1.0);
  CHECK(std::isnan(portable::tanh(kNaN)));
}

TEST_CASE("sin keeps the sign of zero") { CHECK(std::signbit(portable::sin(-0.0))); }

TEST_CASE("sine and cosine refuse angles beyond 2^20 and NaN") {
  CHECK_THROWS_AS(portable::sin(0x1.0000000000001p20), InternalError);
  CHECK_THROWS_AS(portable::cos(-2e6), InternalError);
  CHECK_THROWS_AS(portable::sin(kNaN), InternalError);
}

TEST_CASE("the normal quantile refuses 0, 1 and NaN") {
  CHECK_THROWS_AS(portable::normal_quantile(0.0), InternalError);
  CHECK_THROWS_AS(portable::normal_quantile(1.0), InternalError);
  CHECK_THROWS_AS(portable::normal_quantile(kNaN), InternalError);
}

TEST_CASE("exp and log are within 1 ulp") {
  if (!kLongDoubleIsLonger) return;
  CHECK(largest_error(portable::exp, std::exp, -1, 1) < 1.0);
  CHECK(largest_error(portable::exp, std::exp, -745, 709) < 1.0);
  CHECK(largest_error(portable::log, std::log, 0.5, 2) < 1.0);
  CHECK(largest_error(portable::log, std::log, 0, 1e9) < 1.0);
}

TEST_CASE("tanh is within 3 ulp") {
  if (!kLongDoubleIsLonger) return;
  CHECK(largest_error(portable::tanh, std::tanh, -0.01, 0.01) < 3.0);
  CHECK(largest_error(portable::tanh, std::tanh, -2, 2) < 3.0);
  CHECK(largest_error(portable::tanh, std::tanh, -22, 22) < 3.0);
}

TEST_CASE("sin and cos are within 1 ulp up to 2^20") {
  if (!kLongDoubleIsLonger) return;
  CHECK(largest_error(portable::sin, std::sin, -4, 4) < 1.0);
  CHECK(largest_error(portable::cos, std::cos, -4, 4) < 1.0);
  CHECK(largest_error(portable::sin, std::sin, -0x1p20, 0x1p20) < 1.0);
  CHECK(largest_error(portable::cos, std::cos, -0x1p20, 0x1p20) < 1.0);
}

TEST_CASE("sin and cos keep their digits next to multiples of pi") {
  // The double nearest to 300,000 pi and that nearest to 300,000.5 pi.
  CHECK(ulps(portable::sin(0x1.cc31b9797657bp+19), -4.367430107543917313087e-11L) < 1.0);
  CHECK(ulps(portable::cos(0x1.cc31ebbd6d004p+19), -1.197001568643371530749e-11L) < 1.0);
}

TEST_CASE("the normal quantile is odd around one half") {
  for (const double q : {0.0625, 0.25, 0.4375, 0.499})
    CHECK(portable::normal_quantile(0.5 - q) == -portable::normal_quantile(0.5 + q));
}

}  // namespace byzsim::portable_math_test
