// Models and data sets of plugins: listed, used and checked as those built in are.
#include <map>
#include <set>
#include <string>

#include "tests/tools/plugins.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_data_test {
namespace {

const std::string kData = plugin("data");

Json digest_of(const std::string& model, const std::string& data, const Arguments& more = {}) {
  Arguments arguments = {"--plugin", kData, "--set", "/model=" + model, "--set", "/data=" + data};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return tiny_run(arguments)["digest"];
}

std::string refusal_of(const std::string& model, const std::string& data,
                       const Arguments& more = {}) {
  Arguments arguments = {
      "run", "-", "--plugin", kData, "--set", "/model=" + model, "--set", "/data=" + data};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = Sandbox().byzsim(arguments, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  return outcome.err;
}

const std::string kLinear =
    R"({"name": "linear", "parameters": {"dimension": 3, "train": 60, "test": 300}})";
const std::string kBlobs =
    R"({"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 30}})";
const std::string kLine = R"({"name": "line", "parameters": {"train": 700}})";

// Three points are for three workers.
Arguments three_workers(const Arguments& more) {
  Arguments arguments = {"--set", "/workers/count=3",
                         "--set", "/workers/byzantine/declared=0",
                         "--set", "/workers/byzantine/actual=0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("a plugin's model that is a built-in one under another name gives the same run") {
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    CHECK(digest_of("least_squares", kLinear, more) == digest_of("linear_regression", kLinear));
    CHECK(digest_of("least_squares", kBlobs, more) == digest_of("linear_regression", kBlobs));
  }
}

TEST_CASE("a plugin's data set that is a built-in one under another name gives the same run") {
  const Json built_in = digest_of("quadratic", "points", three_workers({}));
  CHECK(digest_of("quadratic", "other_points", three_workers({})) == built_in);
  CHECK(digest_of("quadratic", "other_points", three_workers({"--isolate-plugins"})) == built_in);
}

TEST_CASE("a run with a plugin's model and data is the same on any threads, isolated or not") {
  std::set<std::string> digests;
  for (const Arguments& more : {Arguments{"--threads", "1"}, Arguments{"--threads", "3"},
                                Arguments{"--threads", "1", "--isolate-plugins"},
                                Arguments{"--threads", "3", "--isolate-plugins"}})
    digests.insert(digest_of("least_squares", kLine, more).dump());
  CHECK(digests.size() == 1);
  CHECK(digest_of("least_squares", kLine, {"--seed", "9"}).dump() != *digests.begin());
}

TEST_CASE("a plugin's model that predicts classes has an accuracy, others have none") {
  const auto accuracy_with = [](const std::string& model) {
    return tiny_run({"--plugin", kData, "--set", "/model=" + model})["final"]["accuracy"];
  };
  CHECK(accuracy_with("clairvoyant") == 1.0);
  CHECK(accuracy_with("least_squares") == nullptr);
}

TEST_CASE("a plugin's models and data sets are listed, described and recorded") {
  const auto output = [](const Arguments& arguments) { return Sandbox().byzsim(arguments).out; };
  CHECK_THAT(output({"list", "models", "--plugin", kData}), contains("\n  least_squares "));
  CHECK_THAT(output({"list", "data", "--plugin", kData}), contains("\n  other_points "));
  CHECK_THAT(output({"describe", "line", "--plugin", kData}),
             StartsWith("line (data)\n  a line with noise\n  Plugin: ") &&
                 contains("an integer in [1, 1000000]; default 600"));
  CHECK(output({"list", "--plugin", kData}) ==
        output({"list", "--plugin", kData, "--isolate-plugins"}));
  const Json run = tiny_run({"--plugin", kData, "--set", "/model=least_squares"});
  CHECK(run["plugins"][0]["file"] == kData);
}

TEST_CASE("a plugin's model that does not fit the data is the scenario's mistake") {
  CHECK(refusal_of("least_squares",
                   R"({"name": "blobs", "parameters": {"dimension": 60, "classes": 3}})") ==
        "error: /model: least_squares does not fit the data set blobs: has at most 50 features; "
        "choose another model or data set\n");
}

TEST_CASE("a plugin's model that breaks a promise ends the run with its name") {
  const std::map<std::string, std::string> sentences = {
      {"nan_gradient",
       "model nan_gradient, in gradient: returned NaN or no value for finite parameters in "
       "coordinate 1"},
      {"changing", "model changing, in gradient: changed its inputs"},
      {"infinite",
       "model infinite, in initialize: wrote initial parameters that are not finite, or left some "
       "out"},
      {"empty", "model empty, in dimension: named 0 parameters, which is not in [1, 2^40]"},
      {"strange_classes",
       "model strange_classes, in evaluate: predicted the class 77, which is not in [0, 3)"}};
  for (const auto& [model, sentence] : sentences)
    for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}})
      CHECK_THAT(refusal_of(model, kBlobs, more),
                 contains("error: plugin " + kData + ", " + sentence + "; fix the plugin, or "));
}

TEST_CASE("a plugin's data set that breaks a promise ends the run with its name") {
  const std::map<std::string, std::string> sentences = {
      {"bad_image",
       "data set bad_image, in shape: named an image that does not have as many values as "
       "features"},
      {"bad_label",
       "data set bad_label, in make: wrote a label that is not in [0, classes), or left some out"},
      {"no_features",
       "data set no_features, in make: wrote features that are not finite, or left some out"},
      {"too_many", "data set too_many, in make: wrote more than the 3 values that were requested"}};
  for (const auto& [data, sentence] : sentences)
    for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}})
      CHECK_THAT(refusal_of("quadratic", data, more),
                 contains("error: plugin " + kData + ", " + sentence + "; fix the plugin, or "));
}

}  // namespace byzsim::process::plugin_data_test
