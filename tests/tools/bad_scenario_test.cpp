// Scenarios that cannot be run: each mistake is named with its place, its rule and its remedy.
#include <sstream>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::bad_scenario_test {
namespace {

// The lines of standard error of a run that must be refused without leaving anything behind.
std::vector<std::string> errors_of(const std::string& scenario) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-"}, scenario);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(fs::is_empty(sandbox.path()));
  std::vector<std::string> lines;
  std::istringstream stream(outcome.err);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string error_of(const std::string& scenario) {
  const std::vector<std::string> lines = errors_of(scenario);
  REQUIRE(lines.size() == 1);
  return lines[0];
}

std::string error_with(const std::string& changes) { return error_of(tiny_with(changes)); }

}  // namespace

TEST_CASE("a syntax error is named with its line and column") {
  CHECK_THAT(error_of("{\n  \"seed\": 1,\n  \"steps\" 3\n}"),
             StartsWith("error: standard input: line 3, column 11: syntax error"));
  CHECK_THAT(error_of(""), StartsWith("error: standard input: line 1, column 1: "));
  CHECK_THAT(error_of("{\"seed\": 1"), StartsWith("error: standard input: line 1, column "));
}

TEST_CASE("a syntax error in a file is named with the file") {
  const Sandbox sandbox;
  sandbox.write("broken.json", "{]");
  const Outcome outcome = sandbox.byzsim({"run", "broken.json"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: broken.json: line 1, column 2: "));
}

TEST_CASE("binary garbage is a syntax error") {
  CHECK_THAT(error_of(std::string("\x7f"
                                  "ELF\0\x01\xff\xfe",
                                  8)),
             StartsWith("error: standard input: line 1, column 1: "));
}

TEST_CASE("a key that stands twice is refused") {
  CHECK(error_of(R"({"seed": 1, "workers": {"count": 4, "count": 5}})") ==
        "error: standard input: duplicate key \"count\"; keep one");
}

TEST_CASE("nesting without end is refused") {
  const std::string deep = std::string(100000, '[');
  CHECK(error_of("{\"name\": " + deep) ==
        "error: standard input: nested deeper than 64 levels; a scenario needs far fewer");
}

TEST_CASE("a scenario that is no object is refused") {
  CHECK(error_of("[1, 2]") == "error: standard input: a scenario must be a JSON object, not [1,2]");
}

TEST_CASE("an unknown key is refused with the nearest name and the others") {
  CHECK_THAT(error_with(R"({"workers": {"cuont": 3}})"),
             StartsWith("error: /workers/cuont: unknown key; did you mean 'count'? allowed: "
                        "count, byzantine, quorum, pre, aggregator, batch_size"));
}

TEST_CASE("a value of the wrong type is refused with what is accepted") {
  CHECK(error_with(R"({"steps": "many"})") ==
        "error: /steps: must be an integer in [1, 1000000000], not \"many\"");
  CHECK(error_with(R"({"steps": 2.5})") ==
        "error: /steps: must be an integer in [1, 1000000000], not 2.5");
  CHECK(error_with(R"({"unsafe": 1})") == "error: /unsafe: must be true or false, not 1");
  CHECK(error_with(R"({"workers": 20})") == "error: /workers: must be an object, not 20");
  CHECK_THAT(error_with(R"({"model": 3})"), StartsWith("error: /model: must be {\"name\": "));
}

TEST_CASE("a value out of range is refused with the range") {
  CHECK(error_with(R"({"steps": 0})") ==
        "error: /steps: must be an integer in [1, 1000000000], not 0");
  CHECK(error_with(R"({"optimizer": {"momentum": 1}})") ==
        "error: /optimizer/momentum: must be a number in [0, 0.9999], not 1");
}

TEST_CASE("integers beyond 64 bits and absurdly long ones are out of range") {
  CHECK_THAT(error_with(R"({"steps": 18446744073709551615})"),
             StartsWith("error: /steps: must be an integer in [1, 1000000000], not "));
  CHECK_THAT(error_with(R"({"steps": 1e300})"),
             StartsWith("error: /steps: must be an integer in [1, 1000000000], not "));
  CHECK_THAT(error_with(R"({"seed": 9007199254740993})"),
             StartsWith("error: /seed: must be an integer in [0, 2^64), from 2^53 on as a string"));
}

TEST_CASE("a duration without its unit is refused") {
  CHECK_THAT(
      error_with(R"({"network": {"delay": {"name": "constant", "parameters": {"value": 5}}}})"),
      StartsWith("error: /network/delay/parameters/value: must be a duration with its unit"));
}

TEST_CASE("an unknown strategy is refused with the nearest name and the others") {
  CHECK_THAT(error_with(R"({"workers": {"aggregator": {"name": "medain"}}})"),
             StartsWith("error: /workers/aggregator/name: unknown rule 'medain'; did you mean "
                        "'median'? one of: average, median"));
  CHECK_THAT(
      error_with(R"({"adversary": {"servers": "silnet"}})"),
      StartsWith(
          "error: /adversary/servers: unknown attack 'silnet'; did you mean 'silent'? one of: "));
  CHECK_THAT(error_with(R"({"adversary": {"workers": "aliee"}})"),
             StartsWith("error: /adversary/workers: unknown attack 'aliee'; did you mean "
                        "'a_little_is_enough'? one of: "));
}

TEST_CASE("all mistakes are reported at once, one a line") {
  const std::vector<std::string> errors =
      errors_of(tiny_with(R"({"steps": 0, "sead": 1, "model": "mpl", "optimizer": {"momentum": -1},
                    "network": {"delay": "constnat"}})"));
  REQUIRE(errors.size() == 5);
  CHECK_THAT(errors[0], StartsWith("error: /steps: must be "));
  CHECK_THAT(errors[1], StartsWith("error: /model: unknown model 'mpl'; did you mean "));
  CHECK_THAT(errors[2], StartsWith("error: /optimizer/momentum: must be "));
  CHECK_THAT(errors[3], StartsWith("error: /network/delay: unknown delay "));
  CHECK_THAT(errors[4], StartsWith("error: /sead: unknown key; did you mean 'seed'?"));
}

TEST_CASE("a broken condition on n and f is a sentence with the unsafe remedy") {
  const std::string servers = error_with(R"({"servers": {"count": 4}})");
  CHECK_THAT(servers, StartsWith("error: /servers/count: ByzSGD needs n >= 3f + 2 servers: "));
  CHECK_THAT(servers, contains("here n = 4 and f = 1; use at least 5 servers"));
  CHECK_THAT(servers, contains("or set \"unsafe\": true to permit this"));
  const std::string workers = error_with(R"({"workers": {"count": 6, "aggregator": "average"}})");
  CHECK_THAT(workers, StartsWith("error: /workers/count: ByzSGD needs n >= 3f + 1 workers: "));
  CHECK_THAT(workers, contains("here n = 6 and f = 2; use at least 7 workers"));
}

TEST_CASE("a broken condition on q is a sentence with the unsafe remedy") {
  const std::string large = error_with(R"({"workers": {"quorum": 6}})");
  CHECK_THAT(large, StartsWith("error: /workers/quorum: ByzSGD needs q <= n - f = 5: "));
  CHECK_THAT(large, contains("here q = 6") && contains("or set \"unsafe\": true"));
  const std::string small = error_with(R"({"servers": {"quorum": 3}})");
  CHECK_THAT(small, StartsWith("error: /servers/quorum: ByzSGD needs q >= 2f + 2 = 4: "));
  CHECK_THAT(small, contains("here q = 3; use 4, or set \"unsafe\": true"));
}

TEST_CASE("more actual than declared Byzantine nodes need unsafe") {
  CHECK_THAT(error_with(R"({"servers": {"byzantine": {"actual": 2}}})"),
             StartsWith("error: /servers/byzantine/actual: 2 servers are Byzantine but only f = 1 "
                        "are declared") &&
                 contains("or set \"unsafe\": true"));
}

TEST_CASE("unsafe goes beyond the conditions, but not beyond what can be computed") {
  const std::string beyond = R"({"unsafe": true, "workers": {"count": 6, "quorum": 4}})";
  CHECK(tiny_run({}, {}, tiny_with(beyond))["status"] == "trained");
  CHECK_THAT(error_with(R"({"unsafe": true, "servers": {"quorum": 6}})"),
             StartsWith("error: /servers/quorum: a quorum of 6 can never complete"));
  CHECK_THAT(error_with(R"({"unsafe": true, "workers": {"byzantine": {"actual": 7}}})"),
             StartsWith("error: /workers/byzantine/actual: 7 of 7 workers are Byzantine"));
}

TEST_CASE("a name that is no directory name is refused") {
  for (const char* name : {"../escape", "", "a/b", ".hidden", "white space"})
    CHECK_THAT(error_of(tiny_with("{\"name\": \"" + std::string(name) + "\"}")),
               StartsWith("error: /name: must be a directory name: "));
}

TEST_CASE("a number beyond the range of double is refused") {
  const Outcome outcome = Sandbox().byzsim({"run", "-"}, "{\n  \"steps\": 1e999\n}");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: standard input: "));
}

TEST_CASE("a key with control characters does not cut its message") {
  const Outcome outcome = Sandbox().byzsim({"run", "-"}, "{\"\\u0000\\u001b\": 1}");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("/\\u0000\\u001b: unknown key"));
}

TEST_CASE("one wrong quorum is reported beside an unrelated mistake") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-"}, R"({"name": "a b", "workers": {"count": 7, "byzantine": {"declared": 2},
                        "quorum": 6}})");
  CHECK_THAT(outcome.err, contains("error: /name: "));
  CHECK_THAT(outcome.err, contains("error: /workers/quorum: "));
}

}  // namespace byzsim::process::bad_scenario_test
