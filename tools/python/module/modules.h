// The parts of byzsim._core, one file each. Every text that passes is JSON or a name; Python's own
// files (tools/python/byzsim) turn it into objects.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace byzsim::python {

/// Rules, pre-aggregators and attacks as functions of arrays.
void define_aggregation(pybind11::module_& module);
/// Compressors as functions of arrays.
void define_compression(pybind11::module_& module);
/// Scenarios: read, changed, checked; what the tables know.
void define_scenarios(pybind11::module_& module);
/// Runs and their results.
void define_runs(pybind11::module_& module);
/// A run that is stepped, looked at and forked.
void define_worlds(pybind11::module_& module);
/// What an adversary may choose among.
void define_decisions(pybind11::module_& module);
/// Sweeps: planned, run and merged in their directories.
void define_sweeps(pybind11::module_& module);
/// Searches for the worst case, and what they may choose.
void define_searches(pybind11::module_& module);
/// Strategies that are functions of Python's.
void define_strategies(pybind11::module_& module);
/// Models and data sets that are objects of Python's.
void define_workloads(pybind11::module_& module);

}  // namespace byzsim::python
