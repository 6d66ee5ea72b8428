// Server optimizers beside their formulas in double, over many rounds, and by hand.
#include "core/server_optimizers/server_optimizer.h"

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::server_optimizers_test {
namespace {

using Settings = std::vector<std::pair<std::string, Value>>;

Choice choice_of(const std::string& name, const Settings& settings = {}) {
  Choice choice{name, defaults(server_optimizers().at(name).declaration.parameters)};
  for (const auto& [parameter, value] : settings) choice.parameters.set(parameter, value);
  return choice;
}

// A model and the state of its optimizer.
struct Server {
  Choice choice;
  std::vector<float> model;
  std::vector<std::vector<float>> state;
  std::int64_t round = 0;

  Server(Choice chosen, std::vector<float> start)
      : choice(std::move(chosen)),
        model(std::move(start)),
        state(server_optimizers().at(choice.name).state_vectors,
              std::vector<float>(model.size(), 0.0f)) {}

  void step(const std::vector<float>& update, int threads = 1) {
    const Executor executor(threads);
    std::vector<std::span<float>> kept(state.begin(), state.end());
    step_server(choice, {++round, update, model, kept, executor});
  }
};

// One coordinate, in double: x, m and v.
struct Plain {
  double x = 0, m = 0, v = 0;
};
using Formula = std::function<void(Plain&, double update, int round)>;

std::map<std::string, Formula> formulas() {
  return {{"sgd", [](Plain& p, double d, int) { p.x += d; }},
          {"momentum", [](Plain& p, double d, int) { p.x += p.v = 0.9 * p.v + d; }},
          {"nesterov",
           [](Plain& p, double d, int) {
             p.v = 0.9 * p.v + d;
             p.x += d + 0.9 * p.v;
           }},
          {"adam",
           [](Plain& p, double d, int r) {
             p.m = 0.9 * p.m + 0.1 * d;
             p.v = 0.99 * p.v + 0.01 * d * d;
             p.x += 0.1 * std::sqrt(1 - std::pow(0.99, r + 1)) / (1 - std::pow(0.9, r + 1)) * p.m /
                    (std::sqrt(p.v) + 1e-9);
           }},
          {"yogi",
           [](Plain& p, double d, int) {
             p.m = 0.9 * p.m + 0.1 * d;
             const double sign = p.v > d * d ? 1 : p.v < d * d ? -1 : 0;
             p.v -= 0.01 * d * d * sign;
             p.x += 0.01 * p.m / (std::sqrt(p.v) + 1e-3);
           }},
          {"adagrad",
           [](Plain& p, double d, int) {
             p.v += d * d;
             p.x += 0.1 * d / (std::sqrt(p.v) + 1e-9);
           }},
          {"normalised", [](Plain& p, double d, int) { p.x += 0.1 * (d < 0 ? -1 : 1); }}};
}

}  // namespace

TEST_CASE("every server optimizer follows its formula") {
  for (const ServerOptimizer& optimizer : server_optimizers()) {
    const std::string& name = optimizer.declaration.name;
    const Formula formula = formulas().at(name);
    Server server(choice_of(name), {0.5f});
    Plain plain{0.5};
    Stream stream(3, Purpose::attack, 0, 0);
    for (int round = 1; round <= 200; ++round) {
      const auto update = static_cast<float>(stream.normal());
      server.step({update});
      formula(plain, double(update), round);
      CAPTURE(name, round);
      CHECK(double(server.model[0]) == Approx(plain.x).epsilon(1e-4).margin(1e-4));
    }
  }
}

TEST_CASE("momentum keeps beta of the former update") {
  Server server(choice_of("momentum", {{"beta", 0.5}, {"rate", 2.0}}), {0});
  server.step({4});
  server.step({1});
  // 2 x 4, then 2 x (0.5 x 4 + 1).
  CHECK(server.model == std::vector<float>{14});
  CHECK(server.state[0] == std::vector<float>{3});
}

TEST_CASE("the first step of adam is corrected by the second powers") {
  Server server(choice_of("adam", {{"beta_1", 0.5}, {"beta_2", 0.5}, {"rate", 1.0}}), {0});
  server.step({4});
  // m = 2, v = 8, c = sqrt(0.75) / 0.75.
  CHECK(server.model[0] == Approx(2 / std::sqrt(8.0) / std::sqrt(0.75)));
}

TEST_CASE("a normalised step has the length of the rate, and none without a direction") {
  Server server(choice_of("normalised", {{"rate", 10.0}}), {1, 1});
  server.step({-3, 4});
  CHECK(server.model == std::vector<float>{-5, 9});
  server.step({0, 0});
  server.step({1, std::nanf("")});
  CHECK(server.model == std::vector<float>{-5, 9});
}

TEST_CASE("the number of threads changes no bit of a server's step") {
  std::vector<float> start(20'000), update(20'000);
  Stream stream(4, Purpose::attack, 0, 0);
  for (std::size_t j = 0; j < start.size(); ++j) {
    start[j] = float(stream.normal());
    update[j] = float(stream.normal());
  }
  for (const ServerOptimizer& optimizer : server_optimizers()) {
    Server one(choice_of(optimizer.declaration.name), start), three = one;
    for (int round = 0; round < 3; ++round) one.step(update), three.step(update, 3);
    CAPTURE(optimizer.declaration.name);
    CHECK(one.model == three.model);
    CHECK(one.state == three.state);
  }
}

}  // namespace byzsim::server_optimizers_test
