// What is refused in a scenario, where it is said to be and why.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::scenario_issues_test {
namespace {

Issues issues_of(const Json& json) {
  try {
    read(json);
  } catch (const InputError& error) {
    return error.issues();
  }
  return {};
}

Issues issues_with(const std::string& pointer, const Json& value) {
  return issues_of(with(small_byzsgd(), pointer, value));
}

std::vector<std::string> places_of(const Issues& issues) {
  std::vector<std::string> places;
  for (const Issue& issue : issues) places.push_back(issue.where);
  return places;
}

/// Whether the one issue is at that place and its line holds all of these words.
bool only_issue_says(const Issues& issues, const std::string& where,
                     const std::vector<std::string>& words) {
  if (issues.size() != 1 || issues[0].where != where) return false;
  const std::string line = to_string(issues[0]);
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return line.find(word) != std::string::npos; });
}

/// A group with f declared, nobody lying.
Json group(int n, int f, int q, const std::string& rule) {
  return {{"count", n}, {"byzantine", {{"declared", f}}}, {"quorum", q}, {"aggregator", rule}};
}

}  // namespace

TEST_CASE("a fine scenario has no issue") {
  CHECK(issues_of(small_sgd()).empty());
  CHECK(issues_of(small_byzsgd()).empty());
  CHECK(issues_of(small_attacked_byzsgd()).empty());
}

TEST_CASE("a parameter beside the name of its strategy is answered with where it belongs") {
  const Json misplaced = {{"name", "dirichlet_niid"}, {"alpha", 0.1}};
  CHECK(only_issue_says(issues_with("/partition", misplaced), "/partition/alpha",
                        {"unknown key; did you mean /partition/parameters/alpha?"}));
}

TEST_CASE("a parameter of another strategy is answered with that strategy") {
  const Json of_another = {{"name", "iid"}, {"parameters", {{"alpha", 0.1}}}};
  CHECK(only_issue_says(issues_with("/partition", of_another), "/partition/parameters",
                        {"iid takes no parameters; leave them out; 'alpha' is a parameter of "
                         "dirichlet_niid"}));
}

TEST_CASE("keys of other programs are answered with byzsim's own") {
  for (const auto& [other, own] :
       std::vector<std::pair<std::string, std::string>>{{"/optimizer/lr", "/optimizer/rate"},
                                                        {"/learning_rate", "/optimizer/rate"},
                                                        {"/attack", "/adversary/workers"},
                                                        {"/workers/f", "/workers/byzantine"},
                                                        {"/epochs", "/steps"}})
    CHECK(
        only_issue_says(issues_with(other, 1), other, {"unknown key; did you mean " + own + "?"}));
}

TEST_CASE("an issue names its place as a JSON pointer") {
  CHECK(places_of(issues_with("/steps", 0)) == std::vector<std::string>{"/steps"});
  CHECK(places_of(issues_with("/servers/byzantine/declared", -1)) ==
        std::vector<std::string>{"/servers/byzantine/declared"});
  CHECK(places_of(issues_with("/protocol/parameters/gather_period", "never")) ==
        std::vector<std::string>{"/protocol/parameters/gather_period"});
  CHECK(places_of(issues_with("/data/name", "blob")) == std::vector<std::string>{"/data/name"});
  CHECK(places_of(issues_with("/network", 3)) == std::vector<std::string>{"/network"});
  CHECK(places_of(issues_with("/a~1b", 1)) == std::vector<std::string>{"/a~1b"});  // RFC 6901
}

TEST_CASE("a value out of range is told its range") {
  CHECK(only_issue_says(issues_with("/steps", 0), "/steps", {"an integer", "1", "not 0"}));
  CHECK(only_issue_says(issues_with("/steps", 1.5), "/steps", {"an integer", "not 1.5"}));
  CHECK(only_issue_says(issues_with("/unsafe", "yes"), "/unsafe", {"not \"yes\""}));
}

TEST_CASE("an unknown key is told the nearest one") {
  CHECK(only_issue_says(issues_with("/stepz", 3), "/stepz", {"did you mean 'steps'?"}));
  CHECK(only_issue_says(issues_with("/workers/batchsize", 3), "/workers/batchsize",
                        {"did you mean 'batch_size'?"}));
}

TEST_CASE("an unknown strategy is told the nearest one and all others") {
  CHECK(only_issue_says(issues_with("/model", "softmax_regresion"), "/model",
                        {"unknown model", "did you mean 'softmax_regression'?", "mlp"}));
  CHECK(only_issue_says(issues_with("/adversary", {{"workers", "gausian"}}), "/adversary/workers",
                        {"unknown attack", "did you mean 'gaussian'?"}));
}

TEST_CASE("Nesterov without momentum is refused") {
  const Issues issues = issues_with("/optimizer", {{"nesterov", true}});
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "/optimizer/nesterov: has no effect without momentum; set /optimizer/momentum above 0, or "
        "leave nesterov out");
}

TEST_CASE("many mistakes are reported at once") {
  Json json = small_byzsgd();
  json["steps"] = 0;
  json["model"] = "none";
  json["optimizer"] = {{"momentum", 2}, {"speed", 1}};
  json["network"] = {{"delay", {{"name", "constant"}, {"parameters", {{"value", "5 parsec"}}}}}};
  json["surprise"] = 1;
  std::vector<std::string> places = places_of(issues_of(json));
  std::sort(places.begin(), places.end());
  CHECK(places == std::vector<std::string>{"/model", "/network/delay/parameters/value",
                                           "/optimizer/momentum", "/optimizer/speed", "/steps",
                                           "/surprise"});
}

TEST_CASE("a scenario must be an object") {
  for (const Json& json : {Json(3), Json("sgd"), Json::array(), Json(nullptr)}) {
    CAPTURE(json.dump());
    const Issues issues = issues_of(json);
    REQUIRE_FALSE(issues.empty());
    CHECK(to_string(issues[0]).find("must be an object") != std::string::npos);
  }
}

TEST_CASE("a name is a directory's name") {
  for (const std::string name : {"", ".", "..", ".hidden", "a/b", "a b", "\xc3\xa9"}) {
    CAPTURE(name);
    CHECK(places_of(issues_with("/name", name)) == std::vector<std::string>{"/name"});
  }
  CHECK(places_of(issues_with("/name", std::string(101, 'a'))).size() == 1);
  CHECK(issues_with("/name", std::string(100, 'a')).empty());
  CHECK(issues_with("/name", "Fig-4_left.v2").empty());
}

TEST_CASE("delay parameters are checked together wherever a delay stands") {
  const Json crossed = {{"name", "uniform"}, {"parameters", {{"low", "2 ms"}, {"high", "1 ms"}}}};
  for (const std::string where : {"/network/delay", "/compute/gradient", "/compute/aggregation"}) {
    CAPTURE(where);
    CHECK(only_issue_says(issues_with(where, crossed), where + "/parameters",
                          {"low must not exceed high"}));
  }
}

TEST_CASE("ByzSGD needs n >= 3f + 2 servers") {
  const Issues issues = issues_with("/servers", group(4, 1, 3, "median"));
  CHECK(only_issue_says(issues, "/servers/count",
                        {"n >= 3f + 2 servers", "n = 4 and f = 1", "at least 5", "unsafe"}));
  CHECK(issues_with("/servers", group(5, 1, 4, "median")).empty());
}

TEST_CASE("ByzSGD needs n >= 3f + 1 workers") {
  const Issues issues = issues_with("/workers", group(6, 2, 5, "mda"));
  CHECK(only_issue_says(issues, "/workers/count",
                        {"n >= 3f + 1 workers", "n = 6 and f = 2", "at least 7", "unsafe"}));
  CHECK(issues_with("/workers", group(7, 2, 5, "mda")).empty());
}

TEST_CASE("ByzSGD needs 2f + 2 <= q <= n - f models") {
  CHECK(only_issue_says(issues_with("/servers", group(6, 1, 3, "median")), "/servers/quorum",
                        {"q >= 2f + 2 = 4", "pin the median", "q = 3", "4 to 5"}));
  CHECK(only_issue_says(issues_with("/servers", group(6, 1, 6, "median")), "/servers/quorum",
                        {"q <= n - f = 5", "silent", "q = 6", "4 to 5"}));
  CHECK(issues_with("/servers", group(6, 1, 4, "median")).empty());
  CHECK(issues_with("/servers", group(6, 1, 5, "median")).empty());
}

TEST_CASE("ByzSGD needs 2f + 1 <= q <= n - f gradients") {
  CHECK(only_issue_says(issues_with("/workers", group(9, 2, 8, "mda")), "/workers/quorum",
                        {"q <= n - f = 7", "silent", "q = 8", "5 to 7"}));
  // With MDA its own condition n >= 2f + 1 would be broken as well; average has none.
  CHECK(only_issue_says(issues_with("/workers", group(9, 2, 4, "average")), "/workers/quorum",
                        {"q >= 2f + 1 = 5", "majority", "q = 4", "5 to 7"}));
  CHECK(issues_with("/workers", group(9, 2, 5, "mda")).empty());
  CHECK(issues_with("/workers", group(9, 2, 7, "mda")).empty());
}

TEST_CASE("a rule's condition is on what it hears, the quorum") {
  // Krum needs 2f + 3 = 7 vectors; 9 workers are enough but a quorum of 6 is not.
  CHECK(only_issue_says(issues_with("/workers", group(9, 2, 6, "krum")), "/workers/aggregator",
                        {"krum", "2f + 3", "f = 2", "at least 7, not 6", "unsafe"}));
  CHECK(issues_with("/workers", group(9, 2, 7, "krum")).empty());
}

TEST_CASE("no more may lie than are declared") {
  CHECK(only_issue_says(issues_with("/workers/byzantine/actual", 3), "/workers/byzantine/actual",
                        {"3 workers are Byzantine but only f = 2", "unsafe"}));
  CHECK(issues_with("/workers/byzantine/actual", 2).empty());
}

TEST_CASE("at least one node of each kind is correct") {
  const Issues actual =
      issues_of(with(with(small_byzsgd(), "/unsafe", true), "/servers/byzantine/actual", 5));
  CHECK(only_issue_says(actual, "/servers/byzantine/actual", {"at least one must be honest"}));
  CHECK(only_issue_says(issues_with("/workers/byzantine/declared", 7),
                        "/workers/byzantine/declared", {"leaves no honest one", "at most 6"}));
}

TEST_CASE("unsafe lifts every condition that can still be computed") {
  const Json unsafe = with(small_byzsgd(), "/unsafe", true);
  CHECK(issues_of(with(unsafe, "/servers", group(4, 1, 3, "median"))).empty());
  CHECK(issues_of(with(unsafe, "/workers", group(6, 2, 5, "mda"))).empty());
  CHECK(issues_of(with(unsafe, "/servers", group(6, 1, 6, "median"))).empty());
  CHECK(issues_of(with(unsafe, "/workers", group(9, 2, 4, "mda"))).empty());
  CHECK(issues_of(with(unsafe, "/workers/byzantine/actual", 6)).empty());
}

TEST_CASE("unsafe never lifts a quorum beyond the count or a rule without meaning") {
  const Json unsafe = with(small_byzsgd(), "/unsafe", true);
  CHECK(only_issue_says(issues_of(with(unsafe, "/workers", group(7, 2, 8, "mda"))),
                        "/workers/quorum", {"a quorum of 8 can never complete", "7 workers"}));
  // MDA keeps q - f vectors: q = 2 with f = 2 leaves none.
  CHECK(only_issue_says(issues_of(with(unsafe, "/workers", group(7, 2, 2, "mda"))),
                        "/workers/aggregator", {"mda", "f = 2", "at least 3, not 2"}));
}

TEST_CASE("FedAvg is refused as a rule, with the protocol and the rule to write instead") {
  for (const char* name : {"FedAvg", "fedavg", "fed_avg"})
    CHECK(only_issue_says(
        issues_with("/workers/aggregator", name), "/workers/aggregator",
        {"unknown rule", "\"protocol\": \"fedavg\"", "\"aggregator\": \"average\""}));
  for (const char* name : {"Average", "average", "Mean"})
    CHECK(issues_of(with(small_sgd(), "/workers/aggregator", name)).empty());
}

TEST_CASE("the one server of sgd is trusted") {
  CHECK(places_of(issues_of(with(small_sgd(), "/servers/count", 2))) ==
        std::vector<std::string>{"/servers/count"});
  Json json = small_sgd();
  json["servers"] = {{"count", 3}, {"byzantine", {{"declared", 1}}}, {"aggregator", "average"}};
  CHECK(places_of(issues_of(json)) ==
        std::vector<std::string>{"/servers/count", "/servers/byzantine/declared"});
}

}  // namespace byzsim::scenario_issues_test
