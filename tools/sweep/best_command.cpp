// `byzsim sweep best`: the hyper-parameters that are best against the worst attack.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

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
  if (best.any_is_worst())
    text += " against any attack";
  else if (!roles.attack.empty())
    text += fmt::format(" against {}", pairs_text(roles.attack, peak.attack));
  return text + fmt::format(" at step {}", peak.step);
}

bool has_several_choices(const CsvTable& curves, const AxisRoles& roles) {
  return std::any_of(roles.choice.begin(), roles.choice.end(), [&](const std::string& name) {
    std::set<std::string> values;
    for (const auto& row : curves.rows) values.insert(row[curves.column(name).value()]);
    return values.size() > 1;
  });
}

// What weakens the result, which is printed all the same.
void tell_doubts(const AxisRoles& roles, const CsvTable& curves, const CsvTable& summary,
                 const std::string& metric) {
  if (metric == "accuracy" && has_several_choices(curves, roles))
    tell(
        "note: --metric accuracy chooses {} by the test set, and then measures on the same test "
        "set; set /data/validation and choose by validation_accuracy\n",
        fmt::join(roles.choice, ", "));
  if (const std::string text = early_ends_text(summary); !text.empty()) tell("note: {}\n", text);
}

// Each metric has a file of its own, so that none is overwritten by another.
std::string file_of_best(const std::string& metric) {
  return metric == "accuracy" ? "best-accuracy.csv" : "best.csv";
}

int sweep_best(const SweepBestOptions& own, const CommonOptions& common) {
  if (own.metric != "validation_accuracy" && own.metric != "accuracy")
    throw InputError(not_one_of("--metric", own.metric, {"validation_accuracy", "accuracy"}));
  const MadeSweep open = made_sweep(own.sweep, common);
  const SweepState state = state_of_sweep(open.directory, open.plan);
  if (!state.complete()) {
    tell("{} of {} runs are not done\nbyzsim sweep run {} runs them\n",
         state.failed.size() + state.missing.size(), state.total(), open.directory.string());
    return kSweepIncomplete;
  }
  const AxisRoles roles = roles_of(open.axes);
  const SweepTables tables = tables_of(open.plan, open.directory, false);
  const CsvTable curves = parse_csv(tables.curves, "curves");
  const std::vector<BestChoice> best = best_choices(curves, roles, own.metric);
  const std::filesystem::path file = open.directory / file_of_best(own.metric);
  write_whole(file, to_csv(table_of_best(best, roles)));
  tell_doubts(roles, curves, parse_csv(tables.summary, "summary"), own.metric);
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
