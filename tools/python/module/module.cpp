// byzsim._core: what the Python package is made of.
#include "core/exact/floating_point.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"

PYBIND11_MODULE(_core, module) {
  using namespace byzsim::python;
  module.doc() = "byzsim's libraries; use the package byzsim.";
  module.attr("profile") = byzsim::kNumericProfile;
  translate_errors();
  define_aggregation(module);
  define_scenarios(module);
  define_runs(module);
  define_worlds(module);
  define_sweeps(module);
  define_searches(module);
  define_strategies(module);
}
