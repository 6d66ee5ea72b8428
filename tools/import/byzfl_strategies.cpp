#include "tools/import/byzfl_strategies.h"

#include <fmt/format.h>

#include <variant>

namespace byzsim {

Json json_of_value(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json byzfl_strategy_json(const ByzflChoice& choice) {
  Json parameters = choice.name->fixed;
  for (const ByzflParameter& each : choice.name->parameters)
    parameters[each.ours] = json_of_value(choice.parameters.at(each.theirs.name));
  Json strategy = {{"name", choice.name->ours}};
  if (!parameters.empty()) strategy["parameters"] = parameters;
  return strategy;
}

std::string label_of_choice(const ByzflChoice& choice, bool whole) {
  std::string label = choice.name->theirs;
  if (whole)
    for (const auto& [name, value] : choice.parameters.values())
      label += fmt::format(" {}={}", name, json_of_value(value).dump());
  return label;
}

std::string label_of_choice(const ByzflChain& chain, bool whole) {
  std::string label;
  for (const ByzflChoice& each : chain)
    label += (label.empty() ? "" : "_") + label_of_choice(each, whole);
  return label.empty() ? "none" : label;
}

}  // namespace byzsim
