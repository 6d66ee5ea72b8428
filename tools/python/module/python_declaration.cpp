#include "tools/python/module/python_declaration.h"

#include "tools/python/module/input_errors.h"

namespace byzsim::python {
namespace {

std::string declared_text(const py::handle& object, const char* key) {
  return object[key].cast<std::string>();
}

Parameter parameter_from(const py::handle& given) {
  const std::string type = declared_text(given, "type"), name = declared_text(given, "name"),
                    help = declared_text(given, "help");
  const py::object fallback = given["default"];
  if (type == "flag") return flag(name, fallback.cast<bool>(), help);
  if (type == "text") return text(name, fallback.cast<std::string>(), help);
  if (type == "keyword") return word(name, given["words"].cast<std::vector<std::string>>(), help);
  const double low = given["low"].cast<double>(), high = given["high"].cast<double>();
  if (type == "integer") return integer(name, fallback.cast<std::int64_t>(), low, high, help);
  if (type == "duration") return duration(name, fallback.cast<std::int64_t>(), low, high, help);
  return real(name, fallback.cast<double>(), low, high, help);
}

}  // namespace

Declaration declaration_from(const py::dict& declared) {
  const std::string name = declared_text(declared, "name");
  Declaration declaration{.name = name,
                          .summary = declared_text(declared, "summary"),
                          .source = declared_text(declared, "source")};
  for (const py::handle& parameter : declared["parameters"])
    declaration.parameters.push_back(parameter_from(parameter));
  declaration.plugin = PluginFile{"python:" + name, declared_text(declared, "digest")};
  return declaration;
}

Bound bound_from(const py::dict& declared, const char* key) {
  const auto [times_f, plus] = declared[key].cast<std::pair<int, int>>();
  return {times_f, plus};
}

Growth growth_from(const py::dict& declared) {
  const std::string word = declared_text(declared, "growth");
  if (word == "pairs") return Growth::pairs;
  return word == "sorting" ? Growth::sorting : Growth::vectors;
}

}  // namespace byzsim::python
