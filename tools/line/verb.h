// A verb of the command line: what help says of it, what it can be told, what it does. Each stands
// in the file of what it does; verbs.h lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/line/command_line.h"

namespace CLI {
class App;
}

namespace byzsim {

/// What one verb can be told, each written as its help shows it: "--out DIR" is an option with a
/// value, "--json" one without, "RUN_DIR" a word that must follow, "[KIND]" one that may.
class VerbOptions {
 public:
  explicit VerbOptions(CLI::App& verb) : verb_(verb) {}

  void flag(const std::string& shown, bool& value, const std::string& help);
  void text(const std::string& shown, std::string& value, const std::string& help);
  void text(const std::string& shown, std::optional<std::string>& value, const std::string& help);
  /// An option that may be given several times, or several words.
  void texts(const std::string& shown, std::vector<std::string>& values, const std::string& help);

  /// The integers that an option takes, both ends included.
  struct Within {
    std::int64_t low, high;
  };
  void integer(const std::string& shown, Within range, int& value, const std::string& help);
  void integer(const std::string& shown, Within range, std::int64_t& value,
               const std::string& help);
  void integer(const std::string& shown, Within range, std::optional<std::int64_t>& value,
               const std::string& help);

  /// Refuses to do without this option.
  void require(const std::string& name);
  /// Refuses one option without the other.
  void need(const std::string& name, const std::string& other);

 private:
  CLI::App& verb_;
};

// What several verbs can be told.
void offer_sets(VerbOptions& verb, Options& typed);
/// A scenario, --set and --seed.
void offer_scenario(VerbOptions& verb, Options& typed);
/// A finished run, to run it again.
void offer_replay(VerbOptions& verb, Options& typed);
void offer_threads(VerbOptions& verb, Options& typed);
/// Runs at a time.
void offer_jobs(VerbOptions& verb, Options& typed);
/// Of every verb, whether it shows progress or not.
void offer_quiet(VerbOptions& verb, Options& typed);

/// A verb, or a verb with others within it.
struct Verb {
  std::string name;
  std::string summary;
  std::string examples;                                        ///< indented lines
  void (*offer)(VerbOptions& verb, Options& typed) = nullptr;  ///< null: nothing to be told
  /// Returns the exit code. Results go to standard output, everything else to standard error;
  /// throws InputError for what the user did wrong.
  int (*command)(const Options&) = nullptr;
  std::string notes = "";  ///< help above the examples
  std::vector<Verb> verbs = {};
};

}  // namespace byzsim
