// `byzsim eval`: one aggregation or attack a line.
#include <sstream>

#include "tests/tools/address_sanitizer.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::eval_command_test {
namespace {

std::vector<std::string> answers_to(const std::string& requests, int exit_code = 0) {
  const Outcome outcome = Sandbox().byzsim({"eval"}, requests);
  CHECK(outcome.exit_code == exit_code);
  CHECK(outcome.err.empty());
  std::vector<std::string> lines;
  std::istringstream stream(outcome.out);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string answer_to(const std::string& request, int exit_code = 0) {
  const std::vector<std::string> lines = answers_to(request + "\n", exit_code);
  REQUIRE(lines.size() == 1);
  return lines[0];
}

std::string error_of(const std::string& request) {
  const Json answer = Json::parse(answer_to(request, 2));
  REQUIRE(answer.size() == 1);
  return answer.at("error").get<std::string>();
}

}  // namespace

TEST_CASE("eval goes on after a line that takes more memory than there is") {
  if (kAddressSanitizer) {
    WARN("skipped: a sanitizer wants address space without a limit");
    return;
  }
  const Outcome outcome =
      Sandbox().run({"sh", "-c", "ulimit -v 400000; exec \"$0\" eval", byzsim_binary()},
                    R"({"attack": "fang", "f": 1000000, "vectors": [[1], [2], [3]]})"
                    "\n"
                    R"({"aggregate": "median", "f": 1, "vectors": [[1], [2], [9]]})");
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out == R"({"error":"out of memory; use fewer or smaller vectors, or a smaller f"})"
                       "\n"
                       R"({"vector":[2.0]})"
                       "\n");
}

TEST_CASE("eval refuses a number beyond the precision instead of taking it for infinite") {
  const std::string rest = R"("aggregate": "average", "f": 0, "vectors": [[1], [1e300]]})";
  CHECK(error_of("{" + rest) ==
        "/vectors/1/0: 1e+300 is beyond float32; write \"inf\", or compute with \"precision\": "
        "\"float64\"");
  CHECK(answer_to(R"({"precision": "float64", )" + rest) == R"({"vector":[5e+299]})");
}

TEST_CASE("eval aggregates with a rule named in any of its forms") {
  const std::string rest = R"(, "f": 1, "vectors": [[1, 10], [9, 20], [2, 90]]})";
  for (const char* rule : {R"("median")", R"({"name": "median"})",
                           R"({"name": "median", "parameters": {"middle": "mean"}})"})
    CHECK(answer_to("{\"aggregate\": " + std::string(rule) + rest) == R"({"vector":[2.0,20.0]})");
}

TEST_CASE("eval gives a rule its parameters") {
  const std::string rest = R"(}}, "f": 0, "vectors": [[1], [2], [4], [8]]})";
  const std::string median = R"({"aggregate": {"name": "median", "parameters": {"middle": )";
  CHECK(answer_to(median + R"("mean")" + rest) == R"({"vector":[3.0]})");
  CHECK(answer_to(median + R"("lower")" + rest) == R"({"vector":[2.0]})");
  CHECK(answer_to(median + R"("upper")" + rest) == R"({"vector":[4.0]})");
}

TEST_CASE("eval of krum counts n-f-2 neighbours, or n-f-1 on request") {
  // 0.5 scores 0.5 with 2 neighbours and 6.75 with 3; 1 scores 1.25 and then 5.25.
  const std::string vectors = R"("f": 1, "vectors": [[0], [0.5], [1], [3], [3.5]]})";
  CHECK(answer_to(R"({"aggregate": {"name": "krum"}, )" + vectors) == R"({"vector":[0.5]})");
  CHECK(answer_to(R"({"aggregate": {"name": "krum", "parameters": {"neighbours": "n-f-1"}}, )" +
                  vectors) == R"({"vector":[1.0]})");
}

TEST_CASE("eval of mda averages the n - f closest vectors") {
  CHECK(answer_to(R"({"aggregate": "mda", "f": 1, "vectors": [[0], [1], [2], [100]]})") ==
        R"({"vector":[1.0]})");
}

TEST_CASE("eval of an attack says what a Byzantine node says") {
  // mean (2, 3), deviation with one degree less (1, 2).
  const std::string honest = R"("f": 1, "vectors": [[1, 1], [2, 3], [3, 5]]})";
  CHECK(answer_to(R"({"attack": {"name": "a_little_is_enough", "parameters": {"z": 1.5}}, )" +
                  honest) == R"({"vector":[3.5,6.0]})");
  CHECK(answer_to(R"({"attack": {"name": "sign_flipping"}, )" + honest) ==
        R"({"vector":[-2.0,-3.0]})");
  CHECK(answer_to(R"({"attack": "silent", )" + honest) == R"({"vector":null})");
}

TEST_CASE("eval reverses the attacker's own vector, or else the first honest one") {
  const std::string reversed = R"({"attack": "reversed", "f": 1, "vectors": [[1], [2]])";
  CHECK(answer_to(reversed + "}") == R"({"vector":[-100.0]})");
  CHECK(answer_to(reversed + R"(, "own": [3]})") == R"({"vector":[-300.0]})");
}

TEST_CASE("eval of a random attack depends on the seed of its line alone") {
  const std::string request = R"({"attack": "gaussian", "f": 1, "vectors": [[0, 0]], "seed": )";
  const auto answers = answers_to(request + "1}\n" + request + "2}\n" + request + "1}\n");
  REQUIRE(answers.size() == 3);
  CHECK(answers[0] == answers[2]);
  CHECK(answers[0] != answers[1]);
}

TEST_CASE("eval reads and writes numbers that are not finite as words") {
  CHECK(answer_to(R"({"aggregate": "average", "f": 0, "vectors": [["inf", "-inf", "nan", 1]]})") ==
        R"({"vector":["inf","-inf","nan",1.0]})");
  CHECK(answer_to(R"({"aggregate": "median", "f": 1, "vectors": [["nan"], [1], [2]]})") ==
        R"({"vector":[2.0]})");
}

TEST_CASE("eval computes in float32, or in float64 on request") {
  const std::string sum =
      R"({"aggregate": "average", "f": 0, "vectors": [[16777217]])";  // 2^24 + 1
  CHECK(answer_to(sum + "}") == R"({"vector":[16777216.0]})");
  CHECK(answer_to(sum + R"(, "precision": "float32"})") == R"({"vector":[16777216.0]})");
  CHECK(answer_to(sum + R"(, "precision": "float64"})") == R"({"vector":[16777217.0]})");
  CHECK(error_of(sum + R"(, "precision": "half"})") ==
        "/precision: must be \"float32\" or \"float64\", not \"half\"");
}

TEST_CASE("eval keeps the order, skips blank lines and goes on after an error") {
  const auto answers = answers_to(
      "{\"aggregate\": \"average\", \"f\": 0, \"vectors\": [[1]]}\n\n   \nnonsense\n"
      "{\"aggregate\": \"average\", \"f\": 0, \"vectors\": [[3]]}",  // no end of line at the end
      2);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0] == R"({"vector":[1.0]})");
  CHECK_THAT(answers[1], StartsWith("{\"error\":\"line: line 1, column "));
  CHECK(answers[2] == R"({"vector":[3.0]})");
}

TEST_CASE("eval without input answers nothing") { CHECK(answers_to("").empty()); }

TEST_CASE("eval wants to know how many vectors are Byzantine") {
  for (const char* asked : {R"("aggregate": "trimmed_mean")", R"("aggregate": "average")",
                            R"("pre": "nnm")", R"("attack": "reversed")"})
    CHECK(error_of("{" + std::string(asked) + R"(, "vectors": [[1], [2], [3]]})") ==
          "/f: is missing; write how many of the vectors are assumed to be Byzantine; 0 for none");
}

TEST_CASE("eval reads the words that Python writes for numbers that are not finite") {
  // As json.dumps({"vectors": [[math.nan, math.inf, -math.inf]], ...}) writes them.
  CHECK(answer_to(R"({"aggregate": "average", "f": 0, "vectors": [[NaN, Infinity, -Infinity]]})") ==
        R"({"vector":["nan","inf","-inf"]})");
  CHECK(error_of(R"({"aggregate": "a\"NaN", "f": 0, "vectors": [[1]]})") ==
        error_of(
            R"({"aggregate": "a\"\u004eaN", "f": 0, "vectors": [[1]]})"));  // left alone in strings
}

TEST_CASE("eval names the nearest rule, attack and key") {
  CHECK_THAT(error_of(R"({"aggregate": "medain", "vectors": [[1]]})"),
             StartsWith("/aggregate: unknown rule 'medain'; did you mean 'median'?"));
  CHECK_THAT(error_of(R"({"attack": {"name": "reversd"}, "vectors": [[1]]})"),
             StartsWith("/attack/name: unknown attack 'reversd'; did you mean 'reversed'?"));
  CHECK_THAT(error_of(R"({"aggregate": "average", "vector": [[1]]})"),
             StartsWith("/vector: unknown key; did you mean 'vectors'?"));
}

TEST_CASE("eval says what is wrong with vectors") {
  const std::string average = R"({"aggregate": "average", "f": 0, "vectors": )";
  CHECK(error_of(average + "[]}") == "/vectors: must be a list of at least one vector");
  CHECK(error_of(average + "[[]]}") == "/vectors/0: has no coordinates");
  CHECK(error_of(average + "[[1], [1, 2]]}") ==
        "/vectors/1: has 2 coordinates, and the first vector has 1");
  CHECK(error_of(average + "[[1, \"NaN\"]]}") ==
        "/vectors/0/1: must be a number, \"nan\", \"inf\" or \"-inf\", not \"NaN\"");
  CHECK(error_of(average + "[1]}") == "/vectors/0: must be a list of numbers, not 1");
}

TEST_CASE("eval reports what is wrong with a line") {
  CHECK_THAT(error_of("[1]"), contains("a line must be a JSON object, not [1]"));
  CHECK_THAT(error_of("{}"),
             contains("a line must have \"aggregate\", \"pre\", \"attack\" or \"compress\""));
  CHECK_THAT(error_of(R"({"aggregate": "median", "f": -1, "vectors": [[1]]})"),
             StartsWith("/f: must be an integer in [0, "));
  CHECK_THAT(error_of(R"({"attack": "reversed", "f": 1, "own": [1, 2], "vectors": [[1]]})"),
             StartsWith("/own: must have as many coordinates"));
}

TEST_CASE("eval refuses only what cannot be computed") {
  const std::string three = R"(, "vectors": [[1], [2], [3]]})";
  // Krum proves something from n = 2f + 3 on, and means something from n = f + 2 on.
  CHECK(answer_to(R"({"aggregate": "krum", "f": 1)" + three) == R"({"vector":[1.0]})");
  CHECK_THAT(error_of(R"({"aggregate": "krum", "f": 2)" + three),
             StartsWith("/f: krum needs n >= f + 2"));
}

TEST_CASE("eval goes on after a number beyond the range of double") {
  const Outcome outcome =
      Sandbox().byzsim({"eval"},
                       "{\"aggregate\": \"average\", \"f\": 0, \"vectors\": [[1e999]]}\n"
                       "{\"aggregate\": \"average\", \"f\": 0, \"vectors\": [[3]]}\n");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.out, StartsWith("{\"error\":"));
  CHECK_THAT(outcome.out, contains("\n{\"vector\":[3.0]}\n"));
}

TEST_CASE("eval pre-aggregates and then aggregates") {
  // Nearest-neighbour mixing with f = 1 of (1), (4), (7): (2.5), (2.5), (5.5), as ByzFL prints it.
  const std::string rest = R"("pre": ["nnm"], "f": 1, "vectors": [[1], [4], [7]]})";
  CHECK(answer_to("{" + rest) == R"({"vectors":[[2.5],[2.5],[5.5]]})");
  CHECK(answer_to(R"({"aggregate": "median", )" + rest) == R"({"vector":[2.5]})");
}

TEST_CASE("eval takes one pre-aggregator without a list, in any case") {
  const std::string rest = R"(, "f": 1, "vectors": [[1], [4], [7]]})";
  for (const char* pre : {R"("nnm")", R"({"name": "nnm"})", R"(["nnm"])"})
    CHECK(answer_to(R"({"pre": )" + std::string(pre) + rest) ==
          R"({"vectors":[[2.5],[2.5],[5.5]]})");
  CHECK_THAT(error_of(R"({"pre": 3)" + rest),
             StartsWith("/pre: must be a name, an object or a list of them, not 3"));
}

TEST_CASE("eval takes the field's other names and says the preferred one") {
  const Outcome outcome = Sandbox().byzsim(
      {"eval"}, "{\"aggregate\": \"CWMed\", \"f\": 1, \"vectors\": [[1], [2], [9]]}\n");
  CHECK(outcome.out == "{\"vector\":[2.0]}\n");
  CHECK(outcome.err == "note: /aggregate: the rule 'CWMed' is called 'median' here\n");
}

}  // namespace byzsim::process::eval_command_test
