#include <fmt/format.h>

#include "adversaries/attack.h"
#include "adversaries/scheduler.h"
#include "core/issue.h"
#include "sim/scenario/scenario_json.h"
#include "tools/sweep/sweep.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

void offer_schema(VerbOptions& verb, Options& typed) {
  verb.text("[FORMAT]", typed.argument, "scenario, which is also the default, or sweep");
}

int schema(const Options& options) {
  const std::string& format = options.argument;
  if (!format.empty() && format != "scenario" && format != "sweep")
    throw InputError({format, "has no schema", choose_from(format, {"scenario", "sweep"})});
  const Json schema =
      format == "sweep" ? sweep_schema() : scenario_schema(adversary_declarations());
  fmt::print("{}\n", schema.dump(2));
  return kDone;
}

}  // namespace

Verb schema_verb() {
  return {"schema", "Print the JSON schema of a file format",
          "  byzsim schema scenario > scenario.schema.json\n  byzsim schema sweep", offer_schema,
          schema};
}

}  // namespace byzsim
