// `byzsim search` through the real program.
#include <fmt/format.h>

#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::search_command_test {
namespace {

const std::string kZ = "/adversary/workers/parameters/z";

// The tiny scenario under ALIE and a scheduler with parameters.
const std::string kSearched = tiny_with(R"({"adversary": {
  "workers": "a_little_is_enough", "scheduler": "keep_apart"}})");

Outcome search(const Sandbox& sandbox, Arguments more, const Environment& environment = {}) {
  sandbox.write("tiny.json", kSearched);
  more.insert(more.begin(), {"search", "tiny.json", "--quiet"});
  return sandbox.byzsim(more, "", environment);
}

// The error of a search that is refused.
std::string refusal(const Arguments& more) {
  const Sandbox sandbox;
  const Outcome outcome = search(sandbox, more);
  CHECK(outcome.exit_code == 2);
  CHECK_FALSE(sandbox.holds("results"));
  return outcome.err;
}

const Arguments kStrategies = {"random", "grid", "nlopt", "hill_climb",
                               R"({"name": "look_ahead", "parameters": {"halves": 1}})"};

const Environment kNoMatplotlib = {{"BYZSIM_PYTHON", "/nonexistent/python3"}};

}  // namespace

TEST_CASE("by default a search raises the drift, and of one server, which has none, the loss") {
  const auto objective = [](const std::string& changes) {
    const Sandbox sandbox;
    Json json = Json::parse(kSearched);
    json.merge_patch(Json::parse(changes));
    const Outcome outcome = sandbox.byzsim(
        {"search", "-", "--quiet", "--evaluations", "2", "--json"}, json.dump(), kNoMatplotlib);
    REQUIRE(outcome.exit_code == 0);
    return Json::parse(outcome.out)["objective"].get<std::string>();
  };
  CHECK(objective("{}") == "drift");
  CHECK(objective(R"({"protocol": "sgd", "servers": {"count": 1, "byzantine": 0},
                      "adversary": {"scheduler": "random"}})") == "loss");
}

TEST_CASE("the drift of one server is refused as the objective of a search") {
  const Outcome outcome = Sandbox().byzsim({"search", "vanilla", "--objective", "drift:max",
                                            "--over", "/optimizer/rate", "--evaluations", "2"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: --objective: one honest server drifts from none: its drift is always 0; choose "
        "loss or accuracy, or more servers\n");
}

TEST_CASE("a search leaves the worst scenario, every evaluation and what was asked") {
  const Sandbox sandbox;
  const Outcome outcome =
      search(sandbox, {"--objective", "drift:max", "--evaluations", "12", "--out", "found"},
             kNoMatplotlib);
  REQUIRE(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("largest drift ") && contains(" within 6 steps, ") &&
                              contains(" times random scheduling; found after ") &&
                              contains(" of 12 evaluations\n"));
  CHECK_THAT(outcome.err, contains("no picture of the search") && contains("matplotlib"));
  const std::string csv = sandbox.read("found/search.csv");
  CHECK(column_of(csv, "evaluation").size() == 12);
  const Json search = Json::parse(sandbox.read("found/search.json"));
  CHECK(search["strategy"]["name"] == "random");
  CHECK(search["objective"] == "drift:max");
  CHECK(search["evaluated"] == 12);
  const auto row = search["worst"]["evaluation"].get<std::size_t>() - 1;
  CHECK(search["worst"]["digest"] == column_of(csv, "digest").at(row));
  double worst = 0;
  for (const std::string& value : column_of(csv, "drift:max"))
    worst = std::max(worst, std::stod(value));
  CHECK(search["worst"]["value"] == worst);
  CHECK(column_of(csv, "worst_so_far").back() == column_of(csv, "drift:max").at(row));
}

TEST_CASE("the worst scenario runs again from anywhere, to the same digest and bad end") {
  for (const std::string& strategy : kStrategies) {
    CAPTURE(strategy);
    const Sandbox sandbox;
    REQUIRE(search(sandbox, {"--strategy", strategy, "--evaluations", "64", "--out", "found"},
                   kNoMatplotlib)
                .exit_code == 0);
    const Json found = Json::parse(sandbox.read("found/search.json"));
    const Outcome again =
        Sandbox().byzsim({"run", "-", "--json"}, sandbox.read("found/worst.json"));
    CHECK(again.exit_code == 0);
    const Json run = Json::parse(again.out);
    CHECK(run["digest"]["run"] == found["worst"]["digest"]);
    CHECK(run["final"]["drift"] == found["worst"]["value"]);
    const Json& expectation = run["expectations"][0];
    CHECK(expectation["metric"] == "drift");
    CHECK(expectation["relation"] == ">=");
    CHECK(expectation["value"].get<double>() ==
          Approx(0.9 * found["worst"]["value"].get<double>()));
  }
}

TEST_CASE("every search gives the same bytes again, for any number of threads") {
  for (const std::string& strategy : kStrategies) {
    CAPTURE(strategy);
    std::vector<std::string> worst, csv;
    for (const char* threads : {"1", "3"}) {
      const Sandbox sandbox;
      REQUIRE(search(sandbox,
                     {"--strategy", strategy, "--threads", threads, "--evaluations", "70", "--out",
                      "found"},
                     kNoMatplotlib)
                  .exit_code == 0);
      worst.push_back(sandbox.read("found/worst.json"));
      csv.push_back(sandbox.read("found/search.csv"));
    }
    CHECK(worst[0] == worst[1]);
    CHECK(csv[0] == csv[1]);
  }
}

TEST_CASE("a search over a named number leaves the others as they are") {
  const Sandbox sandbox;
  REQUIRE(search(sandbox,
                 {"--strategy", "grid", "--over", kZ + "=0.5..2.5", "--evaluations", "3", "--out",
                  "found"},
                 kNoMatplotlib)
              .exit_code == 0);
  const std::string csv = sandbox.read("found/search.csv");
  CHECK(lines_in(csv).front() == "evaluation," + kZ + ",drift,worst_so_far,digest");
  CHECK(column_of(csv, kZ) == std::vector<std::string>{"0.5", "1.5", "2.5"});
  const Json worst = Json::parse(sandbox.read("found/worst.json"));
  CHECK(worst["adversary"]["scheduler"]["parameters"]["far"] == "20 ms");
}

TEST_CASE("a grid over delays takes equal ratios when told so") {
  const Sandbox sandbox;
  const std::string mean = "/network/delay/parameters/mean";
  REQUIRE(search(sandbox,
                 {"--strategy", "grid", "--over", mean + "=1ms..100ms:log", "--evaluations", "3",
                  "--out", "found"},
                 kNoMatplotlib)
              .exit_code == 0);
  CHECK(column_of(sandbox.read("found/search.csv"), mean) ==
        std::vector<std::string>{"1 ms", "10 ms", "100 ms"});
}

TEST_CASE("accuracies and cosines are made small, and losses against the peaceful run large") {
  const Sandbox sandbox;
  for (const char* objective : {"accuracy_worst:min", "accuracy_lost", "descent_cosine"}) {
    REQUIRE(search(sandbox, {"--objective", objective, "--evaluations", "8", "--out", objective},
                   kNoMatplotlib)
                .exit_code == 0);
    const Json found = Json::parse(sandbox.read(std::string(objective) + "/search.json"));
    const bool less = std::string(objective) != "accuracy_lost";
    const std::string csv = sandbox.read(std::string(objective) + "/search.csv");
    for (const std::string& value : column_of(csv, objective))
      CHECK((less ? -1 : 1) * std::stod(value) <=
            (less ? -1 : 1) * found["worst"]["value"].get<double>());
    CHECK(sandbox.byzsim({"run", std::string(objective) + "/worst.json"}).exit_code == 0);
  }
}

TEST_CASE("a search shows accuracies in percent, and expects fractions") {
  const Sandbox sandbox;
  const Outcome outcome = search(
      sandbox, {"--objective", "accuracy", "--evaluations", "4", "--out", "found"}, kNoMatplotlib);
  REQUIRE(outcome.exit_code == 0);
  const Json search = Json::parse(sandbox.read("found/search.json"));
  const double worst = search["worst"]["value"].get<double>();
  CHECK_THAT(outcome.out,
             StartsWith(fmt::format("accuracy {:.1f} % after 6 steps, ", 100 * worst)));
  const Json expected = Json::parse(sandbox.read("found/worst.json"))["expect"][0]["value"];
  CHECK(expected.get<double>() <= 1);
}

TEST_CASE("a diverged run is the worst, and its value empty") {
  const Sandbox sandbox;
  // Steps of 1e30 and plain averages: a liar by a factor of 1e12 leaves the range of floats.
  sandbox.write("average.json", tiny_with(R"({"workers": {"aggregator": "average"},
    "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 1e30}}}})"));
  const Outcome outcome =
      sandbox.byzsim({"search", "average.json", "--strategy", "grid", "--over",
                      "/adversary/workers/parameters/factor=0..1000000000000", "--evaluations", "2",
                      "--objective", "loss", "--out", "found"},
                     "", kNoMatplotlib);
  REQUIRE(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("the run diverges within 6 steps, ") &&
                              contains("found after 2 of 2 evaluations"));
  CHECK(column_of(sandbox.read("found/search.csv"), "loss").at(1).empty());
  CHECK(Json::parse(sandbox.read("found/search.json"))["worst"]["diverged"] == true);
  CHECK(Json::parse(sandbox.read("found/worst.json"))["expect"].empty());
}

TEST_CASE("a finished search is not repeated, and another is not overwritten") {
  const Sandbox sandbox;
  const Arguments once = {"--evaluations", "2", "--out", "found"};
  const Outcome first = search(sandbox, once, kNoMatplotlib);
  const Outcome second = search(sandbox, once, kNoMatplotlib);
  CHECK(second.out == first.out);
  CHECK_THAT(second.err, contains("this search exists; --force searches again"));
  const Outcome other = search(sandbox, {"--evaluations", "3", "--out", "found"}, kNoMatplotlib);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, contains("found: contains something other than this search"));
}

TEST_CASE("what cannot be searched is refused with the remedy") {
  CHECK_THAT(refusal({"--objective", "drfit"}),
             StartsWith("error: unknown objective 'drfit'; did you mean 'drift'?"));
  CHECK_THAT(refusal({"--strategy", "rondom"}), contains("did you mean 'random'?"));
  CHECK(refusal({"--strategy-set", "size=3"}) ==
        "error: --strategy/parameters: random takes no parameters; leave them out\n");
  CHECK_THAT(refusal({"--strategy", "hill_climb", "--strategy-set", "size=3"}),
             contains("/parameters/size: unknown key; allowed: "));
  CHECK_THAT(refusal({"--over", "/network/deley"}),
             contains("this scenario has no number at /network/deley or below it"));
  CHECK_THAT(refusal({"--over", "/adversary=1..2"}), contains("give one of them"));
  CHECK_THAT(refusal({"--over", kZ + "=2..1"}),
             contains("the upper end must be above the lower end"));
  CHECK_THAT(refusal({"--over", kZ + "=0..1:log"}), contains("must be above 0"));
  CHECK_THAT(refusal({"--over", kZ + "=0..x"}), contains("must be a number"));
  CHECK_THAT(refusal({"--over", kZ, "--over", kZ}), contains("is given twice"));
  CHECK_THAT(refusal({"--set", "/adversary/workers=zero", "--set", "/adversary/servers=zero",
                      "--set", "/adversary/scheduler=random"}),
             contains("the attacks and the scheduler have no numbers to search over"));
  CHECK_THAT(refusal({"--strategy", "hill_climb", "--over", kZ}),
             contains("does not search over numbers"));
  CHECK_THAT(refusal({"--evaluations", "0"}), contains("--evaluations"));
}

TEST_CASE("search says what --over and --strategy-set are to look like") {
  const auto refusal = [](const char* option, const char* value) {
    const Outcome outcome = Sandbox().byzsim({"search", "-", option, value}, kTinyScenario);
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  for (const char* over : {"=", "steps", ""})
    CHECK_THAT(
        refusal("--over", over),
        contains(": must be a JSON pointer, optionally with =LOW..HIGH; for example --over /"));
  for (const char* set : {"=1", "/x=1", "x"})
    CHECK_THAT(refusal("--strategy-set", set), contains(": must be name=value; for example "));
}

}  // namespace byzsim::process::search_command_test
