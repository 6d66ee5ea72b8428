#include "tools/python/module/python_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/exact/floating_point.h"
#include "tools/python/module/vectors.h"

namespace byzsim::python {
namespace {

std::string python_type(const py::handle& value) {
  return py::str(py::type::handle_of(value).attr("__name__")).cast<std::string>();
}

// "ValueError: its text"; what the traceback shows is left to it.
std::string told_of(const py::object& error) {
  std::string text;
  try {
    text = py::str(error).cast<std::string>();
  } catch (py::error_already_set&) {
    text = "(its text cannot be had)";
  }
  return python_type(error) + (text.empty() ? "" : ": " + text.substr(0, 500));
}

void check_environment_after(const Callback& callback, const std::string& when) {
  const char* problem = floating_point_problem();
  if (problem == nullptr) return;
  reset_floating_point();
  refuse_answer(callback, when, std::string("changed the floating-point environment: ") + problem);
}

struct ValueToPython {
  py::object operator()(bool value) const { return py::bool_(value); }
  py::object operator()(std::int64_t value) const { return py::int_(value); }
  py::object operator()(double value) const { return py::float_(value); }
  py::object operator()(const std::string& value) const { return py::str(value); }
  py::object operator()(const std::vector<std::int64_t>& values) const { return py::cast(values); }
  py::object operator()(const std::vector<double>& values) const { return py::cast(values); }
};

}  // namespace

// The last one lets go under the lock, on whatever thread; after the interpreter's end nobody may.
Kept::Kept(py::object object)
    : object_(new py::object(std::move(object)), [](py::object* held) {
        if (Py_IsInitialized() == 0) return;
        const py::gil_scoped_acquire locked;
        delete held;
      }) {}

void refuse_answer(const Callback& callback, const std::string& when, const std::string& problem) {
  throw CallbackFailure(callback.place + ", " + when, problem, Kept(py::none()));
}

void call_python(const Callback& callback, const std::string& when,
                 const std::function<py::dict()>& arguments,
                 const std::function<void(const py::object& answer)>& use) {
  const py::gil_scoped_acquire locked;
  try {
    use(callback.function.get()(**arguments()));
  } catch (py::error_already_set& error) {
    if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
    throw CallbackFailure(callback.place + ", " + when, "raised " + told_of(error.value()),
                          Kept(error.value()));
  }
  check_environment_after(callback, when);
}

py::dict parameters_to_python(const Parameters& parameters) {
  py::dict values;
  for (const auto& [name, value] : parameters.values())
    values[py::str(name)] = std::visit(ValueToPython{}, value);
  return values;
}

py::object stream_to_python(const Stream& stream) { return py::cast(stream); }

template <class Real>
py::array matrix_of_rows(std::span<const Real* const> rows, std::size_t dimension) {
  py::array_t<Real> matrix({rows.size(), dimension});
  Real* at = matrix.mutable_data();
  for (const Real* row : rows) at = std::copy(row, row + dimension, at);
  return read_only(py::array(std::move(matrix)));
}

template <class Real>
py::array array_of_copies(std::span<const Real> values) {
  py::array_t<Real> array(static_cast<py::ssize_t>(values.size()));
  std::copy(values.begin(), values.end(), array.mutable_data());
  return read_only(py::array(std::move(array)));
}

template <class Real>
std::vector<Real> values_from(const py::object& answer, std::size_t dimension,
                              const Callback& callback, const std::string& when) {
  if (answer.is_none()) refuse_answer(callback, when, "returned nothing");
  const py::object given = py::module_::import("byzsim.arrays").attr("array_of")(answer, "answer");
  if (!py::isinstance<py::array>(given))
    refuse_answer(callback, when, "returned " + python_type(answer) + ", not an array");
  const auto array = py::reinterpret_borrow<py::array>(given);
  const char kind = array.dtype().kind();
  if (kind != 'f' && kind != 'i' && kind != 'u')
    refuse_answer(callback, when,
                  "returned dtype " + py::str(array.dtype()).cast<std::string>() + ", not numbers");
  if (array.ndim() != 1 || static_cast<std::size_t>(array.shape(0)) != dimension)
    refuse_answer(callback, when,
                  fmt::format("returned shape {}, not ({},)",
                              py::str(array.attr("shape")).cast<std::string>(), dimension));
  const auto values = py::array_t<Real, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!values) throw py::error_already_set();
  return {values.data(), values.data() + dimension};
}

void define_stream(py::module_& module) {
  py::class_<Stream>(module, "Stream",
                     "Draws under one name, one after the other: bits() (64), uniform() in [0, 1), "
                     "normal(), exponential(), below(m).")
      .def("bits", &Stream::bits)
      .def("uniform", py::overload_cast<>(&Stream::uniform))
      .def("normal", &Stream::normal)
      .def("exponential", &Stream::exponential)
      .def("below", [](Stream& stream, std::uint64_t bound) {
        if (bound == 0) throw py::value_error("bound: must be at least 1");
        return stream.below(bound);
      });
}

template py::array matrix_of_rows(std::span<const float* const>, std::size_t);
template py::array matrix_of_rows(std::span<const double* const>, std::size_t);
template py::array array_of_copies(std::span<const float>);
template py::array array_of_copies(std::span<const double>);
template std::vector<float> values_from(const py::object&, std::size_t, const Callback&,
                                        const std::string&);
template std::vector<double> values_from(const py::object&, std::size_t, const Callback&,
                                         const std::string&);

}  // namespace byzsim::python
