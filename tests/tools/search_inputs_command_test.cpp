// `byzsim search-inputs`: the worst inputs of one aggregation rule.
#include <cmath>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::search_inputs_command_test {
namespace {

Outcome search_inputs(Arguments arguments) {
  arguments.insert(arguments.begin(), "search-inputs");
  return Sandbox().byzsim(arguments);
}

std::string error_of(const Arguments& arguments) {
  const Outcome outcome = search_inputs(arguments);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  return outcome.err;
}

Json rows_of(Arguments arguments) {
  arguments.push_back("--json");
  const Outcome outcome = search_inputs(arguments);
  CHECK(outcome.exit_code == 0);
  return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("search-inputs prints what is found beside what is known") {
  const Outcome outcome = search_inputs({"median", "--n", "3", "--f", "1", "--evaluations", "400"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  // (n - 1)/(n + 1 - 2f) = 1.
  CHECK_THAT(outcome.out,
             StartsWith("kappa at n = 3, f = 1, d = 1; of every rule at least f/(n - 2f) = 1\n"));
  CHECK_THAT(outcome.out, contains("  at most: proved in docs/robustness.md\n"));
  const Json row = rows_of({"median", "--n", "3", "--f", "1", "--evaluations", "400"}).at(0);
  CHECK(row["found"].get<double>() == Approx(1));
  CHECK(row["exact"] == 1);
  CHECK(row["at_most"]["value"] == 1);
  CHECK(row["at_most"]["proved"] == true);
  CHECK(row["vectors"].size() == 3);
}

TEST_CASE("search-inputs of every rule notes those that n and f do not admit") {
  const Outcome outcome = search_inputs({"--all", "--n", "5", "--f", "1", "--evaluations", "8"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, contains("note: bulyan is left out at n = 5, f = 1: bulyan needs n >= "
                                   "4f + 3 vectors: with f = 1 at least 7, not 5\n"));
  CHECK_THAT(outcome.out, contains("\n  krum "));
}

TEST_CASE("the inputs that search-inputs writes have the same ratio when they are replayed") {
  const Sandbox sandbox;
  const Outcome found =
      sandbox.byzsim({"search-inputs", "krum", "--pre", "nnm", "--n", "5", "--f", "1", "--d", "2",
                      "--evaluations", "200", "--json", "--out", "worst.jsonl"});
  CHECK(found.exit_code == 0);
  const Outcome replayed = sandbox.byzsim({"search-inputs", "--replay", "worst.jsonl", "--json"});
  CHECK(replayed.exit_code == 0);
  const Json row = Json::parse(found.out).at(0), again = Json::parse(replayed.out).at(0);
  CHECK(again["aggregation"] == "nnm, krum");
  CHECK(again["kappa"] == row["found"]);
  CHECK(again["kappa_outside"] == row["outside"]);
}

TEST_CASE("eval computes what a rule makes of the inputs that search-inputs writes") {
  const Sandbox sandbox;
  CHECK(sandbox
            .byzsim({"search-inputs", "average", "--n", "2", "--f", "0", "--evaluations", "1",
                     "--out", "worst.jsonl"})
            .exit_code == 0);
  const Json request = Json::parse(sandbox.read("worst.jsonl"));
  const double sum =
      request["vectors"][0][0].get<double>() + request["vectors"][1][0].get<double>();
  const Outcome answer = sandbox.byzsim({"eval"}, sandbox.read("worst.jsonl"));
  CHECK(answer.exit_code == 0);
  CHECK(Json::parse(answer.out)["vector"][0].get<double>() == Approx(sum / 2));
}

TEST_CASE("search-inputs prints the same with any number of threads") {
  Arguments arguments = {"krum", "--n", "7", "--f", "2", "--evaluations", "300", "--threads", "1"};
  const std::string one = search_inputs(arguments).out;
  arguments.back() = "3";
  CHECK(search_inputs(arguments).out == one);
}

TEST_CASE("search-inputs takes lists of n, f and d") {
  const Json rows =
      rows_of({"trimmed_mean", "--n", "3,5", "--f", "1,2", "--d", "1,2", "--evaluations", "8"});
  REQUIRE(rows.size() == 4);
  CHECK(rows[3]["n"] == 5);
  CHECK(rows[3]["f"] == 2);
  CHECK(rows[3]["d"] == 2);
  CHECK(rows[3]["exact"] == 2);  // f/(n - 2f)
}

TEST_CASE("search-inputs as CSV has a header and a row for each search") {
  const Outcome outcome = search_inputs(
      {"average", "--n", "4", "--f", "1", "--evaluations", "100", "--csv", "--measure", "lambda"});
  CHECK(outcome.out ==
        "aggregation,n,f,d,coefficient,found,in_float32,exact,least,at_most,source,proved,"
        "finder,evaluations,seed\n"
        "average,4,1,1,lambda,inf,inf,inf,,,,,grid,12,1\n");
}

TEST_CASE("search-inputs refuses a rule whose condition is not met") {
  const Arguments krum = {"krum", "--n", "4", "--f", "1", "--evaluations", "8"};
  CHECK(error_of(krum) ==
        "error: krum: krum needs n >= 2f + 3 vectors: with f = 1 at least 5, not 4; change --n or "
        "--f; --unsafe searches all that can be computed\n");
  Arguments unsafe = krum;
  unsafe.push_back("--unsafe");
  CHECK(search_inputs(unsafe).exit_code == 0);
}

TEST_CASE("search-inputs refuses what is missing or does not fit together") {
  CHECK(error_of({}) ==
        "error: byzsim search-inputs: missing argument RULE; name a rule (byzsim list rules), or "
        "use --all\n"
        "error: byzsim search-inputs: missing option --n; write how many vectors are aggregated\n"
        "error: byzsim search-inputs: missing option --f; write how many of them may be "
        "Byzantine\n");
  CHECK(error_of({"median", "--n", "3,5", "--f", "1"}) ==
        "error: --f: lists 1 numbers, and --n lists 2; write one f for each n\n");
  CHECK(error_of({"median", "--n", "3.5", "--f", "1"}) ==
        "error: --n: must be whole numbers in [1, 64]; write one, or a list such as 5,11\n");
  CHECK_THAT(error_of({"krumm", "--n", "5", "--f", "1"}), contains("did you mean 'krum'?"));
  CHECK_THAT(error_of({"median", "--n", "60", "--f", "29"}),
             contains("have more than 1000000 honest sets; change --n or --f\n"));
  CHECK_THAT(error_of({"median", "--n", "3", "--f", "1", "--out", "nowhere/worst.jsonl"}),
             contains("nowhere is no directory; make it, or name another file\n"));
}

TEST_CASE("search-inputs refuses beside --replay the options that a replay does not take") {
  CHECK_THAT(error_of({"--replay", "worst.jsonl", "--n", "5"}),
             contains("--replay: cannot be used with --n, --f or --pre, which FILE holds"));
  CHECK_THAT(error_of({"--replay", "worst.jsonl", "--csv"}),
             contains("--replay: cannot be used with --csv or --out"));
}

TEST_CASE("search-inputs refuses a witness of numbers that are no float32") {
  const Sandbox sandbox;
  sandbox.write("w.jsonl", R"({"aggregate": "median", "f": 1, "vectors": [[0.1], [1], [2]]})");
  const Outcome outcome = sandbox.byzsim({"search-inputs", "--replay", "w.jsonl"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: w.jsonl:1/vectors: 0.1 is no float32; give a file that search-inputs wrote, or "
        "round the numbers to float32\n");
}

TEST_CASE("a file without requests cannot be replayed") {
  const Sandbox sandbox;
  sandbox.write("w.jsonl", "\n");
  const Outcome outcome = sandbox.byzsim({"search-inputs", "--replay", "w.jsonl"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("w.jsonl: holds no request; give a file that --out has written"));
}

}  // namespace byzsim::process::search_inputs_command_test
