// Every compressor against a second definition, as plain as possible: the same values from the same
// draws, over 1,000 random vectors.
#include "core/compressors/compressor.h"

#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "tests/catch.h"
#include "tests/core/compressor_cases.h"

namespace byzsim::compressors_test {
namespace {

using namespace compressor_cases;

constexpr double kFar = std::numeric_limits<double>::infinity();

template <class Real>
using Definition = std::function<std::vector<Real>(const std::vector<Real>&, Stream)>;

double magnitude(double value) { return std::isnan(value) ? kFar : std::fabs(value); }

template <class Real>
double norm_of(const std::vector<Real>& x) {
  long double sum = 0;
  for (const Real value : x) sum += static_cast<long double>(value) * value;
  return double(std::sqrt(sum));
}

template <class Real>
std::vector<Real> largest_ones(const std::vector<Real>& x, std::size_t k) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return magnitude(double(x[a])) > magnitude(double(x[b]));
  });
  std::vector<Real> out(x.size(), 0);
  for (std::size_t i = 0; i < std::min(k, x.size()); ++i) out[order[i]] = x[order[i]];
  return out;
}

// Floyd's subset of k, by a set.
template <class Real>
std::vector<Real> random_ones(const std::vector<Real>& x, std::size_t k, Stream stream) {
  std::set<std::size_t> chosen;
  for (std::size_t j = x.size() - std::min(k, x.size()); j < x.size() && k < x.size(); ++j)
    if (!chosen.insert(stream.below(j + 1)).second) chosen.insert(j);
  if (k >= x.size()) return x;
  std::vector<Real> out(x.size(), 0);
  for (const std::size_t j : chosen)
    out[j] = std::isfinite(x[j]) ? static_cast<Real>(double(x[j]) * (double(x.size()) / double(k)))
                                 : x[j];
  return out;
}

template <class Real>
std::vector<Real> on_levels(const std::vector<Real>& x, int levels, Stream stream) {
  const bool finite = std::all_of(x.begin(), x.end(), [](Real v) { return std::isfinite(v); });
  const double norm = double(static_cast<Real>(norm_of(x)));
  std::vector<Real> out;
  for (const Real value : x) {
    const double at = norm == 0 ? 0 : std::fabs(double(value)) / norm * levels;
    const bool up = stream.uniform() < at - std::floor(at);
    const double size = norm * ((std::floor(at) + up) / levels);
    out.push_back(std::copysign(static_cast<Real>(finite                 ? size
                                                  : std::isfinite(value) ? 0
                                                                         : kFar),
                                value));
  }
  return out;
}

// |x| = 2^e (1 + t): up with probability t. Below the smallest normal number m: m with probability
// |x| / m.
template <class Real>
std::vector<Real> powers_of_two(const std::vector<Real>& x, Stream stream) {
  constexpr int kDigits = std::numeric_limits<Real>::digits - 1;
  const double least = double(std::numeric_limits<Real>::min());
  std::vector<Real> out;
  for (const Real value : x) {
    const double u = std::ldexp(double(stream.bits() >> (64 - kDigits)), -kDigits);
    const double size = std::fabs(double(value));
    double power = kFar, next = kFar, t = 0;
    if (size < least) {
      power = 0, next = least, t = size / least;
    } else if (std::isfinite(value)) {
      power = std::ldexp(1.0, std::ilogb(size)), next = 2 * power, t = size / power - 1;
    }
    out.push_back(std::copysign(static_cast<Real>(u < t ? next : power), value));
  }
  return out;
}

template <class Real>
std::vector<Real> mean_signs(const std::vector<Real>& x) {
  double sum = 0;
  for (const Real value : x) sum += magnitude(double(value));
  std::vector<Real> out;
  for (const Real value : x)
    out.push_back(std::copysign(static_cast<Real>(sum / double(x.size())), value));
  return out;
}

template <class Real>
std::vector<std::pair<Choice, Definition<Real>>> all_definitions() {
  using Vector = std::vector<Real>;
  return {
      {choice_of("none"), [](const Vector& x, Stream) { return x; }},
      {choice_of("top_k", keeping(3)), [](const Vector& x, Stream) { return largest_ones(x, 3); }},
      {choice_of("top_k", {{"share", 0.5}}),
       [](const Vector& x, Stream) {
         return largest_ones(x, std::max<std::size_t>(1, (x.size() + 1) / 2));
       }},
      {choice_of("random_k", keeping(4)),
       [](const Vector& x, Stream stream) { return random_ones(x, 4, stream); }},
      {choice_of("qsgd", {{"levels", std::int64_t{1}}}),
       [](const Vector& x, Stream stream) { return on_levels(x, 1, stream); }},
      {choice_of("qsgd"), [](const Vector& x, Stream stream) { return on_levels(x, 16, stream); }},
      {choice_of("natural"),
       [](const Vector& x, Stream stream) { return powers_of_two(x, stream); }},
      {choice_of("sign"), [](const Vector& x, Stream) { return mean_signs(x); }}};
}

// Equal but for the last digit, which the order of a sum decides; NaN beside NaN.
template <class Real>
bool nearly_same(const std::vector<Real>& a, const std::vector<Real>& b) {
  constexpr double kDigit = std::is_same_v<Real, float> ? 2.4e-7 : 1e-14;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](Real x, Real y) {
    if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && std::isnan(y);
    if (std::signbit(x) != std::signbit(y)) return false;
    return x == y || std::fabs(double(x) - double(y)) <= kDigit * std::fabs(double(y));
  });
}

template <class Real>
void check_definitions() {
  for (const auto& [choice, definition] : all_definitions<Real>())
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
      const std::vector<Real> x = random_vector<Real>(seed, seed % 4 == 3);
      const std::vector<Real> made = compressed(choice, x, stream_of(seed));
      const std::vector<Real> expected = definition(x, stream_of(seed));
      CAPTURE(choice.name, seed, x, made, expected);
      CHECK(nearly_same(made, expected));
    }
}

}  // namespace

TEST_CASE("every compressor has a second definition", "[compressors]") {
  std::set<std::string> defined;
  for (const auto& [choice, definition] : all_definitions<float>()) defined.insert(choice.name);
  for (const Compressor& compressor : compressors()) {
    CAPTURE(compressor.declaration.name);
    CHECK(defined.count(compressor.declaration.name) == 1);
  }
}

TEST_CASE("compressors of floats make what their definitions make", "[compressors]") {
  check_definitions<float>();
}

TEST_CASE("compressors of doubles make what their definitions make", "[compressors]") {
  check_definitions<double>();
}

TEST_CASE("top-k keeps the lowest indices of equal magnitudes", "[compressors]") {
  CHECK(compressed<float>(choice_of("top_k", keeping(2)), {1, -2, 2, 2}, stream_of(0)) ==
        std::vector<float>{0, -2, 2, 0});
}

TEST_CASE("a NaN is as large as an infinity to top-k", "[compressors]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const auto kept =
      compressed<float>(choice_of("top_k", keeping(1)), {1, nan, infinity}, stream_of(0));
  CHECK(same_bits(kept, {0, nan, 0}));
  CHECK(compressed<float>(choice_of("top_k", keeping(1)), {1, -infinity, nan}, stream_of(0)) ==
        std::vector<float>{0, -infinity, 0});
}

TEST_CASE("keeping all coordinates changes no bit", "[compressors]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto x = random_vector<float>(seed, true);
    for (const char* name : {"top_k", "random_k"})
      for (const std::int64_t more : {0, 1, 1000}) {
        const auto k = std::max<std::int64_t>(1, std::int64_t(x.size()) + more);
        CAPTURE(name, seed, k);
        CHECK(same_bits(compressed(choice_of(name, keeping(k)), x, stream_of(seed)), x));
        CHECK(same_bits(compressed(choice_of(name, {{"share", 1.0}}), x, stream_of(seed)), x));
      }
  }
}

TEST_CASE("messages of compressors have the bytes computed by hand", "[compressors]") {
  const Choice shared =
      choice_of("random_k", {{"k", std::int64_t{3}}, {"coins", std::string("shared")}});
  struct Expected {
    Choice choice;
    std::size_t dimension;
    std::int64_t bytes;
  };
  const Settings one_level = {{"levels", std::int64_t{1}}}, four = {{"levels", std::int64_t{4}}};
  for (const auto& [choice, dimension, bytes] :
       std::vector<Expected>{{choice_of("none"), 1000, 4000},
                             {choice_of("top_k", keeping(3)), 1000, 24},       // 3 (4 + 4)
                             {choice_of("top_k"), 1000, 800},                  // a tenth
                             {choice_of("top_k", keeping(1000)), 1000, 4000},  // dense
                             {choice_of("random_k", keeping(3)), 1000, 24},
                             {shared, 1000, 20},  // 3 values, a seed
                             {shared, 3, 12},
                             {choice_of("qsgd", one_level), 1000, 254},  // log2 of 3 levels: 2 bits
                             {choice_of("qsgd", four), 1000, 504},       // of 9: 4 bits
                             {choice_of("qsgd"), 1000, 754},             // of 33: 6 bits
                             {choice_of("qsgd", one_level), 5, 6},       // 10 bits
                             {choice_of("natural"), 1000, 1125},
                             {choice_of("natural"), 1, 2},
                             {choice_of("sign"), 1000, 129},
                             {choice_of("sign"), 9, 6}}) {
    CAPTURE(choice.name, dimension);
    CHECK(compressed_bytes(choice, dimension) == bytes);
  }
}

TEST_CASE("a share of the coordinates is rounded to the nearest count, at least 1",
          "[compressors]") {
  const auto kept = [](double share, std::size_t dimension) {
    return compressed_bytes(choice_of("top_k", {{"share", share}}), dimension) / 8;
  };
  CHECK(kept(0.01, 10) == 1);
  CHECK(kept(0.07, 100) == 7);  // 7.000000000000001 in double
  CHECK(kept(0.25, 10) == 3);   // 2.5
  CHECK(kept(0.24, 10) == 2);
}

TEST_CASE("zeros stay zeros of their sign", "[compressors]") {
  const std::vector<float> zeros(9, -0.0f);
  for (const Compressor& compressor : compressors()) {
    const std::string& name = compressor.declaration.name;
    const auto made = compressed(choice_of(name), zeros, stream_of(1));
    CAPTURE(name);
    CHECK(std::all_of(made.begin(), made.end(), [](float value) { return value == 0; }));
    if (name != "top_k" && name != "random_k") CHECK(same_bits(made, zeros));
  }
}

TEST_CASE("one coordinate keeps its value under norms and means", "[compressors]") {
  for (const char* name : {"top_k", "random_k", "qsgd", "sign"}) {
    CAPTURE(name);
    CHECK(compressed<float>(choice_of(name), {-3.7f}, stream_of(2)) == std::vector<float>{-3.7f});
  }
}

TEST_CASE("finite values stay finite however large, and squares do not overflow", "[compressors]") {
  const double huge = std::numeric_limits<double>::max(), tiny = 1e-310;
  for (const Compressor& compressor : compressors())
    for (const auto& x : {std::vector<double>(5, huge), std::vector<double>(5, -1e300)}) {
      CAPTURE(compressor.declaration.name);
      for (const double value : compressed(choice_of(compressor.declaration.name), x, stream_of(3)))
        CHECK(std::isfinite(value));
    }
  // The norm of four equal values is twice one of them: at one level, 2 or 0.
  for (const double size : {1e300, tiny})
    for (const double value : compressed(choice_of("qsgd", {{"levels", std::int64_t{1}}}),
                                         std::vector<double>(4, size), stream_of(4)))
      CHECK((value == 0 || value == Approx(2 * size)));
  CHECK(compressed<double>(choice_of("sign"), {huge, -huge}, stream_of(5)) ==
        std::vector<double>{huge, -huge});
}

TEST_CASE("the number of threads changes no bit of a compressed vector", "[compressors]") {
  std::vector<float> x(30'000);
  Stream stream(1, Purpose::attack, 0, 0);
  for (float& value : x) value = float(stream.normal());
  for (const Compressor& compressor : compressors()) {
    const Choice choice = choice_of(compressor.declaration.name);
    CAPTURE(choice.name);
    const auto one = compressed(choice, x, stream_of(6));
    CHECK(same_bits(compressed(choice, x, stream_of(6), 3), one));
  }
}

}  // namespace byzsim::compressors_test
