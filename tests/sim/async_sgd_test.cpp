// Asynchronous SGD: every gradient is an update, and a stale one counts less when asked to.
#include "sim/nodes/async_server.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "sim/nodes/damping.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::async_sgd_test {
namespace {

using Places = std::vector<std::string>;

Parameters damping(const std::string& name, double alpha) {
  return Parameters({{"damping", name}, {"alpha", alpha}});
}

/// One parameter, gradients theta - x, examples x around the centres of two classes.
Json one_dimension(const std::string& damping) {
  Json json = small_async("async_sgd");
  json["protocol"]["parameters"]["damping"] = damping;
  json["model"] = {{"name", "quadratic"}, {"parameters", {{"start", 3}}}};
  json["data"]["parameters"] = {{"dimension", 1}, {"classes", 2}, {"train", 60}, {"test", 30}};
  json["optimizer"] = {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 0.25}}}}}};
  return json;
}

struct Applied {
  double gradient;
  std::int64_t staleness;
};

/// The server's models by their step, and the gradients that made a model of each step.
struct Updates {
  std::map<std::int64_t, double> models;
  std::map<std::int64_t, Applied> gradients;
};

Updates updates_of(const Json& json) {
  World world(json);
  Updates updates;
  std::int64_t step = 0;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (!event.message() || event.verdict != Verdict::counted) continue;
    const Message& message = *event.message();
    const double value = message.vector.values().at(0);
    if (message.phase == Phase::model) updates.models[message.step] = value;
    if (message.phase == Phase::gradient) {
      updates.gradients[step + 1] = {value, step - message.step};
      ++step;
    }
  }
  return updates;
}

void check_updates(const std::string& name, double (*damping)(double)) {
  const Updates updates = updates_of(one_dimension(name));
  REQUIRE(updates.gradients.size() == 24);
  int checked = 0;
  for (const auto& [step, applied] : updates.gradients) {
    if (updates.models.count(step) == 0) continue;  // the last model is sent to nobody
    const double expected =
        updates.models.at(step - 1) - 0.25 * damping(double(applied.staleness)) * applied.gradient;
    CAPTURE(name, step, applied.staleness);
    CHECK(updates.models.at(step) == Approx(expected).epsilon(1e-6));
    ++checked;
  }
  CHECK(checked == 23);
}

/// async_sgd over 150 updates of a number of workers.
Json damped(const std::string& damping, int workers) {
  Json json = with(small_async("async_sgd"), "/steps", 150);
  json["protocol"]["parameters"]["damping"] = damping;
  json["workers"]["count"] = workers;
  return json;
}

std::uint64_t models_of(const Json& json) { return digest_of_run(json).models.value(); }

/// The same by the latest gradients, aggregated by their weighted mean or another rule.
Json latest_gradients(double averaging, const std::string& rule) {
  Json json = one_dimension("none");
  json["protocol"] = {{"name", "weighted_async_sgd"}, {"parameters", {{"averaging", averaging}}}};
  json["workers"]["aggregator"] = rule;
  json["workers"]["byzantine"] = {{"declared", 2}, {"actual", 0}};
  return json;
}

/// Checks every model of the run against `aggregate` of the latest gradients and their numbers;
/// returns how many updates had gradients of fewer than all workers.
int check_latest(const Json& json, double averaging,
                 double (*aggregate)(const std::map<std::uint32_t, std::pair<double, int>>&)) {
  World world(json);
  std::map<std::uint32_t, std::pair<double, int>> latest;
  double x = world.workload->initial_model(0).values().at(0), w = x;
  int updates_of_some = 0;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (event.message() && event.message()->phase == Phase::gradient &&
        event.verdict == Verdict::counted) {
      auto& [gradient, sent] = latest[event.message()->sender.index];
      gradient = event.message()->vector.values().at(0);
      ++sent;
    }
    for (const Deed& deed : event.deeds) {
      if (const auto* begun = std::get_if<Begun>(&deed); begun != nullptr && begun->vectors > 0) {
        CHECK(begun->vectors == latest.size());
        CHECK(latest.size() >= 5);  // n - f
        updates_of_some += latest.size() < 7;
        w -= 0.25 * aggregate(latest);
        x = (1 - averaging) * x + averaging * w;
      }
      if (const auto* adopted = std::get_if<Adopted>(&deed))
        CHECK(adopted->adopt.model.values().at(0) == Approx(x).margin(1e-5));
    }
  }
  CHECK(world.simulation.trained());
  return updates_of_some;
}

double mean_by_number(const std::map<std::uint32_t, std::pair<double, int>>& latest) {
  double sum = 0, all = 0;
  for (const auto& [worker, each] : latest) {
    sum += each.first * each.second;
    all += each.second;
  }
  return sum / all;
}

// The first value, ascending, up to which there is more than half of the weight.
double median_by_number(const std::map<std::uint32_t, std::pair<double, int>>& latest) {
  std::vector<std::pair<double, int>> sorted;
  int all = 0, up_to = 0;
  for (const auto& [worker, each] : latest) {
    sorted.push_back(each);
    all += each.second;
  }
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [gradient, sent] : sorted)
    if ((up_to += sent) * 2 > all) return gradient;
  return 0;
}

}  // namespace

TEST_CASE("a gradient tau updates old counts 1, 1 / (1 + tau) or exp(-alpha tau)") {
  CHECK(damping_of(damping("none", 0.2), 9) == 1);
  CHECK(damping_of(damping("inverse", 0.2), 0) == 1);
  CHECK(damping_of(damping("inverse", 0.2), 3) == 0.25);
  CHECK(damping_of(damping("exponential", 0.5), 0) == 1);
  CHECK(damping_of(damping("exponential", 0.5), 2) == Approx(0.36787944117144233));  // 1 / e
}

TEST_CASE("every update is x - rate Lambda(tau) g with the gradient that arrived") {
  check_updates("none", [](double) { return 1.0; });
  check_updates("inverse", [](double tau) { return 1 / (1 + tau); });
  check_updates("exponential", [](double tau) { return std::exp(-0.2 * tau); });
}

TEST_CASE(
    "async_sgd sends each worker a model at the start and one after each update but the last") {
  const Totals totals = totals_of(small_async("async_sgd"));
  // 7 + (24 - 1) models, and as many gradients: the last 6 come too late.
  CHECK(totals.messages_by_phase[std::size_t(Phase::model)] == 30);
  CHECK(totals.messages_by_phase[std::size_t(Phase::gradient)] == 30);
  CHECK(totals.messages == 60);
  CHECK(totals.verdicts[std::size_t(Verdict::late)] == 6);
}

TEST_CASE("workers in step with each other are n - 1 updates behind") {
  Json json = with(small_async("async_sgd"), "/network", {{"delay", "constant"}});
  json["metrics"]["every"] = 7;
  json["steps"] = 28;
  const auto rows = rows_of(json);
  REQUIRE(rows.size() == 5);
  CHECK(rows[1].staleness == 3.0);  // the mean of 0 to 6: all computed at model 0
  CHECK(rows[2].staleness == 6.0);
  CHECK(rows[4].staleness == 6.0);
}

TEST_CASE("a worker that answers twenty times as fast makes most of the updates") {
  World world(with(flooded_async("async_sgd"), "/steps", 200));
  auto counted = gradients_counted(run_to_end(world.simulation));
  for (const std::uint32_t fast : {5, 6})
    for (const std::uint32_t slow : {0, 1, 2, 3, 4}) CHECK(counted[fast] > 5 * counted[slow]);
}

TEST_CASE("a worker that never answers holds nobody up") {
  Json json = flooded_async("async_sgd");
  json["adversary"]["workers"] = "silent";
  World world(json);
  const auto counted = gradients_counted(run_to_end(world.simulation));
  CHECK(world.simulation.trained());
  CHECK(counted.size() == 5);
}

TEST_CASE("a duplicated gradient is applied once") {
  Json json = small_async("async_sgd");
  json["network"]["faults"] = {{{"name", "duplication"}, {"parameters", {{"probability", 1}}}}};
  World world(json);
  const auto counted = gradients_counted(run_to_end(world.simulation));
  int total = 0;
  for (const auto& [worker, count] : counted) total += count;
  CHECK(total == 24);  // steps
  CHECK(world.simulation.totals().duplicated == 60);
}

TEST_CASE("the more gradients are damped, the less async_sgd has lowered the loss by a step") {
  // Seven workers are about 6 updates behind: factors of 1, exp(-0.2 * 6) = 0.30 and 1 / 7 = 0.14.
  // Measured: 0.072, 0.090 and 0.124, from 1.10.
  const auto none = rows_of(damped("none", 7));
  const double exponential = *rows_of(damped("exponential", 7)).back().loss;
  const double inverse = *rows_of(damped("inverse", 7)).back().loss;
  CHECK(*none.back().loss < 0.9 * exponential);
  CHECK(exponential < 0.9 * inverse);
  CHECK(inverse < 0.9 * *none.front().loss);
}

TEST_CASE("damping changes no model where no gradient is stale") {
  const std::uint64_t none = models_of(damped("none", 1));
  CHECK(models_of(damped("inverse", 1)) == none);
  CHECK(models_of(damped("exponential", 1)) == none);
  CHECK(models_of(damped("inverse", 2)) != models_of(damped("none", 2)));
}

TEST_CASE("a flooding worker breaks async_sgd") {
  const auto clean = final_accuracy(with(small_async("async_sgd"), "/steps", 150));
  const auto flooded = final_accuracy(with(flooded_async("async_sgd"), "/steps", 150));
  REQUIRE(clean);
  CHECK(flooded.value_or(0) < 0.5 * *clean);
}

TEST_CASE("asynchronous protocols have one trusted server and workers that do not wait") {
  for (const std::string protocol : {"async_sgd", "kardam", "basgd"}) {
    CAPTURE(protocol);
    const Json json = small_async(protocol);
    CHECK(places_of_issues(json).empty());
    CHECK(places_of_issues(with(json, "/servers/count", 3)) == Places{"/servers/count"});
    // The quorum of basgd is the number of its buffers, whatever is written there.
    CHECK(places_of_issues(with(json, "/workers/quorum", 4)) ==
          (protocol == "basgd" ? Places{} : Places{"/workers/quorum"}));
    CHECK(places_of_issues(with(json, "/workers/byzantine/actual", 1)) ==
          Places{"/workers/byzantine/actual"});
  }
}

TEST_CASE("weighted_async_sgd weighs latest gradients by how many their workers have sent") {
  CHECK(check_latest(latest_gradients(1, "average"), 1, mean_by_number) > 0);
  check_latest(latest_gradients(1, "weighted_median"), 1, median_by_number);
}

TEST_CASE("workers of weighted_async_sgd are given the average of models") {
  check_latest(latest_gradients(0.25, "average"), 0.25, mean_by_number);
}

TEST_CASE("a silent worker does not stop weighted_async_sgd, and one too few for it does") {
  Json json = latest_gradients(1, "weighted_median");
  json["workers"]["byzantine"] = 2;
  json["adversary"]["workers"] = "silent";
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  json["workers"]["byzantine"] = {{"declared", 1}, {"actual", 2}};
  json["unsafe"] = true;
  World stalled(json);
  run_to_end(stalled.simulation);
  CHECK_FALSE(stalled.simulation.trained());
}

TEST_CASE("a rule of weighted_async_sgd holds with the gradients of n - f workers") {
  // krum needs 2f + 3 = 7, and the first update has 5.
  CHECK(places_of_issues(with(latest_gradients(1, "average"), "/workers/aggregator", "krum")) ==
        Places{"/workers/aggregator"});
}

}  // namespace byzsim::async_sgd_test
