// What a function of Python's declares of itself, as the tables have it.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "core/input/issue.h"
#include "core/input/strategy_names.h"
#include "core/input/table.h"
#include "core/rules/rule.h"

namespace byzsim::python {

namespace py = pybind11;

/// {"name", "summary", "source", "parameters", "digest"}: of a function whose source has that
/// digest. Throws InputError for what cannot be declared.
Declaration declaration_from(const py::dict& declared);

/// The same, for a table that must have no other strategy of that name.
template <class Entry>
Declaration declaration_from(const py::dict& declared, const Table<Entry>& table) {
  Declaration declaration = declaration_from(declared);
  const Declaration* present = nullptr;
  const std::vector<Declaration> all = table.declarations();
  for (const Declaration& each : all)
    if (is_called(each, declaration.name)) present = &each;
  if (present != nullptr && (!present->plugin || present->name != declaration.name ||
                             present->plugin->file != declaration.plugin->file))
    throw InputError({declaration.name, "is the name of a strategy that is there already",
                      "give another with name=\"...\""});
  return declaration;
}

/// (times_f, plus) under a key: n >= times_f f + plus.
Bound bound_from(const py::dict& declared, const char* key);
/// The word under "growth".
Growth growth_from(const py::dict& declared);

}  // namespace byzsim::python
