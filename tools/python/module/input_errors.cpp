#include "tools/python/module/input_errors.h"

#include "core/check.h"
#include "core/exact/floating_point.h"

namespace byzsim::python {
namespace {

void raise(const char* name, const py::object& of) {
  const py::object type = py::module_::import("byzsim.errors").attr(name);
  PyErr_SetObject(type.ptr(), type(of).ptr());
}

}  // namespace

py::list issues_to_python(const Issues& issues) {
  const py::object type = py::module_::import("byzsim.errors").attr("Issue");
  py::list list;
  for (const Issue& issue : issues) list.append(type(issue.where, issue.problem, issue.remedy));
  return list;
}

void translate_errors() {
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const InputError& error) {
      raise("InputError", issues_to_python(error.issues()));
    } catch (const InternalError& error) {
      raise("InternalError", py::str(error.what()));
    }
  });
}

void check_this_thread() {
  if (const char* problem = floating_point_problem())
    throw InputError({"floating-point environment", problem,
                      "put it right before the call; with PyTorch: "
                      "torch.set_flush_denormal(False)"});
}

}  // namespace byzsim::python
