// The search for the worst inputs of one aggregation.
#include "adversaries/inputs/worst_inputs.h"

#include <cmath>

#include "adversaries/inputs/input_changes.h"
#include "adversaries/inputs/input_shapes.h"
#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::worst_inputs_test {
namespace {

WorstInputs found_for(const std::string& rule, std::size_t n, int f, std::size_t dimension,
                      std::int64_t evaluations = 2000, int threads = 1,
                      const std::vector<std::string>& pre = {}) {
  const Executor executor(threads);
  Aggregation aggregation{{}, default_choice(rules().declarations(), rule), f};
  for (const std::string& each : pre)
    aggregation.pre.push_back(default_choice(pre_aggregators().declarations(), each));
  return worst_inputs({aggregation, n, dimension, Coefficient::kappa, evaluations, 1, executor});
}

}  // namespace

TEST_CASE("the grid holds the worst inputs of a median of three") {
  const WorstInputs found = found_for("median", 3, 1, 1);
  CHECK(found.worst.value == Approx(1));  // (n - 1)/(n + 1 - 2f)
  CHECK(found.finder == Finder::grid);
}

TEST_CASE("a search comes near the exact kappa of the median and never beyond it") {
  const double found = found_for("median", 7, 2, 2).worst.value;
  CHECK(found <= 6.0 / 4 * (1 + 1e-9));  // (n - 1)/(n + 1 - 2f)
  CHECK(found >= 6.0 / 4 * 0.99);
}

TEST_CASE("a search comes near the exact kappa of the trimmed mean and never beyond it") {
  const double found = found_for("trimmed_mean", 7, 2, 1).worst.value;
  CHECK(found <= 2.0 / 3 * (1 + 1e-9));  // f/(n - 2f)
  CHECK(found >= 2.0 / 3 * 0.99);
}

TEST_CASE("a search in the plane finds what a third of its evaluations find on a line") {
  CHECK(found_for("median", 6, 2, 2, 1500).worst.value >=
        found_for("median", 6, 2, 1, 500).worst.value);
}

TEST_CASE("a search begins with given inputs of fewer dimensions") {
  const Executor executor(1);
  const Aggregation median{{}, default_choice(rules().declarations(), "median"), 2};
  // Three honest 0, two honest 1: mean 0.4, variance 0.24, squared error 0.36 of the median 1.
  const InputVectors few{1, {0, 0, 0, 1, 1, 1, 1}};
  WorstInputsTask task{median, 7, 2, Coefficient::kappa, 1, 1, executor};
  task.in_fewer_dimensions = &few;
  const WorstInputs found = worst_inputs(task);
  CHECK(found.finder == Finder::fewer);
  CHECK(found.inputs.values == std::vector<float>{0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0});
  CHECK(found.worst.value == Approx(1.5));
}

TEST_CASE("the average of five is missed without bound by one vector") {
  const WorstInputs found = found_for("average", 5, 1, 3);
  CHECK(std::isinf(found.worst.value));
  CHECK(found.evaluations < 2000);
}

TEST_CASE("the inputs that a search returns have the ratio that it reports") {
  const Executor executor(1);
  const Aggregation krum{{}, default_choice(rules().declarations(), "krum"), 1};
  const WorstInputsTask task{krum, 5, 2, Coefficient::lambda, 500, 7, executor};
  const WorstInputs found = worst_inputs(task);
  CHECK(ratio_of(task, found.inputs, executor).value == found.worst.value);
}

TEST_CASE("a search does not depend on the number of threads") {
  const WorstInputs one = found_for("krum", 7, 2, 2, 1000, 1, {"nnm"});
  const WorstInputs three = found_for("krum", 7, 2, 2, 1000, 3, {"nnm"});
  CHECK(one.inputs == three.inputs);
  CHECK(one.worst.value == three.worst.value);
}

TEST_CASE("a search of one evaluation draws inputs once") {
  CHECK(found_for("median", 5, 1, 2, 1).evaluations == 1);
}

TEST_CASE("a grid of three numbers and two vectors has all multisets but the equal ones") {
  const auto all = grid_inputs(2, 1, 1);
  REQUIRE(all.size() == 3);
  CHECK(all[0].values == std::vector<float>{-1, 0});
  CHECK(all[1].values == std::vector<float>{-1, 1});
  CHECK(all[2].values == std::vector<float>{0, 1});
}

TEST_CASE("a grid is as wide as the evaluations allow") {
  // C(n + 2k, 2k) multisets of 2k + 1 integers: 6 for n = 2 and k = 1, 15 for k = 2.
  CHECK(grid_width(2, 5) == 0);
  CHECK(grid_width(2, 6) == 1);
  CHECK(grid_width(2, 14) == 1);
  CHECK(grid_width(2, 15) == 2);
}

TEST_CASE("drawn inputs depend on their stream alone") {
  const Stream stream(3, Purpose::search, 1, 5);
  CHECK(drawn_inputs(5, 1, 3, stream) == drawn_inputs(5, 1, 3, stream));
  CHECK_FALSE(drawn_inputs(5, 1, 3, stream) ==
              drawn_inputs(5, 1, 3, Stream(3, Purpose::search, 1, 6)));
}

TEST_CASE("a change keeps the number of vectors and their dimension") {
  Stream stream(1, Purpose::search, 0, 0);
  InputVectors inputs{2, {0, 1, 2, 3, 4, 5}};
  for (int i = 0; i < 100; ++i) inputs = changed_inputs(inputs, 0.5, stream);
  CHECK(inputs.n() == 3);
  CHECK(inputs.dimension == 2);
  CHECK(widest_coordinate({2, {0, 1, 2, 7, 4, 5}}) == 6);
}

}  // namespace byzsim::worst_inputs_test
