// What `byzsim eval` is given of the receiver: its own vector and the weights of its neighbours.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::eval_receiver_test {
namespace {

std::string answered(const std::string& request, int exit_code = 0) {
  const Outcome outcome = Sandbox().byzsim({"eval"}, request + "\n");
  CHECK(outcome.exit_code == exit_code);
  return outcome.out;
}

std::string error_in(const std::string& request) {
  return Json::parse(answered(request, 2)).at("error").get<std::string>();
}

const std::string kClipped = R"({"aggregate": {"name": "clipped_gossip", "parameters": )"
                             R"({"radius": 1}}, "f": 1, "vectors": [[0], [1], [3], [-5]])";
const std::string kGts = R"({"aggregate": "gts", "f": 1, "vectors": [[0], [1], [3], [-5]])";

}  // namespace

TEST_CASE("eval moves the own vector by weighted differences and counts the clipped ones") {
  // 0.5 x 1 + 0.125 x 1 - 0.125 x 1: the last two are clipped to 1.
  CHECK(answered(kClipped + R"(, "own": 0, "weights": [0.25, 0.5, 0.125, 0.125]})") ==
        "{\"vector\":[0.5],\"clipped\":2}\n");
  // 3 - 3 x 0.25, each clipped to 1; all weights are 1/4.
  CHECK(answered(kClipped + R"(, "own": 2})") == "{\"vector\":[2.25],\"clipped\":3}\n");
}

TEST_CASE("eval counts the vectors that a rule removes") {
  // Without -5: (1 + 3) / 4.
  CHECK(answered(kGts + R"(, "own": 0})") == "{\"vector\":[1.0],\"removed\":1}\n");
}

TEST_CASE("eval counts nothing for rules that neither clip nor remove") {
  CHECK(answered(R"({"aggregate": "monna", "f": 1, "own": 2, "vectors": [[0], [8], [9]]})") ==
        "{\"vector\":[8.5]}\n");
}

TEST_CASE("eval asks for the own vector where a rule builds on it") {
  CHECK(error_in(kGts + "}") ==
        "/own: is missing: gts builds on the receiver's own vector; write its index among "
        "\"vectors\", from 0");
  for (const char* own : {"4", "-1", "1.5", "\"first\"", "[0]"})
    CHECK_THAT(error_in(kGts + R"(, "own": )" + own + "}"),
               StartsWith("/own: must be an integer in [0, 3]"));
}

TEST_CASE("eval compares vectors with the reference of the line") {
  const std::string fltrust = R"({"aggregate": "fltrust", "f": 1, "vectors": [[2, 0], [-1, 5]])";
  // The second points elsewhere; the first is made as long as the reference.
  CHECK(answered(fltrust + R"(, "reference": [3, 0]})") == "{\"vector\":[3.0,0.0]}\n");
  CHECK(error_in(fltrust + "}") ==
        "/reference: is missing: fltrust compares with the receiver's own gradient; write it, with "
        "as many coordinates as the vectors");
  CHECK(error_in(fltrust + R"(, "reference": [3]})") ==
        "/reference: must have as many coordinates as the vectors");
}

TEST_CASE("eval refuses weights that do not fit the vectors") {
  const auto error_of_weights = [](const std::string& weights) {
    return error_in(kGts + R"(, "own": 0, "weights": )" + weights + "}");
  };
  const std::string remedy =
      "; write the weight of each vector, the own one's among them, at least 0";
  CHECK(error_of_weights("[1, 1]") == "/weights: has 2 weights for 4 vectors" + remedy);
  CHECK(error_of_weights("0.25") == "/weights: must be a list of numbers, not 0.25" + remedy);
  for (const char* weight : {"-1", "\"inf\"", "\"nan\"", "null"})
    CHECK(error_of_weights("[1, 1, " + std::string(weight) + ", 1]") ==
          "/weights/2: must be a finite number of at least 0, not " + std::string(weight) + remedy);
  CHECK(error_of_weights("[0, 0, 0, 0]") ==
        "/weights: sum to 0, and a mean needs a weight above 0" + remedy);
  CHECK(error_of_weights("[1e308, 1e308, 0, 0]") ==
        "/weights: sum to more than a double holds" + remedy);
}

TEST_CASE("eval refuses a rule that compares losses, or whose own vector is mixed with others") {
  CHECK(error_in(R"({"aggregate": "ubar", "f": 1, "own": 0, "vectors": [[0], [1], [3]]})") ==
        "/aggregate: ubar compares losses of models, which eval does not compute; use it in a "
        "scenario, or choose another rule");
  CHECK(error_in(kGts + R"(, "own": 0, "pre": ["bucketing"]})") ==
        "/pre: gts builds on the receiver's own vector, which bucketing mixes with others; leave "
        "it out, or choose another rule");
  CHECK(answered(kGts + R"(, "own": 0, "pre": ["arc"]})").starts_with("{\"vector\":"));
}

}  // namespace byzsim::process::eval_receiver_test
