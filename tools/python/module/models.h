// The models that servers hold, as arrays that stay valid.
#pragma once

#include <pybind11/numpy.h>

#include "sim/observe/server_models.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/vectors.h"

namespace byzsim::python {

using ModelsByServer = ServerModels;

/// The values of a vector where they lie, which nobody can write to; None where it has none.
inline py::object view_of(const Payload& payload) {
  if (!payload.has_values()) return py::none();
  auto kept = std::make_unique<Payload>(payload);
  const std::vector<float>* values = nullptr;
  // It may still have to be computed, by functions of the user's.
  Interruption interruption;
  work_unlocked(interruption, false, [&] { values = &kept->values(); });
  interruption.raise();
  const py::capsule owner(kept.release(),
                          [](void* held) noexcept { delete static_cast<Payload*>(held); });
  return read_only(
      py::array_t<float>(static_cast<py::ssize_t>(values->size()), values->data(), owner));
}

/// {server: (step, model)}.
inline py::dict models_to_python(const ModelsByServer& models) {
  py::dict all;
  for (const auto& [server, adopted] : models)
    all[py::int_(server)] = py::make_tuple(adopted.step, view_of(adopted.model));
  return all;
}

}  // namespace byzsim::python
