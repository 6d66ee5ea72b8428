#include "tools/import/byzfl_sweep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tools/import/byzfl_clients.h"
#include "tools/import/byzfl_conditions.h"
#include "tools/import/byzfl_notes.h"
#include "tools/import/byzfl_strategies.h"
#include "tools/import/sweep_draft.h"

namespace byzsim {
namespace {

// What the import of one configuration is about.
struct Import {
  const ByzflConfig& config;
  SweepDraft draft = {};
  std::int64_t repeated = 1;  // ByzFL's runs for each point: keys that have no effect in them
  std::int64_t removed = 0;   // combinations of numbers of clients
  Issues issues = {};
  Notes notes = {};
};

// A key of ByzFL's whose values are the same here.
void import_key(Import& import, const std::string& theirs, const std::string& column,
                const std::string& pointer) {
  SweepLine line{column, pointer, {}};
  for (const Value& value : import.config.at(theirs)) line.values.push_back(json_of_value(value));
  import.draft.add_line(line);
}

// Labels that differ, or an issue.
template <class Choice>
std::vector<std::string> labels_of(Import& import, const std::string& theirs,
                                   const std::vector<Choice>& choices) {
  std::vector<std::string> labels;
  std::set<std::string> different;
  for (const bool whole : {false, true}) {
    labels.clear();
    for (const Choice& each : choices) labels.push_back(label_of_choice(each, whole));
    different = {labels.begin(), labels.end()};
    if (different.size() == labels.size()) return labels;
  }
  import.issues.push_back({theirs, "duplicate value in the list", "leave it out"});
  return labels;
}

template <class Choice, class ChangesOf>
void import_choices(Import& import, const std::string& theirs, const std::string& column,
                    const std::vector<Choice>& choices, const ChangesOf& changes_of) {
  const std::vector<std::string> labels = labels_of(import, theirs, choices);
  std::vector<LabelledChanges> variants;
  for (std::size_t i = 0; i < choices.size(); ++i)
    variants.emplace_back(labels[i], changes_of(choices[i]));
  import.draft.add_variants(column, variants);
}

// The part of federated training that follows from the numbers of clients.
void add_federated_lines(Import& import, const std::vector<ByzflClients>& clients,
                         std::vector<SweepLine>& lines) {
  const ByzflChoice& first = import.config.algorithms.front();
  SweepLine tolerated{"rule_f", "/protocol/parameters/tolerated", {}};
  SweepLine sampled{"sampled", "/workers/participation/parameters/count", {}};
  for (const ByzflClients& each : clients) {
    tolerated.values.push_back(each.tolerated);
    sampled.values.push_back(sampled_of(first, each.honest));
    if (import.config.algorithms.size() > 1 && each.honest != clients.front().honest)
      import.issues.push_back({"/benchmark_config/training_algorithm",
                               "a list, beside several numbers of honest clients",
                               "use one value in one of the two, and import a file for each"});
  }
  lines.push_back(tolerated);
  if (import.config.algorithms.size() == 1) lines.push_back(sampled);
}

void import_clients(Import& import, const std::vector<ByzflClients>& clients) {
  const bool declared = import.config.states("/benchmark_config/tolerated_f");
  SweepLine n{"n", "/workers/count", {}};
  SweepLine f{"f", declared ? "/workers/byzantine/actual" : "/workers/byzantine", {}};
  SweepLine tolerated{"tolerated_f", "/workers/byzantine/declared", {}};
  for (const ByzflClients& each : clients) {
    n.values.push_back(each.n());
    f.values.push_back(each.f);
    tolerated.values.push_back(each.tolerated);
  }
  std::vector<SweepLine> lines = {n, f};
  if (declared) lines.push_back(tolerated);
  if (is_federated(import.config)) add_federated_lines(import, clients, lines);
  import.draft.add_zip(lines);
}

// The protocol, and what of it depends on ByzFL's algorithm alone.
void import_algorithm(Import& import, const std::vector<ByzflClients>& clients) {
  const auto& algorithms = import.config.algorithms;
  const std::string where = "/benchmark_config/training_algorithm";
  SweepDraft& draft = import.draft;
  draft.set("/protocol/name", algorithms.front().name->ours);
  draft.set("/servers/count", 1);
  if (!is_federated(import.config)) {
    if (algorithms.size() > 1) import.issues.push_back({where, "duplicate value DSGD", ""});
    return;
  }
  for (const ByzflChoice& each : algorithms) {
    if (each.name != algorithms.front().name) {
      import.issues.push_back(
          {where, "DSGD and FedAvg in one list", "import a file for each: they are two protocols"});
      return;
    }
    if (sampled_of(each, clients.front().honest) < 1)
      import.issues.push_back({where, "no client is drawn", "use a larger proportion"});
  }
  draft.set("/protocol/parameters", {{"sends", "models"}});
  import_choices(import, where, "training_algorithm", algorithms, [&](const ByzflChoice& each) {
    const Json count = {{"count", sampled_of(each, clients.front().honest)}};
    return Json{{"/workers/participation", {{"name", "count"}, {"parameters", count}}},
                {"/workers/local_steps", each.parameters.integer("local_steps_per_client")}};
  });
}

void import_distribution(Import& import) {
  const auto& choices = import.config.distributions;
  const ByzflName& first = *choices.front().name;
  const bool alike = std::all_of(choices.begin(), choices.end(),
                                 [&](const ByzflChoice& each) { return each.name == &first; });
  const std::string theirs = "/benchmark_config/data_distribution";
  if (!alike || first.parameters.empty()) {
    import_choices(import, theirs, "data_distribution", choices, [](const ByzflChoice& each) {
      return Json{{"/partition", byzfl_strategy_json(each)}};
    });
    return;
  }
  const std::string& ours = first.parameters.front().ours;
  labels_of(import, theirs, choices);
  import.draft.set("/partition", byzfl_strategy_json(choices.front()));
  SweepLine line{ours, "/partition/parameters/" + ours, {}};
  for (const ByzflChoice& each : choices)
    line.values.push_back(json_of_value(each.parameters.at("distribution_parameter")));
  import.draft.add_line(line);
}

// ByzFL names the share that is left to train on.
void import_validation(Import& import) {
  SweepLine line{"validation", "/data/validation", {}};
  for (const Value& value : import.config.at("/benchmark_config/size_train_set"))
    // Not 0.19999999999999996, of which a file of people would be full.
    line.values.push_back(std::floor((1 - std::get<double>(value)) * 1e9 + 0.5) / 1e9);
  import.draft.add_line(line);
}

// The networks of MNIST's shape take no others, nor cnn_cifar those.
void check_image_shapes(Import& import) {
  for (const ByzflChoice& model : import.config.models)
    for (const ByzflChoice& data : import.config.data_sets)
      if (model.name->theirs.ends_with("_mnist") == (data.name->theirs == "cifar10"))
        import.issues.push_back(
            {"/model/dataset_name",
             fmt::format("{} takes no images of {} in ByzFL", model.name->theirs,
                         data.name->theirs),
             "use *_mnist with mnist or fashionmnist, and cnn_cifar with cifar10"});
}

void import_model(Import& import) {
  check_image_shapes(import);
  import_choices(import, "/model/name", "model", import.config.models, [](const ByzflChoice& each) {
    return Json{{"/model", byzfl_strategy_json(each)}};
  });
  import_choices(
      import, "/model/dataset_name", "dataset", import.config.data_sets,
      [](const ByzflChoice& each) {
        return Json{{"/data/name", each.name->ours},
                    {"/data/parameters", each.name->fixed},
                    {"/data/normalise", each.name->beside.value("normalise", "none")},
                    {"/data/augmentation", each.name->beside.value("augmentation", Json::array())}};
      });
}

void import_rate(Import& import) {
  const ByzflConfig& config = import.config;
  const auto& milestones = config.milestones;
  const auto& decays = config.at("/model/learning_rate_decay");
  const bool constant = is_federated(config) || decays == std::vector<Value>{1.0} ||
                        std::all_of(milestones.begin(), milestones.end(),
                                    [](const auto& each) { return each.empty(); });
  import.draft.set("/optimizer/rate/name", constant ? "constant" : "milestones");
  import_key(import, "/model/learning_rate", "learning_rate", "/optimizer/rate/parameters/initial");
  if (constant) {
    import.repeated *= static_cast<std::int64_t>(decays.size() * milestones.size());
    return;
  }
  import_key(import, "/model/learning_rate_decay", "learning_rate_decay",
             "/optimizer/rate/parameters/factor");
  SweepLine line{"milestones", "/optimizer/rate/parameters/at", {}};
  for (const auto& each : milestones) line.values.emplace_back(each);
  import.draft.add_line(line);
}

void import_defence(Import& import) {
  import_choices(import, "/aggregator", "aggregator", import.config.aggregators,
                 [](const ByzflChoice& each) {
                   return Json{{"/workers/aggregator", byzfl_strategy_json(each)}};
                 });
  import_choices(import, "/pre_aggregators", "pre_aggregators", import.config.chains,
                 [](const ByzflChain& chain) {
                   Json pre = Json::array();
                   for (const ByzflChoice& each : chain) pre.push_back(byzfl_strategy_json(each));
                   return Json{{"/workers/pre", pre}};
                 });
}

void import_honest_clients(Import& import) {
  if (is_federated(import.config)) {
    import.draft.set("/optimizer/momentum", 0);
    import.repeated *=
        static_cast<std::int64_t>(import.config.at("/honest_clients/momentum").size());
  } else {
    import_key(import, "/honest_clients/momentum", "momentum", "/optimizer/momentum");
  }
  import_key(import, "/honest_clients/weight_decay", "weight_decay", "/optimizer/weight_decay");
  import_key(import, "/honest_clients/batch_size", "batch_size", "/workers/batch_size");
  import.draft.set("/workers/batches", "passes");
}

void import_attack(Import& import, const std::vector<ByzflClients>& clients) {
  const bool any = std::any_of(clients.begin(), clients.end(),
                               [](const ByzflClients& each) { return each.f > 0; });
  for (const ByzflChoice& each : import.config.attacks)
    if (each.name->ours.empty() && any)
      import.issues.push_back({"/attack",
                               "NoAttack needs f = 0: ByzFL stops at the first step otherwise",
                               "name an attack, or set /benchmark_config/f to 0"});
  import_choices(import, "/attack", "attack", import.config.attacks, [](const ByzflChoice& each) {
    if (each.name->ours.empty()) return Json(Json::object());
    return Json{{"/adversary/workers", byzfl_strategy_json(each)}};
  });
  import.draft.set("/adversary/rushing", "all");
}

// ByzFL asks for 2f < n alone; what is stated for some rules here is more.
void permit_conditions(Import& import, const std::vector<ByzflClients>& clients) {
  // What follows from wrong numbers of clients would only confuse.
  if (!import.issues.empty()) return;
  const ByzflConditions conditions = conditions_of(import.config, clients);
  import.issues = conditions.issues;
  if (conditions.permitted.empty()) return;
  import.draft.set("/unsafe", true);
  import.notes.push_back(fmt::format(
      "/aggregator: {} below the condition that is stated for it here; \"unsafe\": true permits it",
      fmt::join(conditions.permitted, ", ")));
}

std::int64_t seeds_of(const ByzflConfig& config) {
  return config.integer("/benchmark_config/nb_training_seeds") *
         config.integer("/benchmark_config/nb_data_distribution_seeds");
}

Json sweep_json(const Import& import) {
  Json sweep = {{"summary", "Imported from a configuration of ByzFL's benchmark"},
                {"scenario", import.draft.scenario}};
  if (!import.draft.axes.empty()) sweep["axes"] = import.draft.axes;
  if (seeds_of(import.config) > 1) sweep["repeat"] = seeds_of(import.config);
  return sweep;
}

}  // namespace

ImportedSweep sweep_of(const ByzflConfig& config) {
  Import import{config};
  import.draft.set("/seed", config.integer("/benchmark_config/training_seed"));
  const std::vector<ByzflClients> clients = clients_of(config, import.removed, import.issues);
  import_algorithm(import, clients);
  import_key(import, "/benchmark_config/nb_steps", "nb_steps", "/steps");
  import_clients(import, clients);
  import_distribution(import);
  import_model(import);
  import_validation(import);
  import_rate(import);
  import_defence(import);
  import_honest_clients(import);
  import_attack(import, clients);
  import_key(import, "/evaluation_and_results/evaluation_delta", "", "/metrics/every");
  permit_conditions(import, clients);
  throw_if_any(import.issues);
  Notes notes = notes_of(config);
  notes.insert(notes.end(), import.notes.begin(), import.notes.end());
  const std::int64_t runs = import.draft.points * seeds_of(config);
  const auto kept = static_cast<std::int64_t>(clients.size());
  return {sweep_json(import), notes, runs, runs * import.repeated,
          runs * import.repeated / kept * import.removed};
}

}  // namespace byzsim
