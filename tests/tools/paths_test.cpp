// Paths: relative ones begin beside the file that they stand in, and nothing is written where
// something else stands.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::paths_test {
namespace {

std::string rows() {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "0 1:0.5 2:0.25\n1 1:0.75 2:0.5\n";
  return text;
}

// The tiny scenario on x.svm.
std::string tiny_on_rows() {
  Json scenario = Json::parse(kTinyScenario);
  scenario["data"] = {{"name", "libsvm"}, {"parameters", {{"file", "x.svm"}}}};
  return scenario.dump();
}

// A scenario and its data in `sub`.
void write_sub(const Sandbox& sandbox) {
  sandbox.write("sub/x.svm", rows());
  sandbox.write("sub/s.json", tiny_on_rows());
}

// The program in another directory of the sandbox.
Outcome in_folder(const Sandbox& sandbox, const std::string& folder, const std::string& words) {
  return sandbox.run({"sh", "-c", "cd " + folder + " && exec \"$0\" " + words, byzsim_binary()});
}

}  // namespace

TEST_CASE("a scenario's files lie beside it, wherever it is run from") {
  const Sandbox sandbox;
  write_sub(sandbox);
  CHECK(sandbox.byzsim({"run", "sub/s.json", "--out", "a"}).exit_code == 0);
  CHECK(in_folder(sandbox, "sub", "run s.json --out ../b").exit_code == 0);
  CHECK(Json::parse(sandbox.read("a/run.json"))["id"] ==
        Json::parse(sandbox.read("b/run.json"))["id"]);
}

TEST_CASE("a file beside the scenario counts, not one of that name in the working directory") {
  const Sandbox sandbox;
  write_sub(sandbox);
  sandbox.write("x.svm", "0 1:1\n");
  REQUIRE(sandbox.byzsim({"run", "sub/s.json", "--out", "a"}).exit_code == 0);
  CHECK_THAT(Json::parse(sandbox.read("a/run.json"))["inputs"][0]["file"].get<std::string>(),
             EndsWith("/sub/x.svm"));
}

TEST_CASE("a path of --set begins in the working directory") {
  const Sandbox sandbox;
  write_sub(sandbox);
  sandbox.write("other/x.svm", rows() + "0 1:1\n");
  const Outcome outcome = sandbox.byzsim(
      {"run", "sub/s.json", "--set", "/data/parameters/file=other/x.svm", "--out", "a"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  CHECK_THAT(Json::parse(sandbox.read("a/run.json"))["inputs"][0]["file"].get<std::string>(),
             EndsWith("/other/x.svm"));
}

TEST_CASE("what was made can be verified, reported and continued from anywhere") {
  const Sandbox sandbox;
  write_sub(sandbox);
  sandbox.write("sub/y.svm", rows() + "1 2:1\n");
  REQUIRE(sandbox.byzsim({"run", "sub/s.json", "--out", "a"}).exit_code == 0);
  REQUIRE(in_folder(sandbox, "sub",
                    "sweep run s.json --axis /data/parameters/file=x.svm,y.svm --out ../sw")
              .exit_code == 0);
  fs::create_directories(sandbox.path() / "else/where");
  for (const char* words :
       {"verify ../../a", "bisect ../../a", "run ../../a/run.json --out ../../again",
        "sweep run ../../sw", "sweep status ../../sw", "sweep merge ../../sw"}) {
    const Outcome outcome = in_folder(sandbox, "else/where", words);
    CAPTURE(words, outcome.err);
    CHECK(outcome.exit_code == 0);
  }
  const std::string run = Json::parse(
      sandbox.read("sw/plan.jsonl").substr(0, sandbox.read("sw/plan.jsonl").find('\n')))["id"];
  CHECK(in_folder(sandbox, "else/where", "verify ../../sw/runs/" + run).exit_code == 0);
}

TEST_CASE("the scenarios of a sweep's file and their data lie beside it") {
  const Sandbox sandbox;
  write_sub(sandbox);
  sandbox.write("sub/y.svm", rows() + "1 2:1\n");
  sandbox.write("sub/sweep.json", R"({"scenario": "s.json", "axes": [
      {"name": "file", "pointer": "/data/parameters/file", "values": ["x.svm", "y.svm"]}]})");
  CHECK(sandbox.byzsim({"sweep", "run", "sub/sweep.json", "--out", "sw"}).exit_code == 0);
  CHECK(plan_in(sandbox, "sw")[0]["id"] != plan_in(sandbox, "sw")[1]["id"]);
}

TEST_CASE("a link to an empty directory is followed") {
  for (const Arguments& command : {Arguments{"run", "tiny.json"},
                                   {"search", "tiny.json", "--evaluations", "1"},
                                   {"sweep", "run", "tiny.json", "--axis", "/seed=1,2"}}) {
    CAPTURE(command.front());
    const Sandbox sandbox;
    write_tiny(sandbox);
    fs::create_directories(sandbox.path() / "real");
    fs::create_directory_symlink("real", sandbox.path() / "link");
    Arguments arguments = command;
    arguments.insert(arguments.end(), {"--out", "link"});
    CHECK(sandbox.byzsim(arguments).exit_code == 0);
    CHECK(fs::is_symlink(sandbox.path() / "link"));
    CHECK_FALSE(fs::is_empty(sandbox.path() / "real"));
  }
}

TEST_CASE("a directory hides no shipped name") {
  const Sandbox sandbox;
  for (const char* name : {"vanilla", "attacks", "01-one-liar-kills-averaging"})
    fs::create_directories(sandbox.path() / name);
  CHECK(sandbox.byzsim({"run", "vanilla", "--set", "/steps=1"}).exit_code == 0);
  CHECK(sandbox.byzsim({"describe", "vanilla"}).exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "plan", "vanilla", "--axis", "/seed=1,2"}).exit_code == 0);
  const Outcome directory = sandbox.byzsim({"run", "results"});
  CHECK(directory.exit_code == 2);
  CHECK(directory.err ==
        "error: results: is a directory, not the file of a scenario; name a file in it, or a "
        "shipped scenario (byzsim list)\n");
}

TEST_CASE("two outputs have two places, and none is that of the scenario") {
  const Sandbox sandbox;
  write_tiny(sandbox);
  const std::vector<std::pair<Arguments, std::string>> cases = {
      {{"--trace", "t", "--record", "t"}, "error: --record t: is the place of --trace; "},
      {{"--trace", "t", "--record", "./t"}, "error: --record ./t: is the place of --trace; "},
      {{"--trace", "here"}, "error: --trace here: is the place of the result; "},
      {{"--record", "here/run.json"},
       "error: --record here/run.json: is the place of the result; "},
      {{"--trace", "tiny.json"}, "error: --trace tiny.json: is the scenario file itself; "}};
  for (const auto& [more, start] : cases) {
    Arguments arguments = {"run", "tiny.json", "--out", "here"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = sandbox.byzsim(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, StartsWith(start));
    CHECK_FALSE(sandbox.holds("here"));
  }
  CHECK(sandbox.read("tiny.json") == kTinyScenario);
}

TEST_CASE("an option with an empty value is refused by every command") {
  const Sandbox sandbox;
  write_tiny(sandbox);
  for (const Arguments& arguments : {Arguments{"run", "tiny.json", "--out", ""},
                                     {"run", "tiny.json", "--trace", ""},
                                     {"run", "tiny.json", "--record", ""},
                                     {"search", "tiny.json", "--out", ""},
                                     {"sweep", "run", "tiny.json", "--out", ""},
                                     {"figures", "--out", ""},
                                     {"figures", "--gallery", ""},
                                     {"shrink", "tiny.json", "--keep", "drift > 0", "--out", ""},
                                     {"report", "here", "--out", ""}}) {
    const Outcome outcome = sandbox.byzsim(arguments);
    CAPTURE(arguments.front(), outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("must not be empty"));
  }
}

}  // namespace byzsim::process::paths_test
