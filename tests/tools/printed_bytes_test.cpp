// What commands print of names and texts that hold bytes a terminal cannot show.
#include "core/input/printable.h"
#include "tests/places.h"
#include "tests/tools/plugins.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::printed_bytes_test {
namespace {

// A byte that is no UTF-8, and the beginning of a terminal's escape sequences.
const std::string kOdd = "a\xff\x1b[1mb";
const std::string kShown = "a\\xff\\u001b[1mb";

// Whether all of it is UTF-8 without control characters but line feeds and tabs.
bool is_clean(const std::string& text) { return printable(text, Keep::lines_and_tabs) == text; }

}  // namespace

TEST_CASE("no command prints bytes that a terminal cannot show") {
  const Sandbox sandbox;
  write_tiny(sandbox);
  sandbox.write(kOdd + ".json", kTinyScenario);
  sandbox.write("labels.csv",
                "1,2\n3,a\xff"
                "b\n");
  sandbox.write("broken.json", "{\"name\": \"" + kOdd + "\"}");
  sandbox.write("summary.json", tiny_with(R"({"name": "s", "summary": "a\u001b[1mb"})"));
  fs::copy_file(plugin("counterparts"), sandbox.path() / (kOdd + ".so"));
  const std::string data = R"(/data={"name": "csv", "parameters": {"file": "labels.csv"}})";
  const std::vector<std::pair<Arguments, int>> commands = {
      {{"run", kOdd + ".json", "--out", "one"}, 0},
      {{"run", "tiny.json", "--out", kOdd}, 0},
      {{"run", "tiny.json", "--out", kOdd}, 0},  // found
      {{"run", "tiny.json", "--out", kOdd, "--json"}, 0},
      {{"run", "summary.json", "--out", "two", "--json"}, 0},
      {{"run", "tiny.json", "--out", "three", "--trace", kOdd + ".t", "--record", kOdd + ".r"}, 0},
      {{"verify", kOdd}, 0},
      {{"bisect", kOdd, "one"}, 0},
      {{"bisect", kOdd, "one", "--json"}, 0},
      {{"report", kOdd, "--out", kOdd + ".html"}, 0},
      {{"sweep", "run", "tiny.json", "--axis", "/steps=1,2", "--out", "s" + kOdd}, 0},
      {{"sweep", "plan", "tiny.json", "--axis", "/steps=1,2", "--out", "s" + kOdd}, 0},
      {{"sweep", "status", "s" + kOdd}, 0},
      {{"sweep", "status", "s" + kOdd, "--json"}, 0},
      {{"sweep", "merge", "s" + kOdd}, 0},
      {{"report", "s" + kOdd, "--out", "s" + kOdd + ".html"}, 0},
      {{"search", "tiny.json", "--evaluations", "2", "--out", "f" + kOdd, "--quiet"}, 0},
      {{"shrink", "tiny.json", "--keep", "drift >= 0", "--out", "k" + kOdd, "--evaluations", "2",
        "--quiet"},
       0},
      {{"list", "attacks", "--plugin", kOdd + ".so"}, 0},
      {{kOdd}, 2},
      {{"run", "--" + kOdd}, 2},
      {{"run", "no" + kOdd}, 2},
      {{"run", "broken.json"}, 2},
      {{"run", "tiny.json", "--set", data, "--out", "four"}, 2},
      {{"run", "tiny.json", "--set", "/" + kOdd + "=1"}, 2},
      {{"run", "tiny.json", "--plugin", kOdd + ".so", "--out", "five"}, 2},
      {{"sweep", "run", "tiny.json", "--plugin", kOdd + ".so", "--out", "six"}, 2},
      {{"sweep", "run", "tiny.json", "--axis", "/" + kOdd + "=1,2", "--out", "six"}, 2},
      {{"sweep", "run", "tiny.json", "--axis", "/steps=1," + kOdd, "--out", "six"}, 2},
      {{"describe", kOdd}, 2},
      {{"list", kOdd}, 2},
      {{"man", kOdd}, 2},
      {{"schema", kOdd}, 2},
      {{"completions", kOdd}, 2},
      {{"figures", kOdd}, 2},
      {{"contraction", "--values", "1," + kOdd}, 2},
      {{"shrink", "tiny.json", "--keep", kOdd + " > 1"}, 2}};
  for (const auto& [arguments, exit_code] : commands) {
    const Outcome outcome = sandbox.byzsim(arguments);
    INFO(Json(arguments).dump(-1, ' ', true, Json::error_handler_t::replace) << outcome.err);
    CHECK(outcome.exit_code == exit_code);
    CHECK(is_clean(outcome.out));
    CHECK(is_clean(outcome.err));
    CHECK(outcome.err.find("internal error") == std::string::npos);
  }
  for (const std::string& page : {kOdd + ".html", "s" + kOdd + ".html"})
    CHECK(is_clean(sandbox.read(page)));
}

TEST_CASE("names of the environment and of files are printed with their bytes as numbers") {
  const Sandbox sandbox;
  const Outcome data = sandbox.byzsim(
      {"run", "-", "--set", R"(/data={"name": "idx", "parameters": {"set": "mnist"}})"},
      kTinyScenario, {{"BYZSIM_DATA", kOdd}});
  CHECK_THAT(data.err, contains("no such directory: " + kShown + "/mnist"));
  const Outcome python = sandbox.byzsim({"figures"}, "", {{"BYZSIM_PYTHON", kOdd}});
  CHECK_THAT(python.err, StartsWith("error: " + kShown + ": has no matplotlib"));
}

TEST_CASE("labels and values of an axis that cannot be shown are refused") {
  const Sandbox sandbox;
  for (const char* axis :
       {R"({"name": "kind", "variants": {"a\u001b[1m": {}}})",
        R"({"name": "a\u001b", "pointer": "/steps", "values": [1]})",
        R"({"name": "rule", "pointer": "/workers/aggregator", "values": ["median\u202e"]})"}) {
    const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"},
                                           tiny_sweep(std::string(R"({"axes": [)") + axis + "]}"));
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("has characters that cannot be shown; use printable"));
  }
}

TEST_CASE("a run found by --json is printed to the byte") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--json", "--out", "here"},
                     tiny_with("{\"summary\": \"from right \xe2\x80\xae to left\"}"));
  CHECK(outcome.out == sandbox.read("here/run.json"));
}

TEST_CASE("a data file given for a scenario is said to be none") {
  const Sandbox sandbox;
  sandbox.write("data.csv", "1,2,3\n");
  for (const Arguments& command : {Arguments{"run", "data.csv"}, {"sweep", "run", "data.csv"}}) {
    const Outcome outcome = sandbox.byzsim(command);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, StartsWith("error: data.csv: is not a ") &&
                                contains("it does not begin with \"{\"; give a JSON file"));
  }
}

}  // namespace byzsim::process::printed_bytes_test
