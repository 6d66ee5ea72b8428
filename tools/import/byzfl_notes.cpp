#include "tools/import/byzfl_notes.h"

#include <fmt/format.h>

#include <algorithm>

namespace byzsim {
namespace {

// What becomes of a key whatever its value; only where the file has it.
struct LostKey {
  const char* pointer;
  const char* fate;
};

constexpr LostKey kLostKeys[] = {
    {"/benchmark_config/device", "left out: byzsim computes on the processor"},
    {"/benchmark_config/nb_workers",
     "left out, as in ByzFL: the number follows from nb_honest_clients and f"},
    {"/benchmark_config/training_seed",
     "the first seed of the sweep; the numbers drawn are not those of ByzFL"},
    {"/benchmark_config/data_distribution_seed",
     "left out: one seed draws shares, initial models and batches"},
    {"/evaluation_and_results/batch_size_evaluation", "left out: it has no effect on results"},
    {"/evaluation_and_results/store_per_client_metrics",
     "left out: metrics are means over honest nodes"},
    {"/evaluation_and_results/data_folder",
     "left out: files of data sets are in $BYZSIM_DATA, or where /data/parameters/directory is"},
    {"/evaluation_and_results/results_directory",
     "left out: byzsim sweep run has --out DIR; each run has a directory of its own there, named "
     "by "
     "all that it computes"}};

void note_lost_keys(const ByzflConfig& config, Notes& notes) {
  for (const LostKey& key : kLostKeys)
    if (config.states(key.pointer)) notes.push_back(fmt::format("{}: {}", key.pointer, key.fate));
}

void note_values(const ByzflConfig& config, Notes& notes) {
  if (config.integer("/benchmark_config/nb_data_distribution_seeds") > 1)
    notes.emplace_back(
        "/benchmark_config/nb_data_distribution_seeds: each pair of seeds becomes one seed of the "
        "sweep");
  if (!config.flag("/evaluation_and_results/evaluate_on_test"))
    notes.emplace_back(
        "/evaluation_and_results/evaluate_on_test: test accuracy is recorded in any case");
  if (config.flag("/evaluation_and_results/store_models"))
    notes.emplace_back(
        "/evaluation_and_results/store_models: left out: a sweep keeps tables alone; byzsim run "
        "--models every=N stores the models of one run");
}

// One note for each name that occurs.
void note_names(const std::vector<ByzflChoice>& choices, const std::string& pointer, Notes& notes) {
  std::vector<const ByzflName*> seen;
  for (const ByzflChoice& choice : choices) {
    if (choice.name->note.empty()) continue;
    if (std::find(seen.begin(), seen.end(), choice.name) != seen.end()) continue;
    seen.push_back(choice.name);
    notes.push_back(fmt::format("{}: {}: {}", pointer, choice.name->theirs, choice.name->note));
  }
}

bool has(const std::vector<ByzflChoice>& choices, const char* theirs) {
  return std::any_of(choices.begin(), choices.end(),
                     [&](const ByzflChoice& each) { return each.name->theirs == theirs; });
}

void note_loss(const ByzflConfig& config, Notes& notes) {
  const auto& loss = std::get<std::string>(config.at("/model/loss").front());
  if (loss == "NLLLoss" && has(config.models, "cnn_cifar"))
    notes.emplace_back(
        "/model/loss: NLLLoss of cnn_cifar's logits is not a cross-entropy in ByzFL; here it is "
        "that of the softmax, as with CrossEntropyLoss");
}

void note_overwritten(const ByzflConfig& config, Notes& notes) {
  for (const std::string& pointer : config.stated)
    if (pointer.ends_with("/parameters/f"))
      notes.push_back(pointer + ": left out, as in ByzFL: tolerated_f is used");
}

// ByzFL's FedAvg takes plain steps at the rate of the beginning.
void note_federated(const ByzflConfig& config, Notes& notes) {
  if (!is_federated(config)) return;
  if (config.at("/honest_clients/momentum") != std::vector<Value>{0.0})
    notes.emplace_back("/honest_clients/momentum: 0, as ByzFL's FedAvg uses none");
  const bool falls = std::any_of(config.milestones.begin(), config.milestones.end(),
                                 [](const auto& each) { return !each.empty(); });
  if (falls && config.at("/model/learning_rate_decay") != std::vector<Value>{1.0})
    notes.emplace_back(
        "/model/milestones: left out with learning_rate_decay: in ByzFL's FedAvg the rate stays as "
        "it is");
}

}  // namespace

bool is_federated(const ByzflConfig& config) { return has(config.algorithms, "FedAvg"); }

Notes notes_of(const ByzflConfig& config) {
  Notes notes;
  note_values(config, notes);
  note_lost_keys(config, notes);
  note_names(config.distributions, "/benchmark_config/data_distribution", notes);
  note_names(config.models, "/model/name", notes);
  note_names(config.data_sets, "/model/dataset_name", notes);
  note_loss(config, notes);
  note_federated(config, notes);
  note_names(config.aggregators, "/aggregator", notes);
  note_overwritten(config, notes);
  note_names(config.attacks, "/attack", notes);
  return notes;
}

}  // namespace byzsim
