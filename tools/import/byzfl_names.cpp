#include "tools/import/byzfl_names.h"

#include <algorithm>
#include <array>

#include "adversaries/known_strategies.h"
#include "core/check.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"

namespace byzsim {
namespace {

// A parameter of ours under ByzFL's name and with its default: the range is ours.
ByzflParameter shared_parameter(const std::vector<Declaration>& among, const std::string& strategy,
                                const std::string& theirs, const std::string& ours,
                                const Value& fallback) {
  const auto declaration = std::find_if(
      among.begin(), among.end(), [&](const Declaration& each) { return each.name == strategy; });
  BYZ_CHECK(declaration != among.end(), "ByzFL's names are of strategies that exist: " + strategy);
  const auto& declared = declaration->parameters;
  const auto found = std::find_if(declared.begin(), declared.end(),
                                  [&](const Parameter& each) { return each.name == ours; });
  BYZ_CHECK(found != declared.end(), strategy + " has no parameter " + ours);
  Parameter parameter = *found;
  parameter.name = theirs;
  parameter.fallback = fallback;
  // Keywords are byzsim's own.
  parameter.words.clear();
  return {parameter, ours};
}

std::vector<ByzflName> byzfl_algorithms() {
  return {{"DSGD", "sgd"},
          {"FedAvg",
           "fedavg",
           {{real("proportion_selected_clients", 1, 0, 1, "").above_low(), "participation", true},
            {integer("local_steps_per_client", 1, 1, 1e6, ""), "local_steps", true}}}};
}

std::vector<ByzflName> byzfl_distributions() {
  const auto all = partitions().declarations();
  const std::string theirs = "distribution_parameter";
  ByzflParameter gamma = shared_parameter(all, "gamma_similarity_niid", theirs, "gamma", 1.0);
  ByzflParameter alpha = shared_parameter(all, "dirichlet_niid", theirs, "alpha", 1.0);
  return {
      {"iid", "iid"},
      {"gamma_similarity_niid", "gamma_similarity_niid", {gamma}},
      {"dirichlet_niid",
       "dirichlet_niid",
       {alpha},
       Json::object(),
       Json::object(),
       "a run whose draw leaves a worker without examples is refused; \"least\": 1 draws again"},
      {"extreme_niid", "extreme_niid"}};
}

std::vector<ByzflName> byzfl_models() {
  const Json torch = {{"initialisation", "torch"}};
  std::vector<ByzflName> all = {
      {"fc_mnist", "mlp", {}, {{"hidden", {100}}, {"initialisation", "torch"}}},
      {"cnn_mnist", "cnn_mnist", {}, torch},
      {"logreg_mnist",
       "softmax_regression",
       {},
       torch,
       Json::object(),
       "ByzFL's has a sigmoid before its loss; this one has the cross-entropy of the softmax"},
      {"cnn_cifar", "cnn_cifar", {}, torch}};
  for (const char* name : {"ResNet18", "ResNet34", "ResNet50", "ResNet101", "ResNet152"}) {
    ByzflName residual{name, ""};
    residual.refusal = "byzsim has no residual networks";
    all.push_back(residual);
  }
  return all;
}

std::vector<ByzflName> byzfl_data_sets() {
  std::vector<ByzflName> all = {
      {"mnist", "idx", {}, {{"set", "mnist"}}, {{"normalise", "mnist"}}},
      {"fashionmnist",
       "idx",
       {},
       {{"set", "fashion-mnist"}},
       {{"augmentation", {"flip"}}},
       "ByzFL flips test images at random, too; here training images alone"},
      {"cifar10", "cifar10", {}, Json::object(), {{"normalise", "cifar10"}}}};
  for (const char* name : {"emnist", "cifar100", "imagenet"}) {
    ByzflName other{name, ""};
    other.refusal = "it is imported for mnist, fashionmnist and cifar10";
    all.push_back(other);
  }
  return all;
}

std::vector<ByzflName> byzfl_rules() {
  const auto all = rules().declarations();
  const Json krum = {{"neighbours", "n-f-1"}};
  const std::string exact =
      "with exact eigenvectors, where ByzFL takes one power iteration from a random start";
  return {{"Average", "average"},
          {"Median", "median"},
          {"TrMean", "trimmed_mean"},
          {"GeometricMedian",
           "geometric_median",
           {shared_parameter(all, "geometric_median", "nu", "nu", 0.1),
            shared_parameter(all, "geometric_median", "T", "iterations", std::int64_t{3})}},
          {"Krum", "krum", {}, krum},
          {"MultiKrum", "multi_krum", {}, {{"m", "n-f"}, {"neighbours", "n-f-1"}}},
          {"CenteredClipping",
           "centered_clipping",
           {shared_parameter(all, "centered_clipping", "L", "iterations", std::int64_t{1}),
            shared_parameter(all, "centered_clipping", "tau", "tau", 100.0)}},
          {"MDA", "mda"},
          {"MoNNA", "monna", {shared_parameter(all, "monna", "idx", "pivot", std::int64_t{0})}},
          {"Meamed", "meamed"},
          {"CAF", "caf", {}, Json::object(), Json::object(), exact},
          {"SMEA", "smea", {}, Json::object(), Json::object(), exact}};
}

std::vector<ByzflName> byzfl_pre_aggregators() {
  const auto all = pre_aggregators().declarations();
  return {{"NNM", "nnm"},
          {"Bucketing",
           "bucketing",
           {shared_parameter(all, "bucketing", "s", "size", std::int64_t{1})}},
          {"Clipping", "clipping", {shared_parameter(all, "clipping", "c", "threshold", 2.0)}},
          {"ARC", "arc"}};
}

// ByzFL's optimised attacks know the rule and its pre-aggregators, as they do here.
std::vector<ByzflParameter> byzfl_search(const std::vector<Declaration>& all,
                                         const std::string& attack) {
  return {shared_parameter(all, attack, "evals", "evaluations", std::int64_t{20}),
          shared_parameter(all, attack, "start", "start", 0.0),
          shared_parameter(all, attack, "delta", "delta", 10.0),
          shared_parameter(all, attack, "ratio", "ratio", 0.8)};
}

std::vector<ByzflName> byzfl_attacks() {
  const auto all = scenario_tables().attacks;
  const std::string ipm = "inner_product_manipulation", alie = "a_little_is_enough";
  return {
      {"NoAttack", ""},
      {"SignFlipping", "sign_flipping"},
      {"InnerProductManipulation", ipm, {shared_parameter(all, ipm, "tau", "tau", 2.0)}},
      {"Optimal_InnerProductManipulation", "optimal_" + ipm, byzfl_search(all, "optimal_" + ipm)},
      {"ALittleIsEnough", alie, {shared_parameter(all, alie, "tau", "z", 1.5)}},
      {"Optimal_ALittleIsEnough", "optimal_" + alie, byzfl_search(all, "optimal_" + alie)},
      {"Mimic", "mimic", {shared_parameter(all, "mimic", "epsilon", "index", std::int64_t{0})}},
      {"Inf", "infinity"},
      {"Gaussian",
       "gaussian",
       {shared_parameter(all, "gaussian", "mu", "mean", 0.0),
        shared_parameter(all, "gaussian", "sigma", "deviation", 1.0)},
       Json::object(),
       Json::object(),
       "each Byzantine worker draws a vector of its own; ByzFL repeats one"},
      {"LabelFlipping",
       "label_flipping",
       {},
       Json::object(),
       Json::object(),
       "each Byzantine worker flips labels of batches of its own and keeps momentum; ByzFL "
       "sends the mean of flipped gradients of the honest workers' batches without momentum, "
       "and in FedAvg the mean of the honest models"}};
}

}  // namespace

const std::vector<ByzflName>& byzfl_names(ByzflKind kind) {
  static const std::array<std::vector<ByzflName>, 7> all = {
      byzfl_algorithms(), byzfl_distributions(),   byzfl_models(), byzfl_data_sets(),
      byzfl_rules(),      byzfl_pre_aggregators(), byzfl_attacks()};
  return all[static_cast<std::size_t>(kind)];
}

const ByzflName* find_byzfl_name(ByzflKind kind, std::string_view theirs) {
  for (const ByzflName& each : byzfl_names(kind))
    if (each.theirs == theirs) return &each;
  return nullptr;
}

const char* noun_of(ByzflKind kind) {
  constexpr std::array<const char*, 7> nouns = {
      "training algorithm", "data distribution", "model", "data set",
      "aggregator",         "pre-aggregator",    "attack"};
  return nouns[static_cast<std::size_t>(kind)];
}

}  // namespace byzsim
