#include "sim/metrics.h"

#include <charconv>
#include <limits>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim {
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

/// The row of step 0 when the two correct servers begin it with these models.
MetricsRow row_of_models(const std::vector<std::vector<float>>& models) {
  Json json = small_byzsgd();
  json["servers"] = {{"count", 2}};
  json["data"]["parameters"]["test"] = 31;  // classes take turns: 11, 10 and 10 of them
  const World world(json);
  MetricsRecorder recorder(world.workload);
  std::uint32_t server = 0;
  for (const auto& model : models) recorder.adopt(0, server++, Payload(model), 1500, 10, 200);
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

std::uint64_t digest_of_row(const MetricsRow& row) {
  Digest digest;
  add_to(digest, row);
  return digest.value();
}

}  // namespace

TEST_CASE("the columns begin with those that other programs rely on") {
  const std::string promised = "step,simulated_seconds,accuracy,accuracy_worst,loss,drift";
  CHECK(metrics_header().substr(0, promised.size()) == promised);
}

TEST_CASE("a row has a field for every column") {
  CHECK(fields_of(to_csv(example())).size() == fields_of(metrics_header()).size());
  CHECK(fields_of(to_csv(MetricsRow())).size() == fields_of(metrics_header()).size());
}

TEST_CASE("a row is its numbers in the shortest form") {
  CHECK(to_csv(example()) == "30,0.25,0.5,0.125,1.5,0,1234,98765,,,,,,,");
}

TEST_CASE("what is undefined is an empty field") {
  MetricsRow row = example();
  row.accuracy = row.accuracy_worst = row.loss = row.drift = std::nullopt;
  CHECK(to_csv(row) == "30,0.25,,,,,1234,98765,,,,,,,");
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
  std::vector<MetricsRow> changed(8, example());
  changed[0].step = 31;
  changed[1].simulated_seconds = 0.5;
  changed[2].accuracy = 0.75;
  changed[3].accuracy_worst = std::nullopt;
  changed[4].loss = std::nullopt;
  changed[5].drift = -0.0;
  changed[6].messages = 1235;
  changed[7].bytes = 98766;
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
      world.workload->model().evaluate(world.workload->initial_model().values(), test);
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

TEST_CASE("a row is complete with its last correct server, at that server's time and counts") {
  const World world(small_byzsgd());  // five correct servers
  MetricsRecorder recorder(world.workload);
  for (std::uint32_t server = 0; server < 5; ++server) {
    recorder.finish();
    CHECK(recorder.rows().empty());
    recorder.adopt(0, server, Payload(always(0)), 1000 * (server + 1), 10 + server, 200 + server);
  }
  recorder.finish();
  REQUIRE(recorder.rows().size() == 1);
  CHECK(recorder.rows()[0].simulated_seconds == 5e-6);
  CHECK(recorder.rows()[0].messages == 14);
  CHECK(recorder.rows()[0].bytes == 204);
}

}  // namespace byzsim
