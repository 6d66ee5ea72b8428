// Events of a world as dictionaries of Python's: what has happened, what is planned, what was sent.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>

#include "sim/observe/occurrence.h"
#include "sim/run/future.h"
#include "sim/run/transcript.h"

namespace byzsim::python {

namespace py = pybind11;

/// ("server", 0).
py::object node_to_python(NodeId node);

/// An event with what was done in it.
py::dict event_to_python(const Occurrence& occurrence);

/// The planned events that come first, in their order, at most that many.
py::list next_events(const Future& future, std::size_t most);

/// {"honest": {node: vector}, "byzantine": {node: vector}, "sent": [node]}.
py::dict seen_to_python(const StepView& seen);

}  // namespace byzsim::python
