// Compressors as functions of arrays.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/compressors/compressor.h"
#include "core/input/parameter_reader.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/vectors.h"

namespace byzsim::python {
namespace {

// One compressor whose parameters have been read once.
struct BoundCompressor {
  Choice choice;
};

BoundCompressor read_compressor(const std::string& compressor) {
  Issues issues;
  Notes notes;  // an alias has become the preferred name: as good
  Choice choice = read_choice(compressors().declarations(), "compressor",
                              parse_json(compressor, "compressor"), "compressor", issues, notes);
  throw_if_any(issues);
  return {std::move(choice)};
}

// The messages of the nodes from `first_node` on, with the counter `step`.
struct MessageNames {
  std::uint64_t first_node, step, seed;
};

template <class Real>
py::object compress_rows(const Choice& choice, const VectorRows<Real>& rows,
                         const MessageNames& names, int threads) {
  py::array_t<Real> matrix({rows.pointers.size(), rows.dimension});
  Real* const made = matrix.mutable_data();
  compute_unlocked(threads, [&](const Executor& executor) {
    for (std::size_t i = 0; i < rows.pointers.size(); ++i)
      compress<Real>(choice, {rows.pointers[i], rows.dimension},
                     compression_stream(choice, names.seed, names.first_node + i, names.step),
                     executor, made + i * rows.dimension);
  });
  return matrix;
}

// The vectors as their receivers read them, and the bytes of each message.
py::tuple compress_vectors(const BoundCompressor& bound, const py::object& vectors,
                           std::uint64_t first_node, std::uint64_t step, std::uint64_t seed,
                           int threads) {
  check_this_thread();
  return std::visit(
      [&](const auto& rows) {
        const std::vector<std::int64_t> bytes(rows.pointers.size(),
                                              compressed_bytes(bound.choice, rows.dimension));
        return py::make_tuple(
            compress_rows(bound.choice, rows, MessageNames{first_node, step, seed}, threads),
            bytes);
      },
      rows_of(vectors, "vectors"));
}

}  // namespace

void define_compression(py::module_& module) {
  py::class_<BoundCompressor>(module, "Compressor")
      .def(py::init(&read_compressor), py::arg("compressor"))
      .def("compress", &compress_vectors, py::arg("vectors"), py::arg("first_node"),
           py::arg("step"), py::arg("seed"), py::arg("threads"));
}

}  // namespace byzsim::python
