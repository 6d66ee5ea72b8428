#include "core/models/optimizer.h"

#include <vector>

#include "core/check.h"
#include "tests/catch.h"

namespace byzsim::optimizer_test {

namespace {

std::vector<float> next_momentum(const std::vector<float>& momentum, std::vector<float> gradient,
                                 double beta) {
  average_into(gradient, momentum, beta);
  return gradient;
}

}  // namespace

TEST_CASE("a step goes against the gradient") {
  std::vector<float> model = {1.0f, -2.0f, 0.5f};
  descend(model, std::vector<float>{4.0f, 0.0f, -2.0f}, 0.25, 0.0, model);
  CHECK(model == std::vector<float>{0.0f, -2.0f, 1.0f});
}

TEST_CASE("weight decay pulls parameters towards 0") {
  std::vector<float> model = {8.0f, -8.0f};
  descend(model, std::vector<float>{0.0f, 1.0f}, 0.5, 0.25, model);
  // 8 - 0.5 (0 + 2); -8 - 0.5 (1 - 2).
  CHECK(model == std::vector<float>{7.0f, -7.5f});
}

TEST_CASE("every operation of a step rounds to float32") {
  std::vector<float> model = {0x1.921fb6p+1f};
  const float gradient = 0x1.5bf0a8p+1f, rate = 0.1f, decay = 5e-4f;
  const float decayed = decay * model[0];
  const float direction = gradient + decayed;
  const float moved = rate * direction;
  const float expected = model[0] - moved;
  descend(model, std::vector<float>{gradient}, 0.1, 5e-4, model);
  CHECK(model[0] == expected);
  CHECK(model[0] == 0x1.6f4f4cp+1f);
}

TEST_CASE("the first momentum is the gradient times 1 - beta") {
  CHECK(next_momentum({0.0f, 0.0f}, {8.0f, -4.0f}, 0.75) == std::vector<float>{2.0f, -1.0f});
}

TEST_CASE("momentum is an exponential average") {
  CHECK(next_momentum({2.0f}, {4.0f}, 0.75) == std::vector<float>{2.5f});
}

TEST_CASE("momentum of a constant gradient approaches it") {
  std::vector<float> momentum = {0.0f};
  for (int i = 0; i < 200; ++i) momentum = next_momentum(momentum, {3.0f}, 0.9);
  CHECK(momentum[0] == Approx(3.0).epsilon(1e-5));
}

TEST_CASE("without momentum the average is the gradient itself") {
  CHECK(next_momentum({123.0f}, {0.1f}, 0.0) == std::vector<float>{0.1f});
}

TEST_CASE("vectors of different lengths are refused") {
  std::vector<float> model(3);
  CHECK_THROWS_AS(descend(model, std::vector<float>(2), 0.1, 0.0, model), InternalError);
  CHECK_THROWS_AS(average_into(model, std::vector<float>(2), 0.9), InternalError);
}

}  // namespace byzsim::optimizer_test
