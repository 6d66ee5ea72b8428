// Events of a world as dictionaries of Python's: what has happened, what is planned, what was sent.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>

#include "sim/observe/occurrence.h"
#include "sim/run/future.h"
#include "sim/run/transcript.h"

namespace byzsim::python {

namespace py = pybind11;

/// ("server", 0), or on a graph ("node", 0). The others name nodes in the same way.
py::object node_to_python(NodeId node, bool one_role);

/// An event with what was done in it.
py::dict event_to_python(const Occurrence& occurrence, bool one_role);

/// The planned events that come first, in their order, at most that many.
py::list next_events(const Future& future, std::size_t most, bool one_role);

/// {"honest": {node: vector}, "byzantine": {node: vector}, "sent": [node]}.
py::dict seen_to_python(const StepView& seen, bool one_role);

}  // namespace byzsim::python
