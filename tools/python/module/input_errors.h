// What byzsim throws, as exceptions of Python's.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "core/input/issue.h"

namespace byzsim::python {

namespace py = pybind11;

/// An argument is wrong: InputError that names it.
[[noreturn]] inline void refuse_argument(const std::string& argument, const std::string& problem,
                                         const std::string& remedy) {
  throw InputError({argument, problem, remedy});
}

/// InputError becomes byzsim.InputError, InternalError byzsim.InternalError.
void translate_errors();

/// [(where, problem, remedy)] of Python's byzsim.Issue.
py::list issues_to_python(const Issues& issues);

/// Throws InputError while this thread's floating-point environment would give other bits.
void check_this_thread();

}  // namespace byzsim::python
