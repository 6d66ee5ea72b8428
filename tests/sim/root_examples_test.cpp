// Examples that servers hold themselves, for rules that compare gradients with their own.
#include <algorithm>
#include <string>

#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::root_examples_test {
namespace {

Json with_root_examples(std::int64_t count, const std::string& rule = "fltrust") {
  return with(with(small_sgd(), "/servers/root_examples", count), "/workers/aggregator", rule);
}

std::string issues_of(const Json& json) {
  try {
    const World world(json);
  } catch (const InputError& error) {
    return to_string(error.issues().front());
  }
  return "";
}

}  // namespace

TEST_CASE("a rule that compares with the server's own gradient needs examples there") {
  for (const bool unsafe : {false, true})
    for (const std::string rule : {"fltrust", "zeno"})
      CHECK(issues_of(with(with(small_sgd(), "/unsafe", unsafe), "/workers/aggregator", rule)) ==
            "/workers/aggregator: " + rule +
                " compares with a gradient on examples that the receiver holds itself, and it "
                "holds none; give the servers examples (\"/servers/root_examples\": 100) with a "
                "protocol such as sgd, where they aggregate gradients, or choose another rule");
}

TEST_CASE("models are compared with no gradient") {
  Json json = with(small_byzsgd(), "/servers/root_examples", 10);
  json["servers"]["aggregator"] = "fltrust";
  CHECK_THAT(issues_of(json), ContainsSubstring("/servers/aggregator: fltrust compares with"));
}

TEST_CASE("servers hold no more examples than there are") {
  // small_sgd trains on 60.
  CHECK(issues_of(with_root_examples(60)).empty());
  CHECK(issues_of(with_root_examples(61)) ==
        "/servers/root_examples: a server cannot hold 61 of 60 training examples; use at most 60, "
        "or more data");
}

TEST_CASE("a scenario without root examples is written as before there were any") {
  CHECK_FALSE(write(read(small_sgd()))["servers"].contains("root_examples"));
  CHECK(write(read(with_root_examples(10)))["servers"]["root_examples"] == 10);
}

TEST_CASE("the gradient on a server's own examples is that of its loss there") {
  const World world(with_root_examples(10));
  const std::vector<float> model = world.workload->initial_model(0).values();
  const std::vector<float> gradient = world.workload->root_gradient(0, 5, model);
  // A step along the gradient raises the batch's loss by its squared length, times the step.
  constexpr double kStep = 1e-3;
  std::vector<float> stepped = model;
  double slope = 0;
  for (std::size_t c = 0; c < model.size(); ++c) {
    stepped[c] += static_cast<float>(kStep * double(gradient[c]));
    slope += double(gradient[c]) * double(gradient[c]);
  }
  const double raised = world.workload->root_loss(0, 5, stepped.data()) -
                        world.workload->root_loss(0, 5, model.data());
  CHECK(raised / kStep == Approx(slope).epsilon(0.02));
}

TEST_CASE("every step has another batch of the root examples, and every server other ones") {
  Json json = with(small_byzsgd(), "/servers/root_examples", 10);
  json["workers"]["aggregator"] = "fltrust";
  const World world(json);
  const std::vector<float> model = world.workload->initial_model(0).values();
  const auto first = world.workload->root_gradient(0, 5, model);
  CHECK(world.workload->root_gradient(0, 5, model) == first);
  CHECK(world.workload->root_gradient(0, 6, model) != first);
  CHECK(world.workload->root_gradient(1, 5, model) != first);
}

TEST_CASE("one root example is the whole batch of every step") {
  const World world(with_root_examples(1));
  const std::vector<float> model = world.workload->initial_model(0).values();
  CHECK(world.workload->root_gradient(0, 1, model) == world.workload->root_gradient(0, 2, model));
}

TEST_CASE("with root examples a server learns beside a majority of Byzantine workers") {
  // Three of four workers reverse their gradients.
  for (const std::string rule : {"fltrust", "zeno"}) {
    Json json = with_root_examples(30, rule);
    json["steps"] = 60;
    json["workers"]["byzantine"] = 3;
    json["adversary"]["workers"] = "reversed";
    CAPTURE(rule);
    CHECK(final_accuracy(json).value_or(0) > 0.8);
    json["workers"]["aggregator"] = "average";
    json["unsafe"] = true;
    CHECK(final_accuracy(json).value_or(0) < 0.5);
  }
}

TEST_CASE("what a rule remembers is part of copies") {
  for (const std::string rule : {"fools_gold", "afa", "clipped_clustering"}) {
    Json json = with(small_sgd(), "/workers/aggregator", rule);
    json["workers"]["byzantine"] = 1;
    json["adversary"]["workers"] = "reversed";
    World world(json);
    for (int event = 0; event < 30; ++event) REQUIRE(world.simulation.advance());
    Simulation copy = world.simulation;
    run_to_end(copy);
    run_to_end(world.simulation);
    CAPTURE(rule);
    CHECK(copy.metrics().back().loss == world.simulation.metrics().back().loss);
  }
}

TEST_CASE("a rule that remembers is refused after what mixes vectors") {
  for (const std::string rule : {"fools_gold", "afa", "clipped_clustering"}) {
    Json json = with(small_sgd(), "/workers/aggregator", rule);
    json["workers"]["pre"] = {"bucketing"};
    CHECK_THAT(issues_of(json), ContainsSubstring("/workers/pre: " + rule +
                                                  " remembers what each sender sent, which "
                                                  "bucketing mixes"));
  }
}

}  // namespace byzsim::root_examples_test
