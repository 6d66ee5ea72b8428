// `byzsim atlas verify`: computes the columns of the table again from settings and cases.
#include <fmt/format.h>

#include <algorithm>

#include "core/input/issue.h"
#include "tools/atlas/atlas_report.h"
#include "tools/atlas/cell_check.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"

namespace byzsim {
namespace {

struct AtlasVerifyOptions {
  std::string atlas = kAtlasDirectory;
  std::optional<std::int64_t> sample;
};

void offer_atlas_verify(CommandOptions& options, AtlasVerifyOptions& own) {
  options.integer("--sample N", {1, 1'000'000}, own.sample,
                  "Replay N cells at equal distances in the table [default: all]");
  offer_atlas(options, own.atlas);
}

std::vector<const AtlasRow*> sample_of(const AtlasTable& table, std::optional<std::int64_t> size) {
  std::vector<const AtlasRow*> all, some;
  for (const auto& [key, row] : table) all.push_back(&row);
  const auto count = std::min(all.size(), static_cast<std::size_t>(size.value_or(1'000'000)));
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return some;
}

// What a build has left to do is no mistake.
void note_unexchanged(const std::string& atlas, const AtlasTable& table) {
  for (const auto& [key, row] : table)
    if (missing_case(atlas, key)) return;
  for (const std::string& setting : unexchanged_settings(atlas, table))
    tell(
        "note: some cells of {} have yet to be tried with attacks that were found since; "
        "byzsim atlas build --settings {} does\n",
        setting, setting);
}

int atlas_verify(const AtlasVerifyOptions& own, const CommonOptions& common) {
  const AtlasTable table = require_cells(own.atlas);
  const std::vector<const AtlasRow*> sample = sample_of(table, own.sample);
  const std::vector<AtlasSetting> settings = read_settings(own.atlas);
  watch_for_interrupt();
  Progress progress("atlas", std::ssize(sample), common.quiet, "cell");
  std::vector<std::string> differences;
  std::size_t differing = 0;  // rows
  MadeBefore made;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    std::vector<std::string> found;
    try {
      found = differences_of_cell(own.atlas, *sample[i], settings, made);
    } catch (const InputError& error) {
      // The other cells are verified in any case.
      for (const Issue& issue : error.issues()) found.push_back(to_string(issue));
    }
    if (interrupted()) {
      tell("interrupted: {} of {} cells verified\n", i, sample.size());
      return kInterrupted;
    }
    differences.insert(differences.end(), found.begin(), found.end());
    differing += !found.empty();
    progress.show(double(i + 1));
  }
  const std::vector<std::string> stray = files_without_row(own.atlas, table);
  if (differences.empty()) note_unexchanged(own.atlas, table);
  for (const std::string& text : differences) print_text("  {}\n", text);
  for (const std::string& text : stray) print_text("  {}\n", text);
  if (!differences.empty() || !stray.empty()) {
    print_text("{} of {} replays differ from the atlas, and {} files have no row\n", differing,
               sample.size(), stray.size());
    return kDigestMismatch;
  }
  print_text("verified: {} of {} cells of {}\n", sample.size(), table.size(), own.atlas);
  return kDone;
}

}  // namespace

Command atlas_verify_command() {
  return command("verify", "Replay worst cases and compare the digests",
                 "  byzsim atlas verify\n"
                 "  byzsim atlas verify --sample 20",
                 offer_atlas_verify, atlas_verify);
}

}  // namespace byzsim
