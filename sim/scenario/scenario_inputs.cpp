// The model, data and delays in the order of their keys: the digests of their files enter the id in
// this order.

#include "sim/scenario/scenario_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "core/datasets/dataset.h"
#include "core/graphs/topology.h"
#include "core/input/issue.h"
#include "core/models/model_file.h"
#include "sim/network/delays/delay.h"

namespace byzsim {
namespace {

// Every delay of the scenario, with its place.
template <class Scenario_, class Visit>
void for_each_delay(Scenario_& scenario, Visit visit) {
  visit("/network/delay", scenario.delay);
  for (std::size_t i = 0; i < scenario.links.size(); ++i)
    visit(fmt::format("/network/links/{}/delay", i), scenario.links[i].delay);
  visit("/compute/gradient", scenario.gradient_time);
  visit("/compute/aggregation", scenario.aggregation_time);
}

// The first and those of later steps, with their places.
template <class Plan, class Visit>
void for_each_topology(Plan& plan, Visit visit) {
  visit("/topology", plan.topology);
  for (std::size_t i = 0; i < plan.changes.size(); ++i)
    visit(fmt::format("/topology_changes/{}/topology", i), plan.changes[i].topology);
}

std::vector<std::string> data_files(const Scenario& scenario, const std::string& data_root) {
  const DatasetEntry& entry = datasets().at(scenario.data.name);
  if (scenario.numbers == Numbers::none || entry.files == nullptr) return {};
  // Names of files take no threads, but the data set's entry asks for some.
  const Executor here(1);
  return entry.files({scenario.data.parameters, scenario.seed, data_root, here});
}

void clear_paths(const Declaration& declaration, Choice& choice) {
  for (const Parameter& parameter : declaration.parameters)
    if (parameter.type == ParameterType::path) choice.parameters.set(parameter.name, std::string());
}

std::string text_of_input(const InputFile& file) {
  return fmt::format("{} ({} bytes)", file.digest, file.bytes);
}

}  // namespace

std::vector<InputFile> inputs_of(const Scenario& scenario, const std::string& data_root,
                                 const InputReader& read) {
  BYZ_CHECK(read != nullptr, "files are read by a function");
  std::vector<InputFile> inputs;
  Issues issues;
  const auto add = [&](const std::string& where, const auto& paths_of) {
    try {
      for (const std::string& path : paths_of()) {
        const InputFile input = read(path);
        // A file that several keys name is one input.
        if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
      }
    } catch (const InputError& error) {
      for (Issue issue : error.issues()) {
        // What names a file gets the key in front of it; what has a pointer keeps it.
        if (!issue.where.starts_with('/')) issue.where = where + ": " + issue.where;
        issues.push_back(issue);
      }
    }
  };
  if (!scenario.model_start.empty())
    add("/model/start",
        [&] { return std::vector{find_model_file(scenario.model_start, data_root)}; });
  if (scenario.on_graph)
    for_each_topology(*scenario.on_graph, [&](const std::string& where, const Choice& topology) {
      add(where, [&] { return topology_files(topology); });
    });
  add("/data", [&] { return data_files(scenario, data_root); });
  for_each_delay(scenario, [&](const std::string& where, const Choice& choice) {
    const DelayEntry& entry = delays().at(choice.name);
    if (entry.files != nullptr)
      add(where, [&] { return entry.files(choice.parameters, data_root); });
  });
  throw_if_any(issues);
  return inputs;
}

Scenario without_paths(Scenario scenario) {
  // That there is one stays: its digest is the first of the inputs.
  if (!scenario.model_start.empty()) scenario.model_start = "file";
  if (scenario.on_graph)
    for_each_topology(*scenario.on_graph, [](const std::string&, Choice& topology) {
      clear_paths(topologies().at(topology.name).declaration, topology);
    });
  clear_paths(datasets().at(scenario.data.name).declaration, scenario.data);
  for_each_delay(scenario, [](const std::string&, Choice& choice) {
    clear_paths(delays().at(choice.name).declaration, choice);
  });
  return scenario;
}

Json write_inputs(const std::vector<InputFile>& inputs) {
  Json list = Json::array();
  for (const InputFile& each : inputs)
    list.push_back({{"file", each.file}, {"digest", each.digest}, {"bytes", each.bytes}});
  return list;
}

std::vector<InputFile> read_inputs(const Json& list) {
  std::vector<InputFile> inputs;
  if (!list.is_array()) return inputs;
  for (const Json& each : list) {
    if (!each.is_object() || !each.value("file", Json()).is_string() ||
        !each.value("digest", Json()).is_string() ||
        !each.value("bytes", Json()).is_number_unsigned())
      return {};
    inputs.push_back({each["file"].get<std::string>(), each["digest"].get<std::string>(),
                      each["bytes"].get<std::uint64_t>()});
  }
  return inputs;
}

std::vector<std::string> changed_inputs(const std::vector<InputFile>& before,
                                        const std::vector<InputFile>& now) {
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < std::max(before.size(), now.size()); ++i) {
    if (i >= before.size())
      sentences.push_back(fmt::format("{} was not read before", now[i].file));
    else if (i >= now.size())
      sentences.push_back(fmt::format("{} is not read any more", before[i].file));
    else if (before[i].digest != now[i].digest || before[i].bytes != now[i].bytes)
      sentences.push_back(fmt::format("the content of {} has changed: {} before, {} now",
                                      now[i].file, text_of_input(before[i]),
                                      text_of_input(now[i])));
  }
  return sentences;
}

}  // namespace byzsim
