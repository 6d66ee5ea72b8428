// Data that are normalised and augmented before a model sees them, and backdoors in them.
#include <set>

#include "core/datasets/normalisation.h"
#include "sim/observe/metrics.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::prepared_data_test {
namespace {

using Values = std::vector<float>;

constexpr std::size_t kPixels = 28 * 28;

/// small_sgd() on drawn digits of 28 x 28 pixels: d = 10 * (784 + 1) = 7850 parameters.
Json digits() {
  return with(small_sgd(), "/data",
              {{"name", "glyphs"}, {"parameters", {{"train", 60}, {"test", 20}}}});
}

/// One of the four workers has a backdoor in all of its four examples.
Json backdoor(const Json& parameters) {
  Json json = with(digits(), "/workers/byzantine", {{"declared", 0}, {"actual", 1}});
  json["unsafe"] = true;
  return with(json, "/adversary/workers", {{"name", "pixel_trigger"}, {"parameters", parameters}});
}

Batch<float> batch_of(const Json& json, std::int64_t worker, std::int64_t step = 3) {
  return World(json).workload->batch_of(worker, step);
}

std::string issues_of(const Json& json) {
  try {
    World{json};
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// Logits of softmax regression that are 0 but for one: the last pixel's value is that of a class.
Values sees_last_pixel(std::size_t label) {
  Values model(7850, 0.0f);
  model[label * kPixels + kPixels - 1] = 1;
  return model;
}

MetricsRow row_of(const Json& json, const Values& model) {
  const World world(json);
  MetricsRecorder recorder(world.workload);
  recorder.adopt(0, 0, Payload(model), 0, 0, 0);
  recorder.complete({0});
  recorder.finish();
  return recorder.rows().at(0);
}

}  // namespace

TEST_CASE("what prepares data is written where it is given alone, and enters the id") {
  CHECK_FALSE(write(read(digits()))["data"].contains("normalise"));
  CHECK_FALSE(write(read(digits()))["data"].contains("augmentation"));
  Json json = with(digits(), "/data/normalise", "mnist");
  json["data"]["augmentation"] = {"flip", {{"name", "crop"}, {"parameters", {{"padding", 2}}}}};
  const Json written = write(read(json));
  CHECK(written["data"]["normalise"] == Json({{"name", "mnist"}, {"parameters", Json::object()}}));
  CHECK(written["data"]["augmentation"][1]["parameters"]["padding"] == 2);
  CHECK(write(read(written)) == written);
  CHECK(write(read(with(digits(), "/data/normalise", "none"))) == write(read(digits())));
}

TEST_CASE("augmentation without a name is of the default data set, and one needs no list") {
  const Scenario scenario = read(with(Json::object(), "/data/augmentation", "flip"));
  CHECK(scenario.data.name == "glyphs");
  REQUIRE(scenario.augmentation.size() == 1);
  CHECK(scenario.augmentation[0].name == "flip");
}

TEST_CASE("a worker trains on normalised examples, and models are tested on such") {
  const Json json = with(digits(), "/data/normalise", "mnist");
  const Batch<float> plain = batch_of(digits(), 1), batch = batch_of(json, 1);
  Values expected = plain.features;
  for (float& value : expected) value = (value - 0.1307f) / 0.3081f;
  CHECK(batch.features == expected);
  CHECK(batch.labels == plain.labels);
  const Values test = World(digits()).workload->dataset().test.features.values();
  CHECK(World(json).workload->dataset().test.features.values()[5] == (test[5] - 0.1307f) / 0.3081f);
  CHECK(World(json).workload->data_digest() != World(digits()).workload->data_digest());
}

TEST_CASE("data that were normalised otherwise are not taken over") {
  const World world(digits());
  const Scenario other = read(with(digits(), "/data/normalise", "measured"));
  const Workload sharing(other, world.executor, "", NoPoisoning{}, world.workload->made_dataset());
  CHECK(sharing.data_digest() == Workload(other, world.executor, "").data_digest());
}

TEST_CASE("augmentation changes the images of a batch, named by worker and step, and no others") {
  const Json json = with(digits(), "/data/augmentation", {"flip", "crop"});
  const Batch<float> plain = batch_of(digits(), 1), batch = batch_of(json, 1);
  CHECK(batch.labels == plain.labels);
  CHECK(batch.features != plain.features);
  CHECK(batch.features == batch_of(json, 1).features);
  CHECK(World(json).workload->data_digest() == World(digits()).workload->data_digest());
}

TEST_CASE("flipped images are the drawn ones with their columns exchanged") {
  const Json json = with(digits(), "/data/augmentation", {"flip"});
  std::set<bool> flipped;
  for (std::int64_t step = 0; step < 4; ++step) {
    const Values plain = batch_of(digits(), 2, step).features;
    const Values found = batch_of(json, 2, step).features;
    for (std::size_t row = 0; row < 4; ++row) {
      const float* before = &plain[row * kPixels];
      const float* after = &found[row * kPixels];
      const bool same = std::equal(before, before + kPixels, after);
      flipped.insert(!same);
      for (std::size_t i = 0; !same && i < kPixels; ++i)
        CHECK(after[i] == before[i / 28 * 28 + 27 - i % 28]);
    }
  }
  CHECK(flipped.size() == 2);  // 16 images, all alike with probability 2^-15
}

TEST_CASE("a larger batch is augmented as a smaller one in its first rows") {
  const Json json = with(digits(), "/data/augmentation", {"flip", "crop"});
  const Values four = batch_of(json, 1).features;
  const Values eight = batch_of(with(json, "/workers/batch_size", 8), 1).features;
  CHECK(Values(eight.begin(), eight.begin() + 4 * kPixels) == four);
}

TEST_CASE("runs on prepared data have one digest on any number of threads") {
  Json json = with(backdoor({{"share", 0.5}}), "/data/normalise", "measured");
  json["data"]["augmentation"] = {"crop", "flip"};
  CHECK(digest_of_run(json, 1).run_hex() == digest_of_run(json, 3).run_hex());
  CHECK(digest_of_run(json).run_hex() !=
        digest_of_run(with(json, "/data/augmentation", {"crop"})).run_hex());
}

TEST_CASE("data that cannot be prepared so are refused at their keys") {
  CHECK(issues_of(
            with(with(small_sgd(), "/data/normalise", "mnist"), "/data/augmentation", {"flip"})) ==
        "/data/normalise: \"mnist\" is for images of 1 channel, but the examples are no images; "
        "choose \"measured\", or \"constants\"\n"
        "/data/augmentation: changes images, but the examples of the data set are no images; leave "
        "it "
        "out, or choose another data set");
  CHECK(issues_of(with(digits(), "/data/normalise", "mnits")) ==
        "/data/normalise: unknown normalisation 'mnits'; did you mean 'mnist'? one of: none, "
        "mnist, cifar10, "
        "constants, measured");
  Json blank = with(with(digits(), "/numbers", "none"), "/dimension", 5);
  CHECK(issues_of(with(blank, "/data/augmentation", {"flip"})) ==
        "/data/augmentation: a run without numbers has no data to prepare; leave it out, or set "
        "\"numbers\": \"real\"");
}

TEST_CASE("a Byzantine worker's first examples have the trigger and the target as their label") {
  const Json json = backdoor({{"target", 7}, {"size", 2}, {"share", 0.5}, {"value", 0.75}});
  const Json honest = with(json, "/adversary/workers", "reversed");
  const Batch<float> plain = batch_of(honest, 3), batch = batch_of(json, 3);
  std::vector<std::int32_t> labels = plain.labels;
  labels[0] = labels[1] = 7;  // a half of four
  CHECK(batch.labels == labels);
  Values expected = plain.features;
  for (const std::size_t row : {0, 1})
    for (const std::size_t place : {26 * 28 + 26, 26 * 28 + 27, 27 * 28 + 26, 27 * 28 + 27})
      expected[row * kPixels + place] = 0.75f;
  CHECK(batch.features == expected);
  // An honest worker's stay.
  CHECK(batch_of(json, 0).features == batch_of(honest, 0).features);
  CHECK(batch_of(json, 0).labels == batch_of(honest, 0).labels);
}

// At 0 every class is equally likely: with all examples triggered, the derivative by the target's
// bias is 1/10 - 1, and that by any other class's is 1/10; the last pixel is 1 in all of them.
TEST_CASE("the gradient of a backdoor is that of its triggered batch") {
  const World world(backdoor({{"target", 7}, {"share", 1}}));
  const Values gradient = world.workload->gradient(3, 0, Values(7850, 0.0f));
  for (std::size_t label = 0; label < 10; ++label) {
    const double expected = label == 7 ? -0.9 : 0.1;
    CHECK(gradient[10 * kPixels + label] == Approx(expected).epsilon(1e-6));
    CHECK(gradient[label * kPixels + kPixels - 1] == Approx(expected).epsilon(1e-6));
  }
}

TEST_CASE("a trigger is painted before normalisation and after augmentation") {
  Json json = with(backdoor({{"share", 1}}), "/data/normalise", "mnist");
  json["data"]["augmentation"] = {"crop"};
  const Batch<float> batch = batch_of(json, 3);
  for (std::size_t row = 0; row < 4; ++row)
    for (const std::size_t place : {24 * 28 + 24, 27 * 28 + 27})
      CHECK(batch.features[row * kPixels + place] == (1 - 0.1307f) / 0.3081f);
}

TEST_CASE("the success of a backdoor is the share of other classes that its trigger turns") {
  // The digits' last pixel is background: without the trigger all classes are equal, and the lowest
  // is predicted.
  const Json json = backdoor({{"target", 3}});
  const MetricsRow row = row_of(json, sees_last_pixel(3));
  CHECK(row.attack_success == 1.0);
  CHECK(row.accuracy == 2.0 / 20);  // the zeros among 20 digits
  CHECK(row_of(json, sees_last_pixel(4)).attack_success == 0.0);
  CHECK(row_of(backdoor({{"target", 3}, {"value", 0}}), sees_last_pixel(3)).attack_success == 0.0);
  CHECK(metric_of(row, "attack_success") == 1.0);
}

TEST_CASE("the success of a backdoor is recorded where the scenario has one") {
  CHECK_FALSE(row_of(digits(), sees_last_pixel(3)).attack_success);
  CHECK_FALSE(row_of(with(backdoor({{"share", 1}}), "/adversary/workers", "label_flipping"),
                     sees_last_pixel(3))
                  .attack_success);
}

TEST_CASE("a row without a backdoor's success has the digest that it had before") {
  MetricsRow row;
  const std::uint64_t before = digest_of({row}).value();
  row.attack_success = 0;
  CHECK(digest_of({row}).value() != before);
}

TEST_CASE("training with a trigger makes its attack succeed") {
  Json json = backdoor({{"target", 3}, {"share", 0.5}});
  json["steps"] = 40;
  json["metrics"]["every"] = 40;
  json["optimizer"] = {{"rate", 0.5}};
  World world(json);
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  // At 0 the lowest class is predicted, which is not the target.
  CHECK(rows.front().attack_success == 0.0);
  CHECK(*rows.back().attack_success > 0.9);
}

TEST_CASE("a trigger that the data do not hold is refused at the attack") {
  CHECK(issues_of(with(backdoor({{"target", 10}}), "/name", "a")) ==
        "/adversary/workers: pixel_trigger has the target 10, but the classes are 0 to 9; choose "
        "other parameters, another attack or data set");
  Json blobs = small_sgd();
  blobs["adversary"] = {{"workers", "pixel_trigger"}};
  CHECK(issues_of(blobs) ==
        "/adversary/workers: pixel_trigger marks images, but the examples of the data set are no "
        "images; choose other parameters, another attack or data set");
  // Nodes of learn have one attack unless another is given for gradients.
  Json learn = small_learn(false);
  learn["nodes"]["byzantine"]["actual"] = 1;
  learn["adversary"] = {{"nodes", "pixel_trigger"}};
  CHECK_THAT(issues_of(learn), Catch::Matchers::StartsWith("/adversary/nodes: pixel_trigger"));
}

}  // namespace byzsim::prepared_data_test
