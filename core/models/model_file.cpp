// Of all that the format can hold one kind is accepted: converting another would train from numbers
// that no run has written.

#include "core/models/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/datasets/data_files.h"
#include "core/datasets/npy_file.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr const char* kType = "<f4";

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

void check_layout(const std::string& path, const NpyHeader& header) {
  if (header.descr != kType)
    throw InputError({path,
                      fmt::format("contains elements of type \"{}\"; a model is of little-endian "
                                  "float32, \"{}\"",
                                  header.descr, kType),
                      "save it again: numpy.save(file, array.astype(\"<f4\"))"});
  if (header.fortran_order)
    throw InputError({path, "is in Fortran order; a model is in C order",
                      "save it again: numpy.save(file, numpy.ascontiguousarray(array))"});
  if (header.shape.size() != 1)
    throw InputError({path,
                      fmt::format("has the shape {}; a model has one axis, its parameters",
                                  shape_text(header.shape)),
                      "save it again: numpy.save(file, array.reshape(-1))"});
}

}  // namespace

std::string find_model_file(const std::string& given, const std::string& data_root) {
  return find_file(given, data_root, "models", "/model/start");
}

std::vector<float> read_model_file(const std::string& path, std::size_t dimension,
                                   const std::string& model) {
  const auto accept = [&](const NpyHeader& header) {
    check_layout(path, header);
    // Before its elements are read, which may be many.
    if (header.shape[0] != dimension)
      throw InputError({path,
                        fmt::format("contains {} parameters, but the model {} has {}",
                                    header.shape[0], model, dimension),
                        "give a file of the same model and data set"});
  };
  std::vector<float> parameters = read_npy<float>(path, accept).values;
  const auto wrong = std::find_if_not(parameters.begin(), parameters.end(),
                                      [](float value) { return std::isfinite(value); });
  if (wrong != parameters.end())
    throw InputError({path,
                      fmt::format("parameter {} (counted from 0) is {}, which is not finite",
                                  wrong - parameters.begin(), *wrong),
                      "give a model from before its run diverged"});
  return parameters;
}

}  // namespace byzsim
