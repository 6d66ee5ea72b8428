// byzsim._core: what the Python package is made of.
#include "core/exact/floating_point.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interpreter.h"
#include "tools/python/module/modules.h"

// In a second interpreter pybind11 waits for itself without end, so our check comes first.
#define PyInit__core init_in_main_interpreter
PYBIND11_MODULE(_core, module) {
  using namespace byzsim::python;
  module.doc() = "byzsim's libraries; use the package byzsim.";
  module.attr("profile") = byzsim::kNumericProfile;
  define_interpreter(module);
  translate_errors();
  define_aggregation(module);
  define_scenarios(module);
  define_runs(module);
  define_worlds(module);
  define_decisions(module);
  define_sweeps(module);
  define_searches(module);
  define_strategies(module);
  define_workloads(module);
}
#undef PyInit__core

extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (byzsim::python::is_main_interpreter()) return init_in_main_interpreter();
  PyErr_SetString(PyExc_ImportError, byzsim::python::kOtherInterpreter);
  return nullptr;
}
