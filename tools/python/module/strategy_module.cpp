#include "tools/python/module/modules.h"
namespace byzsim::python {
void define_strategies(pybind11::module_&) {}
}  // namespace byzsim::python
