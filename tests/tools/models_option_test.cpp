// `byzsim run --models`: the files it leaves, when, and what becomes of them later.
#include <signal.h>
#include <unistd.h>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::models_option_test {
namespace {

// The tiny scenario in "here", run with these options.
Outcome run_here(const Sandbox& sandbox, const Arguments& more,
                 const std::string& scenario = kTinyScenario) {
  Arguments arguments = {"run", "-", "--out", "here"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sandbox.byzsim(arguments, scenario);
}

Json run_json(const Sandbox& sandbox) { return Json::parse(sandbox.read("here/run.json")); }

// Of what lies below "here/models", in order; empty where there is no such folder.
std::vector<std::string> model_files(const Sandbox& sandbox) {
  std::vector<std::string> files;
  const fs::path folder = sandbox.path() / "here";
  if (!fs::exists(folder / "models")) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "models"))
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder).string());
  std::sort(files.begin(), files.end());
  return files;
}

const std::vector<std::string> kOfTheEnd = {"models/server-0.npy", "models/server-1.npy",
                                            "models/server-2.npy", "models/server-3.npy"};

std::size_t entries_beside(const Sandbox& sandbox) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(sandbox.path()), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("option --models keeps the model of every honest server, named in run.json") {
  const Sandbox sandbox;
  const Outcome outcome = run_here(sandbox, {"--models"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("metrics.csv, gathers.csv, 4 in models/ and digests.csv\n"));
  CHECK(model_files(sandbox) == kOfTheEnd);
  const Json models = run_json(sandbox)["models"];
  REQUIRE(models.size() == 4);
  CHECK(models[3]["file"] == "models/server-3.npy");
  CHECK(models[3]["server"] == 3);
  CHECK(models[3]["step"] == 6);
  CHECK(models[3]["bytes"] == sandbox.read("here/models/server-3.npy").size());
  // Those of the last line of the list of checksums, too.
  const std::string line =
      "XXH3_" + models[3]["digest"].get<std::string>() + "  models/server-3.npy\n";
  CHECK_THAT(sandbox.read("here/checksums.xxh3"), EndsWith(line));
  CHECK(entries_beside(sandbox) == 1);
}

TEST_CASE("option --models does not take the scenario for its value") {
  const Sandbox sandbox;
  sandbox.write("tiny.json", kTinyScenario);
  CHECK(sandbox.byzsim({"run", "--models", "tiny.json", "--out", "here"}).exit_code == 0);
  CHECK(sandbox.byzsim({"run", "--models", "every=3", "tiny.json", "--out", "b"}).exit_code == 0);
  CHECK(sandbox.byzsim({"run", "tiny.json", "--out", "c", "--models=every=3"}).exit_code == 0);
  CHECK(model_files(sandbox) == kOfTheEnd);
  CHECK(sandbox.holds("b/models/step-000003/server-0.npy"));
  CHECK(sandbox.holds("c/models/step-000006/server-3.npy"));
}

TEST_CASE("option --models every=N keeps the models on the way as well") {
  const Sandbox sandbox;
  CHECK(run_here(sandbox, {"--models", "every=4"}).exit_code == 0);
  std::vector<std::string> expected = kOfTheEnd;
  for (int server = 0; server < 4; ++server)
    expected.push_back("models/step-000004/server-" + std::to_string(server) + ".npy");
  CHECK(model_files(sandbox) == expected);
  CHECK(run_json(sandbox)["models"].size() == 8);
  CHECK(entries_beside(sandbox) == 1);
}

TEST_CASE("the model at a step on the way is that of a run that ends there") {
  const Sandbox sandbox;
  run_here(sandbox, {"--models", "every=4"});
  CHECK(
      sandbox
          .byzsim({"run", "-", "--out", "shorter", "--models", "--set", "/steps=4"}, kTinyScenario)
          .exit_code == 0);
  CHECK(sandbox.read("here/models/step-000004/server-2.npy") ==
        sandbox.read("shorter/models/server-2.npy"));
}

TEST_CASE("a scenario that says keep keeps as the option does, with the same id and digest") {
  const Sandbox sandbox;
  CHECK(run_here(sandbox, {}, tiny_with(R"({"keep": ["models"]})")).exit_code == 0);
  CHECK(model_files(sandbox) == kOfTheEnd);
  const Json without = tiny_run();
  CHECK(run_json(sandbox)["id"] == without["id"]);
  CHECK(run_json(sandbox)["digest"] == without["digest"]);
  CHECK_FALSE(without.contains("models"));
}

TEST_CASE("models are kept only where the user names a directory") {
  const Outcome by_option = Sandbox().byzsim({"run", "-", "--models"}, kTinyScenario);
  CHECK(by_option.exit_code == 2);
  CHECK(by_option.err ==
        "error: --models: models are kept only in a directory that you name; add --out DIR\n");
  const Outcome by_key = Sandbox().byzsim({"run", "-"}, tiny_with(R"({"keep": "models"})"));
  CHECK(by_key.exit_code == 2);
  CHECK_THAT(by_key.err, StartsWith("error: /keep: models are kept only"));
}

TEST_CASE("a run without numbers has no models") {
  const Sandbox sandbox;
  const std::string blank = R"({"numbers": "none", "dimension": 9, "model": null, "data": null,
                                "optimizer": null})";
  const Outcome outcome = run_here(sandbox, {"--models"}, tiny_with(blank));
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: --models: a run without numbers has no models to keep; leave it "
        "out, or --set /numbers=real\n");
  CHECK(fs::is_empty(sandbox.path()));
}

TEST_CASE("option --models takes nothing but a number of steps") {
  for (const std::string value : {"every=", "every=x", "every=-1", "every=1.5"}) {
    CAPTURE(value);
    const Outcome outcome = run_here(Sandbox(), {"--models", value});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == "error: --models: must be every=N with a number of steps, not \"" + value +
                             "\"; for example --models every=100, or --models alone\n");
  }
  CHECK_THAT(run_here(Sandbox(), {"--models=100"}).err,
             StartsWith("error: --models: must be every=N with a number of steps"));
  CHECK_THAT(run_here(Sandbox(), {"--models", "every=0"}).err,
             StartsWith("error: --models/parameters/every: must be an integer in [1, 1000000000]"));
}

TEST_CASE("a run that exists without the models is made again, one with them is not") {
  const Sandbox sandbox;
  run_here(sandbox, {});
  const Outcome again = run_here(sandbox, {"--models"});
  CHECK(again.exit_code == 0);
  CHECK(again.err == "note: here: was run without these models; the run is made again\n");
  CHECK(model_files(sandbox) == kOfTheEnd);
  CHECK(run_here(sandbox, {"--models"}).err == "this run exists; --force runs it again\n");
  CHECK(run_here(sandbox, {}).err == "this run exists; --force runs it again\n");
  CHECK(model_files(sandbox) == kOfTheEnd);
}

TEST_CASE("models of an earlier run go, files of the user's among them stay") {
  const Sandbox sandbox;
  run_here(sandbox, {"--models", "every=2"});
  sandbox.write("here/models/mine.npy", "mine");
  sandbox.write("here/models/step-000002/notes.txt", "mine");
  CHECK(run_here(sandbox, {"--models", "every=3", "--force"}).exit_code == 0);
  CHECK(sandbox.read("here/models/mine.npy") == "mine");
  CHECK(sandbox.read("here/models/step-000002/notes.txt") == "mine");
  CHECK_FALSE(sandbox.holds("here/models/step-000002/server-0.npy"));
  CHECK(sandbox.holds("here/models/step-000003/server-0.npy"));
  CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
  CHECK(run_here(sandbox, {"--force"}).exit_code == 0);
  CHECK(model_files(sandbox) ==
        std::vector<std::string>{"models/mine.npy", "models/step-000002/notes.txt"});
}

TEST_CASE("verify compares the models") {
  const Sandbox sandbox;
  run_here(sandbox, {"--models", "every=3"});
  CHECK(sandbox.byzsim({"verify", "here", "--threads", "3"}).exit_code == 0);
  std::string bytes = sandbox.read("here/models/step-000003/server-1.npy");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  sandbox.write("here/models/step-000003/server-1.npy", bytes);
  fs::remove(sandbox.path() / "here/models/server-2.npy");
  const Outcome outcome = sandbox.byzsim({"verify", "here"});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out ==
        "the replay differs from the stored run:\n"
        "  models/server-2.npy: no such file\n"
        "  models/step-000003/server-1.npy differs\n");
}

TEST_CASE("a branch keeps the models from its beginning on, and verifies") {
  const Sandbox sandbox;
  run_here(sandbox, {"--models", "every=2"});
  for (const Arguments& more : {Arguments{}, Arguments{"--models", "every=1"}}) {
    Arguments branch = {"branch", "here", "--at", "step=3", "--out", "branch", "--force"};
    branch.insert(branch.end(), more.begin(), more.end());
    REQUIRE(sandbox.byzsim(branch).exit_code == 0);
    // Step 2 was before it.
    CHECK(sandbox.holds("branch/models/step-000004/server-0.npy"));
    CHECK_FALSE(sandbox.holds("branch/models/step-000002"));
    CHECK(sandbox.byzsim({"verify", "branch"}).exit_code == 0);
  }
}

TEST_CASE("a model that is missing or changed makes its run a damaged one") {
  const Sandbox sandbox;
  run_here(sandbox, {"--models"});
  sandbox.write("here/models/server-1.npy", "short");
  const Outcome outcome = run_here(sandbox, {"--models"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err ==
        "note: here/models/server-1.npy: was cut or changed since byzsim wrote it; "
        "the run is made again\n");
  CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
}

TEST_CASE("models on the way are written as they come, and those of an interrupted run are kept") {
  const Sandbox sandbox;
  const pid_t run = sandbox.start({byzsim_binary(), "run", "-", "--out", "here", "--models",
                                   "every=10", "--set", "/steps=1000000"},
                                  kTinyScenario);
  const fs::path file = "models/step-0000010/server-0.npy";
  const fs::path meanwhile = "here.partial/results" / file;
  const auto is_written = [&] { return sandbox.holds(meanwhile.string()); };
  for (int tries = 0; tries < 60'000 && !is_written(); ++tries) usleep(1000);
  kill(run, SIGINT);
  const Outcome outcome = sandbox.finish(run);
  CHECK(outcome.exit_code == 130);
  CHECK(sandbox.holds(("here.interrupted" / file).string()));
  CHECK(sandbox.holds("here.interrupted/models/server-0.npy"));
  // With the snapshot, for the run that goes on.
  CHECK(is_written());
  CHECK(entries_beside(sandbox) == 2);
}

TEST_CASE("a sweep keeps no models, and says so") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--axis", "/seed=1,2", "--out", "s"},
                                         tiny_with(R"({"keep": "models"})"));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err,
             contains("note: /scenario/keep has no effect: a sweep keeps tables only"));
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "s/runs")) {
    CHECK_FALSE(fs::exists(entry.path() / "models"));
    CHECK(sandbox.byzsim({"verify", entry.path().string()}).exit_code == 0);
  }
}

TEST_CASE("NumPy reads kept models") {
  const Sandbox sandbox;
  if (sandbox.run({"/usr/bin/python3", "-c", "import numpy"}).exit_code != 0) {
    WARN("skipped: /usr/bin/python3 has no numpy");
    return;
  }
  run_here(sandbox, {"--models"});
  const Outcome outcome =
      sandbox.run({"/usr/bin/python3", "-c",
                   "import io, numpy\n"
                   "model = numpy.load('here/models/server-0.npy', allow_pickle=False)\n"
                   "print(model.dtype.str, model.shape, model.flags.c_contiguous)\n"
                   "again = io.BytesIO()\n"
                   "numpy.save(again, model)\n"
                   "print(again.getvalue() == open('here/models/server-0.npy', 'rb').read())\n"});
  CHECK(outcome.out == "<f4 (12,) True\nTrue\n");
}

}  // namespace byzsim::process::models_option_test
