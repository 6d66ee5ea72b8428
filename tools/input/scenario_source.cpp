#include "tools/input/scenario_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/scenario/scenario_json.h"
#include "sim/scenario/stored_keywords.h"
#include "tools/input/catalogue.h"
#include "tools/input/plugins.h"
#include "tools/input/scenario_paths.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// Whether JSON can hold the text: bytes that are no UTF-8 would be replaced when written.
bool is_utf8(const std::string& text) {
  const Json json = text;
  return json.dump(-1, ' ', false, Json::error_handler_t::ignore) ==
         json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The steps of a JSON pointer without its first slash, unescaped (RFC 6901).
std::vector<std::string> tokens_of(const std::string& pointer) {
  std::vector<std::string> tokens(1);
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      tokens.emplace_back();
    } else if (pointer[i] == '~' && i + 1 < pointer.size() && pointer[i + 1] <= '1') {
      tokens.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      tokens.back() += pointer[i];
    }
  }
  return tokens;
}

// The object that a short form stands for, where a key of it is meant: a strategy's name, the
// number that is a constant rate, the number of Byzantine nodes.
Json long_form(const Json& value, const std::string& token) {
  const bool of_strategy = token == "name" || token == "parameters";
  if (value.is_string() && (of_strategy || token == "start")) return {{"name", value}};
  if (value.is_number() && of_strategy) return {{"parameters", {{"initial", value}}}};
  if (value.is_number() && (token == "declared" || token == "actual"))
    return {{"declared", value}, {"actual", value}};
  return value;
}

// One step of a pointer: a key, made when absent, or the index of an element, one past the last
// too.
Json& member(Json& parent, const std::string& token, const std::string& where) {
  if (parent.is_null()) parent = Json::object();
  if (parent.is_primitive()) parent = long_form(parent, token);
  if (parent.is_object()) return parent[token];
  if (!parent.is_array())
    throw InputError(
        {where, fmt::format("\"{}\" is within {}, which is not an object", token, brief(parent)),
         "byzsim schema scenario lists all keys"});
  // Nine digits fit into every integer.
  const bool digits = !token.empty() && token.size() < 10 &&
                      token.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(token) > parent.size())
    throw InputError({where,
                      fmt::format("\"{}\" is not an index of a list of {}", token, parent.size()),
                      fmt::format("use 0 to {}", parent.size())});
  return parent[std::stoul(token)];
}

// What is written of a scenario lists the plugins that it needs.
void tell_unused_plugins(const Scenario& scenario) {
  const Json needed = write_scenario(scenario, scenario_tables())["plugins"];
  for (std::size_t i = 0; i < scenario.plugins.size(); ++i)
    if (std::none_of(needed.begin(), needed.end(), [&](const Json& each) {
          return each["digest"] == scenario.plugins[i].digest;
        }))
      tell("note: /plugins/{} has no effect: the scenario names no strategy of {}\n", i,
           scenario.plugins[i].file);
}

}  // namespace

std::vector<std::string> names_of(const std::vector<ShippedFile>& files) {
  std::vector<std::string> names;
  for (const ShippedFile& file : files) names.push_back(file.name);
  return names;
}

NamedText read_source(const ScenarioSource& source, const std::vector<ShippedFile>& shipped,
                      const std::string& kind, const std::string& all) {
  if (source.name == "-") {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    // A read error looks like the end of the text.
    if (std::ferror(stdin)) throw InputError({"standard input", "cannot read: input error", ""});
    return {text, "standard input", "stdin"};
  }
  if (source.name.empty())
    throw InputError(
        {"", "the name of the " + kind + " is empty", "give a file or a shipped " + kind});
  const fs::path path = source.folder / source.name;
  const fs::path named = source.name;
  const bool is_shipped = std::any_of(shipped.begin(), shipped.end(), [&](const ShippedFile& file) {
    return file.name == source.name;
  });
  if (fs::is_directory(path) && !is_shipped)
    throw InputError({source.name, "is a directory, not the file of a " + kind,
                      "name a file in it, or a shipped " + kind + " (byzsim list)"});
  // A file goes before a shipped name; a directory of results that is called so does not.
  if (fs::exists(path) && !fs::is_directory(path))
    return {read_text(path), path.string(), path.stem().string()};
  // Clearly a path: a shipped name close to it would mislead.
  if (named.extension() == ".json" || named.has_parent_path())
    throw InputError(
        {source.name, "no such file", "check the path; byzsim list shows the shipped ones"});
  for (const ShippedFile& file : shipped)
    if (file.name == source.name) return {file.text, file.name, file.name};
  throw InputError({source.name, "no such file or shipped " + kind,
                    choose_near(source.name, names_of(shipped), all)});
}

void put_name(const NamedText& named, Json& json) {
  if (json.contains("name")) return;
  const std::string name = valid_name(named.name);
  if (name != named.name)
    tell("note: /name: \"{}\", because the name of the file cannot name a directory\n", name);
  json["name"] = name;
}

Json value_of(const std::string& text, const std::string& where) {
  Json value = Json::parse(text, nullptr, false);
  // "0.5" is a number and "mda" a string, so that the command line needs no quotes within quotes.
  if (!value.is_discarded()) return value;
  if (!is_utf8(text)) throw InputError({where, "must be UTF-8", "write it in UTF-8"});
  return text;
}

Change read_set(const std::string& set) {
  const std::string where = "--set " + set;
  const std::size_t equals = set.find('=');
  if (set.empty() || set.front() != '/' || equals == std::string::npos)
    throw InputError(
        {where, "must be /json/pointer=value", "for example --set /workers/byzantine/actual=0"});
  return {set.substr(0, equals), value_of(set.substr(equals + 1), where), where};
}

void apply(const Change& change, Json& json, const std::string& where) {
  Json* place = &json;
  for (const std::string& token : tokens_of(change.pointer.substr(1)))
    place = &member(*place, token, where);
  *place = change.value;
}

void check_begins_as_json(const NamedText& named, const std::string& kind) {
  const fs::path file = named.origin;
  if (!file.has_extension() || file.extension() == ".json") return;
  const std::size_t begin = std::min(named.text.find_first_not_of(" \t\r\n"), named.text.size());
  if (named.text[begin] == '{') return;
  throw InputError({named.origin, "is not a " + kind + ": it does not begin with \"{\"",
                    "give a JSON file; a " + kind + " names its data in /data"});
}

Json scenario_json_of(const NamedText& named, const fs::path& beside,
                      const std::vector<Change>& changes) {
  Json json = parse_json(named.text, named.origin);
  if (!json.is_object())
    throw InputError({named.origin, "a scenario must be a JSON object, not " + brief(json), ""});
  // A result holds the scenario that it is of.
  if (json.contains("digest") && json.contains("provenance") &&
      json.value("scenario", Json()).is_object())
    json = with_keywords(json["scenario"], scenario_tables());
  // The schema an editor uses is no part of what is run.
  json.erase("$schema");
  put_paths_beside({beside}, json);
  // Between the two: paths of the file begin beside it, those of changes in the working directory.
  for (const Change& change : changes) apply(change, json, change.where);
  put_paths_beside({fs::path()}, json);
  put_name(named, json);
  return json;
}

Json load_scenario_json(const ScenarioSource& source) {
  const NamedText named =
      read_source(source, shipped_scenarios(), "scenario", "byzsim list scenarios shows all");
  check_begins_as_json(named, "scenario");
  const fs::path beside = (source.folder / source.name).parent_path();
  std::vector<Change> changes;
  for (const std::string& set : source.sets) changes.push_back(read_set(set));
  Json json = scenario_json_of(named, beside, changes);
  list_plugins(source.plugins, json);
  load_plugins_of(json, beside);
  return json;
}

void put_inputs(Scenario& scenario, InputFiles& files) {
  scenario.inputs =
      inputs_of(scenario, data_root(), [&](const std::string& path) { return files.read(path); });
}

Scenario read_with_inputs(const Json& json, InputFiles& files) {
  Scenario scenario = read_scenario(json, scenario_tables());
  put_inputs(scenario, files);
  return scenario;
}

Scenario load_scenario(const ScenarioSource& source) {
  Notes notes;
  const Json json = load_scenario_json(source);  // whose plugins add to the declarations
  Scenario scenario = read_scenario(json, scenario_tables(), notes);
  for (const std::string& note : notes) tell("note: {}\n", note);
  InputFiles files;
  put_inputs(scenario, files);
  tell_unused_plugins(scenario);
  return scenario;
}

fs::path chosen_directory(const std::string& out) {
  const fs::path path = fs::path(out).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

std::string data_root() {
  const char* root = std::getenv("BYZSIM_DATA");
  return root == nullptr ? "" : root;
}

}  // namespace byzsim
