// Short forms that a scenario may be written in: names as the field writes them, a name for an
// object, a number for an object. What is run is the same scenario, with the same id.
#include "tests/tools/json_schema.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::short_forms_test {
namespace {

// The resolved scenario of a run that must succeed, and what it said.
struct Resolved {
  Json scenario;
  std::string id;
  std::string err;
};

Resolved resolved(const std::string& scenario, const Arguments& sets = {}) {
  Arguments arguments = {"run", "-", "--json", "--out", "out"};
  for (const std::string& set : sets) arguments.insert(arguments.end(), {"--set", set});
  const Outcome outcome = Sandbox().byzsim(arguments, scenario);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const Json run = Json::parse(outcome.out);
  return {run["scenario"], run["id"], outcome.err};
}

Resolved tiny_resolved(const std::string& changes, const Arguments& sets = {}) {
  return resolved(tiny_with(changes), sets);
}

std::string tiny_error(const std::string& changes) {
  const Outcome outcome = Sandbox().byzsim({"run", "-"}, tiny_with(changes));
  CHECK(outcome.exit_code == 2);
  return outcome.err;
}

}  // namespace

TEST_CASE("a strategy is named in any case, with a note of its name here") {
  const Resolved run = tiny_resolved(R"({"adversary": {"workers": "alie"}})");
  CHECK(run.scenario["adversary"]["workers"]["name"] == "a_little_is_enough");
  CHECK(run.err ==
        "note: /adversary/workers: the attack 'alie' is called 'a_little_is_enough' here\n");
}

TEST_CASE("the first words of a partition's name are enough") {
  const Resolved run = tiny_resolved(R"({"partition": "dirichlet"})");
  CHECK(run.scenario["partition"]["name"] == "dirichlet_niid");
  CHECK(run.err == "note: /partition: the partition 'dirichlet' is called 'dirichlet_niid' here\n");
}

TEST_CASE("a parameter's keyword is read in any case") {
  const Resolved run = tiny_resolved(R"({"workers": {"aggregator": {"name": "median",
                                         "parameters": {"middle": "Lower"}}}})");
  CHECK(run.scenario["workers"]["aggregator"]["parameters"]["middle"] == "lower");
}

TEST_CASE("MNIST and Fashion-MNIST in any case are the data set idx with its set") {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"MNIST", "mnist"}, {"mnist", "mnist"}, {"FashionMNIST", "fashion-mnist"}};
  for (const auto& [name, set] : names) {
    const Outcome missing = Sandbox().byzsim(
        {"run", "-", "--set", "/data=" + name, "--set", "/data/parameters/directory=nowhere"},
        "{}");
    CHECK(missing.exit_code == 2);  // its files are not there
    CHECK_THAT(missing.err, StartsWith("note: /data: the data set '" + name +
                                       "' is called 'idx' here, with set \"" + set + "\"\n"));
  }
}

TEST_CASE("a data set's name and its set must not contradict each other") {
  CHECK_THAT(tiny_error(R"({"data": {"name": "fashion-mnist", "parameters":
                           {"set": "mnist", "dimension": null, "classes": null, "train": null,
                            "test": null}}})"),
             contains("/data/parameters/set: \"fashion-mnist\" means set \"fashion-mnist\", not "
                      "\"mnist\"; leave one of them out"));
}

TEST_CASE("an unknown name without a near one is answered with all names") {
  CHECK_THAT(tiny_error(R"({"adversary": {"workers": "foo"}})"),
             StartsWith("error: /adversary/workers: unknown attack 'foo'; one of: "));
}

TEST_CASE("one pre-aggregator needs no list") {
  const Json listed = tiny_resolved(R"({"workers": {"pre": ["nnm"]}})").scenario;
  for (const char* pre : {R"("nnm")", R"({"name": "nnm"})", R"([{"name": "NNM"}])"}) {
    CAPTURE(pre);
    CHECK(tiny_resolved(R"({"workers": {"pre": )" + std::string(pre) + "}}").scenario == listed);
  }
  CHECK(tiny_resolved("{}", {"/workers/pre=nnm"}).scenario == listed);
}

TEST_CASE("one pre-aggregator of the servers needs no list, with its parameters") {
  const Json scenario =
      tiny_resolved("{}", {"/servers/pre=clipping", "/servers/pre/parameters/threshold=5"})
          .scenario;
  REQUIRE(scenario["servers"]["pre"].size() == 1);
  CHECK(scenario["servers"]["pre"][0]["parameters"]["threshold"] == 5);
}

TEST_CASE("what is no pre-aggregator is refused at its place") {
  CHECK_THAT(tiny_error(R"({"workers": {"pre": 3}})"),
             StartsWith("error: /workers/pre: must be a name, an object or a list of them, not 3"));
  CHECK_THAT(tiny_error(R"({"workers": {"pre": "nnn"}})"),
             StartsWith("error: /workers/pre: unknown pre-aggregator 'nnn'; one of: "));
  CHECK_THAT(tiny_error(R"({"workers": {"pre": ["nnm", "nothing"]}})"),
             StartsWith("error: /workers/pre/1: unknown pre-aggregator 'nothing'; one of: "));
}

TEST_CASE("a number is the constant learning rate") {
  const Resolved run = tiny_resolved("{}", {"/optimizer/rate=0.25"});
  CHECK(run.scenario["optimizer"]["rate"] ==
        Json{{"name", "constant"}, {"parameters", {{"initial", 0.25}}}});
  CHECK(run.err.empty());
}

TEST_CASE("a learning rate out of range is refused where the number stands") {
  CHECK_THAT(tiny_error(R"({"optimizer": {"rate": -1}})"),
             StartsWith("error: /optimizer/rate: must be a number in (0, "));
  CHECK_THAT(tiny_error(R"({"optimizer": {"rate": true}})"),
             StartsWith("error: /optimizer/rate: must be {\"name\": ") &&
                 contains("or a name or a number, not true"));
}

TEST_CASE("a number as the learning rate goes together with changes of its parameters") {
  const std::string number = R"({"optimizer": {"rate": 0.25}})";
  const Json initial = tiny_resolved(number, {"/optimizer/rate/parameters/initial=0.5"}).scenario;
  CHECK(initial["optimizer"]["rate"]["parameters"]["initial"] == 0.5);
  const Json step = tiny_resolved(number, {"/optimizer/rate/name=step"}).scenario;
  CHECK(step["optimizer"]["rate"]["name"] == "step");
  CHECK(step["optimizer"]["rate"]["parameters"]["initial"] == 0.25);
}

TEST_CASE("a bare name goes together with a change of the name") {
  const std::string bare = R"({"workers": {"aggregator": "TrMean"}})";
  CHECK(tiny_resolved(bare).scenario["workers"]["aggregator"]["name"] == "trimmed_mean");
  const Resolved changed = tiny_resolved(bare, {"/workers/aggregator/name=median"});
  CHECK(changed.scenario["workers"]["aggregator"]["name"] == "median");
  CHECK(changed.err.empty());
}

TEST_CASE("a bare name goes together with an axis on the name") {
  const Sandbox sandbox;
  sandbox.write("bare.json", tiny_with(R"({"workers": {"aggregator": "TrMean"}})"));
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "bare.json", "--axis",
                                          "/workers/aggregator/name=median,mda", "--out", "rules"});
  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("tiny: 2 runs done"));
}

TEST_CASE("a number of Byzantine nodes is declared and actual") {
  const Json both = {{"declared", 2}, {"actual", 2}};
  CHECK(tiny_resolved(R"({"workers": {"byzantine": 2}})").scenario["workers"]["byzantine"] == both);
  CHECK(tiny_resolved("{}", {"/workers/byzantine=2"}).scenario["workers"]["byzantine"] == both);
}

TEST_CASE("the short form runs the scenario of the long one") {
  CHECK(tiny_resolved(R"({"workers": {"byzantine": 2}, "optimizer": {"rate": 0.1}})").id ==
        tiny_resolved("{}").id);
}

TEST_CASE("a number of Byzantine nodes goes together with a change of the actual one") {
  const Resolved run = tiny_resolved(R"({"workers": {"byzantine": 1}})",
                                     {"/workers/byzantine=2", "/workers/byzantine/actual=0"});
  CHECK(run.scenario["workers"]["byzantine"] == Json{{"declared", 2}, {"actual", 0}});
}

TEST_CASE("a number of Byzantine nodes out of range is refused once, where it stands") {
  CHECK(tiny_error(R"({"workers": {"byzantine": -1}})") ==
        "error: /workers/byzantine: must be an integer in [0, 1000000], not -1\n");
  CHECK(tiny_error(R"({"workers": {"byzantine": 1.5}})") ==
        "error: /workers/byzantine: must be an integer in [0, 1000000], not 1.5\n");
  CHECK(tiny_error(R"({"workers": {"byzantine": "two"}})") ==
        "error: /workers/byzantine: must be a number or an object, not \"two\"\n");
}

TEST_CASE("an axis on the Byzantine nodes takes numbers") {
  const Sandbox sandbox;
  sandbox.write("f.json", tiny_with(R"({"workers": {"byzantine": 0}})"));
  const Outcome run = sandbox.byzsim(
      {"sweep", "run", "f.json", "--axis", "/workers/byzantine=0,1,2", "--out", "f"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "merge", "f"}).exit_code == 0);
  CHECK_THAT(sandbox.read("f/summary.csv"), StartsWith("point,/workers/byzantine,seed,"));
}

TEST_CASE("the schema takes every short form and refuses what the program refuses") {
  const Json schema = Json::parse(Sandbox().byzsim({"schema"}).out);
  for (const char* scenario :
       {R"({"workers": {"byzantine": 6, "pre": "nnm"}})", R"({"optimizer": {"rate": 0.1}})",
        R"({"servers": {"pre": {"name": "clipping"}}})"}) {
    CAPTURE(scenario);
    CHECK(schema_faults(schema, Json::parse(scenario)).empty());
  }
  for (const char* scenario :
       {R"({"workers": {"byzantine": -1}})", R"({"workers": {"byzantine": "six"}})",
        R"({"optimizer": {"rate": 0}})", R"({"servers": {"pre": 3}})"}) {
    CAPTURE(scenario);
    CHECK_FALSE(schema_faults(schema, Json::parse(scenario)).empty());
  }
}

}  // namespace byzsim::process::short_forms_test
