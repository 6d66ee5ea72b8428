// `byzsim score`, and training that goes on from a kept model.
#include <sstream>

#include "tests/core/npy_arrays.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::score_command_test {
namespace {

using npy_arrays::array;
using npy_arrays::bytes_of;

// The tiny scenario with one server, run for 100 steps in "first" with its model.
class FirstRun {
 public:
  FirstRun() {
    sandbox.write("one.json", tiny_with(R"({"name": "one", "protocol": "sgd", "steps": 100,
                                            "servers": {"count": 1, "byzantine": 0}})"));
    const Outcome outcome =
        sandbox.byzsim({"run", "one.json", "--out", "first", "--models", "every=50"});
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }
  Json last() const { return Json::parse(sandbox.read("first/run.json"))["final"]; }
  // The fields of a line of metrics.csv; -1: the last.
  std::vector<std::string> row(const std::string& run, int line) const {
    std::istringstream stream(sandbox.read(run + "/metrics.csv"));
    std::vector<std::string> lines;
    for (std::string text; std::getline(stream, text);) lines.push_back(text);
    std::istringstream fields(line < 0 ? lines.back() : lines[static_cast<std::size_t>(line)]);
    std::vector<std::string> row;
    for (std::string text; std::getline(fields, text, ',');) row.push_back(text);
    return row;
  }
  Outcome start_with(const std::string& file, const std::string& out = "second") const {
    return sandbox.byzsim({"run", "one.json", "--out", out, "--set", "/model/start=" + file});
  }

  Sandbox sandbox;
};

const std::string kModel = "first/models/server-0.npy";

std::string mistake(const Outcome& outcome) {
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  return outcome.err;
}

}  // namespace

TEST_CASE("a stored model scores what the run has in its last row") {
  const FirstRun first;
  const Outcome outcome = first.sandbox.byzsim({"score", kModel, "one.json", "--json"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  const Json score = Json::parse(outcome.out);
  CHECK(score["model"] == kModel);
  CHECK(score["accuracy"] == first.last()["accuracy"]);
  CHECK(score["loss"] == first.last()["loss"]);
  CHECK(first.row("first", -1)[4] == score["loss"].dump());
}

TEST_CASE("score prints a line for each model, whatever the number of threads") {
  const FirstRun first;
  const std::string half = "first/models/step-000050/server-0.npy";
  const Outcome text = first.sandbox.byzsim({"score", half, kModel, "one.json"});
  CHECK(text.exit_code == 0);
  CHECK_THAT(text.out, StartsWith(half + ": accuracy "));
  CHECK_THAT(text.out, contains("\n" + kModel + ": accuracy "));
  const Arguments command = {"score", "--json", half, kModel, "first/run.json", "--threads"};
  Arguments one = command, three = command;
  one.push_back("1");
  three.push_back("3");
  CHECK(first.sandbox.byzsim(one).out == first.sandbox.byzsim(three).out);
}

TEST_CASE("score evaluates on the test set of the scenario that is given") {
  const FirstRun first;
  const Outcome as_it_is = first.sandbox.byzsim({"score", kModel, "one.json", "--json"});
  const Outcome other =
      first.sandbox.byzsim({"score", kModel, "one.json", "--json", "--seed", "9"});
  CHECK(other.exit_code == 0);
  CHECK(other.out != as_it_is.out);
}

TEST_CASE("a model of a regression has a loss and no accuracy") {
  const Sandbox sandbox;
  sandbox.write("line.json", tiny_with(R"({"model": "linear_regression", "data": null})"));
  const Arguments run = {
      "run", "line.json", "--out", "line", "--models", "--set", R"(/data={"name": "linear"})"};
  REQUIRE(sandbox.byzsim(run).exit_code == 0);
  const Outcome outcome =
      sandbox.byzsim({"score", "line/models/server-0.npy", "line/run.json", "--json"});
  const Json score = Json::parse(outcome.out);
  CHECK(score["accuracy"].is_null());
  CHECK(score["loss"].is_number());
  CHECK_THAT(sandbox.byzsim({"score", "line/models/server-0.npy", "line/run.json"}).out,
             contains(": accuracy undefined, loss "));
}

TEST_CASE("score names what is missing") {
  const Sandbox sandbox;
  CHECK(mistake(sandbox.byzsim({"score"})) ==
        "error: byzsim score: missing argument MODEL; byzsim score --help shows how\n");
  CHECK(mistake(sandbox.byzsim({"score", "a.npy", "--json"})) ==
        "error: byzsim score: missing argument SCENARIO; byzsim score --help shows how\n");
  CHECK_THAT(sandbox.byzsim({"score", "--help"}).out,
             contains("Usage: byzsim score [OPTIONS] MODEL... SCENARIO\n"));
}

TEST_CASE("score refuses every file that is no model of the scenario, all at once") {
  const FirstRun first;
  first.sandbox.write("two.npy", array("<f4", "(2,)", bytes_of<float>({1, 2})));
  first.sandbox.write("text.npy", "text");
  CHECK(mistake(first.sandbox.byzsim(
            {"score", "two.npy", kModel, "text.npy", "none.npy", "one.json"})) ==
        "error: two.npy: contains 2 parameters, but the model softmax_regression has 12; give a "
        "file of the same model and data set\n"
        "error: text.npy: is not an array of NumPy: it does not begin with \\x93NUMPY; save the "
        "array again with numpy.save\n"
        "error: none.npy: no such file; check the path\n");
}

TEST_CASE("score needs a scenario with numbers") {
  const Outcome outcome = Sandbox().byzsim(
      {"score", "a.npy", "-"}, R"({"name": "blank", "numbers": "none", "dimension": 4})");
  CHECK(mistake(outcome) ==
        "error: /numbers: a run without numbers has no model and no test set; "
        "--set /numbers=real\n");
}

TEST_CASE("training that goes on from a kept model begins where the first ended, to the bit") {
  const FirstRun first;
  const Outcome outcome = first.start_with(kModel);
  CHECK(outcome.exit_code == 0);
  const auto before = first.row("first", -1), after = first.row("second", 1);
  CHECK(before[0] == "100");
  CHECK(after[0] == "0");
  for (const std::size_t column : {2, 3, 4})  // accuracy, accuracy_worst, loss
    CHECK(before[column] == after[column]);
  CHECK(first.sandbox.byzsim({"verify", "second"}).exit_code == 0);
}

TEST_CASE("the model that a run began with is among its inputs, under its digest") {
  const FirstRun first;
  first.start_with(kModel);
  const Json kept = Json::parse(first.sandbox.read("first/run.json"))["models"][0];
  const Json run = Json::parse(first.sandbox.read("second/run.json"));
  REQUIRE(run["inputs"].size() == 1);
  CHECK(run["inputs"][0]["digest"] == kept["digest"]);
  CHECK(run["inputs"][0]["bytes"] == kept["bytes"]);
}

TEST_CASE("a model to begin with is looked for beside the scenario, then in the data folder") {
  const FirstRun first;
  const fs::path work = first.sandbox.path();
  fs::create_directories(work / "beside");
  fs::create_directories(work / "data/models");
  fs::copy_file(work / kModel, work / "beside/start.npy");
  fs::copy_file(work / kModel, work / "data/models/shared.npy");
  Json scenario = Json::parse(first.sandbox.read("one.json"));
  for (const char* name : {"start.npy", "shared.npy"}) {
    scenario["model"] = {{"name", "softmax_regression"}, {"start", name}};
    first.sandbox.write("beside/one.json", scenario.dump());
    const Outcome outcome = first.sandbox.byzsim({"run", "beside/one.json", "--out", name}, "",
                                                 {{"BYZSIM_DATA", (work / "data").string()}});
    CHECK(outcome.err.empty());
    CHECK(outcome.exit_code == 0);
  }
  CHECK(Json::parse(first.sandbox.read("start.npy/run.json"))["id"] ==
        Json::parse(first.sandbox.read("shared.npy/run.json"))["id"]);
}

TEST_CASE("a model to begin with that cannot be used is refused at its key") {
  const FirstRun first;
  CHECK_THAT(mistake(first.start_with("none.npy")),
             StartsWith("error: /model/start: no such file: none.npy, neither beside the scenario "
                        "nor in the working directory "));
  const std::map<std::string, std::string> problems = {
      {"text", "is not an array of NumPy"},
      {array("<f8", "(12,)", std::string(96, '\0')), "contains elements of type \"<f8\""},
      {array(">f4", "(12,)", std::string(48, '\0')), "contains elements of type \">f4\""},
      {array("<f4", "(12,)", std::string(48, '\0'), true), "is in Fortran order"},
      {array("<f4", "(3, 4)", std::string(48, '\0')), "has the shape (3, 4)"},
      {array("<f4", "(11,)", std::string(44, '\0')), "contains 11 parameters, but the model "},
      {array("<f4", "(12,)", std::string(47, '\0')), "file is truncated: expected "},
      {array("<f4", "(12,)", std::string(49, '\0')), "file is too long: expected "},
      {array("<f4", "(12,)", std::string(48, '\xff')), "parameter 0 (counted from 0) is "}};
  for (const auto& [bytes, problem] : problems) {
    CAPTURE(problem);
    first.sandbox.write("bad.npy", bytes);
    const std::string file = (first.sandbox.path() / "bad.npy").string();
    CHECK_THAT(mistake(first.start_with("bad.npy")),
               StartsWith("error: /model/start: " + file + ": " + problem));
    CHECK_FALSE(first.sandbox.holds("second"));
  }
}

TEST_CASE("a model that changes between two runs makes another run, which verify reports") {
  const FirstRun first;
  fs::copy_file(first.sandbox.path() / kModel, first.sandbox.path() / "start.npy");
  first.start_with("start.npy");
  fs::copy_file(first.sandbox.path() / "first/models/step-000050/server-0.npy",
                first.sandbox.path() / "start.npy", fs::copy_options::overwrite_existing);
  const Outcome outcome = first.sandbox.byzsim({"verify", "second"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(outcome.out, contains("start.npy has changed: "));
  CHECK_THAT(mistake(first.start_with("start.npy")),
             contains("contains something other than this run"));
}

}  // namespace byzsim::process::score_command_test
