// What every attack of the table keeps to.
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::attack_properties_test {
namespace {

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

bool is_finite(const std::string& name) { return name != "infinity" && name != "nan"; }

/// The defences an attacker may meet: none known, and every rule for f = 2 of 8.
std::vector<Aggregation> some_defences() {
  std::vector<Aggregation> defences;
  for (const Rule& rule : rules()) defences.push_back(defence_of(rule.declaration.name, 2));
  return defences;
}

}  // namespace

TEST_CASE("silent alone says nothing") {
  std::set<std::string> silent;
  for (const Attack& attack : attacks())
    if (attack.silent()) silent.insert(attack.declaration.name);
  CHECK(silent == std::set<std::string>{"silent"});
}

TEST_CASE("no name of an attack means two of them") {
  std::set<std::string> names;
  for (const Attack& attack : attacks()) {
    CHECK(names.insert(attack.declaration.name).second);
    for (const std::string& alias : attack.declaration.aliases) {
      CAPTURE(alias);
      CHECK(names.insert(alias).second);
    }
  }
}

TEST_CASE("every attack says a vector of its own dimension, however many it knows") {
  for (const std::string& name : speaking_attacks()) {
    for (const std::size_t honest : {0, 1, 2, 14}) {
      for (const std::size_t dimension : {0, 1, 17}) {
        CAPTURE(name, honest, dimension);
        const std::vector<float> said = craft(name, many_honest<float>(honest, dimension));
        REQUIRE(said.size() == dimension);
        for (const float value : said) REQUIRE(std::isfinite(value) == is_finite(name));
      }
    }
  }
}

TEST_CASE("every attack says a vector against every defence, however few it knows") {
  for (const std::string& name : speaking_attacks()) {
    for (const Aggregation& defence : some_defences()) {
      for (const std::size_t honest : {0, 1, 2, 6}) {
        CAPTURE(name, defence.rule.name, honest);
        auto situation = many_honest<float>(honest, 5);
        situation.n = 8;
        situation.f = 2;
        situation.defence = &defence;
        for (const float value : craft(name, situation))
          REQUIRE(std::isfinite(value) == is_finite(name));
      }
    }
  }
}

TEST_CASE("no attack minds how many nodes lie") {
  for (const std::string& name : speaking_attacks()) {
    for (const auto& [n, f] : {std::pair{1, 1}, {2, 1}, {3, 3}, {20, 19}, {100, 1}}) {
      CAPTURE(name, n, f);
      auto situation = many_honest<float>(static_cast<std::size_t>(n - f), 5);
      situation.n = n;
      situation.f = f;
      const Aggregation defence = defence_of("krum", f);
      situation.defence = &defence;
      REQUIRE(craft(name, situation).size() == 5);
    }
  }
}

TEST_CASE("no attack minds any bits in what it knows") {
  const float odd[] = {
      std::numeric_limits<float>::quiet_NaN(),  std::numeric_limits<float>::infinity(),
      -std::numeric_limits<float>::infinity(),  std::numeric_limits<float>::max(),
      std::numeric_limits<float>::denorm_min(), -0.0f};
  std::vector<Aggregation> defences = some_defences();
  for (const std::string& name : speaking_attacks()) {
    for (const float value : odd) {
      for (const Aggregation& defence : defences) {
        CAPTURE(name, value, defence.rule.name);
        auto situation = many_honest<float>(6, 3);
        situation.honest[0][0] = situation.honest[3][1] = situation.own[2] = value;
        situation.n = 8;
        situation.f = 2;
        situation.defence = &defence;
        REQUIRE(craft(name, situation).size() == 3);
        situation.honest.assign(6, std::vector<float>(3, value));
        REQUIRE(craft(name, situation).size() == 3);
      }
    }
  }
}

TEST_CASE("no attack minds doubles whose squares overflow") {
  for (const std::string& name : speaking_attacks()) {
    CAPTURE(name);
    const Situation<double> situation{{1e300, -1e300}, {{1e300, 1}, {-1e300, 2}, {1e200, 3}}, 5, 2};
    REQUIRE(craft(name, situation).size() == 2);
  }
}

TEST_CASE("every attack says the same in float and in double to 1e-5") {
  for (const std::string& name : speaking_attacks()) {
    if (!is_finite(name)) continue;
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

TEST_CASE("an attack that declares a use of honest vectors sends others where they are others") {
  for (const Attack& attack : attacks()) {
    // Of the honest vectors here it is not known to which half of the nodes they belong.
    // Nor who the receiver is.
    if (attack.silent() || !attack.uses_honest || attack.per_half || attack.per_receiver) continue;
    CAPTURE(attack.declaration.name);
    const auto situation = many_honest<float>(5, 50, 2);
    auto changed = situation;
    changed.honest = many_honest<float>(5, 50, 3).honest;
    CHECK_FALSE(same_bits(craft(attack.declaration.name, situation),
                          craft(attack.declaration.name, changed)));
  }
}

}  // namespace byzsim::attack_properties_test
