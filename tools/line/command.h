// A command of the command line: what help says of it, which options it has, what it does. Each
// stands in the file of what it does, with a struct of its own options; tools/commands.def lists
// them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace byzsim {

/// Exit codes, as other programs rely on them.
enum ExitCode : int {
  kDone = 0,
  /// A mistake of byzsim's own, with "internal error: ...".
  kInternalError = 1,
  /// Bad usage, scenario or data, a file that cannot be written, or a plugin that ended its run.
  kBadInput = 2,
  /// A replay differs from the run that is stored.
  kDigestMismatch = 3,
  /// Runs of a sweep are missing or have failed.
  kSweepIncomplete = 4,
  /// Of a scenario or of a figure.
  kExpectationFailed = 5,
  kEndedEarly = 6,  ///< stalled, or out of time before the last step
  /// 128 + SIGINT, as shells have it, for every signal that is watched. What was finished is kept.
  kInterrupted = 130,
};

/// What every command can be told.
struct CommonOptions {
  std::vector<std::string> plugins;  ///< files, loaded before the command begins
  bool isolate_plugins = false;
  int plugin_seconds = 60;  ///< of processor time that a call of an isolated one may use
  bool quiet = false;       ///< no progress
};

/// The names that a word of the command line may be, asked for when a shell completes them.
using Candidates = std::function<std::vector<std::string>()>;

/// How an option's value is known that may be left out, and what it is then.
struct OptionalValue {
  std::string beginning, otherwise;
};

/// Declares what one command can be told, each written as its help shows it: "--out DIR" is an
/// option with a value, "--json" one without, "RUN_DIR" a word that must follow, "[KIND]" one that
/// may. What is typed is put into the values, which stay where they are until it is parsed.
class CommandOptions {
 public:
  explicit CommandOptions(CLI::App& command) : command_(command) {}

  /// true once it is given.
  void flag(const std::string& shown, bool& value, const std::string& help);
  /// An option's text must not be empty; a word's may be.
  void text(const std::string& shown, std::string& value, const std::string& help);
  void text(const std::string& shown, std::optional<std::string>& value, const std::string& help);
  /// An option that may be given several times, or several words.
  void texts(const std::string& shown, std::vector<std::string>& values, const std::string& help);

  /// An option with a value that may be left out: "--models [every=N]". What follows it is its
  /// value only where it begins with `beginning`; without one it is `otherwise`.
  void optional_value(const std::string& shown, const std::string& beginning,
                      const std::string& otherwise, std::optional<std::string>& value,
                      const std::string& help);
  /// One or more words and a last one that means something else: "FILE... SCENARIO".
  void texts_then(const std::string& shown, std::vector<std::string>& values,
                  const std::string& help, const std::string& last_shown, std::string& last,
                  const std::string& last_help);

  /// The integers that an option takes, both ends included.
  struct Within {
    std::int64_t low, high;
  };
  /// Digits alone, 12 at most. What the value holds before is the default; an absent optional stays
  /// so.
  void integer(const std::string& shown, Within range, int& value, const std::string& help);
  void integer(const std::string& shown, Within range, std::int64_t& value,
               const std::string& help);
  void integer(const std::string& shown, Within range, std::optional<std::int64_t>& value,
               const std::string& help);

  /// Refuses to do without this option.
  void require(const std::string& name);
  /// Refuses one option without the other.
  void need(const std::string& name, const std::string& other);
  /// Lets shells complete a word ("KIND") from these names.
  void complete(const std::string& word, Candidates names);

  /// By the word's name ("KIND").
  const std::map<std::string, Candidates>& candidates() const { return candidates_; }
  /// By the option's name ("--models").
  const std::map<std::string, OptionalValue>& optional_values() const { return optional_values_; }
  /// Words that must be given, although the parser does not know.
  const std::set<std::string>& required_words() const { return required_words_; }

 private:
  CLI::App& command_;
  std::map<std::string, Candidates> candidates_;
  std::map<std::string, OptionalValue> optional_values_;
  std::set<std::string> required_words_;
};

/// Does what a command was told, and returns the exit code. Results go to standard output,
/// everything else to standard error; throws InputError for what the user did wrong.
using CommandAction = std::function<int(const CommonOptions&)>;

/// A command, or a command with others within it. Either `define` or `commands` is there.
struct Command {
  std::string name;
  std::string summary;
  std::string examples;                                  ///< indented lines
  std::function<CommandAction(CommandOptions&)> define;  ///< null with commands within it
  std::string notes = "";                                ///< help above the examples
  std::vector<Command> commands = {};
};

/// A command with options of its own: `offer` declares them, `run` is given what was typed.
template <class Own>
Command command(const std::string& name, const std::string& summary, const std::string& examples,
                void (*offer)(CommandOptions&, Own&), int (*run)(const Own&, const CommonOptions&),
                const std::string& notes = "") {
  const auto define = [offer, run](CommandOptions& options) -> CommandAction {
    const auto own = std::make_shared<Own>();
    offer(options, *own);
    return [own, run](const CommonOptions& common) { return run(*own, common); };
  };
  return {name, summary, examples, define, notes};
}

/// A command that is told nothing of its own.
inline Command command(const std::string& name, const std::string& summary,
                       const std::string& examples, int (*run)(const CommonOptions&),
                       const std::string& notes = "") {
  return {name, summary, examples, [run](CommandOptions&) { return CommandAction(run); }, notes};
}

}  // namespace byzsim
