#include <fmt/format.h>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"
#include "tools/eval/eval_schema.h"
#include "tools/figures/figure.h"
#include "tools/line/output.h"
#include "tools/line/verbs.h"
#include "tools/sweep/sweep.h"

namespace byzsim {
namespace {

void offer_schema(VerbOptions& verb, Options& typed) {
  verb.text("[FORMAT]", typed.argument, "scenario, sweep, figure or eval [default: scenario]");
}

int schema(const Options& options) {
  const std::string format = options.argument.empty() ? "scenario" : options.argument;
  Json schema;
  if (format == "scenario")
    schema = scenario_schema(scenario_tables());
  else if (format == "sweep")
    schema = sweep_schema();
  else if (format == "figure")
    schema = figure_schema();
  else if (format == "eval")
    schema = eval_schema();
  else
    throw InputError({"", "unknown format '" + format + "'",
                      choose_from(format, {"scenario", "sweep", "figure", "eval"})});
  print_text("{}\n", schema.dump(2));
  return kDone;
}

}  // namespace

Verb schema_verb() {
  return {"schema", "Print the JSON schema of a file format",
          "  byzsim schema scenario > scenario.schema.json\n  byzsim schema sweep", offer_schema,
          schema};
}

}  // namespace byzsim
