// What is wrong with a script is told with its place.
#include "sim/scenario/script_checks.h"

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::script_issues_test {
namespace {

/// The first issue of small_attacked_byzsgd (6 steps, server 4 and workers 5 and 6 lie) with a
/// script; "" where there is none.
std::string issue_of(const Json& script) {
  try {
    read(with(small_attacked_byzsgd(), "/adversary/script", script));
    return "";
  } catch (const InputError& error) {
    return to_string(error.issues()[0]);
  }
}

Json delivery(const Json& changes = Json::object()) {
  Json json = {{"from", "worker 0"}, {"to", "server 0"}, {"phase", "gradient"}, {"delay", "1 ms"}};
  json.update(changes);
  return json;
}

Json word(const Json& changes = Json::object()) {
  Json json = {{"from", "worker 6"}, {"phase", "gradient"}, {"attack", "zero"}};
  json.update(changes);
  return json;
}

std::string issue_of_delivery(const Json& changes) {
  return issue_of({{"deliveries", Json::array({delivery(changes)})}});
}
std::string issue_of_word(const Json& changes) {
  return issue_of({{"words", Json::array({word(changes)})}});
}

constexpr const char* kAt = "/adversary/script";

}  // namespace

TEST_CASE("a sound script has no issue") {
  CHECK(issue_of({{"deliveries", Json::array({delivery()})}, {"words", Json::array({word()})}}) ==
        "");
  CHECK(issue_of(Json::object()) == "");
}

TEST_CASE("a script names nodes that exist") {
  CHECK(
      issue_of_delivery({{"to", "server 5"}}) ==
      std::string(kAt) +
          "/deliveries/0/to: there is no server 5: there are 5 servers; nodes are counted from 0");
  CHECK(issue_of_word({{"to", "servers 0-9"}}) ==
        std::string(kAt) +
            "/words/0/to: there is no server 9: there are 5 servers; nodes are counted from 0");
  CHECK(issue_of_delivery({{"from", "servers"}}) ==
        std::string(kAt) +
            "/deliveries/0/from: must name one node, not \"servers\"; write "
            "\"server 3\" or \"worker 0\", on a graph \"node 3\"");
}

TEST_CASE("only messages of Byzantine nodes can be forged") {
  CHECK(issue_of_word({{"from", "worker 4"}}) ==
        std::string(kAt) +
            "/words/0/from: worker 4 is honest, and its messages cannot be forged; only the last 2 "
            "of 7 workers are Byzantine (/workers/byzantine/actual)");
}

TEST_CASE("a script ends with the run") {
  CHECK(issue_of_word({{"step", 6}}) == "");
  CHECK(issue_of_word({{"step", 7}}) ==
        std::string(kAt) +
            "/words/0/step: 7 is beyond the run's 6 steps; use an earlier step, "
            "or run more");
  CHECK(issue_of({{"moves", {{{"step", 9}}}}}).find("/moves/0/step") != std::string::npos);
}

TEST_CASE("a message has one delay, and each receiver one forgery of it") {
  CHECK(issue_of({{"deliveries", {delivery(), delivery({{"delay", "2 ms"}})}}}) ==
        std::string(kAt) + "/deliveries/1: " + kAt +
            "/deliveries/0 is about the same message; keep one of the two");
  CHECK(
      issue_of({{"words", {word({{"to", "servers 0-2"}}), word({{"to", "servers 2-3"}})}}}) ==
      std::string(kAt) + "/words/1: " + kAt +
          "/words/0 is for one of the same receivers; give each receiver one forgery of a message");
  CHECK(issue_of({{"words", {word({{"to", "servers 0-1"}}), word({{"to", "servers 2-3"}})}}}) ==
        "");
}

TEST_CASE("delays of a script are finite and not negative") {
  for (const char* delay : {"-1 ms", "inf", "20 days"})
    CHECK(issue_of_delivery({{"delay", delay}}).find("/deliveries/0/delay: must be") !=
          std::string::npos);
}

TEST_CASE("a forgery has either an attack or a vector") {
  CHECK(issue_of_word({{"vector", {1.5}}}) ==
        std::string(kAt) + "/words/0: has both an attack and a vector; keep one of the two");
  CHECK(issue_of({{"words", {{{"from", "worker 6"}, {"phase", "gradient"}}}}}) ==
        std::string(kAt) +
            "/words/0: has neither an attack nor a vector; give an attack (\"silent\" for silence) "
            "or a vector");
}

TEST_CASE("a coordinate is a float32 or a word for what JSON has no number for") {
  const auto issue = [](const Json& vector) {
    return issue_of(
        {{"words", {{{"from", "worker 6"}, {"phase", "gradient"}, {"vector", vector}}}}});
  };
  CHECK(issue({1, -0.0, 1e-45, "nan", "inf", "-inf", "0xffc00001"}) == "");
  CHECK(issue(Json::array()) == "");
  CHECK(issue({0, 1e300}) ==
        std::string(kAt) +
            "/words/0/vector/1: must be a number that float32 holds, not 1e+300; for others write "
            "\"inf\", \"-inf\", \"nan\" or the bits as \"0xffc00000\"");
  CHECK(issue({"NaN"}).find("/words/0/vector/0") != std::string::npos);
}

TEST_CASE("halves of a move are of honest nodes, each once") {
  CHECK(issue_of({{"moves", {{{"first_servers", {0, 4}}}}}}) ==
        std::string(kAt) +
            "/moves/0/first_servers/1: 4 is not the index of one of the 4 honest servers; use "
            "indices "
            "up to 3");
  CHECK(issue_of({{"moves", {{{"first_workers", {1, 1}}}}}}) ==
        std::string(kAt) + "/moves/0/first_workers: names a node twice; keep one");
  CHECK(issue_of({{"moves", {{{"step", 2}}, {{"step", 2}}}}}) ==
        std::string(kAt) + "/moves/1: " + kAt +
            "/moves/0 is a move of step 2 already; make one move of the two");
}

TEST_CASE("a script is written and reads back to the same text, in one order") {
  const Json words = {word({{"step", 3}, {"half", "second"}}), word({{"step", 1}, {"round", 2}})};
  const Json json =
      with(small_attacked_byzsgd(), "/adversary/script",
           {{"words", words},
            {"deliveries", {delivery({{"step", 2}}), delivery()}},
            {"moves", {{{"step", 1}, {"servers", "zero"}, {"first_servers", {2, 0}}}}}});
  const Json written = write(read(json));
  CHECK(write(read(written)).dump(2) == written.dump(2));
  CHECK(written["adversary"]["script"]["words"][0]["step"] == 1);
  CHECK(written["adversary"]["script"]["deliveries"][0]["step"] == 0);
  CHECK(written["adversary"]["script"]["moves"][0]["first_servers"] == Json::array({0, 2}));
  CHECK_FALSE(write(read(small_attacked_byzsgd()))["adversary"].contains("script"));
}

}  // namespace byzsim::script_issues_test
