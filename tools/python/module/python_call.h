// A function of Python's that byzsim calls: kept, called under Python's lock, and checked.
//
// What it is handed is its own: arrays that nobody else reads or writes, so that it may keep them.
// Whatever it raises, or returns that cannot be used, ends the run as byzsim.CallbackError.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/input/parameters.h"

namespace byzsim::python {

namespace py = pybind11;

/// An object of Python's that any thread may copy and let go of.
class Kept {
 public:
  explicit Kept(py::object object);
  /// Only under Python's lock.
  const py::object& get() const { return *object_; }

 private:
  std::shared_ptr<py::object> object_;
};

/// What a function raised, or returned wrongly: `place` says in which call.
class CallbackFailure : public std::exception {
 public:
  CallbackFailure(std::string place, std::string problem, Kept cause)
      : text_(place + ": " + problem), cause_(std::move(cause)) {}
  const char* what() const noexcept override { return text_.c_str(); }
  /// The exception, or None.
  const Kept& cause() const { return cause_; }

 private:
  std::string text_;
  Kept cause_;
};

/// A strategy that is a function of Python's.
struct Callback {
  Kept function;
  std::string place;  ///< "rule my_rule"
};

/// [[noreturn]] as CallbackFailure, without a cause.
[[noreturn]] void refuse_answer(const Callback& callback, const std::string& when,
                                const std::string& problem);

/// Calls the function with keywords, under Python's lock, and uses the answer under it. `when` says
/// which call it is: "at step 3 on server 1". The floating-point environment is put right again.
void call_python(const Callback& callback, const std::string& when,
                 const std::function<py::dict()>& arguments,
                 const std::function<void(const py::object& answer)>& use);

/// The values of declared parameters by name; durations in nanoseconds.
py::dict parameters_to_python(const Parameters& parameters);

/// byzsim.Stream over the draws of this name.
py::object stream_to_python(const Stream& stream);

/// An (n, d) array of copies, read-only.
template <class Real>
py::array matrix_of_rows(std::span<const Real* const> rows, std::size_t dimension);
/// A read-only array of copies.
template <class Real>
py::array array_of_copies(std::span<const Real> values);

/// The answer as `dimension` values. Throws CallbackFailure for another shape, another type than
/// numbers, or nothing at all.
template <class Real>
std::vector<Real> values_from(const py::object& answer, std::size_t dimension,
                              const Callback& callback, const std::string& when);

/// Defines byzsim._core.Stream.
void define_stream(py::module_& module);

}  // namespace byzsim::python
