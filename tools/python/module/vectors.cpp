#include "tools/python/module/vectors.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "core/rules/rule.h"
#include "tools/python/module/input_errors.h"

namespace byzsim::python {
namespace {

std::string python_text(const py::handle& value) { return py::str(value).cast<std::string>(); }

std::string shape_of(const py::array& array) { return python_text(array.attr("shape")); }

template <class Real>
constexpr const char* kDtype = std::is_same_v<Real, float> ? "float32" : "float64";

// Whether a row of the array can be read where it lies.
template <class Real>
bool is_readable(const py::array& array) {
  const bool contiguous = array.shape(array.ndim() - 1) == 1 ||
                          array.strides(array.ndim() - 1) == static_cast<py::ssize_t>(sizeof(Real));
  const bool aligned = (array.flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) != 0;
  return contiguous && aligned;
}

template <class Real>
py::array readable(const py::array& array, const std::string& argument) {
  if (is_readable<Real>(array)) return array;
  constexpr int side_by_side =
      py::array::c_style | py::array::forcecast | py::detail::npy_api::NPY_ARRAY_ALIGNED_;
  py::array copy = py::array_t<Real, side_by_side>::ensure(array);
  if (!copy)
    refuse_argument(
        argument,
        "is not contiguous, and a copy of shape " + shape_of(array) + " does not fit into memory",
        "give rows whose values lie side by side");
  return copy;
}

void check_row_size(std::size_t n, std::size_t dimension, const std::string& argument) {
  if (n == 0) refuse_argument(argument, "has no vectors", "give at least one");
  if (n > static_cast<std::size_t>(kMostVectors))
    refuse_argument(argument, fmt::format("has {} vectors", n),
                    fmt::format("give at most {}", kMostVectors));
  if (dimension == 0)
    refuse_argument(argument, "has vectors without coordinates", "give at least one coordinate");
}

template <class Real>
VectorRows<Real> rows_of_array(const py::array& given, const std::string& argument) {
  const auto n = static_cast<std::size_t>(given.shape(0));
  const auto dimension = static_cast<std::size_t>(given.shape(1));
  check_row_size(n, dimension, argument);
  const py::array array = readable<Real>(given, argument);
  VectorRows<Real> rows{{}, dimension, {array}};
  for (std::size_t i = 0; i < n; ++i)
    rows.pointers.push_back(static_cast<const Real*>(array.data(static_cast<py::ssize_t>(i), 0)));
  return rows;
}

// One vector of a list, in whose errors it is called `place`.
template <class Real>
py::array checked_row(const py::object& item, const std::string& place) {
  if (!py::isinstance<py::array>(item))
    refuse_argument(place,
                    "is " + python_text(py::type::handle_of(item).attr("__name__")) +
                        " where the first vector is an array",
                    "give arrays alone");
  const auto array = py::reinterpret_borrow<py::array>(item);
  if (array.ndim() != 1)
    refuse_argument(place, "has shape " + shape_of(array), "give vectors of one axis");
  if (!py::isinstance<py::array_t<Real>>(array))
    refuse_argument(place,
                    fmt::format("has dtype {} where the first vector has {}",
                                python_text(array.dtype()), kDtype<Real>),
                    "convert them to one dtype by .astype()");
  return array;
}

template <class Real>
VectorRows<Real> rows_of_list(const py::sequence& list, const std::string& argument) {
  VectorRows<Real> rows{{}, 0, {}};
  const std::size_t n = list.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::string place = argument + "[" + std::to_string(i) + "]";
    const py::array array = checked_row<Real>(list[i], place);
    const auto dimension = static_cast<std::size_t>(array.shape(0));
    if (i == 0) rows.dimension = dimension;
    if (dimension != rows.dimension)
      refuse_argument(
          place,
          fmt::format("has {} coordinates, and the first vector has {}", dimension, rows.dimension),
          "give vectors of one length");
    if (dimension == 0) continue;
    rows.kept.push_back(readable<Real>(array, place));
    rows.pointers.push_back(static_cast<const Real*>(rows.kept.back().data()));
  }
  check_row_size(n, rows.dimension, argument);
  return rows;
}

[[noreturn]] void refuse_dtype(const py::array& array, const std::string& argument) {
  refuse_argument(argument, "has dtype " + python_text(array.dtype()),
                  "convert it to float32 or float64 by .astype()");
}

template <class Make>
AnyVectorRows in_its_precision(const py::array& first, const std::string& argument,
                               const Make& make) {
  if (py::isinstance<py::array_t<float>>(first)) return make(float{});
  if (py::isinstance<py::array_t<double>>(first)) return make(double{});
  refuse_dtype(first, argument);
}

}  // namespace

AnyVectorRows rows_of(const py::object& vectors, const std::string& argument) {
  if (py::isinstance<py::array>(vectors)) {
    const auto array = py::reinterpret_borrow<py::array>(vectors);
    if (array.ndim() != 2)
      refuse_argument(argument, "has shape " + shape_of(array),
                      "give an array of shape (n, d), or a list of n vectors");
    return in_its_precision(array, argument, [&](auto real) -> AnyVectorRows {
      return rows_of_array<decltype(real)>(array, argument);
    });
  }
  if (!py::isinstance<py::list>(vectors) && !py::isinstance<py::tuple>(vectors))
    refuse_argument(argument,
                    "is " + python_text(py::type::handle_of(vectors).attr("__name__")) +
                        ", not an array or a list of arrays",
                    "convert it by numpy.asarray()");
  const auto list = py::reinterpret_borrow<py::sequence>(vectors);
  if (list.size() == 0) refuse_argument(argument, "has no vectors", "give at least one");
  const py::object first = list[0];
  if (!py::isinstance<py::array>(first))
    refuse_argument(
        argument + "[0]",
        "is " + python_text(py::type::handle_of(first).attr("__name__")) + ", not an array",
        "convert it by numpy.asarray()");
  return in_its_precision(
      py::reinterpret_borrow<py::array>(first), argument + "[0]",
      [&](auto real) -> AnyVectorRows { return rows_of_list<decltype(real)>(list, argument); });
}

template <class Real>
py::array_t<Real> row_of(const py::object& vector, std::size_t dimension,
                         const std::string& argument) {
  if (!py::isinstance<py::array>(vector))
    refuse_argument(
        argument,
        "is " + python_text(py::type::handle_of(vector).attr("__name__")) + ", not an array",
        "convert it by numpy.asarray()");
  const auto array = py::reinterpret_borrow<py::array>(vector);
  if (!py::isinstance<py::array_t<Real>>(array))
    refuse_argument(argument,
                    fmt::format("has dtype {}, and the vectors have {}", python_text(array.dtype()),
                                kDtype<Real>),
                    "convert it by .astype()");
  if (array.ndim() != 1 || static_cast<std::size_t>(array.shape(0)) != dimension)
    refuse_argument(argument,
                    fmt::format("has shape {}, and the vectors have {} coordinates",
                                shape_of(array), dimension),
                    "give one value for each coordinate");
  return py::reinterpret_borrow<py::array_t<Real>>(readable<Real>(array, argument));
}

template <class Real>
py::array_t<Real> answer_array(const py::object& out, const VectorRows<Real>& rows,
                               const std::optional<py::array_t<Real>>& previous) {
  if (out.is_none()) return py::array_t<Real>(static_cast<py::ssize_t>(rows.dimension));
  const py::array_t<Real> array = row_of<Real>(out, rows.dimension, "out");
  if (!array.is(out))
    refuse_argument("out", "is not contiguous", "give an array whose values lie side by side");
  if (!array.writeable()) refuse_argument("out", "is read-only", "give an array of your own");
  const std::less<> before;
  for (const Real* const row : rows.pointers)
    if (before(row, array.data() + rows.dimension) && before(array.data(), row + rows.dimension))
      refuse_argument("out", "overlaps the vectors", "give an array of its own");
  if (previous && before(previous->data(), array.data() + rows.dimension) &&
      before(array.data(), previous->data() + rows.dimension))
    refuse_argument("out", "overlaps previous", "give an array of its own");
  return array;
}

template py::array_t<float> row_of(const py::object&, std::size_t, const std::string&);
template py::array_t<double> row_of(const py::object&, std::size_t, const std::string&);
template py::array_t<float> answer_array(const py::object&, const VectorRows<float>&,
                                         const std::optional<py::array_t<float>>&);
template py::array_t<double> answer_array(const py::object&, const VectorRows<double>&,
                                          const std::optional<py::array_t<double>>&);

}  // namespace byzsim::python
