// byzsim._core: what the Python package is made of.
#include <string>

#include "core/exact/floating_point.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_lock.h"

namespace byzsim::python {
namespace {

// Since 2.12 pybind11 knows the arrays of numpy 2, which lie otherwise in memory.
void check_numpy() {
  if (PYBIND11_VERSION_HEX >= 0x020C0000) return;
  const auto version = py::module_::import("numpy").attr("__version__").cast<std::string>();
  if (std::stoi(version) >= 2)
    throw py::import_error(
        "this byzsim was built with a pybind11 older than 2.12, which misreads "
        "arrays of numpy " +
        version + "; install numpy below 2, or build byzsim by pip install");
}

}  // namespace
}  // namespace byzsim::python

// In a second interpreter pybind11 waits for itself without end, so our check comes first.
#define PyInit__core init_in_main_interpreter
PYBIND11_MODULE(_core, module) {
  using namespace byzsim::python;
  module.doc() = "byzsim's libraries; use the package byzsim.";
  module.attr("profile") = byzsim::kNumericProfile;
  module.attr("pybind11") =
      PYBIND11_TOSTRING(PYBIND11_VERSION_MAJOR) "." PYBIND11_TOSTRING(PYBIND11_VERSION_MINOR);
  check_numpy();
  define_interpreter(module);
  translate_errors();
  define_aggregation(module);
  define_compression(module);
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
