// `byzsim atlas build`: searches what is missing. The same command continues one that was
// interrupted.
#include <fmt/format.h>

#include "tools/atlas/atlas_report.h"
#include "tools/atlas/build_atlas.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"

namespace byzsim {
namespace {

struct AtlasBuildOptions {
  AtlasBuild build;
  std::string atlas = kAtlasDirectory;
};

void offer_atlas_build(CommandOptions& options, AtlasBuildOptions& own) {
  options.texts("--settings NAME", own.build.settings,
                "A setting to build; may be repeated [default: all]");
  options.texts(
      "--rules NAME", own.build.rules,
      "A rule to build; may be repeated [default: all but gas, hyperbox and smea, which are slow]");
  options.integer("--evaluations N", {1, 1'000'000}, own.build.evaluations,
                  "Runs of each cell's search, after all hand-written attacks [default: 48]");
  offer_jobs(options, own.build.jobs);
  offer_atlas(options, own.atlas);
}

int atlas_build(const AtlasBuildOptions& own, const CommonOptions& common) {
  AtlasBuild build = own.build;
  build.atlas = own.atlas;
  build.quiet = common.quiet;
  watch_for_interrupt();
  const AtlasBuilt built = build_atlas(build);
  if (built.interrupted) {
    tell("interrupted: finished cells are kept; the same command continues\n");
    return kInterrupted;
  }
  print_text("{} cells done, {} of them before; {} worst cases come from other rules\n",
             built.found + built.made, built.found, built.exchanged);
  print_text("{}", summary_of_atlas(read_cells(build.atlas)));
  return kDone;
}

}  // namespace

Command atlas_build_command() {
  return command("build", "Search the worst case of every cell that is missing",
                 "  byzsim atlas build\n"
                 "  byzsim atlas build --settings sgd-iid --rules mda --evaluations 200",
                 offer_atlas_build, atlas_build);
}

}  // namespace byzsim
