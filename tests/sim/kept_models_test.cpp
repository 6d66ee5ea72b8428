// Models that a run keeps, and runs that begin with one.
#include "sim/observe/kept_models.h"
#include "adversaries/known_strategies.h"

#include <filesystem>

#include "core/datasets/npy_file.h"
#include "sim/results/run_result.h"
#include "sim/scenario/scenario_inputs.h"
#include "tests/catch.h"
#include "tests/core/data_files.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::kept_models_test {
namespace {

using data_files::TemporaryFolder;
using data_files::write_plain;

Json keeping(const Json& json, const Json& every = "never") {
  return with(json, "/keep", {{{"name", "models"}, {"parameters", {{"every", every}}}}});
}

std::vector<KeptModel> models_of(const Json& json, int threads = 1) {
  World world(json, threads);
  run_to_end(world.simulation);
  return kept_models(world.simulation);
}

std::vector<std::string> files_in(const std::vector<KeptModel>& models) {
  std::vector<std::string> files;
  for (const KeptModel& each : models) files.push_back(each.file);
  return files;
}

std::string issues_in(const Json& json) {
  try {
    read(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string id_of(Scenario scenario) {
  scenario.inputs = inputs_of(scenario, "", read_input_file);
  return scenario_id(scenario, scenario_tables());
}

// The same scenario, which begins with the model in a file.
Json starting(Json json, const Json& file) {
  json["model"] = {{"name", "softmax_regression"}, {"start", file}};
  return json;
}

// A model of 21 parameters, that of small_sgd().
std::string write_model(const TemporaryFolder& folder, const std::string& name, float value) {
  write_plain(folder.file(name), npy_of(std::vector<float>(21, value)));
  return folder.file(name);
}

}  // namespace

TEST_CASE("a scenario that keeps nothing keeps no models") {
  CHECK(models_of(small_sgd()).empty());
}

TEST_CASE("every honest server has its model at the end, a Byzantine one has none") {
  const std::vector<KeptModel> models = models_of(keeping(small_attacked_byzsgd()));
  const Scenario scenario = read(small_attacked_byzsgd());
  REQUIRE(models.size() == static_cast<std::size_t>(scenario.servers.correct()));
  for (std::size_t i = 0; i < models.size(); ++i) {
    CHECK(models[i].file == "models/server-" + std::to_string(i) + ".npy");
    CHECK(models[i].server == i);
    CHECK(models[i].step == scenario.steps);
    CHECK(models[i].bytes == 128 + 4 * 21);
  }
}

TEST_CASE("models on the way are those of every multiple of a number of steps") {
  const Json json = with(small_sgd(), "/steps", 6);
  CHECK(files_in(models_of(keeping(json, 2))) ==
        std::vector<std::string>{"models/server-0.npy", "models/step-000002/server-0.npy",
                                 "models/step-000004/server-0.npy",
                                 "models/step-000006/server-0.npy"});
  CHECK(files_in(models_of(keeping(json, 7))) == std::vector<std::string>{"models/server-0.npy"});
}

TEST_CASE("the model of the last step is that of the end") {
  const std::vector<KeptModel> models = models_of(keeping(with(small_sgd(), "/steps", 6), 6));
  REQUIRE(models.size() == 2);
  CHECK(models[0].digest == models[1].digest);
}

TEST_CASE("kept models are the same on any number of threads and in a copy of the run") {
  const Json json = keeping(small_attacked_byzsgd(), 2);
  const std::vector<KeptModel> models = models_of(json);
  CHECK(models == models_of(json, 3));
  World world(json);
  for (int i = 0; i < 100; ++i) world.simulation.advance();
  Simulation copy = world.simulation;
  run_to_end(copy);
  CHECK(kept_models(copy) == models);
  CHECK(kept_models(world.simulation) != models);
}

TEST_CASE("a server that has crashed for good has no model at the end") {
  const Json json =
      with(keeping(small_byzsgd()), "/network/faults",
           {{{"name", "crash"}, {"parameters", {{"nodes", "server 1"}, {"start", "3 ms"}}}}});
  const std::vector<std::string> files = files_in(models_of(json));
  CHECK(std::find(files.begin(), files.end(), "models/server-1.npy") == files.end());
  CHECK(std::find(files.begin(), files.end(), "models/server-0.npy") != files.end());
}

TEST_CASE("what is kept changes neither id nor digest") {
  const Json json = keeping(small_sgd(), 2);
  CHECK(id_of(read(json)) == id_of(read(small_sgd())));
  CHECK(digest_of_run(json).run_hex() == digest_of_run(small_sgd()).run_hex());
  CHECK_FALSE(write(read(small_sgd())).contains("keep"));
}

TEST_CASE("keep is a name, an object or a list of them") {
  for (const Json& keep : {Json("models"), Json::array({"models"}), Json({{"name", "models"}})}) {
    const Scenario scenario = read(with(small_sgd(), "/keep", keep));
    CHECK(scenario.keeps_models());
    CHECK_FALSE(scenario.keeps_models_every());
  }
  CHECK(read(keeping(small_sgd(), 100)).keeps_models_every() == 100);
}

TEST_CASE("what cannot be kept is refused") {
  CHECK_THAT(issues_in(with(small_sgd(), "/keep", "modles")),
             Catch::Matchers::StartsWith("/keep: unknown output 'modles'; did you mean 'models'?"));
  CHECK_THAT(issues_in(keeping(small_sgd(), 0)),
             Catch::Matchers::StartsWith("/keep/0/parameters/every: must be an integer in [1,"));
  CHECK(issues_in(with(small_sgd(), "/keep", {"models", "models"})) ==
        "/keep/1: \"models\" is kept already; leave one of them out");
  Json blank = with(with(small_sgd(), "/numbers", "none"), "/dimension", 5);
  CHECK(issues_in(with(blank, "/keep", "models")) ==
        "/keep: a run without numbers has no models to keep; leave it out, or set \"numbers\": "
        "\"real\"");
  CHECK(issues_in(with(blank, "/model", {{"name", "mlp"}, {"start", "a.npy"}})) ==
        "/model/start: a run without numbers has no model to begin with; leave it out, or set "
        "\"numbers\": \"real\"");
}

TEST_CASE("names of kept models are known from others") {
  const Scenario scenario = read(with(small_sgd(), "/steps", 1'000'000'000));
  CHECK(names_kept_model(final_model_file(scenario, 12)));
  CHECK(model_file_on_the_way(scenario, 3, 100) == "models/step-0000000100/server-3.npy");
  CHECK(names_kept_model(model_file_on_the_way(scenario, 3, 100)));
  for (const char* other : {"models/mine.npy", "models/server-.npy", "models/server-1.npy.txt",
                            "models/step-/server-1.npy", "models/a/server-1.npy", "server-1.npy"})
    CHECK_FALSE(names_kept_model(other));
}

TEST_CASE("models of nodes are called so") {
  Json json = small_learn(false);
  json["nodes"]["byzantine"] = {{"declared", 1}, {"actual", 1}};
  const std::vector<std::string> files = files_in(models_of(keeping(json, 6)));
  REQUIRE(files.size() == 2 * 6);
  CHECK(files.front() == "models/node-0.npy");
  CHECK(std::find(files.begin(), files.end(), "models/step-000006/node-5.npy") != files.end());
  for (const std::string& file : files) CHECK(names_kept_model(file));
}

TEST_CASE("every server begins with the model that the scenario names") {
  const TemporaryFolder folder;
  const Json json = starting(small_byzsgd(), write_model(folder, "start.npy", 0.25F));
  const World world(json);
  for (std::uint32_t server = 0; server < 5; ++server)
    CHECK(world.workload->initial_model(server).values() == std::vector<float>(21, 0.25F));
}

TEST_CASE("servers that start apart do so around the model that the scenario names") {
  const TemporaryFolder folder;
  const Json json = with(starting(small_byzsgd(), write_model(folder, "start.npy", 1)),
                         "/servers/start", {0, 1, 2, 3, 4});
  const World world(json);
  CHECK(world.workload->initial_model(4).values() == std::vector<float>(21, 5));
}

TEST_CASE("a model to begin with is part of the id by its contents, not by its name") {
  const TemporaryFolder folder;
  const auto id_with = [&](const std::string& file) {
    return id_of(read(starting(small_sgd(), file)));
  };
  const std::string one = id_with(write_model(folder, "a.npy", 1));
  CHECK(one != id_of(read(small_sgd())));
  CHECK(one == id_with(write_model(folder, "b.npy", 1)));
  CHECK(one != id_with(write_model(folder, "c.npy", 2)));
}

TEST_CASE("a model that is no model is refused at its key and its file") {
  const TemporaryFolder folder;
  write_plain(folder.file("bad.npy"), "text");
  try {
    World(starting(small_sgd(), folder.file("bad.npy")));
    FAIL("a text was taken for a model");
  } catch (const InputError& error) {
    CHECK(error.issues().front().where == "/model/start: " + folder.file("bad.npy"));
  }
}

TEST_CASE("a start without a name is of the default model, and is written back") {
  Json json = small_sgd();
  json["model"] = {{"start", "a.npy"}};
  const Scenario scenario = read(json);
  CHECK(scenario.model.name == "mlp");
  CHECK(scenario.model_start == "a.npy");
  CHECK(write(scenario)["model"]["start"] == "a.npy");
  CHECK(read(write(scenario)).model_start == "a.npy");
  CHECK_FALSE(write(read(small_sgd()))["model"].contains("start"));
}

TEST_CASE("a start that is no text, or beside another choice, is refused") {
  CHECK_THAT(issues_in(starting(small_sgd(), 3)),
             Catch::Matchers::StartsWith("/model/start: must be "));
  CHECK_THAT(issues_in(with(small_sgd(), "/model", {{"name", "mlp"}, {"stat", "a.npy"}})),
             Catch::Matchers::StartsWith("/model/stat: unknown key; did you mean 'start'?"));
  CHECK_THAT(issues_in(with(small_sgd(), "/data", {{"name", "blobs"}, {"start", "a.npy"}})),
             Catch::Matchers::StartsWith("/data/start: unknown key; allowed: name, parameters"));
}

}  // namespace byzsim::kept_models_test
