// `byzsim run`: what a run leaves behind and where.
#include <algorithm>
#include <sstream>

#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::run_command_test {
namespace {

bool is_hex_of_16(const Json& json) {
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

void require_share(const Json& value) {
  REQUIRE(value.is_number());
  CHECK(value.get<double>() >= 0);
  CHECK(value.get<double>() <= 1);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("a run.json as the scenario is run again, with changes where there are some") {
  const Sandbox sandbox;
  sandbox.byzsim({"run", "-", "--out", "first"}, kTinyScenario);
  CHECK(sandbox.byzsim({"run", "first/run.json", "--out", "again"}).exit_code == 0);
  const Json first = Json::parse(sandbox.read("first/run.json"));
  const Json again = Json::parse(sandbox.read("again/run.json"));
  CHECK(again["id"] == first["id"]);
  CHECK(again["digest"] == first["digest"]);
  sandbox.byzsim({"run", "first/run.json", "--set", "/steps=1", "--out", "changed"});
  CHECK(Json::parse(sandbox.read("changed/run.json"))["steps"] == 1);
}

TEST_CASE("a model that predicts no class has no line of accuracy in the summary") {
  const Outcome outcome = Sandbox().byzsim({"run", "06-four-servers-at-1-2-3-4", "--out", "here"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, !contains("accuracy") && contains("  drift     "));
}

TEST_CASE("run writes run.json and its tables to results/NAME/ID and nothing else") {
  const Sandbox sandbox;
  sandbox.write("small.json", kTinyScenario);
  const Outcome outcome = sandbox.byzsim({"run", "small.json"});
  CHECK(outcome.exit_code == 0);
  const std::string directory = only_run_of(sandbox, "tiny");
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / directory))
    files.push_back(entry.path().filename().string());
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"checksums.xxh3", "digests.csv", "gathers.csv",
                                          "metrics.csv", "run.json"});
  const Json run = Json::parse(sandbox.read(directory + "/run.json"));
  CHECK(directory == "results/tiny/" + run["id"].get<std::string>());
  CHECK_THAT(outcome.out, contains("digest    " + run["digest"]["run"].get<std::string>()));
  CHECK_THAT(outcome.out, contains(directory + "/run.json"));
}

TEST_CASE("run --json prints exactly the bytes of run.json") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--json"}, kTinyScenario);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == sandbox.read(only_run_of(sandbox, "tiny") + "/run.json"));
}

TEST_CASE("a short run shows no progress and says nothing on standard error") {
  const Outcome outcome = Sandbox().byzsim({"run", "-"}, kTinyScenario);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
}

TEST_CASE("run.json has every key of the contract with its shape") {
  const Json run = tiny_run({"--threads", "2"});
  CHECK(run["name"] == "tiny");
  CHECK(is_hex_of_16(run["id"]));
  CHECK(run["profile"] == "ieee754-fma");
  CHECK(run["seed"] == 3);
  CHECK(run["version"].is_string());
  CHECK(keys_of(run["digest"]) ==
        Arguments{"version", "run", "schedule", "messages", "draws", "models", "metrics"});
  CHECK(run["digest"]["version"] == 2);
  for (const auto& [layer, digest] : run["digest"].items())
    if (layer != "version") CHECK(is_hex_of_16(digest));
  CHECK(run["steps"] == 6);
  for (const char* count : {"events", "messages", "bytes"}) CHECK(run[count].get<int>() > 0);
  CHECK(run["simulated_seconds"].get<double>() > 0);
  CHECK(keys_of(run["final"]) == Arguments{"accuracy", "accuracy_worst", "loss", "drift"});
  require_share(run["final"]["accuracy"]);
  require_share(run["final"]["accuracy_worst"]);
  CHECK(run["final"]["accuracy_worst"] <= run["final"]["accuracy"]);
  CHECK(keys_of(run["provenance"]) == Arguments{"git", "compiler", "flags", "libraries"});
  CHECK_FALSE(run["provenance"]["libraries"].empty());
  CHECK(keys_of(run["machine"]) ==
        Arguments{"wall_seconds", "threads", "peak_bytes", "host_cores"});
  CHECK(run["machine"]["threads"] == 2);
}

TEST_CASE("run.json holds the scenario resolved, and that scenario is the same run") {
  const Json run = tiny_run();
  const Json& scenario = run["scenario"];
  CHECK(scenario["servers"]["quorum"] == 4);  // n - f = 5 - 1
  CHECK(scenario["workers"]["quorum"] == 5);  // n - f = 7 - 2
  CHECK(scenario["model"]["name"] == "softmax_regression");
  CHECK(scenario["data"]["parameters"]["spread"] == 1.0);  // a default
  const Json again = tiny_run({}, {}, scenario.dump());
  CHECK(again["id"] == run["id"]);
  CHECK(again["digest"] == run["digest"]);
  CHECK(again["scenario"] == scenario);
}

TEST_CASE("metrics.csv has the contract's columns and a row for every recorded step") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario);
  REQUIRE(outcome.exit_code == 0);
  const std::vector<std::string> lines = lines_of(sandbox.read("here/metrics.csv"));
  REQUIRE(lines.size() == 5);
  CHECK_THAT(lines[0], StartsWith("step,simulated_seconds,accuracy,accuracy_worst,loss,drift"));
  const std::vector<std::string> starts = {"0,", "2,", "4,", "6,"};
  for (std::size_t i = 0; i < starts.size(); ++i) CHECK_THAT(lines[i + 1], StartsWith(starts[i]));
}

TEST_CASE("option --out DIR is the run directory itself, with its parents made") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "a/b/c"}, kTinyScenario);
  CHECK(outcome.exit_code == 0);
  CHECK(sandbox.holds("a/b/c/run.json"));
  CHECK(sandbox.holds("a/b/c/metrics.csv"));
  CHECK_FALSE(sandbox.holds("results"));
}

TEST_CASE("option --out of an empty directory that is there already is filled") {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path() / "here");
  CHECK(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  CHECK(sandbox.holds("here/run.json"));
}

TEST_CASE("a run that is there already is not run again and is printed the same") {
  const Sandbox sandbox;
  const Outcome first = sandbox.byzsim({"run", "-", "--json"}, kTinyScenario);
  const Outcome second = sandbox.byzsim({"run", "-", "--json"}, kTinyScenario);
  CHECK(second.exit_code == 0);
  CHECK_THAT(second.err, contains("this run exists") && contains("--force"));
  CHECK(second.out == first.out);  // wall_seconds included
}

TEST_CASE("option --force runs again and replaces the directory") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  const std::string csv = sandbox.read("here/metrics.csv");
  sandbox.write("here/metrics.csv", "damaged");
  sandbox.write("here/events.jsonl", "of the damaged run");
  const Outcome forced = sandbox.byzsim({"run", "-", "--out", "here", "--force"}, kTinyScenario);
  CHECK(forced.exit_code == 0);
  CHECK(forced.err.empty());
  CHECK(sandbox.read("here/metrics.csv") == csv);
  CHECK_FALSE(sandbox.holds("here/events.jsonl"));
}

TEST_CASE("a directory that holds something else is refused and left untouched") {
  const Sandbox sandbox;
  sandbox.write("mine/thesis.txt", "years of work");
  for (const Arguments& more : {Arguments{}, Arguments{"--force"}}) {
    Arguments arguments = {"run", "-", "--out", "mine"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = sandbox.byzsim(arguments, kTinyScenario);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err,
               contains("mine: contains something other than this run") && contains("--out DIR"));
  }
  CHECK(sandbox.read("mine/thesis.txt") == "years of work");
  CHECK_FALSE(sandbox.holds("mine/run.json"));
}

TEST_CASE("the directory of another run is refused") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  const std::string stored = sandbox.read("here/run.json");
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--out", "here", "--seed", "4"}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK(sandbox.read("here/run.json") == stored);
}

TEST_CASE("an output path below a regular file is refused before the run") {
  const Sandbox sandbox;
  sandbox.write("file", "text");
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "file/below"}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("file/below: cannot write: Not a directory"));
  CHECK(sandbox.read("file") == "text");
}

TEST_CASE("a shipped scenario runs by its name from anywhere") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"run", "quickstart", "--json", "--set", "/steps=2", "--set",
                      "/data/parameters/train=200", "--set", "/data/parameters/test=50"});
  REQUIRE(outcome.exit_code == 0);
  const Json run = Json::parse(outcome.out);
  CHECK(run["name"] == "quickstart");
  CHECK(run["steps"] == 2);
  CHECK(sandbox.holds("results/quickstart/" + run["id"].get<std::string>() + "/run.json"));
}

TEST_CASE("a scenario without a name is called after its file, or stdin") {
  const Sandbox sandbox;
  Json scenario = Json::parse(kTinyScenario);
  scenario.erase("name");
  sandbox.write("folder/my_study.json", scenario.dump());
  const Outcome file = sandbox.byzsim({"run", "folder/my_study.json", "--json"});
  const Outcome input = sandbox.byzsim({"run", "-", "--json"}, scenario.dump());
  CHECK(Json::parse(file.out)["name"] == "my_study");
  CHECK(Json::parse(input.out)["name"] == "stdin");
}

TEST_CASE("a file whose name cannot name a directory gives a valid name, with a note") {
  Json scenario = Json::parse(kTinyScenario);
  scenario.erase("name");
  const std::vector<std::pair<std::string, std::string>> names = {
      {"my study (2).json", "my-study-2"},
      {"t\xc3\xa4glich neu.json", "t-glich-neu"},
      {".hidden.json", "hidden"},
      {"\xc3\xa4.json", "unnamed"}};
  for (const auto& [file, name] : names) {
    const Sandbox sandbox;
    sandbox.write(file, scenario.dump());
    const Outcome outcome = sandbox.byzsim({"run", file, "--json"});
    CAPTURE(file);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err ==
          "note: /name: \"" + name + "\", because the name of the file cannot name a directory\n");
    CHECK(Json::parse(outcome.out)["name"] == name);
    CHECK(sandbox.holds("results/" + name));
  }
}

TEST_CASE("a name that is given needs nothing of the file's name") {
  const Sandbox sandbox;
  sandbox.write("my study.json", kTinyScenario);
  CHECK(sandbox.byzsim({"run", "my study.json"}).err.empty());
  Json scenario = Json::parse(kTinyScenario);
  scenario.erase("name");
  sandbox.write("my study.json", scenario.dump());
  CHECK(sandbox.byzsim({"run", "my study.json", "--set", "/name=mine"}).err.empty());
}

TEST_CASE("a sweep of a file whose name cannot name a directory gets a valid name, too") {
  const Sandbox sandbox;
  Json scenario = Json::parse(kTinyScenario);
  scenario.erase("name");
  sandbox.write("my study.json", scenario.dump());
  const Outcome outcome =
      sandbox.byzsim({"sweep", "run", "my study.json", "--axis", "/steps=1,2", "--quiet"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err ==
        "note: /name: \"my-study\", because the name of the file cannot name a directory\n");
  CHECK_THAT(outcome.out, StartsWith("my-study: 2 runs done"));
}

TEST_CASE("option --out DIR may end with a slash") {
  const Sandbox sandbox;
  CHECK(sandbox.byzsim({"run", "-", "--out", "here/"}, kTinyScenario).exit_code == 0);
  CHECK(sandbox.holds("here/run.json"));
}

TEST_CASE("results that cannot be printed are not done") {
  for (const std::string form : {"--json", ""}) {
    CAPTURE(form);
    const Sandbox sandbox;
    sandbox.write("tiny.json", kTinyScenario);
    const Outcome outcome =
        sandbox.run({"sh", "-c", "exec \"$0\" run tiny.json --out here " + form + " > /dev/full",
                     byzsim_binary()});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err ==
          "error: standard output: cannot write: No space left on device; free space at its "
          "destination\n");
    CHECK(sandbox.holds("here/run.json"));  // the run itself was done
    CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
  }
}

}  // namespace byzsim::process::run_command_test
