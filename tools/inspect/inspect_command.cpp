// `byzsim inspect`: time travel through a run, at a prompt or for one moment.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "core/input/issue.h"
#include "tools/input/scenario_options.h"
#include "tools/inspect/line_reader.h"
#include "tools/inspect/message_view.h"
#include "tools/inspect/model_view.h"
#include "tools/inspect/moment_view.h"
#include "tools/inspect/node_view.h"
#include "tools/inspect/session.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/run/stored_run.h"

namespace byzsim {
namespace {

constexpr const char* kInspectNotes =
    "SCENARIO may also be the directory of a finished run; the replay is compared with its stored\n"
    "digests. Without --at, commands are read from standard input, a line each; \"help\" lists\n"
    "them.\n\n";

struct InspectOptions {
  ScenarioOptions scenario;
  int threads = 1;
  std::optional<std::string> at;
  bool json = false;
};

// What is inspected, and the digests that it had when it was run.
struct Inspected {
  Scenario scenario;
  std::vector<DigestRow> stored;
};

// A run as it is stored; with --set or --seed its scenario makes another run.
Inspected inspected_run(const InspectOptions& own, const CommonOptions& common) {
  namespace fs = std::filesystem;
  const ScenarioOptions& options = own.scenario;
  const fs::path named = options.name;
  const bool directory = fs::is_directory(named);
  const bool file = named.filename() == "run.json" && fs::is_regular_file(named);
  const bool changed = !options.sets.empty() || options.seed;
  if ((directory || file) && !changed) {
    StoredRun stored = read_stored_run(named);
    std::vector<DigestRow> rows = stored_digests(stored);
    return {std::move(stored.scenario), std::move(rows)};
  }
  ScenarioSource source = source_of(options, common);
  if (directory) source.name = (named / "run.json").string();
  return {load_scenario(source), {}};
}

int note_departure(const History& history) {
  if (!history.departed()) return kDone;
  tell(
      "error: the replay differs from the stored run: its digests differ at event {}; what is "
      "shown is the replay; use the program that made the run\n",
      *history.departed());
  return kDigestMismatch;
}

std::string everything_text(const Moment& moment) {
  constexpr std::size_t kMessages = 20;
  return where_text(moment) + "\n" + nodes_text(node_views(moment, {})) + "\n" +
         messages_text(messages_under_way(moment, {}, {}), kMessages) + "\n" +
         distances_text(models_of(moment));
}

int show_once(History& history, const InspectOptions& own, const CommonOptions& common) {
  Progress progress(history.scenario().name, history.scenario().steps, common.quiet);
  const auto stop = [&] {
    if (history.now().simulation.latest().kind() == EventKind::computed)
      progress.show(double(history.now().simulation.step()));
    return interrupted();
  };
  const Reached reached = history.go(parse_moment(*own.at, "--at"), stop);
  if (reached == Reached::interrupted) return kInterrupted;
  if (reached == Reached::run_ended)
    throw InputError({"--at",
                      fmt::format("the run ends before {}: after event {}, at step {}", *own.at,
                                  history.now().event(), history.now().simulation.step()),
                      "choose an earlier moment"});
  if (!own.json) {
    print_text("{}", everything_text(history.now()));
    return note_departure(history);
  }
  const std::optional<Json> json = moment_json(history, interrupted);
  if (!json) return kInterrupted;
  print_text("{}\n", json->dump(2));
  return note_departure(history);
}

// What the line gave, or what is wrong with it; whether it was right.
bool answer_line(Session& session, const std::string& line) {
  try {
    print_text("{}", session.run(line));
    return true;
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues()) tell("error: {}\n", to_string(issue));
    return false;
  }
}

int talk(History& history, bool quiet) {
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  Session session(history, interrupted);
  LineReader reader(STDIN_FILENO);
  bool all_right = true;
  if (terminal && !quiet) {
    print_text("{}", where_text(history.now()));
    print_text("type help for the commands, quit to end\n");
  }
  while (!session.done()) {
    if (terminal) print_text("inspect> ");
    // Somebody waits for it.
    std::fflush(result_stream());
    const std::optional<std::string> line = reader.next();
    if (interrupted()) return kInterrupted;
    if (!line) break;
    all_right = answer_line(session, *line) && all_right;
    // At a terminal Ctrl-C ends the command alone.
    if (session.was_stopped() && !(terminal && take_interruption())) return kInterrupted;
  }
  if (terminal && !session.done()) print_text("\n");  // after the prompt
  const int code = note_departure(history);
  if (code != kDone) return code;
  // At a terminal mistakes were seen, and corrected.
  return all_right || terminal ? kDone : kBadInput;
}

void offer_inspect(CommandOptions& options, InspectOptions& own) {
  offer_scenario(options, own.scenario);
  options.text("--at MOMENT", own.at, fmt::format("Show one moment and end: {}", kMomentForms));
  options.flag("--json", own.json, "Print the moment as JSON");
  options.need("--json", "--at");
  offer_threads(options, own.threads);
}

int inspect(const InspectOptions& own, const CommonOptions& common) {
  if (own.at) parse_moment(*own.at, "--at");  // before anything takes time
  if (!own.at && own.scenario.name == "-")
    throw InputError({"byzsim inspect", "standard input cannot hold the scenario and the commands",
                      "name a file, or show one moment by --at"});
  Inspected inspected = inspected_run(own, common);
  watch_for_interrupt();
  History history(inspected.scenario, own.threads, std::move(inspected.stored));
  if (!common.quiet)
    for (const std::string& note : history.notes()) tell("note: {}\n", note);
  return own.at ? show_once(history, own, common) : talk(history, common.quiet);
}

}  // namespace

Command inspect_command() {
  return command("inspect", "Go forward and back through a run, and show any moment of it",
                 "  byzsim inspect quickstart\n"
                 "  byzsim inspect results/quickstart/0123456789abcdef --at step=200 --json",
                 offer_inspect, inspect, kInspectNotes);
}

}  // namespace byzsim
