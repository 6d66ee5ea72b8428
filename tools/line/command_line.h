// What the user typed, as a value. CLI11 is included by command_line.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/input/scenario_source.h"

namespace byzsim {

/// Exit codes, as other programs rely on them.
enum ExitCode : int {
  kDone = 0,
  kInternalError = 1,
  kBadInput = 2,
  kDigestMismatch = 3,
  kSweepIncomplete = 4,
  kExpectationFailed = 5,
  kEndedEarly = 6,  ///< stalled, or out of time before the last step
  kInterrupted = 130,
};

/// What `byzsim contraction` is asked, as typed.
struct ContractionOptions {
  std::string values;
  std::int64_t byzantine = 1;
  std::optional<std::int64_t> quorum;
  std::string law = "uniform";
  std::string median = "mean";
  std::optional<std::int64_t> samples;  ///< absent: exact
};

/// What `byzsim sweep` is asked beside the scenario or sweep.
struct SweepOptions {
  std::vector<std::string> axes;  ///< as typed
  std::optional<std::int64_t> repeat;
  int jobs = 1;
  std::string slice;                  ///< "i/n" or "auto"; empty: the whole
  bool partial = false;               ///< merge what is there
  bool mixed = false;                 ///< of whatever version
  bool slurm = false;                 ///< the system to submit to
  bool now = false;                   ///< submit, not only write the scripts
  std::optional<std::int64_t> tasks;  ///< of the job array; absent: of about ten minutes each
  std::int64_t cores = 1;             ///< of a task
};

/// What `byzsim search` is asked beside the scenario.
struct SearchOptions {
  std::string strategy = "random";         ///< a name, or an object with its parameters
  std::vector<std::string> strategy_sets;  ///< "name=value"
  std::string objective = "drift";
  std::vector<std::string> over;  ///< "POINTER" or "POINTER=LOW..HIGH[:log]"
  std::int64_t evaluations = 100;
};

/// What `byzsim shrink` is asked beside the scenario.
struct ShrinkOptions {
  std::string keep;                 ///< the property, as typed
  std::int64_t evaluations = 1000;  ///< runs at most
};

/// What `byzsim figures` is asked.
struct FiguresOptions {
  std::vector<std::string> names;  ///< shipped figures or files; none: all shipped ones
  std::string data;                ///< instead of drawn digits; empty: those
  std::string gallery;             ///< where to write the page of all figures; empty: nowhere
};

/// Which events of a run `byzsim events` prints.
struct EventRange {
  std::int64_t from = 1;
  std::optional<std::int64_t> to;  ///< absent: the last
};

/// The options of all verbs; each verb reads its own.
struct Options {
  int (*command)(const Options&) = nullptr;  ///< what to do; null: print `text`
  std::string text;                          ///< help, or the version
  ScenarioSource scenario;
  ContractionOptions contraction;
  SweepOptions sweep;
  SearchOptions search;
  ShrinkOptions shrink;
  FiguresOptions figures;
  EventRange range;
  std::optional<std::string> seed;
  int threads = 1;
  bool isolate_plugins = false;
  int plugin_seconds = 60;                   ///< of processor time that a call of one may use
  std::string out;                           ///< --out DIR or FILE; empty: the default place
  std::string trace;                         ///< --trace FILE; empty: none
  std::string record;                        ///< --record FILE; empty: none
  std::string record_vectors = "reference";  ///< or "value"
  std::int64_t events = 5000;                ///< arrivals of messages that a report draws
  std::int64_t timeline_from = 0;            ///< the step with which a report's timeline begins
  bool json = false;
  bool quiet = false;
  bool force = false;
  std::string argument;  ///< RUN_DIR, KIND, NAME or SHELL
  std::string other;     ///< OTHER_DIR of `byzsim bisect`; empty: the run's own replay
};

/// Parses the arguments. Throws InputError for bad usage, naming the nearest verb or option.
Options parse_command_line(int argc, const char* const* argv);

/// An option of a command, or a word that follows it.
struct OptionHelp {
  std::string name;   ///< "--set", or of a word "SCENARIO"
  std::string value;  ///< "/POINTER=VALUE"; empty: it takes none
  std::string help;
  bool required = false;
  bool several = false;  ///< may be given more than once
};

/// What can be read about a command: the source of man pages and completions.
struct CommandHelp {
  std::string name;  ///< "run", "sweep plan"; empty: byzsim itself
  std::string summary;
  std::string notes;     ///< empty, or whole lines
  std::string examples;  ///< indented lines
  std::vector<OptionHelp> words;
  std::vector<OptionHelp> options;
  std::vector<CommandHelp> commands;
};

/// That of byzsim, with all commands within it.
CommandHelp command_help();

/// That of the command that is called so ("byzsim", "byzsim sweep plan").
CommandHelp help_called(const CommandHelp& byzsim, const std::string& called);

}  // namespace byzsim
