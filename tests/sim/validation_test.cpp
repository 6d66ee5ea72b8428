// /data/validation: training examples that are held back, and the accuracy on them.
#include <algorithm>

#include "sim/observe/metrics.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::validation_test {
namespace {

constexpr std::size_t kPixels = 28 * 28;

// Sixty drawn digits to train on.
Json digits(double validation) {
  Json json = with(small_sgd(), "/data",
                   {{"name", "glyphs"}, {"parameters", {{"train", 60}, {"test", 20}}}});
  return with(json, "/data/validation", validation);
}

// Softmax regression whose every logit is 0 but for that of a class, which it always predicts.
std::vector<float> always(std::size_t label) {
  std::vector<float> model(10 * (kPixels + 1), 0.0f);
  model[10 * kPixels + label] = 1;
  return model;
}

MetricsRow row_of_model(const Json& json, const std::vector<float>& model) {
  const World world(json);
  MetricsRecorder recorder(world.workload);
  recorder.adopt(0, 0, Payload(model), 0, 0, 0);
  recorder.complete({0});
  recorder.finish();
  return recorder.rows().at(0);
}

std::string issues_with(const Json& json) {
  try {
    World{json};
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a share of 0 is not written: the scenario is that without the key") {
  Json without = digits(0);
  without["data"].erase("validation");
  CHECK(write(read(digits(0))) == write(read(without)));
  CHECK(write(read(digits(0.25)))["data"]["validation"] == 0.25);
  CHECK(World(digits(0)).workload->data_digest() == World(without).workload->data_digest());
}

TEST_CASE("workers share what is not held back, and a Byzantine one has no more") {
  const World world(digits(0.25));
  CHECK(world.workload->dataset().train.count() == 45);
  REQUIRE(world.workload->validation() != nullptr);
  CHECK(world.workload->validation()->count() == 15);
  std::size_t shared = 0;
  for (std::int64_t worker = 0; worker < world.workload->scenario().workers.count; ++worker)
    shared += world.workload->examples_of(worker);
  CHECK(shared == 45);
  Json byzantine = with(digits(0.25), "/workers/byzantine", {{"declared", 0}, {"actual", 1}});
  byzantine["unsafe"] = true;
  const World other(byzantine);
  CHECK(other.workload->examples_of(other.workload->scenario().workers.count - 1) == 45);
}

TEST_CASE("validation accuracy is the share of the held-back examples that are classified") {
  const World world(digits(0.5));
  const auto& labels = world.workload->validation()->labels;
  REQUIRE(labels.size() == 30);
  for (const std::int32_t label : {3, 7}) {
    const auto of_label = double(std::count(labels.begin(), labels.end(), label));
    const MetricsRow row = row_of_model(digits(0.5), always(std::size_t(label)));
    CHECK(row.validation_accuracy == of_label / 30);
    CHECK(metric_of(row, "validation_accuracy") == of_label / 30);
  }
}

TEST_CASE("without held-back examples the column is empty, and the digest of rows as before") {
  CHECK(World(digits(0)).workload->validation() == nullptr);
  const MetricsRow without = row_of_model(digits(0), always(3));
  CHECK_FALSE(without.validation_accuracy);
  CHECK(to_csv(without).ends_with(","));
  MetricsRow with_it = without;
  with_it.validation_accuracy = 0;
  CHECK(digest_of({with_it}) != digest_of({without}));
}

TEST_CASE("a share that leaves no example, or is of a run without numbers, is refused") {
  CHECK(issues_with(digits(0.99)) ==
        "/data/validation: 60 of 60 training examples are held back, and none is left; use a "
        "smaller share or more data");
  Json blank = with(digits(0.25), "/numbers", "none");
  blank["dimension"] = 10;
  CHECK(issues_with(blank).find("/data/validation: a run without numbers has no data to prepare") !=
        std::string::npos);
}

}  // namespace byzsim::validation_test
