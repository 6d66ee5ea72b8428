// `byzsim bisect`: the first event in which two runs differ, or a run and its replay.
#include <fmt/format.h>

#include <algorithm>

#include "adversaries/known_strategies.h"
#include "sim/results/provenance.h"
#include "tools/bisect/bisection_report.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"

namespace byzsim {
namespace {

// The first line in which two texts differ, counted from 1; 0: none.
std::size_t first_different_line(const std::string& a, const std::string& b) {
  if (a == b) return 0;
  const auto [end, unused] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return 1 + static_cast<std::size_t>(std::count(a.begin(), end, '\n'));
}

void note_version(const StoredRun& run) {
  const Json held = run.json.value("version", Json(""));
  const std::string version = held.is_string() ? held.get<std::string>() : brief(held);
  if (version != provenance().version)
    tell("note: {} was made by byzsim {}, and is replayed by {}\n", run.directory.string(), version,
         provenance().version);
  for (const std::string& changed : changed_inputs(run)) tell("note: {}\n", changed);
}

// Every event is the same; whether the metrics are, too, where both runs have all of them.
int conclude_same(const Bisection& found, const RunPair& pair,
                  const std::optional<std::string>& metrics_b, bool as_json) {
  const std::size_t line = metrics_b ? first_different_line(pair.run.metrics_csv, *metrics_b) : 0;
  if (as_json) {
    Json json = to_json(found, pair);
    json["same"] = line == 0;
    json["metrics_line"] = line == 0 ? Json() : Json(line);
    print_text("{}\n", json.dump(2));
  } else if (line != 0) {
    print_text("all {} events are the same, but metrics.csv differs from line {} on\n", found.equal,
               line);
  } else {
    print_text("the same: {}{} events\n", metrics_b ? "all " : "as far as both go, ", found.equal);
    print_scenarios(pair);
  }
  return line == 0 ? kDone : kDigestMismatch;
}

// Of a replay that has come to its end.
std::string metrics_of(Simulation simulation) {
  simulation.finish();
  return files_of(result_of(simulation, scenario_tables(), status_of(simulation), {})).metrics_csv;
}

RunSide stored_side(const StoredRun& stored, int threads) {
  return {stored, events_written_down(stored), threads};
}

RunSide other_side(const RunPair& pair, int threads) {
  if (pair.other) return stored_side(*pair.other, threads);
  return {pair.run.scenario, threads};
}

struct BisectOptions {
  ReplayOptions run;
  std::string other;  // empty: the replay of the run
  bool json = false;
};

void offer_bisect(CommandOptions& options, BisectOptions& own) {
  offer_replay(options, own.run);
  options.text("[OTHER_DIR]", own.other, "Another run [default: a replay of the first]");
  options.flag("--json", own.json, "Print JSON");
}

int bisect(const BisectOptions& own, const CommonOptions& common) {
  RunPair pair{read_stored_run(own.run.directory), {}};
  // Before a long replay: another version is the likeliest reason of a difference.
  note_version(pair.run);
  if (!own.other.empty()) {
    pair.other = read_stored_run(own.other);
    note_version(*pair.other);
    const std::vector<DigestRow> rows = stored_digests(pair.run);
    // Stored digests already agree to the end: no replay could show more.
    if (!stored_difference(rows, stored_digests(*pair.other)).different) {
      Bisection same;
      same.equal = rows.back().event;
      return conclude_same(same, pair, pair.other->metrics_csv, own.json);
    }
  }
  watch_for_interrupt();
  Progress progress(pair.run.scenario.name, pair.run.scenario.steps, common.quiet);
  RunSide a = stored_side(pair.run, own.run.threads), b = other_side(pair, own.run.threads);
  const std::optional<Bisection> found = bisect_runs(a, b, progress);
  if (!found) {
    tell("interrupted: not bisected\n");
    return kInterrupted;
  }
  if (found->different == 0) {
    std::optional<std::string> metrics;
    // A run that was interrupted has rows only as far as it went.
    if (!pair.other && !a.interrupted()) metrics = metrics_of(b.simulation());
    return conclude_same(*found, pair, metrics, own.json);
  }
  if (own.json)
    print_text("{}\n", to_json(*found, pair).dump(2));
  else
    print_difference(*found, pair);
  return kDigestMismatch;
}

}  // namespace

Command bisect_command() {
  return command("bisect", "Find the first event in which two runs differ",
                 "  byzsim bisect results/quickstart/0123456789abcdef OTHER_DIR\n"
                 "  byzsim bisect DIR --json",
                 offer_bisect, bisect);
}

}  // namespace byzsim
