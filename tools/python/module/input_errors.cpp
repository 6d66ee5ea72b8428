#include "tools/python/module/input_errors.h"

#include <filesystem>

#include "core/check.h"
#include "core/exact/floating_point.h"
#include "tools/python/module/python_call.h"
#include "tools/python/module/python_lock.h"

namespace byzsim::python {
namespace {

void raise(const char* name, const py::object& of) {
  const py::object type = py::module_::import("byzsim.errors").attr(name);
  PyErr_SetObject(type.ptr(), type(of).ptr());
}

// With what the function raised as its cause, and so with its traceback. What is no Exception
// (KeyboardInterrupt, SystemExit) is not about the function, and stays what it is.
void raise_from(const CallbackFailure& failure) {
  const py::object& reason = failure.cause().get();
  if (!reason.is_none() && PyErr_GivenExceptionMatches(reason.ptr(), PyExc_Exception) == 0) {
    PyErr_SetObject(py::type::handle_of(reason).ptr(), reason.ptr());
    return;
  }
  const py::object type = py::module_::import("byzsim.errors").attr("CallbackError");
  const py::object error = type(failure.what());
  if (!reason.is_none()) PyException_SetCause(error.ptr(), py::object(reason).release().ptr());
  PyErr_SetObject(type.ptr(), error.ptr());
}

// What stands in a file need not be UTF-8.
py::object unicode_of(const std::string& bytes) {
  return py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
      bytes.data(), static_cast<py::ssize_t>(bytes.size()), "backslashreplace"));
}

}  // namespace

py::list issues_to_python(const Issues& issues) {
  const py::object type = py::module_::import("byzsim.errors").attr("Issue");
  py::list list;
  for (const Issue& issue : issues)
    list.append(type(unicode_of(issue.where), unicode_of(issue.problem), unicode_of(issue.remedy)));
  return list;
}

void translate_errors() {
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const InputError& error) {
      raise("InputError", issues_to_python(error.issues()));
    } catch (const CallbackFailure& failure) {
      raise_from(failure);
    } catch (const std::filesystem::filesystem_error& error) {
      raise("InputError",
            issues_to_python({{error.path1().string().substr(0, 80),
                               "cannot be used: " + error.code().message(), "give another path"}}));
    } catch (const InterpreterEnds&) {
      PyErr_SetNone(PyExc_SystemExit);
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
