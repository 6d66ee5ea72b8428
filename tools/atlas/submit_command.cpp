// `byzsim atlas submit`: a worst case from elsewhere, if it is worse than that of the atlas.
#include <fmt/format.h>

#include "core/input/issue.h"
#include "tools/atlas/atlas_report.h"
#include "tools/atlas/build_atlas.h"
#include "tools/atlas/cell_check.h"
#include "tools/input/scenario_source.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct AtlasSubmitOptions {
  std::string file;
  std::string finder = "submitted";
  std::string atlas = kAtlasDirectory;
};

void offer_atlas_submit(CommandOptions& options, AtlasSubmitOptions& own) {
  options.text("WORST", own.file, "The scenario: worst.json of a search, or any other");
  options.text("--finder NAME", own.finder, "What found it, for the table [default: submitted]");
  offer_atlas(options, own.atlas);
}

const AtlasCell& cell_for(const Scenario& worst, const std::vector<AtlasCell>& cells,
                          const std::string& file) {
  for (const AtlasCell& cell : cells)
    if (is_of_cell(worst, cell.scenario)) return cell;
  throw InputError({file, "belongs to no cell of the atlas",
                    "begin with a case of the atlas, and change only /adversary, without its "
                    "knowledge and rushing"});
}

std::vector<AtlasCell> cells_with_rule(const fs::path& atlas, const Scenario& worst) {
  const Choice& rule = (worst.one_role ? worst.servers : worst.workers).aggregator;
  std::vector<AtlasCell> cells;
  for (const AtlasSetting& setting : read_settings(atlas))
    for (AtlasCell& cell : cells_of(setting, {rule.name})) cells.push_back(std::move(cell));
  return cells;
}

int atlas_submit(const AtlasSubmitOptions& own, const CommonOptions& common) {
  AtlasTable table = read_cells(own.atlas);
  const Scenario worst = load_scenario({.name = own.file, .sets = {}, .plugins = common.plugins});
  const std::vector<AtlasCell> cells = cells_with_rule(own.atlas, worst);
  const AtlasCell& cell = cell_for(worst, cells, own.file);
  const auto stored = table.find(cell.key);
  if (stored == table.end())
    throw InputError({own.file, "its cell " + cell.key.file() + " is not in the table",
                      "build it first: byzsim atlas build --settings " + cell.key.setting +
                          " --rules " + cell.key.rule});
  watch_for_interrupt();
  MadeBefore made;
  const auto found =
      worst_of_adversaries(cell.scenario, {adversary_of(worst)}, made, {.quiet = true});
  if (interrupted()) return kInterrupted;
  if (!found)
    throw InputError({own.file, "its run ends before the last step, and measures no rule",
                      "byzsim run " + own.file + " shows what it waits for"});
  AtlasRow& row = stored->second;
  if (!is_worse(found->trial.value, row.worst))
    throw InputError(
        {own.file,
         fmt::format("accuracy {} is not worse than the {} of {}",
                     accuracy_text(found->trial.value), accuracy_text(row.worst), cell.key.file()),
         "search further"});
  const std::optional<double> before = row.worst;
  put_worst(row, *found);
  row.finder = own.finder;
  row.exchanged = "";  // other cells are still to be tried with it
  write_case(own.atlas, row, found->trial.candidate.scenario);
  write_cells(own.atlas, table);
  print_text("{}: accuracy {}, {} before; digest {}\n", cell.key.file(), accuracy_text(row.worst),
             accuracy_text(before), row.digest);
  return kDone;
}

}  // namespace

Command atlas_submit_command() {
  return command("submit", "Put a worse case into the atlas",
                 "  byzsim atlas submit worst.json\n"
                 "  byzsim atlas submit worst.json --finder hill_climb",
                 offer_atlas_submit, atlas_submit);
}

}  // namespace byzsim
