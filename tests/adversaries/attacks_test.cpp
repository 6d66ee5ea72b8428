#include "adversaries/attack.h"

#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace byzsim {
namespace {

template <class Real>
using Vectors = std::vector<std::vector<Real>>;

/// What the attacker of n = 20, f = 6 unless told otherwise knows and draws.
template <class Real>
struct Situation {
  std::vector<Real> own;
  Vectors<Real> honest;
  int n = 20;
  int f = 6;
  std::uint64_t counter = 0;
};

using Changes = std::vector<std::pair<std::string, Value>>;

Parameters parameters_of(const Attack& attack, const Changes& changes) {
  Parameters parameters = defaults(attack.declaration.parameters);
  for (const auto& [name, value] : changes) parameters.set(name, value);
  return parameters;
}

template <class Real>
std::vector<Real> craft(const std::string& name, const Situation<Real>& situation,
                        const Changes& changes = {}) {
  const Attack& attack = attacks().at(name);
  const Parameters parameters = parameters_of(attack, changes);
  std::vector<const Real*> honest;
  for (const auto& vector : situation.honest) honest.push_back(vector.data());
  return attack.craft(AttackInput<Real>{situation.own, honest, situation.n, situation.f, parameters,
                                        Stream(1, Purpose::attack, 4, situation.counter)});
}

/// ByzFL's example: honest vectors of mean (4, 5, 6) and deviation (3, 3, 3) with ddof 1.
Situation<double> byzfl_example() { return {{1, -2, 3}, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}}; }

template <class Real>
Situation<Real> many_honest(std::size_t count, std::size_t dimension) {
  Situation<Real> situation;
  Stream stream(2, Purpose::attack, 0, 0);
  const auto vector = [&] {
    std::vector<Real> values(dimension);
    for (Real& value : values) value = static_cast<Real>(float(stream.normal()));
    return values;
  };
  situation.own = vector();
  for (std::size_t i = 0; i < count; ++i) situation.honest.push_back(vector());
  return situation;
}

std::vector<std::string> speaking_attacks() {
  std::vector<std::string> names;
  for (const Attack& attack : attacks())
    if (!attack.silent()) names.push_back(attack.declaration.name);
  return names;
}

template <class Real>
bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("reversed says -100 times its own vector, as Garfield's reverse") {
  CHECK(craft("reversed", byzfl_example()) == Numbers{-100, 200, -300});
  CHECK(craft("reversed", byzfl_example(), {{"factor", 0.5}}) == Numbers{-0.5, 1, -1.5});
}

TEST_CASE("sign flipping says the negative mean, as ByzFL's SignFlipping") {
  CHECK(craft("sign_flipping", byzfl_example()) == Numbers{-4, -5, -6});
  CHECK(craft("sign_flipping", byzfl_example(), {{"factor", 2.0}}) == Numbers{-8, -10, -12});
}

TEST_CASE("sign flipping may flip its own vector, as ByzPy's SignFlipAttack") {
  CHECK(craft("sign_flipping", byzfl_example(), {{"of", std::string("own")}}) ==
        Numbers{-1, 2, -3});
}

TEST_CASE("a little is enough says mean + 1.5 deviations, as ByzFL's ALittleIsEnough(1.5)") {
  CHECK(craft("a_little_is_enough", byzfl_example()) == Numbers{8.5, 9.5, 10.5});
}

TEST_CASE("a little is enough subtracts with sign -1, as its paper") {
  CHECK(craft("a_little_is_enough", byzfl_example(), {{"sign", -1l}}) == Numbers{-0.5, 0.5, 1.5});
  CHECK(craft("a_little_is_enough", byzfl_example(), {{"sign", 0l}}) == Numbers{4, 5, 6});
}

TEST_CASE("the deviation may be that of the population") {
  // sqrt((9 + 0 + 9) / 3) = sqrt(6)
  const Numbers said = craft("a_little_is_enough", byzfl_example(), {{"ddof", 0l}, {"z", 1.0}});
  CHECK(said[0] == Approx(4 + std::sqrt(6.0)).epsilon(1e-15));
}

TEST_CASE("a little is enough finds the largest unnoticed z itself") {
  // n = 51, f = 12: s = floor(51/2 + 1) - 12 = 14 supporters among 39 honest ones, and the normal
  // quantile of (39 - 14) / 39 = 0.641026 is 0.361201637711319.
  Situation<double> situation{{0}, {{-1}, {0}, {1}}, 51, 12};  // mean 0, deviation 1
  const Changes automatic = {{"z", std::string("auto")}};
  CHECK(craft("a_little_is_enough", situation, automatic)[0] ==
        Approx(0.361201637711319).epsilon(1e-12));
  // n = 20, f = 6: s = 11 - 6 = 5 of 14, quantile of 9 / 14.
  situation.n = 20;
  situation.f = 6;
  CHECK(craft("a_little_is_enough", situation, automatic)[0] ==
        Approx(0.36610635680057).epsilon(1e-12));
}

TEST_CASE("the automatic z is 0 where nothing goes unnoticed") {
  // n = 10, f = 1: s = 6 - 1 = 5 of 9, and 4 / 9 lies below the median.
  const Situation<double> situation{{0}, {{-1}, {0}, {1}}, 10, 1};
  CHECK(craft("a_little_is_enough", situation, {{"z", std::string("auto")}})[0] == 0);
}

TEST_CASE("one honest vector has no deviation, so that a little is enough repeats it") {
  CHECK(craft("a_little_is_enough", Situation<double>{{9, 9}, {{3, 4}}}) == Numbers{3, 4});
}

TEST_CASE("an attacker that knows no other vector takes its own for the mean") {
  const Situation<double> alone{{1, -2, 3}, {}};
  CHECK(craft("sign_flipping", alone) == Numbers{-1, 2, -3});
  CHECK(craft("a_little_is_enough", alone) == Numbers{1, -2, 3});
}

TEST_CASE("gaussian noise has the moments it is told") {
  constexpr std::size_t count = 100'000;
  const Situation<double> situation{Numbers(count, 0.0), {}};
  const Numbers said = craft("gaussian", situation, {{"mean", 3.0}, {"deviation", 2.0}});
  double sum = 0, squares = 0;
  for (const double value : said) {
    sum += value - 3;
    squares += (value - 3) * (value - 3);
  }
  // Five standard deviations: of the mean 2 / sqrt(count), of the variance 4 sqrt(2 / count).
  CHECK(std::fabs(sum / count) < 5 * 2 / std::sqrt(double(count)));
  CHECK(std::fabs(squares / count - 4) < 5 * 4 * std::sqrt(2.0 / count));
}

TEST_CASE("gaussian noise without deviation is its mean") {
  CHECK(craft("gaussian", byzfl_example(), {{"mean", 3.0}, {"deviation", 0.0}}) ==
        Numbers{3, 3, 3});
}

TEST_CASE("gaussian noise differs from stream to stream") {
  Situation<double> situation = byzfl_example();
  const Numbers first = craft("gaussian", situation);
  situation.counter = 1;
  CHECK(craft("gaussian", situation) != first);
}

TEST_CASE("silent alone says nothing") {
  std::set<std::string> silent;
  for (const Attack& attack : attacks())
    if (attack.silent()) silent.insert(attack.declaration.name);
  CHECK(silent == std::set<std::string>{"silent"});
}

TEST_CASE("every attack says a vector of its own dimension, however many it knows") {
  for (const std::string& name : speaking_attacks()) {
    for (const std::size_t honest : {0, 1, 2, 14}) {
      for (const std::size_t dimension : {0, 1, 17}) {
        CAPTURE(name, honest, dimension);
        const std::vector<float> said = craft(name, many_honest<float>(honest, dimension));
        REQUIRE(said.size() == dimension);
        for (const float value : said) REQUIRE(std::isfinite(value));
      }
    }
  }
}

TEST_CASE("every attack says the same in float and in double to 1e-5") {
  for (const std::string& name : speaking_attacks()) {
    for (const std::size_t honest : {0, 1, 14}) {
      CAPTURE(name, honest);
      const std::vector<float> single = craft(name, many_honest<float>(honest, 50));
      const std::vector<double> wide = craft(name, many_honest<double>(honest, 50));
      for (std::size_t c = 0; c < wide.size(); ++c)
        REQUIRE(std::fabs(single[c] - wide[c]) <= 1e-5 * (1 + std::fabs(wide[c])));
    }
  }
}

TEST_CASE("every attack repeats itself to the bit") {
  for (const std::string& name : speaking_attacks()) {
    CAPTURE(name);
    const auto situation = many_honest<float>(5, 50);
    CHECK(same_bits(craft(name, situation), craft(name, situation)));
  }
}

TEST_CASE("an attack that declares no use of honest vectors makes none") {
  for (const Attack& attack : attacks()) {
    if (attack.silent() || attack.uses_honest) continue;
    CAPTURE(attack.declaration.name);
    const auto knowing = many_honest<float>(5, 50);
    auto ignorant = knowing;
    ignorant.honest.clear();
    CHECK(same_bits(craft(attack.declaration.name, knowing),
                    craft(attack.declaration.name, ignorant)));
  }
}

}  // namespace byzsim
