// What programs can ask about the program: `describe --json` and `--help --json`.
#include <algorithm>
#include <sstream>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::json_help_test {
namespace {

Json json_of(const Arguments& arguments) {
  const Outcome outcome = Sandbox().byzsim(arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return Json::parse(outcome.out);
}

Json described(const std::string& name) { return json_of({"describe", name, "--json"}); }

// The parameter of that name.
Json parameter_of(const Json& entry, const std::string& name) {
  for (const Json& parameter : entry["parameters"])
    if (parameter["name"] == name) return parameter;
  return nullptr;
}

// "kind name" of every line of `byzsim list`.
std::vector<std::string> all_listed() {
  std::istringstream lines(Sandbox().byzsim({"list"}).out);
  std::vector<std::string> names;
  std::string kind;
  for (std::string line; std::getline(lines, line);) {
    if (line.front() != ' ')
      kind = line;
    else
      names.push_back(kind + " " + line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

// The commands of a tree of help, the whole first.
std::vector<Json> commands_in(const Json& help) {
  std::vector<Json> commands = {help};
  for (const Json& inner : help["commands"])
    for (const Json& each : commands_in(inner)) commands.push_back(each);
  return commands;
}

Arguments words_in(const std::string& text) {
  std::istringstream stream(text);
  Arguments words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

TEST_CASE("describe as JSON holds everything that list shows, in its order") {
  std::vector<std::string> names;
  for (const Json& entry : json_of({"describe", "--json"})) {
    names.push_back(entry["kind"].get<std::string>() + " " + entry["name"].get<std::string>());
    CHECK_FALSE(entry["summary"].get<std::string>().empty());
  }
  CHECK(names == all_listed());
}

TEST_CASE("describe as JSON gives an entry's facts and its parameters") {
  const Json krum = described("krum").at(0);
  CHECK(krum["kind"] == "rules");
  CHECK(krum["condition"] == "n >= 2f + 3");
  CHECK(krum["source"] == "Blanchard et al., NeurIPS 2017");
  const Json neighbours = parameter_of(krum, "neighbours");
  CHECK(neighbours["type"] == "keyword");
  CHECK(neighbours["default"] == "n-f-2");
  CHECK(neighbours["words"] == Json({"n-f-2", "n-f-1"}));
  CHECK(neighbours["accepts"] == "one of \"n-f-2\", \"n-f-1\"");
  CHECK_FALSE(neighbours["help"].get<std::string>().empty());
}

TEST_CASE("describe as JSON tells the range of a parameter, an excluded end apart") {
  const Json radius = parameter_of(described("centered_clipping").at(0), "tau");
  CHECK(radius["type"] == "number");
  CHECK(radius["default"] == 100);
  CHECK((radius.contains("above") || radius.contains("minimum")));
  const Json drawn = parameter_of(described("partial_drop").at(0), "probability");
  CHECK(drawn["minimum"] == 0);
  CHECK(drawn["maximum"] == 1);
}

TEST_CASE("describe as JSON knows other names, and gives every meaning of a name") {
  const Json found = described("ALIE");
  CHECK(found.at(0)["name"] == "a_little_is_enough");
  CHECK(found.at(0)["aliases"].at(0) == "ALIE");
  std::vector<std::string> kinds;
  for (const Json& entry : described("constant")) kinds.push_back(entry["kind"]);
  CHECK(kinds == std::vector<std::string>{"rates", "delays"});
}

TEST_CASE("describe as JSON holds what a shipped file holds and the command that runs it") {
  const Json sweep = described("gather-period").at(0);
  CHECK(sweep["kind"] == "sweeps");
  CHECK(sweep["command"] == "byzsim sweep run gather-period");
  CHECK(sweep["file"]["summary"] == sweep["summary"]);
}

TEST_CASE("describe as JSON of an unknown name is refused as without it") {
  CHECK(Sandbox().byzsim({"describe", "mdaa", "--json"}).err ==
        Sandbox().byzsim({"describe", "mdaa"}).err);
}

TEST_CASE("every column of metrics.csv is described, with a unit where it has one") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  const std::string table = sandbox.read("here/metrics.csv");
  std::string header = table.substr(0, table.find('\n'));
  std::replace(header.begin(), header.end(), ',', ' ');
  Arguments columns;
  for (const Json& entry : json_of({"describe", "--json"}))
    if (entry["kind"] == "metrics" && entry["recorded_as"] == "a column of metrics.csv")
      columns.push_back(entry["name"]);
  CHECK(columns == words_in(header));
  CHECK(described("simulated_seconds").at(0)["unit"] == "s");
  CHECK_THAT(Sandbox().byzsim({"describe", "drift"}).out,
             StartsWith("drift (metric)\n  largest Euclidean distance"));
}

TEST_CASE("help as JSON is the tree of all commands, each as it gives it itself") {
  const Json help = json_of({"--help", "--json"});
  CHECK(help["name"] == "byzsim");
  const std::vector<Json> commands = commands_in(help);
  CHECK(commands.size() > 20);
  for (const Json& command : commands) {
    CAPTURE(command["name"]);
    Arguments asked = words_in(command["name"]);
    asked.erase(asked.begin());
    asked.insert(asked.end(), {"--help", "--json"});
    CHECK(json_of(asked) == command);
    CHECK_FALSE(command["summary"].get<std::string>().empty());
  }
}

TEST_CASE("help as JSON has every argument and option of the help as text") {
  const Json run = json_of({"run", "--json", "--help"});
  CHECK(run["arguments"].at(0)["name"] == "SCENARIO");
  CHECK(run["arguments"].at(0)["required"] == true);
  const std::string text = Sandbox().byzsim({"run", "--help"}).out;
  for (const Json& option : run["options"])
    CHECK_THAT(text, contains(option["name"].get<std::string>()));
  const auto set = std::find_if(run["options"].begin(), run["options"].end(),
                                [](const Json& option) { return option["name"] == "--set"; });
  REQUIRE(set != run["options"].end());
  CHECK((*set)["value"] == "/POINTER=VALUE");
  CHECK((*set)["repeatable"] == true);
  CHECK(text.ends_with(run["examples"].get<std::string>() + "\n"));
}

}  // namespace byzsim::process::json_help_test
