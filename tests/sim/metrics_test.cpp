#include "sim/observe/metrics.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::metrics_test {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',')
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

double number(const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  REQUIRE(result.ptr == text.data() + text.size());
  return value;
}

MetricsRow example() {
  MetricsRow row;
  row.step = 30;
  row.simulated_seconds = 0.25;
  row.accuracy = 0.5;
  row.accuracy_worst = 0.125;
  row.loss = 1.5;
  row.drift = 0.0;
  row.messages = 1234;
  row.bytes = 98765;
  return row;
}

/// The row of step 0 when the two honest servers begin it with these models.
MetricsRow row_of_models(const std::vector<std::vector<float>>& models) {
  Json json = small_byzsgd();
  json["servers"] = {{"count", 2}};
  json["data"]["parameters"]["test"] = 31;  // classes take turns: 11, 10 and 10 of them
  const World world(json);
  MetricsRecorder recorder(world.workload);
  std::uint32_t server = 0;
  for (const auto& model : models) recorder.adopt(0, server++, Payload(model), 1500, 10, 200);
  recorder.complete({0, 1});
  recorder.finish();
  REQUIRE(recorder.rows().size() == 1);
  return recorder.rows()[0];
}

/// Logits of softmax regression on 6 features and 3 classes that always prefer one class: all 21
/// parameters are 0 but the class's bias, which stand last.
std::vector<float> always(std::size_t label, float bias = 1) {
  std::vector<float> model(21, 0.0f);
  model[18 + label] = bias;
  return model;
}

std::uint64_t digest_of_row(const MetricsRow& row) { return digest_of({row}).value(); }

}  // namespace

TEST_CASE("the columns begin with those that other programs rely on") {
  const std::string promised = "step,simulated_seconds,accuracy,accuracy_worst,loss,drift";
  CHECK(metrics_header().substr(0, promised.size()) == promised);
}

TEST_CASE("a row has a field for every column") {
  CHECK(fields_of(to_csv(example())).size() == fields_of(metrics_header()).size());
  CHECK(fields_of(to_csv(MetricsRow())).size() == fields_of(metrics_header()).size());
}

TEST_CASE("a column is found by its name") {
  MetricsRow row = example();
  row.drift_before = 0.75;
  CHECK(metric_of(row, "step") == 30.0);
  CHECK(metric_of(row, "drift_before") == 0.75);
  CHECK_FALSE(metric_of(row, "alignment"));
  CHECK_FALSE(metric_of(row, "drift_after"));
}

TEST_CASE("a row is its numbers in the shortest form") {
  CHECK(to_csv(example()) == "30,0.25,0.5,0.125,1.5,0,1234,98765,,,,,,,,,,,,,,,");
}

TEST_CASE("what is undefined is an empty field") {
  MetricsRow row = example();
  row.accuracy = row.accuracy_worst = row.loss = row.drift = std::nullopt;
  CHECK(to_csv(row) == "30,0.25,,,,,1234,98765,,,,,,,,,,,,,,,");
}

TEST_CASE("every number reads back to the same bits") {
  for (const double value : {1.0 / 3, 0.1, 1e-300, 1.7976931348623157e308, 5e-324, 123456789.125}) {
    MetricsRow row = example();
    row.loss = value;
    CHECK(number(fields_of(to_csv(row))[4]) == value);
  }
}

TEST_CASE("every field of a row enters the digest") {
  const std::uint64_t before = digest_of_row(example());
  std::vector<MetricsRow> changed(20, example());
  changed[0].step = 31;
  changed[1].simulated_seconds = 0.5;
  changed[2].accuracy = 0.75;
  changed[3].accuracy_worst = std::nullopt;
  changed[4].loss = std::nullopt;
  changed[5].drift = -0.0;
  changed[6].messages = 1235;
  changed[7].bytes = 98766;
  changed[8].drift_coordinates = 1.0;
  changed[9].drift_before = 1.0;
  changed[10].drift_coordinates_before = 1.0;
  changed[11].alignment = 1.0;
  changed[12].variance_to_norm = 1.0;
  changed[13].staleness = 1.0;
  changed[14].disagreement = 1.0;
  changed[15].accuracy_of_mean = 1.0;
  changed[16].disagreement_across_cut = 1.0;
  changed[17].disagreement_within_cut = 1.0;
  changed[18].clipped_per_node = 1.0;
  changed[19].removed_per_node = 1.0;
  for (const MetricsRow& row : changed) {
    CAPTURE(to_csv(row));
    CHECK(digest_of_row(row) != before);
  }
}

TEST_CASE("the first and the last step are recorded whatever lies between") {
  World world(with(small_sgd(), "/metrics/every", 1000));
  run_to_end(world.simulation);
  REQUIRE(world.simulation.metrics().size() == 2);
  CHECK(world.simulation.metrics()[0].step == 0);
  CHECK(world.simulation.metrics()[1].step == 6);
}

TEST_CASE("the mean accuracy is at least the worst one and all servers begin alike") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  for (const MetricsRow& row : rows) CHECK(*row.accuracy >= *row.accuracy_worst - 1e-15);
  CHECK(rows.front().drift == 0.0);
  CHECK(rows.front().simulated_seconds == 0);
}

TEST_CASE("a row's accuracy is the share of test examples the model is right about") {
  World world(small_sgd());
  run_to_end(world.simulation);
  const Examples& test = world.workload->dataset().test;
  const Evaluation evaluation =
      world.workload->model().evaluate(world.workload->initial_model(0).values(), test);
  REQUIRE(evaluation.total == 30);
  CHECK(world.simulation.metrics()[0].accuracy == double(evaluation.correct) / 30);
  CHECK(world.simulation.metrics()[0].loss == evaluation.loss);
}

TEST_CASE("drift is the largest distance between two servers") {
  CHECK(row_of_models({always(0, 3), always(1, 4)}).drift == 5.0);  // 3, 4, 5
  CHECK(row_of_models({always(2), always(2)}).drift == 0.0);
}

TEST_CASE("a model that is not finite leaves drift and loss undefined, whoever holds it") {
  const std::vector<float> nan(21, std::numeric_limits<float>::quiet_NaN());
  for (const auto& models : {std::vector{always(0), nan}, {nan, always(0)}, {nan, nan}}) {
    const MetricsRow row = row_of_models(models);
    CHECK_FALSE(row.drift);
    CHECK_FALSE(row.loss);
    CHECK_FALSE(row.accuracy);
    CHECK_FALSE(row.accuracy_worst);
  }
}

TEST_CASE("accuracy is the mean over servers and the worst one's stands beside it") {
  for (const auto& models : {std::vector{always(0), always(1)}, {always(1), always(0)}}) {
    const MetricsRow row = row_of_models(models);
    CHECK(*row.accuracy == Approx(10.5 / 31).epsilon(1e-15));
    CHECK(row.accuracy_worst == 10.0 / 31);
  }
}

TEST_CASE("a row is complete with its last honest server, at that server's time and counts") {
  const World world(small_byzsgd());  // five honest servers
  MetricsRecorder recorder(world.workload);
  for (std::uint32_t server = 0; server < 5; ++server) {
    recorder.finish();
    CHECK(recorder.rows().empty());
    recorder.adopt(0, server, Payload(always(0)), 1000 * (server + 1), 10 + server, 200 + server);
    recorder.complete({0, 1, 2, 3, 4});
  }
  recorder.finish();
  REQUIRE(recorder.rows().size() == 1);
  CHECK(recorder.rows()[0].simulated_seconds == 5e-6);
  CHECK(recorder.rows()[0].messages == 14);
  CHECK(recorder.rows()[0].bytes == 204);
}

TEST_CASE("drift before a gather is recorded where there is one, and the gather shrinks it") {
  Json json = small_byzsgd();  // gathers for steps 2, 4 and 6
  json["servers"] = {{"count", 4}, {"quorum", 4}, {"aggregator", "median"}};
  World world(json);
  run_to_end(world.simulation);
  for (const MetricsRow& row : world.simulation.metrics()) {
    CAPTURE(row.step);
    const bool gathers = row.step > 0 && row.step % 2 == 0;
    CHECK(row.drift_before.has_value() == gathers);
    CHECK(row.drift_coordinates_before.has_value() == gathers);
    if (!gathers) continue;
    CHECK(*row.drift_before > 0);
    CHECK(row.drift == 0.0);  // all hear all
    CHECK(row.drift_coordinates == 0.0);
  }
}

TEST_CASE("the summed widths are at least the largest distance") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  for (const MetricsRow& row : world.simulation.metrics()) {
    CHECK(*row.drift_coordinates >= *row.drift);
    if (row.drift_before) CHECK(*row.drift_coordinates_before >= *row.drift_before);
  }
}

TEST_CASE("alignment needs three honest servers that differ") {
  World two(with(small_byzsgd(), "/servers", {{"count", 2}}));
  run_to_end(two.simulation);
  for (const MetricsRow& row : two.simulation.metrics()) CHECK_FALSE(row.alignment);
  World five(small_byzsgd());
  run_to_end(five.simulation);
  const auto& rows = five.simulation.metrics();
  CHECK_FALSE(rows[0].alignment);  // all begin alike
  REQUIRE(rows[5].alignment);
  CHECK(*rows[5].alignment > 0);
  CHECK(*rows[5].alignment < 1);
}

TEST_CASE("the noise of gradients is recorded from the first step on") {
  World world(small_sgd());
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  CHECK_FALSE(rows[0].variance_to_norm);
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(*rows[i].variance_to_norm > 0);
}

TEST_CASE("the noise of gradients is smaller with larger batches") {
  const auto noise = [](int batch_size) {
    Json json = with(small_sgd(), "/workers/batch_size", batch_size);
    json["data"]["parameters"]["train"] = 3000;
    World world(json);
    run_to_end(world.simulation);
    return *world.simulation.metrics()[1].variance_to_norm;
  };
  CHECK(noise(400) < 0.5 * noise(4));  // the deviation of a mean of 100 times as many: a tenth
}

TEST_CASE("gradients of quorums by step are never stale") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  CHECK_FALSE(rows[0].staleness);  // none was used yet
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(rows[i].staleness == 0.0);
}

TEST_CASE("staleness is the mean age of the gradients used since the row before") {
  const World world(small_sgd());
  MetricsRecorder recorder(world.workload);
  const Payload model(always(0));
  recorder.adopt(0, 0, model, 0, 0, 0);
  recorder.complete({0});
  for (const std::int64_t age : {0, 1, 5}) recorder.used(age);
  for (const std::int64_t step : {1, 2}) {
    recorder.adopt(step, 0, model, step, 0, 0);
    recorder.complete({0});
  }
  recorder.finish();
  REQUIRE(recorder.rows().size() == 3);
  CHECK_FALSE(recorder.rows()[0].staleness);
  CHECK(recorder.rows()[1].staleness == 2.0);  // (0 + 1 + 5) / 3
  CHECK_FALSE(recorder.rows()[2].staleness);
}

TEST_CASE("a parameter that is not finite is found in the models that servers adopted last") {
  const World world(small_byzsgd());
  MetricsRecorder recorder(world.workload);
  const float infinity = std::numeric_limits<float>::infinity();
  const auto adopt = [&](std::int64_t step, std::uint32_t server, float last) {
    std::vector<float> model(world.workload->dimension(), 0.0f);
    model.back() = last;
    recorder.adopt(step, server, Payload(std::move(model)), 0, 0, 0);
  };
  adopt(0, 0, infinity);
  adopt(0, 1, 1);
  CHECK(recorder.all_finite({1}));
  CHECK_FALSE(recorder.all_finite({0, 1}));
  adopt(1, 0, 2);  // replaced by a finite one
  adopt(1, 1, std::numeric_limits<float>::quiet_NaN());
  CHECK(recorder.all_finite({0}));
  CHECK_FALSE(recorder.all_finite({0, 1}));
}

namespace {

/// A vector of the 21 parameters whose first coordinate alone is not 0.
std::vector<float> along_one_axis(float value) {
  std::vector<float> vector(21);
  vector[0] = value;
  return vector;
}

/// The row of step 0 of four nodes on a chain, whose Fiedler cut has two nodes on either side.
MetricsRow row_on_chain(const std::vector<float>& values) {
  Json json = small_gossip();
  json["nodes"]["count"] = 4;
  json["topology"] = "chain";
  const World world(json);
  MetricsRecorder recorder(world.workload);
  std::uint32_t node = 0;
  for (const float value : values)
    recorder.adopt(0, node++, Payload(along_one_axis(value)), 0, 0, 0);
  recorder.complete({0, 1, 2, 3});
  recorder.finish();
  return recorder.rows().at(0);
}

/// Four nodes joined to all others, which start 0, 0, 0 and 10 apart and hardly move but for
/// gossip; they assume one Byzantine neighbour.
std::vector<MetricsRow> rows_of_four(const Json& rule, const std::string& protocol = "gossip") {
  Json json = small_gossip(protocol);
  json["nodes"]["count"] = 4;
  json["nodes"]["tolerated"] = 1;
  json["nodes"]["aggregator"] = rule;
  json["nodes"]["start"] = {0, 0, 0, 10};
  json["topology"] = "complete";
  json["optimizer"] = {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 1e-30}}}}}};
  json["metrics"] = {{"every", 1}};
  return rows_of(json);
}

}  // namespace

TEST_CASE("disagreement across the cut is between the means of its sides, within from them") {
  // Means 1 and 8; every node is 1 away from its side's.
  const MetricsRow row = row_on_chain({0, 2, 7, 9});
  CHECK(row.disagreement_across_cut == 7.0);
  CHECK(row.disagreement_within_cut == 1.0);
  // 1 + 2 x 2 / 16 x 49.
  CHECK(row.disagreement.value() == Approx(std::sqrt(13.25)).epsilon(1e-15));
}

TEST_CASE("without a graph there is no cut and no combination") {
  const MetricsRow row = row_of_models({always(0), always(1)});
  CHECK_FALSE(row.disagreement_across_cut);
  CHECK_FALSE(row.disagreement_within_cut);
  CHECK_FALSE(row.clipped_per_node);
  CHECK_FALSE(row.removed_per_node);
}

TEST_CASE("what a rule clips and removes is counted per combination of the honest nodes") {
  const Json clipped = {{"name", "clipped_gossip"}, {"parameters", {{"radius", 1}}}};
  const std::vector<MetricsRow> rows = rows_of_four(clipped);
  CHECK_FALSE(rows[0].clipped_per_node);  // nothing was combined for the first model
  // Three nodes clip the vector of the last one, which clips all of theirs.
  CHECK(rows[1].clipped_per_node == (1 + 1 + 1 + 3) / 4.0);
  CHECK_FALSE(rows[1].removed_per_node);
  for (const char* rule : {"gts", "ios"}) {
    CAPTURE(rule);
    CHECK(rows_of_four(rule)[1].removed_per_node == 1.0);
    CHECK_FALSE(rows_of_four(rule)[1].clipped_per_node);
  }
  CHECK_FALSE(rows_of_four("average")[1].clipped_per_node);
  CHECK_FALSE(rows_of_four("average")[1].removed_per_node);
}

TEST_CASE("both combinations of a step of gradient tracking count") {
  const Json clipped = {{"name", "clipped_gossip"}, {"parameters", {{"radius", 1}}}};
  const std::vector<MetricsRow> rows = rows_of_four(clipped, "gradient_tracking");
  // Those of trackers clip at most three vectors a node, those of models 6 of all.
  CHECK(rows[1].clipped_per_node.value() >= 6 / 8.0);
  CHECK(rows[1].clipped_per_node.value() <= (6 + 12) / 8.0);
}

}  // namespace byzsim::metrics_test
