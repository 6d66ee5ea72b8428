// `byzsim sweep best`: the hyper-parameters that are best against the worst attack.
#include <fmt/format.h>

#include "sim/results/whole_files.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/sweep/best_choice.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

struct SweepBestOptions {
  SweepOptions sweep;
  std::string metric = "validation_accuracy";
};

void offer_sweep_best(CommandOptions& options, SweepBestOptions& own) {
  offer_sweep(options, own.sweep);
  options.text("--metric NAME", own.metric,
               "validation_accuracy or accuracy [default: validation_accuracy]");
}

// "f=2, gamma=0.5".
std::string pairs_text(const std::vector<std::string>& names,
                       const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", names[i], values[i]);
  return text;
}

std::string best_text(const BestChoice& best, const AxisRoles& roles) {
  std::string text = pairs_text(roles.cell, best.cell);
  if (!roles.choice.empty())
    text += (text.empty() ? "" : ": ") + pairs_text(roles.choice, best.choice);
  text += fmt::format("{}{:.2f} %", text.empty() ? "" : ": ", 100 * best.value());
  const AttackPeak& peak = best.peaks[best.worst];
  if (!roles.attack.empty())
    text += best.any_is_worst() ? " against any attack"
                                : fmt::format(" against {}", pairs_text(roles.attack, peak.attack));
  return text + fmt::format(" at step {}", peak.step);
}

void tell_unfinished(const UnfinishedTrainings& unfinished) {
  if (unfinished.diverged > 0)
    tell("note: {} of {} runs diverged; what is undefined counts as 0\n", unfinished.diverged,
         unfinished.runs);
  if (unfinished.early > 0)
    tell("note: {} of {} runs stalled or ran out of time; the steps that they lack count as 0\n",
         unfinished.early, unfinished.runs);
}

// ByzFL chooses by validation; each metric has a table of its own.
void tell_of_metric(const std::string& metric, bool has_choices) {
  if (metric == "accuracy" && has_choices)
    tell(
        "note: hyper-parameters are chosen by the test set, so its accuracy flatters them; without "
        "--metric they are chosen by validation\n");
}

int sweep_best(const SweepBestOptions& own, const CommonOptions& common) {
  if (own.metric != "validation_accuracy" && own.metric != "accuracy")
    throw InputError(not_one_of("--metric", own.metric, {"validation_accuracy", "accuracy"}));
  const OpenSweep open = open_sweep(own.sweep, common);
  const SweepState state = state_of_sweep(open.directory, open.plan);
  if (!state.complete()) {
    tell("{} of {} runs are not done\nbyzsim sweep run {} runs them\n",
         state.failed.size() + state.missing.size(), state.total(), open.directory.string());
    return kSweepIncomplete;
  }
  const AxisRoles roles = roles_of(open.sweep.axes);
  const SweepTables tables = tables_of(open.plan, open.directory, false);
  const std::vector<BestChoice> best =
      best_choices(parse_csv(tables.curves, "curves"), roles, own.metric);
  const std::filesystem::path file =
      open.directory / (own.metric == "accuracy" ? "best_by_accuracy.csv" : "best.csv");
  tell_unfinished(unfinished_in(parse_csv(tables.summary, "summary")));
  tell_of_metric(own.metric, !roles.choice.empty());
  write_whole(file, to_csv(table_of_best(best, roles)));
  for (const BestChoice& each : best) print_text("{}\n", best_text(each, roles));
  print_text("  table    {}\n", file.string());
  return kDone;
}

}  // namespace

Command sweep_best_command() {
  return command("best", "Choose the hyper-parameters that are best against the worst attack",
                 "  byzsim sweep best DIR\n"
                 "  byzsim sweep best DIR --metric accuracy",
                 offer_sweep_best, sweep_best);
}

}  // namespace byzsim
