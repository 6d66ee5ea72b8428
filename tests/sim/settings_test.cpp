// The settings of papers in scenarios/settings run, on their data.
#include <cstdlib>
#include <filesystem>

#include "sim/results/results.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::settings_test {
namespace {

namespace fs = std::filesystem;

std::string data_root() {
  const char* root = std::getenv("BYZSIM_DATA");
  return root ? root : "";
}

// Of clients that take part with some probability few have sent a vector in the first rounds, and
// a rule that counts 0 for the others stands still.
int first_steps(const Json& json) {
  const Json& parameters = json["protocol"].value("parameters", Json::object());
  return parameters.value("absentees", "left_out") == "cached" ? 30 : 3;
}

void place_data(Json& data) {
  Json& parameters = data["parameters"];
  if (data["name"] == "libsvm") {
    for (const char* key : {"file", "test_file"})
      if (parameters.contains(key))
        parameters[key] = data_root() + "/libsvm/" + parameters[key].get<std::string>();
    return;
  }
  parameters["directory"] = data_root() + "/mnist";
}

// With a model whose evaluation on ten thousand images takes no time.
Json shortened(Json json) {
  json["steps"] = first_steps(json);
  json["model"] = "softmax_regression";
  place_data(json["data"]);
  return json;
}

}  // namespace

TEST_CASE("every setting of a paper runs, and learns in its first steps") {
  if (data_root().empty()) {
    WARN("skipped: BYZSIM_DATA, the folder with mnist/ in it, is not set");
    return;
  }
  std::size_t count = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(source_directory()) / "scenarios/settings")) {
    const Json json = shortened(parse_json(read_text(entry.path()), entry.path().string()));
    CAPTURE(entry.path().string());
    World world(json, 2);
    run_to_end(world.simulation);
    CHECK(world.simulation.trained());
    const auto& rows = world.simulation.metrics();
    CHECK(rows.back().loss.value() < rows.front().loss.value());
    ++count;
  }
  CHECK(count == 21);
}

}  // namespace byzsim::settings_test
