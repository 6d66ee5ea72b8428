// The commands that explain: list, describe, schema, version, completions and --help.
#include <algorithm>
#include <sstream>

#include "adversaries/attacks/attack.h"
#include "tests/places.h"
#include "tests/tools/json_schema.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/line/commands.h"

namespace byzsim::process::information_commands_test {
namespace {

Arguments names_of_commands() {
  Arguments names;
  for (const Command& command : commands()) names.push_back(command.name);
  return names;
}

const Arguments kKinds = {"protocols",      "rules",          "pre-aggregators",   "compressors",
                          "attacks",        "schedulers",     "searches",          "models",
                          "data",           "normalisations", "augmentations",     "partitions",
                          "participations", "local-works",    "worker-algorithms", "topologies",
                          "placements",     "rates",          "server-optimizers", "delays",
                          "faults",         "metrics",        "scenarios",         "sweeps",
                          "figures"};

// What is shipped as a file or measured, and so no strategy to describe.
const Arguments kNoStrategies = {"metrics", "scenarios", "sweeps", "figures"};

std::string output_of(const Arguments& arguments) {
  const Outcome outcome = Sandbox().byzsim(arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

struct Row {
  std::string kind;
  std::string name;
  std::string summary;
};

// "rules\n  average   The mean ...\n" and so on.
std::vector<Row> rows_of(const std::string& listed) {
  std::vector<Row> rows;
  std::string kind;
  for (const std::string& line : lines_of(listed)) {
    if (line.front() != ' ') {
      kind = line;
      continue;
    }
    std::istringstream words(line);
    Row row{kind, "", ""};
    words >> row.name >> std::ws;
    std::getline(words, row.summary);
    rows.push_back(row);
  }
  return rows;
}

// Every key of `scenario` stands below "properties" of `schema`, at every depth.
void require_keys(const Json& scenario, const Json& schema, const std::string& where) {
  for (const auto& [key, value] : scenario.items()) {
    CAPTURE(where, key);
    REQUIRE(schema.contains("properties"));
    REQUIRE(schema["properties"].contains(key));
    const Json& inner = schema["properties"][key];
    if (inner.contains("properties")) require_keys(value, inner, where + "/" + key);
  }
}

}  // namespace

TEST_CASE("list KIND shows the names of that kind with a summary each") {
  for (const std::string& kind : kKinds) {
    const std::vector<Row> rows = rows_of(output_of({"list", kind}));
    CHECK_FALSE(rows.empty());
    for (const Row& row : rows) {
      CAPTURE(row.name);
      CHECK(row.kind == kind);
      CHECK_FALSE(row.summary.empty());
    }
  }
}

TEST_CASE("list scenarios shows every file of the folder and of the statements") {
  const std::vector<Row> rows = rows_of(output_of({"list", "scenarios"}));
  Arguments listed, shipped;
  for (const Row& row : rows) listed.push_back(row.name);
  for (const char* folder : {"/scenarios", "/scenarios/settings", "/scenarios/statements"})
    for (const auto& entry : fs::directory_iterator(std::string(source_directory()) + folder))
      if (entry.path().extension() == ".json" && entry.path().stem() != "schema")
        shipped.push_back(entry.path().stem().string());
  std::sort(shipped.begin(), shipped.end());
  CHECK(listed == shipped);
}

TEST_CASE("list of an unknown kind is refused with the nearest") {
  const Outcome outcome = Sandbox().byzsim({"list", "atacks"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(
      outcome.err,
      StartsWith(
          "error: unknown kind 'atacks'; did you mean 'attacks'? one of: protocols, rules, "));
}

TEST_CASE("describe explains every strategy that list shows") {
  for (const std::string& kind : kKinds) {
    if (std::find(kNoStrategies.begin(), kNoStrategies.end(), kind) != kNoStrategies.end())
      continue;
    for (const Row& row : rows_of(output_of({"list", kind}))) {
      CAPTURE(row.kind, row.name);
      const std::string text = output_of({"describe", row.name});
      CHECK_THAT(text, contains("\n  " + row.summary + "\n"));
      CHECK_THAT(text, contains(row.name + " ("));
      CHECK_THAT(text, contains("Parameters:\n") || contains("No parameters."));
    }
  }
}

TEST_CASE("describe of every attack says which vectors of other nodes it sees") {
  for (const Attack& attack : attacks()) {
    CAPTURE(attack.declaration.name);
    const std::string text = output_of({"describe", attack.declaration.name});
    if (attack.per_receiver) {
      CHECK_THAT(text, contains("Sees: the vectors of the receiver and of its honest neighbours"));
      continue;
    }
    CHECK_THAT(text, ContainsSubstring(
                         attack.uses_honest
                             ? "Sees: by default (knowledge omniscient, rushing off) the vectors "
                               "that honest nodes of its kind have already begun or sent"
                             : "Sees: no other node's vector"));
  }
}

TEST_CASE("describe tells parameters, defaults, conditions and sources") {
  const std::string krum = output_of({"describe", "krum"});
  CHECK_THAT(krum, StartsWith("krum (rule)\n"));
  CHECK_THAT(krum, contains("Condition: n >= 2f + 3"));
  CHECK_THAT(krum, contains("Source: Blanchard et al."));
  CHECK_THAT(krum, contains("one of \"n-f-2\", \"n-f-1\"; default n-f-2"));
}

TEST_CASE("describe explains every meaning of a name that has two") {
  const std::string text = output_of({"describe", "constant"});
  CHECK_THAT(text, contains("constant (rate)\n") && contains("constant (delay)\n"));
}

TEST_CASE("describe of an unknown name is refused with the nearest") {
  const Outcome outcome = Sandbox().byzsim({"describe", "mdaa"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == "error: unknown name 'mdaa'; did you mean 'mda'? byzsim list shows all\n");
}

TEST_CASE("describe knows another name whatever its case") {
  for (const char* name : {"ALIE", "alie", "ALittleIsEnough"})
    CHECK_THAT(output_of({"describe", name}), StartsWith("a_little_is_enough (attack)\n"));
  CHECK_THAT(output_of({"describe", "mnist"}), StartsWith("idx (data)\n"));
  CHECK_THAT(output_of({"describe", "dirichlet"}), StartsWith("dirichlet_niid (partition)\n"));
}

TEST_CASE("describe shows a shipped file, what it is and how it is run") {
  const std::string text = output_of({"describe", "quickstart"});
  const std::string file = read_file(fs::path(source_directory()) / "scenarios/quickstart.json");
  CHECK(text == "quickstart (scenario)\n  " + Json::parse(file)["summary"].get<std::string>() +
                    "\n  Run with: byzsim run quickstart\nThe file:\n" + file);
  CHECK_THAT(output_of({"describe", "gather-period"}),
             contains("Run with: byzsim sweep run gather-period\n"));
  CHECK_THAT(output_of({"describe", "10-filters"}),
             contains("Run with: byzsim figures 10-filters\n"));
}

TEST_CASE("in a file every entry of the list is one line, its sentence in the kind's column") {
  for (const std::string& kind : kKinds) {
    const std::vector<std::string> lines = lines_of(output_of({"list", kind}));
    std::size_t column = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      CAPTURE(lines[i]);
      const std::size_t begin = lines[i].find_first_not_of(' ', lines[i].find(' ', 2));
      if (column == 0) column = begin;
      CHECK(begin == column);
    }
  }
}

TEST_CASE("on a terminal the list and descriptions are as wide as it") {
  const Sandbox sandbox;
  if (sandbox.run({"sh", "-c", "command -v script"}).exit_code != 0) {
    WARN("skipped: there is no script(1), which makes a terminal");
    return;
  }
  const std::string program = std::string(byzsim_binary());
  for (const std::string words : {"list", "describe optimal_a_little_is_enough"}) {
    const std::string typed = "stty cols 80; exec '" + program + "' " + words;
    const Outcome shown = sandbox.run({"script", "-qec", typed, "/dev/null"});
    CHECK(shown.exit_code == 0);
    std::size_t widest = 0;
    for (std::string line : lines_of(shown.out)) {
      if (line.ends_with('\r')) line.pop_back();
      CAPTURE(line);
      CHECK(line.size() <= 80);
      widest = std::max(widest, line.size());
    }
    CHECK(widest > 60);
  }
}

TEST_CASE("schema is JSON that knows every key of a resolved scenario") {
  const std::string text = output_of({"schema"});
  CHECK(output_of({"schema", "scenario"}) == text);
  const Json schema = Json::parse(text);
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  require_keys(tiny_run()["scenario"], schema, "");
}

TEST_CASE("every key of a scenario and of a figure's panels says in the schema what it is") {
  const Json scenario = Json::parse(output_of({"schema", "scenario"}));
  for (const auto& [key, property] : scenario["properties"].items()) {
    CAPTURE(key);
    CHECK(property.contains("description"));
    const Json within = property.value("properties", Json::object());
    for (const auto& [inner, each] : within.items()) {
      CAPTURE(inner);
      CHECK(each.contains("description"));
    }
  }
  const Json figure = Json::parse(output_of({"schema", "figure"}));
  const Json& panels = figure["properties"]["plot"]["properties"]["panels"]["items"]["anyOf"];
  for (const Json& panel : panels)
    for (const auto& [key, property] : panel["properties"].items()) {
      CAPTURE(key);
      CHECK(property.contains("description"));
    }
}

TEST_CASE("every command accepts --quiet, also those without progress") {
  for (const std::string& command : names_of_commands()) {
    if (command == "sweep" || command == "import" || command == "atlas") continue;
    CAPTURE(command);
    CHECK_THAT(output_of({command, "--help"}), contains("\n  --quiet "));
  }
  for (const char* command : {"plan", "run", "status", "merge", "best", "submit"})
    CHECK_THAT(output_of({"sweep", command, "--help"}), contains("\n  --quiet "));
  CHECK_THAT(output_of({"import", "byzfl", "--help"}), contains("\n  --quiet "));
  for (const char* command : {"build", "verify", "rank", "submit", "page"})
    CHECK_THAT(output_of({"atlas", command, "--help"}), contains("\n  --quiet "));
  CHECK(output_of({"list", "rules", "--quiet"}) == output_of({"list", "rules"}));
  CHECK(output_of({"version", "--quiet"}) == output_of({"version"}));
}

TEST_CASE("help of eval names every key of a line in, as the schema of eval does") {
  const std::string help = output_of({"eval", "--help"});
  const Json schema = Json::parse(output_of({"schema", "eval"}));
  for (const char* key : {"aggregate", "pre", "attack", "compress", "f", "vectors", "own",
                          "weights", "reference", "seed", "precision"}) {
    CAPTURE(key);
    CHECK_THAT(help, contains("\n  " + std::string(key) + " "));
    CHECK(schema["properties"][key].contains("description"));
  }
  CHECK(schema["properties"].size() == 11);
}

TEST_CASE("the schema of eval takes what eval takes and refuses what eval refuses") {
  const Json schema = Json::parse(output_of({"schema", "eval"}));
  for (const char* line :
       {R"({"aggregate": "median", "f": 1, "vectors": [[1], ["nan"], [9]]})",
        R"({"aggregate": {"name": "krum"}, "pre": "nnm", "f": 1, "vectors": [[1], [2], [3], [4]]})",
        R"({"pre": ["nnm"], "f": 0, "vectors": [[1, 2]], "precision": "float64", "seed": 7})",
        R"({"compress": {"name": "top_k", "parameters": {"k": 1}}, "vectors": [[1, 2]]})",
        R"({"attack": "reversed", "own": [1], "f": 1, "vectors": [[1]]})"}) {
    CAPTURE(line);
    CHECK(schema_faults(schema, Json::parse(line)).empty());
    CHECK_THAT(Sandbox().byzsim({"eval"}, line).out, StartsWith("{\"vector"));
  }
  for (const char* line :
       {R"({"aggregate": "median", "f": -1, "vectors": [[1]]})",
        R"({"aggregate": "median", "f": 0, "vectors": []})",
        R"({"aggregate": "median", "f": 0, "vectors": [[1]], "more": 1})",
        R"({"aggregate": "median", "vectors": [[1]]})",
        R"({"compress": {"name": "top_k", "parameters": {"k": 0}}, "vectors": [[1, 2]]})",
        R"({"aggregate": "medain", "f": 0, "vectors": [[1]]})", R"({"f": 0, "vectors": [[1]]})"}) {
    CAPTURE(line);
    CHECK_FALSE(schema_faults(schema, Json::parse(line)).empty());
    CHECK_THAT(Sandbox().byzsim({"eval"}, line).out, StartsWith("{\"error"));
  }
}

TEST_CASE("schema of an unknown format is refused") {
  const Outcome outcome = Sandbox().byzsim({"schema", "scenaro"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: unknown format 'scenaro'; did you mean 'scenario'?"));
}

TEST_CASE("version tells what results depend on, as text and as JSON") {
  const Json version = Json::parse(output_of({"version", "--json"}));
  for (const char* key : {"version", "profile", "git", "compiler", "flags", "libraries"})
    CHECK(version.contains(key));
  CHECK(version["profile"] == "ieee754-fma");
  const std::string text = output_of({"version"});
  CHECK_THAT(text, StartsWith("byzsim " + version["version"].get<std::string>() + " ("));
  CHECK_THAT(text, contains("ieee754-fma") && contains(version["compiler"].get<std::string>()));
  CHECK(output_of({"--version"}) == "byzsim " + version["version"].get<std::string>() + "\n");
}

TEST_CASE("completions of every shell know every command") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = output_of({"completions", shell});
    for (const std::string& command : names_of_commands()) CHECK_THAT(script, contains(command));
    CHECK_THAT(script, contains("a_little_is_enough") && contains("quickstart"));
  }
}

TEST_CASE("the bash completion is a script that bash can read and that completes") {
  const Sandbox sandbox;
  if (sandbox.run({"sh", "-c", "command -v bash"}).exit_code != 0) return;
  sandbox.write("script", output_of({"completions", "bash"}));
  CHECK(sandbox.run({"bash", "-n", "script"}).err.empty());
  const std::string ask =
      "source ./script; COMP_WORDS=(byzsim describe kr); COMP_CWORD=2; _byzsim; "
      "echo \"${COMPREPLY[@]}\"";
  CHECK(sandbox.run({"bash", "-c", ask}).out == "krum\n");
}

TEST_CASE("completions of an unknown shell are refused") {
  const Outcome outcome = Sandbox().byzsim({"completions", "bish"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("did you mean 'bash'? one of: bash, zsh, fish"));
}

TEST_CASE("option --help of every command ends with two examples of it") {
  for (const std::string& command : names_of_commands()) {
    CAPTURE(command);
    const std::vector<std::string> lines = lines_of(output_of({command, "--help"}));
    REQUIRE(lines.size() > 3);
    CHECK(lines[lines.size() - 3] == "Examples:");
    for (std::size_t i = lines.size() - 2; i < lines.size(); ++i)
      CHECK_THAT(lines[i], StartsWith("  ") && contains("byzsim " + command));
  }
}

TEST_CASE("help fits into 100 columns") {
  for (const std::string& command : names_of_commands()) {
    CAPTURE(command);
    for (const std::string& line : lines_of(output_of({command, "--help"}))) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
    }
  }
}

TEST_CASE("a long help of an option continues below its beginning") {
  CHECK_THAT(
      output_of({"search", "--help"}),
      contains("Metric to optimize against the defence: a column of metrics.csv, or\n"
               "                              gathers. and one of gathers.csv, with :max or"));
}

TEST_CASE("help without a command names all commands and ends with two examples") {
  const std::string help = output_of({"--help"});
  CHECK(output_of({}) == help);
  for (const std::string& command : names_of_commands())
    CHECK_THAT(help, contains("\n  " + command + " "));
  const std::vector<std::string> lines = lines_of(help);
  CHECK(lines[lines.size() - 3] == "Examples:");
}

TEST_CASE("list without a kind shows every kind in turn") {
  const Outcome all = Sandbox().byzsim({"list"});
  CHECK(all.exit_code == 0);
  std::string parts;
  for (const std::string& kind : kKinds) parts += Sandbox().byzsim({"list", kind}).out;
  CHECK(all.out == parts);
}

TEST_CASE("help is what --help is") {
  CHECK(Sandbox().byzsim({"help"}).out == Sandbox().byzsim({"--help"}).out);
  CHECK(Sandbox().byzsim({"help", "run"}).out == Sandbox().byzsim({"run", "--help"}).out);
  CHECK_THAT(Sandbox().byzsim({"run", "--help"}).out, contains("byzsim run [OPTIONS]"));
}

}  // namespace byzsim::process::information_commands_test
