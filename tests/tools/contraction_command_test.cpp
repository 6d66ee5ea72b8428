// `byzsim contraction`: what one gather leaves of a diameter.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::contraction_command_test {
namespace {

Outcome contraction(Arguments arguments) {
  arguments.insert(arguments.begin(), "contraction");
  return Sandbox().byzsim(arguments);
}

Json json_of(Arguments arguments) {
  arguments.push_back("--json");
  const Outcome outcome = contraction(arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return Json::parse(outcome.out);
}

std::string error_of(const Arguments& arguments) {
  const Outcome outcome = contraction(arguments);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  return outcome.err;
}

}  // namespace

TEST_CASE("contraction of the paper's four servers is told in a few lines") {
  const Outcome outcome = contraction({"--values", "1,2,3,4", "--byzantine", "1", "--quorum", "4"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out ==
        "4 of 5 servers in a quorum, 1 Byzantine; law uniform, median mean\n"
        "  new positions       within [1.5, 3.5]\n"
        "  diameter            3, after the gather at worst 2\n"
        "  expected ratio      0.6128, exactly 383/625\n"
        "  kept indefinitely   by forged values: no; with chosen quorums too: no\n");
}

TEST_CASE("contraction as JSON has every number of the text") {
  const Json json = json_of({"--values", "4,1,2.5,3"});
  CHECK(json["values"] == Json::parse("[1, 2.5, 3, 4]"));
  CHECK(json["byzantine"] == 1);
  CHECK(json["quorum"] == 4);  // n - f
  CHECK(json["law"] == "uniform");
  CHECK(json["median"] == "mean");
  CHECK(json["positions"] == Json::parse("[1.75, 3.5]"));
  CHECK(json["diameter"] == Json::parse(R"({"before": 3, "worst": 1.75})"));
  CHECK(json["held_for_ever"] == Json::parse(R"({"lies_and_quorums": false, "lies": false})"));
  CHECK(json["ratio"].contains("fraction"));
}

TEST_CASE("contraction of two clusters can be undone for ever by choosing quorums") {
  const Json json = json_of({"--values", "0,0,1,1"});
  CHECK(json["diameter"]["worst"] == 1);
  CHECK(json["held_for_ever"] == Json::parse(R"({"lies_and_quorums": true, "lies": false})"));
}

TEST_CASE("contraction of a held state has the ratio 1") {
  const Json json =
      json_of({"--values", "0,1,1,1", "--law", "byzantine-first-own", "--median", "lower"});
  CHECK(json["ratio"] == Json::parse(R"({"expected": 1.0, "fraction": "1"})"));
  CHECK(json["held_for_ever"]["lies"] == true);
}

TEST_CASE("contraction takes negative values") {
  CHECK(json_of({"--values", "-4,-3,-2,-1"})["ratio"]["fraction"] == "383/625");
}

TEST_CASE("contraction from samples tells its confidence interval and names its seed") {
  const Arguments sampled = {"--values", "1,2,3,4", "--samples", "20000", "--seed", "0x2a"};
  const Json json = json_of(sampled);
  CHECK(json["ratio"]["low"] < 0.6128);
  CHECK(json["ratio"]["high"] > 0.6128);
  CHECK(json["ratio"]["samples"] == 20000);
  CHECK(json["ratio"]["seed"] == 42);
  CHECK(json_of(sampled) == json);
  CHECK_THAT(contraction(sampled).out, contains(" (95 % confidence, 20000 samples)\n"));
}

TEST_CASE("contraction of too many servers to count is refused with the way out") {
  const std::string values = "1,2,3,4,5,6,7,8,9,10,11,12,13,14";
  const std::string error = error_of({"--values", values, "--byzantine", "6"});
  CHECK_THAT(error, StartsWith("error: --values: there are about 1.7e+64 combinations of quorums"));
  CHECK_THAT(error, contains("--samples 100000"));
  const Arguments sampled = {"--values", values, "--byzantine", "6", "--samples", "100"};
  CHECK(contraction(sampled).exit_code == 0);
}

TEST_CASE("contraction refuses what is no gather with the rule and the remedy") {
  CHECK(error_of({"--values", "1,2,3,4", "--quorum", "5"}) ==
        "error: --quorum: q = 5 is above n - f = 4: the Byzantine servers may stay silent, and a "
        "larger quorum might never complete; use 3 to 4\n");
  CHECK(error_of({"--values", "1,2,3,4", "--quorum", "2"}) ==
        "error: --quorum: q = 2 is below 2f + 1 = 3: f Byzantine values could be the median "
        "themselves, and the new diameter would have no bound; use 3 to 4\n");
  CHECK_THAT(error_of({"--values", "1,2,3,4", "--byzantine", "2"}),
             StartsWith("error: --byzantine: n = 6 servers of which f = 2 are Byzantine: ") &&
                 contains("give at least 5 values or fewer Byzantine servers"));
  CHECK_THAT(error_of({"--values", "3,3,3.0"}),
             StartsWith("error: --values: the honest servers all hold the same value"));
}

TEST_CASE("contraction refuses words it does not know") {
  CHECK_THAT(error_of({"--values", "1,two"}),
             StartsWith("error: --values: \"two\" is not a decimal number; "));
  CHECK_THAT(error_of({"--values", "1,2,3", "--law", "unifrom"}),
             StartsWith("error: --law: must be one of: uniform, byzantine-first, "
                        "byzantine-first-own; found \"unifrom\"; did you mean 'uniform'?"));
  CHECK_THAT(error_of({"--values", "1,2,3", "--median", "middle"}),
             StartsWith("error: --median: must be one of: mean, lower, upper; found \"middle\""));
  CHECK_THAT(error_of({"--values", "1,2,3", "--samples", "many"}),
             contains("--samples: must be an integer in [2, 1000000000], not \"many\""));
  CHECK_THAT(
      error_of({"--values", "1,2,3", "--samples", "10", "--seed", "seven"}),
      StartsWith("error: --seed: must be an integer in [0, 2^64), from 2^53 on as a string"));
}

TEST_CASE("contraction of a scenario on a graph has a line for each node") {
  const Outcome outcome = contraction({"gossip", "--values", "1,2,3,4", "--set", "/topology=ring",
                                       "--set", "/nodes/aggregator=gts"});
  // Four values and one Byzantine node; the scenario has 20 nodes, 2 of them Byzantine.
  CHECK(outcome.err ==
        "note: /nodes/count is 5 instead of 20, by --values and --byzantine\n"
        "note: /nodes/byzantine is 1 instead of {\"declared\":2,\"actual\":2}, by --values and "
        "--byzantine\n");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out ==
        "ring: 5 nodes, 1 of them Byzantine; rule gts, metropolis weights\n"
        "  drift               3, after the combine at worst 3.66667 (node 3 above node 0)\n"
        "  node 0              1, after the combine within [0.666667, 1.33333]\n"
        "  node 1              2, after the combine within [2.33333, 2.33333]\n"
        "  node 2              3, after the combine within [3.33333, 3.33333]\n"
        "  node 3              4, after the combine within [3.66667, 4.33333]\n");
}

TEST_CASE("contraction on a graph as JSON has the numbers of the text, in units of the values") {
  const Json json = json_of({"gossip", "--values", "0.1,0.2,0.3,0.4", "--set", "/nodes/count=5",
                             "--set", "/nodes/byzantine=1", "--set", "/topology=complete", "--set",
                             "/nodes/aggregator=bridge"});
  CHECK(json["topology"] == "complete");
  CHECK(json["rule"] == "bridge");
  CHECK(json["byzantine"] == 1);
  CHECK(json["drift"]["before"] == 0.3);
  CHECK(json["drift"]["worst"].get<double>() == Approx(0.1));
  CHECK(json["nodes"].size() == 4);
  CHECK(json["nodes"][0]["value"] == 0.1);
  CHECK(json["nodes"][0]["low"].get<double>() == Approx(0.2));
  CHECK(json["nodes"][0]["byzantine_neighbours"] == 1);
}

TEST_CASE("contraction on a graph scales a radius with the values") {
  const Arguments radius = {"--set", "/topology=ring",
                            "--set", "/nodes/aggregator=clipped_gossip",
                            "--set", "/nodes/aggregator/parameters/radius=0.1"};
  Arguments arguments = {"gossip",         "--values", "0.1,0.2,0.3,0.4",   "--set",
                         "/nodes/count=5", "--set",    "/nodes/byzantine=1"};
  arguments.insert(arguments.end(), radius.begin(), radius.end());
  CHECK(json_of(arguments)["drift"]["worst"].get<double>() == Approx(0.3));
}

TEST_CASE(
    "contraction on a graph takes the values of /nodes/start, and what has no bound is null") {
  const Json json = json_of({"gossip", "--set", "/nodes/count=5", "--set", "/nodes/byzantine=1",
                             "--set", "/nodes/start=[1,2,3,4]", "--set", "/topology=ring", "--set",
                             "/nodes/aggregator=average", "--set", "/unsafe=true"});
  CHECK(json["drift"]["before"] == 3);
  CHECK(json["drift"]["worst"].is_null());
  CHECK(json["nodes"][1]["high"] == 2.0);
}

TEST_CASE("contraction on a graph as large as the scenario's has no note") {
  const Outcome outcome = contraction({"gossip", "--values", "1,2,3,4", "--set", "/nodes/count=5",
                                       "--set", "/nodes/byzantine=1", "--set", "/topology=ring"});
  CHECK(outcome.err.empty());
}

TEST_CASE("contraction on a graph refuses a radius that positions are lost in") {
  for (const auto& [values, units] :
       {std::pair("1,2,3,4", "1e+300"), std::pair("0.1,0.2,0.3,0.4", "1e+301")})
    CHECK_THAT(error_of({"gossip", "--values", values, "--set", "/topology=ring", "--set",
                         "/nodes/aggregator=clipped_gossip", "--set",
                         "/nodes/aggregator/parameters/radius=1e300"}),
               contains(std::string("error: /nodes/aggregator/parameters/radius: is ") + units +
                        " units of the values' last decimal, and positions are exact up to 2^53 "
                        "of them; use a smaller radius\n"));
}

TEST_CASE("contraction refuses what belongs to the other kind of gather") {
  CHECK(error_of({}) ==
        "error: byzsim contraction: missing option --values; byzsim contraction --help shows "
        "how\n");
  CHECK(error_of({"--values", "1,2,3", "--set", "/topology=ring"}) ==
        "error: --set: changes a scenario, and there is none; name a scenario of gossip\n");
  CHECK_THAT(error_of({"gossip", "--values", "1,2", "--quorum", "2", "--law", "uniform"}),
             contains("error: --quorum: belongs to a gather of servers, not to a graph; leave it "
                      "out, or the scenario\n") &&
                 contains("--law: belongs to a gather of servers"));
  CHECK(error_of({"gossip", "--byzantine", "1"}) ==
        "error: --byzantine: counts nodes beside those of --values; give --values, or use --set "
        "/nodes/byzantine=F\n");
  CHECK_THAT(error_of({"gossip"}),
             StartsWith("error: /nodes/start: the honest nodes have no values of their own; "));
  CHECK_THAT(error_of({"gossip", "--values", "1,2,3,4", "--set", "/topology=ring", "--set",
                       "/nodes/aggregator=krum", "--set", "/unsafe=true"}),
             contains("/nodes/aggregator: krum is not linear"));
}

TEST_CASE("contraction of a scenario without a graph is refused with the protocol to choose") {
  CHECK_THAT(error_of({"quickstart"}),
             StartsWith("error: /protocol: with a scenario, contraction computes one combine of "
                        "gossip, not of byzsgd; choose gossip"));
}

}  // namespace byzsim::process::contraction_command_test
