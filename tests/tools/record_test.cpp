// `byzsim run --record`: the adversary's decisions as a scenario.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::record_test {
namespace {

const std::string kApart = R"({"adversary": {"servers": "split", "scheduler": "keep_apart"}})";

}  // namespace

TEST_CASE("a recorded scenario runs to the digest of the run it was recorded of") {
  for (const std::string vectors : {"reference", "value"}) {
    CAPTURE(vectors);
    const Sandbox sandbox;
    const Outcome first = sandbox.byzsim(
        {"run", "-", "--json", "--record", "script.json", "--record-vectors", vectors},
        tiny_with(kApart));
    REQUIRE(first.exit_code == 0);
    const Outcome second =
        sandbox.byzsim({"run", "script.json", "--json", "--out", "again", "--threads", "2"});
    REQUIRE(second.exit_code == 0);
    const Json original = Json::parse(first.out), again = Json::parse(second.out);
    CHECK(again["digest"] == original["digest"]);
    CHECK(again["id"] != original["id"]);
    CHECK(again["name"] == original["name"].get<std::string>() + "-recorded");
    CHECK(again["scenario"]["adversary"]["scheduler"]["name"] == "random");
  }
}

TEST_CASE("a recorded scenario holds its words as they are asked for") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--record", "a.json"}, kTinyScenario).exit_code == 0);
  REQUIRE(
      sandbox.byzsim({"run", "-", "--record", "b.json", "--record-vectors", "value"}, kTinyScenario)
          .exit_code == 0);
  const Json by_reference = Json::parse(sandbox.read("a.json"))["adversary"]["script"];
  const Json by_value = Json::parse(sandbox.read("b.json"))["adversary"]["script"];
  CHECK(by_reference["deliveries"].empty());  // the scheduler is random
  CHECK(by_reference["words"][0]["attack"]["name"] == "reversed");
  CHECK(by_value["words"][0]["vector"].size() == 12);  // 3 (3 + 1) parameters
  CHECK(by_value["words"].size() == by_reference["words"].size());
}

TEST_CASE("every entry of a record counts when it is run, and one that cannot is told") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--record", "a.json"}, tiny_with(kApart)).exit_code == 0);
  CHECK_THAT(sandbox.byzsim({"run", "a.json", "--out", "a"}).out, !contains("unused"));
  Json longer = Json::parse(sandbox.read("a.json"));
  Json& deliveries = longer["adversary"]["script"]["deliveries"];
  const std::size_t recorded = deliveries.size();
  deliveries.push_back(deliveries.back());
  deliveries.back()["phase"] = "prepare";  // which consensus says, not ByzSGD
  sandbox.write("b.json", longer.dump());
  const Outcome outcome = sandbox.byzsim({"run", "b.json", "--out", "b"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out,
             contains("  unused    1 of the script's deliveries and forgeries: no such "
                      "message was sent\n            /adversary/script/deliveries/" +
                      std::to_string(recorded) + " {"));
  const Json a = Json::parse(sandbox.read("a/run.json")),
             b = Json::parse(sandbox.read("b/run.json"));
  CHECK(a["script"] == Json::parse(R"({"unused": 0, "first_unused": []})"));
  CHECK(b["script"]["unused"] == 1);
  CHECK(b["script"]["first_unused"] ==
        Json::array({"/adversary/script/deliveries/" + std::to_string(recorded)}));
  CHECK(b["digest"] == a["digest"]);
}

TEST_CASE("a run that is there already is run again for its record") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  const Outcome again =
      sandbox.byzsim({"run", "-", "--out", "here", "--record", "script.json"}, kTinyScenario);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, contains("recorded 0 delays and "));
  CHECK(sandbox.read("script.json").size() > 1000);
}

TEST_CASE("neither a trace nor a record may take the place of the scenario") {
  for (const char* option : {"--trace", "--record"}) {
    const Sandbox sandbox;
    sandbox.write("tiny.json", kTinyScenario);
    const Outcome outcome = sandbox.byzsim({"run", "tiny.json", option, "./tiny.json"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == "error: " + std::string(option) +
                             " ./tiny.json: is the scenario file itself; name another file\n");
    CHECK(sandbox.read("tiny.json") == kTinyScenario);
  }
}

TEST_CASE("a record that cannot be written is refused before the run") {
  for (const auto& [file, reason] : std::map<std::string, std::string>{
           {"no/such/place.json", "No such file or directory"}, {".", "Is a directory"}}) {
    const Sandbox sandbox;
    const Outcome outcome = sandbox.byzsim({"run", "-", "--record", file}, kTinyScenario);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == "error: --record " + file + ": cannot write: " + reason +
                             "; name a file in a directory that exists\n");
    CHECK(fs::is_empty(sandbox.path()));
  }
}

TEST_CASE("vectors are recorded by reference or by value") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-", "--record", "a.json", "--record-vectors", "words"}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("--record-vectors: must be one of: reference, value; found \"words\""));
}

}  // namespace byzsim::process::record_test
