// Lists of objects in a scenario: links and expectations.
#include <algorithm>
#include <string>
#include <vector>

#include "adversaries/known_strategies.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::scenario_lists_test {
namespace {

using Catch::Matchers::StartsWith;

const Json kLink = {{"from", "servers"}, {"to", "worker 3"}, {"delay", "constant"}};
const Json kExpectation = {{"metric", "loss"}, {"relation", "<"}, {"value", 0.5}};

/// What a user reads of the mistakes, a line each.
std::vector<std::string> issues_with(const std::string& pointer, const Json& value) {
  std::vector<std::string> lines;
  try {
    read(with(small_sgd(), pointer, value));
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues()) lines.push_back(to_string(issue));
  }
  return lines;
}

std::string issue_with(const std::string& pointer, const Json& value) {
  const std::vector<std::string> lines = issues_with(pointer, value);
  REQUIRE(lines.size() == 1);
  return lines[0];
}

}  // namespace

TEST_CASE("a scenario has no links and expects nothing unless it says so") {
  CHECK(read(small_sgd()).links.empty());
  CHECK(read(small_sgd()).expect.empty());
}

TEST_CASE("links are read in their order") {
  const Scenario scenario =
      read(with(small_sgd(), "/network/links", {kLink, {{"to", "workers 0-1"}}}));
  REQUIRE(scenario.links.size() == 2);
  CHECK(scenario.links[0].from == "servers");
  CHECK(scenario.links[0].to == "worker 3");
  CHECK(scenario.links[0].delay.name == "constant");
  CHECK(scenario.links[1].from == "all");  // a default
  CHECK(scenario.links[1].to == "workers 0-1");
  CHECK(scenario.links[1].delay.name == "exponential");  // a default
}

TEST_CASE("expectations are read in their order") {
  const Scenario scenario =
      read(with(small_sgd(), "/expect", {kExpectation, {{"metric", "steps"}, {"value", 6}}}));
  REQUIRE(scenario.expect.size() == 2);
  CHECK(scenario.expect[0].metric == "loss");
  CHECK(scenario.expect[0].at == RowAt::end);  // a default
  CHECK(scenario.expect[0].relation == Relation::below);
  CHECK(scenario.expect[0].value == 0.5);
  CHECK(scenario.expect[1].metric == "steps");
  CHECK(scenario.expect[1].relation == Relation::at_least);  // a default
}

TEST_CASE("a list that is none is refused") {
  CHECK(issue_with("/network/links", "fast") == "/network/links: must be a list, not \"fast\"");
  CHECK(issue_with("/expect", {{"value", 1}}) == "/expect: must be a list, not {\"value\":1}");
}

TEST_CASE("an item that is no object is refused at its place") {
  CHECK(issue_with("/network/links", {kLink, 3}) == "/network/links/1: must be an object, not 3");
  CHECK(issue_with("/expect", {"loss < 0.5"}) ==
        "/expect/0: must be an object, not \"loss < 0.5\"");
}

TEST_CASE("an unknown key of an item is refused at its place with the nearest") {
  CHECK_THAT(issue_with("/network/links", {kLink, {{"form", "all"}}}),
             StartsWith("/network/links/1/form: unknown key; did you mean 'from'?"));
  CHECK_THAT(issue_with("/expect", {{{"metrics", "loss"}}}),
             StartsWith("/expect/0/metrics: unknown key; did you mean 'metric'?"));
}

TEST_CASE("a wrong value of an item is refused at its place") {
  CHECK(issue_with("/network/links", {{{"from", "server 9-"}}}) ==
        "/network/links/0/from: \"server 9-\" names no nodes; write \"all\", \"none\", "
        "\"servers\", \"workers\", \"server 3\" or \"workers 0-4\", on a graph \"nodes\", "
        "\"node 3\" or \"nodes 0-4\"");
  CHECK_THAT(issue_with("/network/links", {kLink, {{"to", "nobody"}}}),
             StartsWith("/network/links/1/to: \"nobody\" names no nodes"));
  CHECK_THAT(issue_with("/network/links", {{{"to", 3}}}), StartsWith("/network/links/0/to: "));
  CHECK_THAT(issue_with("/network/links", {{{"delay", "contsant"}}}),
             StartsWith("/network/links/0/delay: "));
  CHECK_THAT(
      issue_with("/network/links",
                 {{{"delay",
                    {{"name", "uniform"}, {"parameters", {{"low", "2 ms"}, {"high", "1 ms"}}}}}}}),
      StartsWith("/network/links/0/delay/parameters: "));
  CHECK_THAT(issue_with("/expect", {{{"value", "high"}}}), StartsWith("/expect/0/value: "));
  CHECK_THAT(issue_with("/expect", {{{"relation", "=="}}}), StartsWith("/expect/0/relation: "));
  CHECK_THAT(issue_with("/expect", {{{"at", "start"}}}), StartsWith("/expect/0/at: "));
}

TEST_CASE("an expectation about no column is told the nearest") {
  const std::string issue = issue_with("/expect", {kExpectation, {{"metric", "acuracy"}}});
  CHECK_THAT(issue, StartsWith("/expect/1/metric: "));
  CHECK(issue.find("did you mean 'accuracy'?") != std::string::npos);
}

TEST_CASE("mistakes in several items are reported at once") {
  const auto issues = issues_with("/network/links", {{{"from", "x"}}, kLink, {{"to", "y"}}});
  REQUIRE(issues.size() == 2);
  CHECK_THAT(issues[0], StartsWith("/network/links/0/from: "));
  CHECK_THAT(issues[1], StartsWith("/network/links/2/to: "));
}

TEST_CASE("a scenario with lists is written, and reads back to the same text") {
  Json json = with(small_attacked_byzsgd(), "/network/links", {kLink, {{"to", "workers 0-1"}}});
  json["expect"] = Json::array({kExpectation});
  json["network"]["faults"] = {"duplication", {{"name", "crash"}}};
  json["network"]["server_bandwidth"] = "1.5 GB/s";
  const Json written = write(read(json));
  CHECK(written["network"]["links"][1]["to"] == "workers 0-1");
  CHECK(written["network"]["faults"][0]["parameters"]["probability"] == 0.01);  // a default
  CHECK(written["network"]["server_bandwidth"] == "12 Gbit/s");
  CHECK(written["expect"][0] ==
        Json{{"metric", "loss"}, {"at", "end"}, {"relation", "<"}, {"value", 0.5}});
  CHECK(write(read(written)).dump(2) == written.dump(2));
}

TEST_CASE("the schema describes the items of lists") {
  const Json schema = scenario_schema(scenario_tables());
  const Json& links = schema["properties"]["network"]["properties"]["links"];
  const Json& expect = schema["properties"]["expect"];
  for (const Json& list : {links, expect}) {
    CHECK(list["type"] == "array");
    CHECK(list["default"] == Json::array());
    CHECK(list["items"]["additionalProperties"] == false);
  }
  for (const char* key : {"from", "to", "delay"}) CHECK(links["items"]["properties"].contains(key));
  for (const char* key : {"metric", "at", "relation", "value"})
    CHECK(expect["items"]["properties"].contains(key));
  const Json& metrics = expect["items"]["properties"]["metric"]["enum"];
  CHECK(std::find(metrics.begin(), metrics.end(), "drift_before") != metrics.end());
}

}  // namespace byzsim::scenario_lists_test
