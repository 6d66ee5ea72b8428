// Rules that need more of a receiver than the vectors: its own one, or losses of models.
#include <string>

#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::rule_needs_test {
namespace {

constexpr const char* kChooseLearn =
    "; choose another rule, or a protocol whose nodes aggregate their own vector, too: learn, or "
    "one on a graph such as gossip";

// "" where the scenario is valid.
std::string first_issue(const Json& json) {
  try {
    read(json);
  } catch (const InputError& error) {
    return to_string(error.issues().front());
  }
  return "";
}

}  // namespace

TEST_CASE("a parameter server refuses a rule that builds on an own vector, unsafe or not") {
  for (const bool unsafe : {false, true})
    CHECK(
        first_issue(with(with(small_byzsgd(), "/unsafe", unsafe), "/workers/aggregator", "gts")) ==
        std::string("/workers/aggregator: gts builds on the receiver's own vector, which is not "
                    "among those that it aggregates here") +
            kChooseLearn);
}

TEST_CASE("every rule that needs no losses runs on the nodes of learn, as they have own vectors") {
  for (const char* rule : {"clipped_gossip", "cs_plus", "gts", "ios", "bridge"})
    for (const char* group : {"/nodes/aggregator", "/nodes/gradients/aggregator"}) {
      CAPTURE(rule, group);
      CHECK(first_issue(with(small_learn(false), group, rule)).empty());
    }
}

TEST_CASE("models have losses, gradients have none") {
  CHECK(first_issue(with(small_learn(false), "/nodes/aggregator", "ubar")).empty());
  CHECK_THAT(first_issue(with(small_learn(false), "/nodes/gradients/aggregator", "ubar")),
             ContainsSubstring("ubar compares losses of models, which are not computed here"));
}

TEST_CASE("a rule that is given too few groups names them, and what makes them") {
  Json json = with(small_byzsgd(), "/workers/aggregator", "krum");
  json["workers"]["pre"] = {{{"name", "bucketing"}, {"parameters", {{"size", 4}}}}};
  json["workers"]["count"] = 12;
  json["workers"]["quorum"] = 10;
  json["workers"]["byzantine"] = 2;
  // 10 vectors in groups of 4 are 3 groups; krum needs 2 * 2 + 3.
  CHECK_THAT(first_issue(json),
             ContainsSubstring("with f = 2 at least 7, not 3; the rule receives the 3 vectors that "
                               "bucketing makes of the 10 of the quorum; group fewer vectors (or "
                               "leave /workers/pre/0 out), raise the quorum or declare fewer"));
}

TEST_CASE("a grouping before a rule that builds on an own vector is refused") {
  Json json = with(small_learn(false), "/nodes/aggregator", "gts");
  json["nodes"]["pre"] = {"bucketing"};
  CHECK_THAT(first_issue(json),
             ContainsSubstring("/nodes/aggregator: gts builds on the receiver's own vector, which "
                               "bucketing mixes with others; choose another rule"));
  json["nodes"]["pre"] = {"nnm"};
  CHECK(first_issue(json).empty());
}

TEST_CASE("the loss that a rule asks for is that of the batch of the node's gradient") {
  const World world(small_learn(false));
  const std::vector<float> model = world.workload->initial_model(2).values();
  const std::vector<float> gradient = world.workload->gradient(2, 5, model);
  // A step along the gradient raises the batch's loss by its squared length, times the step.
  constexpr double kStep = 1e-2;
  std::vector<float> stepped = model;
  double slope = 0;
  for (std::size_t c = 0; c < model.size(); ++c) {
    stepped[c] += static_cast<float>(kStep * double(gradient[c]));
    slope += double(gradient[c]) * double(gradient[c]);
  }
  const double raised =
      world.workload->loss(2, 5, stepped.data()) - world.workload->loss(2, 5, model.data());
  CHECK(raised / kStep == Approx(slope).epsilon(0.02));
  CHECK(world.workload->loss(3, 5, model.data()) != world.workload->loss(2, 5, stepped.data()));
}

}  // namespace byzsim::rule_needs_test
