// Vectors of Python's as byzsim's functions take them, and answers as Python's arrays.
//
// Nothing is copied whose rows are contiguous, aligned and of float32 or float64 in the machine's
// byte order. What is pointed to lives as long as the object that holds it.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace byzsim::python {

namespace py = pybind11;

/// n vectors of one dimension, with the arrays that hold them.
template <class Real>
struct VectorRows {
  std::vector<const Real*> pointers;  ///< n >= 1
  std::size_t dimension;              ///< >= 1
  std::vector<py::array> kept;
};
using AnyVectorRows = std::variant<VectorRows<float>, VectorRows<double>>;

/// An (n, d) array, or a list of n arrays of d values. Throws InputError that names the argument.
AnyVectorRows rows_of(const py::object& vectors, const std::string& argument);

/// One vector of `dimension` values. Throws InputError that names the argument.
template <class Real>
py::array_t<Real> row_of(const py::object& vector, std::size_t dimension,
                         const std::string& argument);

/// Where the answer goes: `out`, or a new array where that is None. Throws InputError unless it is
/// an array of `dimension` contiguous, writeable values of the same type that overlaps no input.
template <class Real>
py::array_t<Real> answer_array(const py::object& out, const VectorRows<Real>& rows,
                               const std::optional<py::array_t<Real>>& previous);

/// An array that owns the values, without a copy.
template <class Real>
py::array_t<Real> array_of(std::vector<Real> values) {
  auto kept = std::make_unique<std::vector<Real>>(std::move(values));
  const auto size = static_cast<py::ssize_t>(kept->size());
  Real* const data = kept->data();
  const py::capsule owner(kept.release(), [](void* vector) noexcept {
    delete static_cast<std::vector<Real>*>(vector);
  });
  return py::array_t<Real>(size, data, owner);
}

/// The same array, which nobody can write to.
template <class Array>
Array read_only(Array array) {
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

}  // namespace byzsim::python
