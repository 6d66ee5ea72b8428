#include "tools/import/byzfl_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

#include "core/check.h"
#include "core/input/parameter_reader.h"
#include "tools/import/byzfl_choices.h"

namespace byzsim {
namespace {

// A key whose values are numbers, flags or texts.
struct ByzflKey {
  std::string section;
  Parameter declared;
  bool axis = false;      // whether a list has several values
  bool optional = false;  // without a default
};

Parameter byzfl_seed(const char* name) { return integer(name, 0, 0, 4294967295.0, ""); }

const std::vector<ByzflKey>& plain_keys() {
  const std::string run = "benchmark_config", model = "model", honest = "honest_clients",
                    results = "evaluation_and_results";
  static const std::vector<ByzflKey> keys = {
      {run, integer("nb_steps", 1000, 1, 1e9, ""), true},
      {run, text("device", "cpu", "")},
      {run, byzfl_seed("training_seed")},
      {run, integer("nb_training_seeds", 1, 1, 1e6, "")},
      {run, integer("nb_workers", 1, 0, 1e6, "")},
      {run, integer("nb_honest_clients", 10, 1, 1e6, ""), true},
      {run, integer("f", 0, 0, 1e6, ""), true},
      {run, integer("tolerated_f", 0, 0, 1e6, ""), true, true},
      {run, flag("set_honest_clients_as_clients", false, "")},
      {run, real("size_train_set", 0.8, 0.01, 1, ""), true},
      {run, byzfl_seed("data_distribution_seed")},
      {run, integer("nb_data_distribution_seeds", 1, 1, 1e6, "")},
      {model, integer("nb_labels", 10, 10, 10, "")},
      {model, word("loss", {"NLLLoss", "CrossEntropyLoss"}, "")},
      {model, word("optimizer_name", {"SGD"}, "")},
      {model, real("learning_rate", 0.1, 0, 3e38, "").above_low(), true},
      {model, real("learning_rate_decay", 1, 0, 1, "").above_low(), true},
      {honest, real("momentum", 0.9, 0, 0.9999, ""), true},
      {honest, real("weight_decay", 1e-4, 0, 1, ""), true},
      {honest, integer("batch_size", 32, 1, 1e6, ""), true},
      {results, integer("evaluation_delta", 50, 1, 1e9, "")},
      {results, integer("batch_size_evaluation", 128, 1, 1e9, "")},
      {results, flag("evaluate_on_test", true, "")},
      {results, flag("store_per_client_metrics", true, "")},
      {results, flag("store_models", false, "")},
      {results, text("data_folder", "./data", "")},
      {results, text("results_directory", "./results", "")}};
  return keys;
}

void read_plain_keys(const Json& json, ByzflConfig& config, Issues& issues) {
  for (const ByzflKey& key : plain_keys()) {
    const std::string where = pointer_to(pointer_to("", key.section), key.declared.name);
    const Json* section = held_at(json, key.section);
    const Json* held =
        section && section->is_object() ? held_at(*section, key.declared.name) : nullptr;
    if (held)
      config.values.push_back({where, read_values(key.declared, *held, key.axis, where, issues)});
    else if (!key.optional)
      config.values.push_back({where, {key.declared.fallback}});
  }
}

std::vector<std::string> keys_of_section(const std::string& section) {
  std::vector<std::string> known;
  for (const ByzflKey& key : plain_keys())
    if (key.section == section) known.push_back(key.declared.name);
  if (section == "benchmark_config")
    known.insert(known.end(), {"training_algorithm", "data_distribution"});
  if (section == "model") known.insert(known.end(), {"name", "dataset_name", "milestones"});
  return known;
}

constexpr const char* kSections[] = {"benchmark_config", "model", "honest_clients",
                                     "evaluation_and_results"};
constexpr const char* kChoices[] = {"aggregator", "pre_aggregators", "attack"};

void check_sections(const Json& json, Issues& issues) {
  std::vector<std::string> known(std::begin(kSections), std::end(kSections));
  known.insert(known.end(), std::begin(kChoices), std::end(kChoices));
  refuse_unknown_keys(json, known, "", issues);
  for (const char* section : kSections)
    if (const Json* held = held_at(json, section)) {
      if (held->is_object())
        refuse_unknown_keys(*held, keys_of_section(section), pointer_to("", section), issues);
      else
        issues.push_back({pointer_to("", section), "must be an object, not " + brief(*held), ""});
    }
}

void note_stated(const Json& json, const std::string& where, std::vector<std::string>& stated) {
  if (!json.is_structured()) return;
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i)
    note_stated(json[i], fmt::format("{}/{}", where, i), stated);
  if (!json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    if (value.is_null()) continue;
    stated.push_back(pointer_to(where, key));
    note_stated(value, pointer_to(where, key), stated);
  }
}

}  // namespace

bool ByzflConfig::states(const std::string& pointer) const {
  return std::find(stated.begin(), stated.end(), pointer) != stated.end();
}

const std::vector<Value>& ByzflConfig::at(const std::string& pointer) const {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const ByzflValues& each) { return each.pointer == pointer; });
  BYZ_CHECK(found != values.end(), "a configuration holds every key, and so " + pointer);
  return found->values;
}

std::vector<std::int64_t> ByzflConfig::integers(const std::string& pointer) const {
  std::vector<std::int64_t> all;
  for (const Value& value : at(pointer)) all.push_back(std::get<std::int64_t>(value));
  return all;
}

bool ByzflConfig::flag(const std::string& pointer) const {
  return std::get<bool>(at(pointer).front());
}

ByzflConfig read_byzfl_config(const Json& json) {
  if (!json.is_object())
    throw InputError({"", "a configuration must be a JSON object, not " + brief(json), ""});
  Issues issues;
  ByzflConfig config;
  check_sections(json, issues);
  note_stated(json, "", config.stated);
  read_plain_keys(json, config, issues);
  // What the file has at a pointer, or ByzFL's default.
  const auto held = [&](const std::string& pointer, Json otherwise) {
    const Json::json_pointer place(pointer);
    return json.contains(place) && !json.at(place).is_null() ? json.at(place) : otherwise;
  };
  const auto choices = [&](ByzflKind kind, const std::string& pointer, const char* otherwise) {
    return read_objects(kind, held(pointer, {{"name", otherwise}}), pointer, issues);
  };
  config.algorithms = choices(ByzflKind::algorithm, "/benchmark_config/training_algorithm", "DSGD");
  config.distributions =
      choices(ByzflKind::distribution, "/benchmark_config/data_distribution", "iid");
  config.models =
      read_names(ByzflKind::model, held("/model/name", "cnn_mnist"), "/model/name", issues);
  config.data_sets = read_names(ByzflKind::data_set, held("/model/dataset_name", "mnist"),
                                "/model/dataset_name", issues);
  config.milestones =
      read_milestones(held("/model/milestones", Json::array()), "/model/milestones", issues);
  config.aggregators = choices(ByzflKind::rule, "/aggregator", "Average");
  config.chains = read_chains(held("/pre_aggregators", Json::array()), "/pre_aggregators", issues);
  config.attacks = choices(ByzflKind::attack, "/attack", "NoAttack");
  throw_if_any(issues);
  return config;
}

std::vector<std::string> byzfl_keys() {
  std::vector<std::string> all;
  for (const char* section : kSections)
    for (const std::string& key : keys_of_section(section))
      all.push_back(pointer_to(pointer_to("", section), key));
  for (const char* key : kChoices) all.push_back(pointer_to("", key));
  return all;
}

}  // namespace byzsim
