#include <fmt/format.h>

#include "adversaries/attack.h"
#include "adversaries/scheduler.h"
#include "core/issue.h"
#include "sim/scenario_json.h"
#include "tools/verbs.h"

namespace byzsim {

int schema(const Options& options) {
  if (!options.argument.empty() && options.argument != "scenario")
    throw InputError(
        {options.argument, "has no schema", choose_from(options.argument, {"scenario"})});
  fmt::print("{}\n", scenario_schema(adversary_declarations()).dump(2));
  return kDone;
}

}  // namespace byzsim
