// `byzsim schema`: JSON schemas of the file formats, from the tables as they are now.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"
#include "tools/eval/eval_schema.h"
#include "tools/figures/figure.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/sweep/sweep.h"

namespace byzsim {
namespace {

struct Format {
  const char* name;
  Json (*schema)();
};

// Functions, since plugins may add to the tables before one is asked for.
const std::vector<Format> kFormats = {
    {"scenario", [] { return scenario_schema(scenario_tables()); }},
    {"sweep", sweep_schema},
    {"figure", figure_schema},
    {"eval", eval_schema}};

std::vector<std::string> formats() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.push_back(format.name);
  return names;
}

struct SchemaOptions {
  std::string format;  // empty: scenario
};

void offer_schema(CommandOptions& options, SchemaOptions& own) {
  options.text("[FORMAT]", own.format, "scenario, sweep, figure or eval [default: scenario]");
  options.complete("FORMAT", formats);
}

int schema(const SchemaOptions& own, const CommonOptions&) {
  const std::string wanted = own.format.empty() ? "scenario" : own.format;
  for (const Format& format : kFormats) {
    if (format.name != wanted) continue;
    print_text("{}\n", format.schema().dump(2));
    return kDone;
  }
  throw InputError({"", "unknown format '" + wanted + "'", choose_from(wanted, formats())});
}

}  // namespace

Command schema_command() {
  return command("schema", "Print the JSON schema of a file format",
                 "  byzsim schema scenario > scenario.schema.json\n  byzsim schema sweep",
                 offer_schema, schema);
}

}  // namespace byzsim
