#include "tools/atlas/case_reports.h"

#include <fmt/format.h>

#include <optional>

#include "adversaries/known_strategies.h"
#include "sim/results/provenance.h"
#include "sim/results/results.h"
#include "tools/line/progress.h"
#include "tools/report/drawn_run.h"
#include "tools/report/report_page.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// How the run that a page shows differs from its row.
std::vector<std::string> differences_from_row(const AtlasRow& row, const std::string& digest) {
  if (digest == row.digest) return {};
  return {fmt::format("{}: digest {}, not {}", row.key.file(), digest, row.digest)};
}

struct DrawnCase {
  std::string page;
  std::vector<std::string> differences;
};

std::optional<DrawnCase> draw_case(const fs::path& atlas, const AtlasRow& row, MadeBefore& made) {
  const Scenario scenario = read_case(atlas, row.key);
  Progress progress(scenario.name, scenario.steps, true);
  Replay replay(scenario, 1, made);
  made = replay.made();
  const auto drawn = draw_run(scenario, replay, progress);
  if (!drawn) return std::nullopt;
  const RunResult result =
      result_of(replay.simulation, scenario_tables(), status_of(replay.simulation), {});
  Json run = to_json(result);
  // No time of a clock: the page is the same whenever it is drawn.
  run.erase("machine");
  const RunFiles files = files_of(result);
  const std::string case_file = (atlas / row.key.file()).generic_string();
  DrawnCase done;
  done.differences = differences_from_row(row, run["digest"]["run"].get<std::string>());
  Json data = {{"kind", "run"},
               {"version", provenance().version},
               {"directory", case_file},
               {"case", case_file}};
  data.update(drawn->data);
  data["run"] = std::move(run);
  data["metrics"] = files.metrics_csv;
  data["gathers"] = files.gathers_csv;
  data["replayed"] = {{"digest", {{"run", row.digest}}}, {"differences", done.differences}};
  done.page = report_page(data, drawn->blocks);
  return done;
}

}  // namespace

std::string report_file(const AtlasKey& key) {
  return key.setting + "/" + key.rule_text() + ".html";
}

void check_reports_writable(const AtlasTable& table, const fs::path& folder) {
  check_page_parts();
  for (const auto& [key, row] : table) {
    const fs::path file = folder / report_file(key);
    if (fs::exists(file)) check_page_writable(file, "--reports DIR");
  }
}

CaseReports write_reports(const fs::path& atlas, const AtlasTable& table, const fs::path& folder,
                          bool quiet) {
  Progress progress("reports", std::ssize(table), quiet, "cell");
  CaseReports reports;
  MadeBefore made;
  for (const auto& [key, row] : table) {
    const auto drawn = draw_case(atlas, row, made);
    if (!drawn) {
      reports.interrupted = true;
      return reports;
    }
    const fs::path file = folder / report_file(key);
    std::error_code ignored;  // where it cannot be made, writing the page says why
    fs::create_directories(file.parent_path(), ignored);
    write_whole(file, drawn->page);
    reports.bytes += drawn->page.size();
    reports.differences.insert(reports.differences.end(), drawn->differences.begin(),
                               drawn->differences.end());
    progress.show(double(++reports.pages));
  }
  return reports;
}

}  // namespace byzsim
