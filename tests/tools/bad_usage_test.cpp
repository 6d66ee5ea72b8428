// Command lines that cannot be understood: exit code 2 and what was meant.
#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::bad_usage_test {
namespace {

std::string error_of(const Arguments& arguments) {
  const Outcome outcome = Sandbox().byzsim(arguments);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  return outcome.err;
}

}  // namespace

TEST_CASE("an unknown command is refused with the nearest one, or with all of them") {
  CHECK(error_of({"rnu"}) == "error: unknown command 'rnu'; did you mean 'run'?\n");
  CHECK_THAT(error_of({"frobnicate"}),
             StartsWith("error: unknown command 'frobnicate'; one of: run, verify, "));
  CHECK(error_of({"sweep", "pln"}) ==
        "error: byzsim sweep: unknown command 'pln'; did you mean 'plan'?\n");
}

TEST_CASE("trace as a command is answered with the option of run that writes a timeline") {
  CHECK(
      error_of({"trace", "quickstart"}) ==
      "error: unknown command 'trace'; byzsim run SCENARIO --trace FILE writes a timeline of every "
      "event\n");
}

TEST_CASE("an unknown option is refused with the nearest one") {
  CHECK_THAT(
      error_of({"run", "quickstart", "--thread", "2"}),
      StartsWith("error: byzsim run: unknown option '--thread'; did you mean '--threads'?\n"));
  CHECK_THAT(error_of({"verify", "here", "--jason=1"}),
             StartsWith("error: byzsim verify: unknown option '--jason'; "));
}

TEST_CASE("a command without its arguments is refused with where its help is") {
  for (const char* command :
       {"run", "verify", "bisect", "events", "contraction", "describe", "completions"})
    CHECK_THAT(error_of({command}),
               StartsWith("error: ") && contains("byzsim " + std::string(command) + " --help"));
}

TEST_CASE("an option without its value is refused") {
  for (const char* option : {"--set", "--seed", "--threads", "--out", "--trace"})
    CHECK_THAT(error_of({"run", "quickstart", option}), StartsWith("error: ") && contains(option));
}

TEST_CASE("a second scenario is refused") {
  CHECK(
      error_of({"run", "quickstart", "another"}) ==
      "error: byzsim run: unexpected argument 'another'; byzsim run --help lists its arguments\n");
}

TEST_CASE("a command that has others below it asks for one of them") {
  CHECK(error_of({"sweep"}) ==
        "error: byzsim sweep: missing command; one of: plan, run, status, merge, best, submit\n");
}

TEST_CASE("a scenario that is not there is refused with the nearest and with what lists all") {
  const std::string refused = ": no such file or shipped scenario; ";
  const std::string all = "byzsim list scenarios shows all\n";
  CHECK(error_of({"run", "quickstrat"}) ==
        "error: quickstrat" + refused + "did you mean 'quickstart'? " + all);
  CHECK(error_of({"run", "nothing-like-it"}) == "error: nothing-like-it" + refused + all);
}

TEST_CASE("a part of a scenario's name is refused with the names that hold it") {
  CHECK(error_of({"run", "MNIST"}) ==
        "error: MNIST: no such file or shipped scenario; did you mean 'mnist-byzsgd' or "
        "'mnist-vanilla'? byzsim list scenarios shows all\n");
}

TEST_CASE("an empty name, as of a variable that is not set, is refused as that") {
  const Outcome outcome = Sandbox().byzsim({"run", ""});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: the name of the scenario is empty; give a file or a shipped scenario\n");
}

TEST_CASE("what looks like a path and is not there is refused as a file") {
  for (const std::string name : {"missing.json", "scenarios/missing"})
    CHECK(error_of({"run", name}) ==
          "error: " + name +
              ": no such file; check the path; byzsim list shows the shipped ones\n");
}

TEST_CASE("a directory as a scenario is refused") {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path() / "folder");
  const Outcome outcome = sandbox.byzsim({"run", "folder"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: folder: "));
}

TEST_CASE("verify of a directory without run.json is refused with its path") {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path() / "empty");
  for (const char* directory : {"empty", "nowhere"}) {
    const Outcome outcome = sandbox.byzsim({"verify", directory});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err ==
          "error: " + std::string(directory) +
              ": contains no run (run.json); give a directory written by byzsim run\n");
  }
}

TEST_CASE("verify of a sweep is refused with where its runs are") {
  const Sandbox sandbox;
  sandbox.write("sweep/plan.jsonl", "");
  CHECK(sandbox.byzsim({"verify", "sweep"}).err ==
        "error: sweep: is a sweep, not a run (run.json); give one of the directories in "
        "sweep/runs\n");
}

TEST_CASE("verify of a run.json that is not of byzsim is refused") {
  const Sandbox sandbox;
  sandbox.write("other/run.json", R"({"id": 1})");
  const Outcome outcome = sandbox.byzsim({"verify", "other"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("other/run.json: has no \"profile\", so it is not a run.json of byzsim"));
}

}  // namespace byzsim::process::bad_usage_test
