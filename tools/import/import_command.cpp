// `byzsim import`: configurations of other programs as files of byzsim.
#include <fmt/format.h>

#include "sim/results/whole_files.h"
#include "tools/import/byzfl_sweep.h"
#include "tools/input/input_files.h"
#include "tools/input/scenario_source.h"
#include "tools/line/command.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

struct ImportOptions {
  std::string file;
  std::string out;
};

void offer_byzfl(CommandOptions& options, ImportOptions& own) {
  options.text("FILE", own.file, "A config.json of ByzFL's benchmark; - reads standard input");
  options.text("--out SWEEP", own.out, "Write the sweep into this file [default: standard output]");
}

constexpr std::int64_t kMostRuns = 1'000'000;

std::string runs_text(const ImportedSweep& imported) {
  std::string text = fmt::format("{} runs", imported.runs);
  if (imported.theirs == imported.runs) return text + ", as in ByzFL";
  return text +
         fmt::format(", in place of {} in ByzFL, of which some are the same run", imported.theirs);
}

int import_byzfl(const ImportOptions& own, const CommonOptions&) {
  if (!own.out.empty()) refuse_own_input(own.out, own.file);
  // A file by any name: nothing is shipped.
  const NamedText named = own.file == "-"
                              ? read_source({own.file, {}}, {}, "configuration of ByzFL", "")
                              : NamedText{read_text(own.file), own.file, ""};
  const ImportedSweep imported = sweep_of(read_byzfl_config(parse_json(named.text, named.origin)));
  if (imported.runs > kMostRuns)
    throw InputError({own.file,
                      fmt::format("{} runs; a sweep has at most {}", imported.runs, kMostRuns),
                      "leave out values of some list"});
  const std::string sweep = lines_of(imported.sweep);
  for (const std::string& note : imported.notes) tell("note: {}\n", note);
  if (imported.removed > 0)
    tell(
        "note: /benchmark_config/tolerated_f: {} runs with tolerated_f < f are left out, as in "
        "ByzFL\n",
        imported.removed);
  if (own.out.empty()) {
    tell("{}\n", runs_text(imported));
    write_bytes(result_stream(), sweep);
    return kDone;
  }
  write_whole(own.out, sweep);
  print_text("{}: {}\n  byzsim sweep plan {} estimates them\n", own.out, runs_text(imported),
             own.out);
  return kDone;
}

Command byzfl_command() {
  return command("byzfl", "Write a configuration of ByzFL's benchmark as a sweep",
                 "  byzsim import byzfl config.json --out sweep.json\n"
                 "  byzsim import byzfl config.json > sweep.json",
                 offer_byzfl, import_byzfl);
}

}  // namespace

Command import_command() {
  return {.name = "import",
          .summary = "Write configurations of other programs as files of byzsim",
          .examples =
              "  byzsim import byzfl config.json --out sweep.json\n"
              "  byzsim import byzfl - < config.json",
          .define = nullptr,
          .commands = {byzfl_command()}};
}

}  // namespace byzsim
