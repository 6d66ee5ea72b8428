// Where a scenario comes from: a file, standard input or a shipped one, with --set applied.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"
#include "tools/input/input_files.h"

namespace byzsim {

struct ShippedFile {
  std::string name;
  std::string text;
};

/// The files of scenarios/ as they were when the program was built, by name.
const std::vector<ShippedFile>& shipped_scenarios();
/// The files of scenarios/sweeps/.
const std::vector<ShippedFile>& shipped_sweeps();
/// The files of scenarios/figures/.
const std::vector<ShippedFile>& shipped_figures();
std::vector<std::string> names_of(const std::vector<ShippedFile>& files);

/// A scenario as the user names it.
struct ScenarioSource {
  std::string name;                    ///< a path, "-", or a shipped name
  std::vector<std::string> sets;       ///< "/json/pointer=value", applied in order
  std::filesystem::path folder{};      ///< where relative paths begin; empty: the working directory
  std::vector<std::string> plugins{};  ///< files beside those that the scenario lists
};

/// A text that the user named.
struct NamedText {
  std::string text;
  std::string origin;  ///< for messages
  std::string name;    ///< of a scenario or sweep that gives itself none
};

/// One value put into a scenario. `pointer` is a JSON pointer that begins with a slash.
struct Change {
  std::string pointer;
  Json value;
  std::string where = pointer;  ///< for messages: "--set /seed=3"
};

/// A file, standard input ("-") or one of `shipped`. Throws InputError; `kind` is the noun of the
/// message and `all` what shows all that is shipped. A file goes before a shipped name.
NamedText read_source(const ScenarioSource& source, const std::vector<ShippedFile>& shipped,
                      const std::string& kind, const std::string& all);

/// Refuses a file of another ending than .json that begins as no JSON object does: a data file
/// given for a scenario. Throws InputError.
void check_begins_as_json(const NamedText& named, const std::string& kind);

/// Names a scenario or sweep that gives itself no name after its file, made valid with a note.
void put_name(const NamedText& named, Json& json);

/// The JSON of a text with changes applied, in order; of a run.json the scenario in it, with the
/// keywords of sim/scenario/stored_keywords.h. Relative paths in the text begin in the folder
/// `beside`, those of changes in the working directory. Plugins are not loaded. Throws InputError.
Json scenario_json_of(const NamedText& named, const std::filesystem::path& beside,
                      const std::vector<Change>& changes);

/// The JSON with every --set applied; of a run.json the scenario in it. Relative paths in the file
/// begin beside it, those of --set in the working directory. Throws InputError.
Json load_scenario_json(const ScenarioSource& source);

/// The scenario, resolved and checked, with the digests of the files that it reads. Throws
/// InputError with all mistakes.
Scenario load_scenario(const ScenarioSource& source);
/// The same of its JSON, whose plugins are loaded.
Scenario read_with_inputs(const Json& json, InputFiles& files);
/// Digests of the files that the scenario reads now. Throws InputError. A file that an earlier
/// scenario named is not read again while it stays as it was.
void put_inputs(Scenario& scenario, InputFiles& files);

/// A word of the command line as JSON, or else as a string. Throws InputError at `where`.
Json value_of(const std::string& text, const std::string& where);

/// "/json/pointer=value". Throws InputError.
Change read_set(const std::string& set);

/// Sets one value; objects on the way are made, and a short form (a strategy's bare name, a number
/// of Byzantine nodes) becomes its object where a key of it is meant. Throws InputError at `where`
/// for a pointer that leads through anything else.
void apply(const Change& change, Json& json, const std::string& where);

/// DIR as --out gives it, without the slash that completion adds.
std::filesystem::path chosen_directory(const std::string& out);

/// Where data files lie: $BYZSIM_DATA, or empty.
std::string data_root();

}  // namespace byzsim
