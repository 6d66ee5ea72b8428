// `byzsim atlas verify`: replays cases and compares accuracy and digest with the table.
#include <fmt/format.h>

#include <algorithm>

#include "tools/atlas/atlas_report.h"
#include "tools/atlas/cell_search.h"
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

// Empty where the case is what its row has.
std::string difference_of(const AtlasRow& row, const Trial& made) {
  if (made.digest != row.digest)
    return fmt::format("{}: digest {}, not {}", row.key.file(), made.digest, row.digest);
  if (made.value != row.worst)
    return fmt::format("{}: accuracy {}, not {}", row.key.file(), accuracy_text(made.value),
                       accuracy_text(row.worst));
  if (made.ended_early) return fmt::format("{}: the run ends before its last step", row.key.file());
  return "";
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
    const auto trial = run_for_atlas(read_case(own.atlas, sample[i]->key), made, {.quiet = true});
    if (!trial) {
      tell("interrupted: {} of {} cells verified\n", i, sample.size());
      return kInterrupted;
    }
    const std::size_t before = differences.size();
    for (std::string text :
         {change_of_setting(*sample[i], settings), difference_of(*sample[i], *trial)})
      if (!text.empty()) differences.push_back(std::move(text));
    differing += differences.size() > before;
    progress.show(double(i + 1));
  }
  for (const std::string& text : differences) print_text("  {}\n", text);
  if (!differences.empty()) {
    print_text("{} of {} replays differ from the atlas\n", differing, sample.size());
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
