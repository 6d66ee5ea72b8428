#include "sim/observe/metrics_columns.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace byzsim {
namespace {

constexpr std::array kLaterColumns = {
    "disagreement",     "accuracy_of_mean", "disagreement_across_cut", "disagreement_within_cut",
    "clipped_per_node", "removed_per_node", "attack_success",          "validation_accuracy"};

}  // namespace

std::vector<Column> columns_of(const MetricsRow& row) {
  return {
      {"step", "", "the step of the row", double(row.step)},
      {"simulated_seconds", "s", "simulated time at which the last honest server began the step",
       row.simulated_seconds},
      {"accuracy", "fraction",
       "share of the test set that is classified correctly, mean over the honest servers",
       row.accuracy},
      {"accuracy_worst", "fraction", "accuracy of the honest server with the lowest one",
       row.accuracy_worst},
      {"loss", "nats", "mean cross-entropy on the test set, mean over the honest servers",
       row.loss},
      {"drift", "", "largest Euclidean distance between the models of two honest servers",
       row.drift},
      {"messages", "messages", "messages with vectors that were sent so far", double(row.messages)},
      {"bytes", "bytes", "size of all messages that were sent so far", double(row.bytes)},
      {"drift_coordinates", "",
       "sum over the coordinates of the largest difference between two "
       "honest servers; the contraction theorem of the paper is about it",
       row.drift_coordinates},
      {"drift_before", "", "drift just before the gather of the step", row.drift_before},
      {"drift_coordinates_before", "", "drift_coordinates just before the gather of the step",
       row.drift_coordinates_before},
      {"contraction", "",
       "drift_coordinates after the gather of the step divided by its value before the gather",
       row.contraction},
      {"alignment", "",
       "absolute cosine of the angle between the two largest differences of "
       "honest servers; needs three honest servers",
       row.alignment},
      {"variance_to_norm", "",
       "root of the mean squared distance of the honest gradients of the "
       "step before from their mean, divided by the norm of that mean",
       row.variance_to_norm},
      {"staleness", "steps", "mean age of the gradients that were used since the last row",
       row.staleness},
      {"disagreement", "",
       "on a graph: root of the mean squared distance of the honest nodes' models from their mean",
       row.disagreement},
      {"accuracy_of_mean", "fraction",
       "on a graph: accuracy of the mean of the honest nodes' models", row.accuracy_of_mean},
      {"disagreement_across_cut", "",
       "on a graph: distance between the mean models of the honest nodes on the two sides of the "
       "Fiedler cut",
       row.disagreement_across_cut},
      {"disagreement_within_cut", "",
       "on a graph: root of the mean squared distance of the honest nodes' models from the mean of "
       "their side of the Fiedler cut",
       row.disagreement_within_cut},
      {"clipped_per_node", "vectors",
       "on a graph: vectors that the rule clipped in a combination of the step, mean over the "
       "honest nodes; empty where the rule does not clip",
       row.clipped_per_node},
      {"removed_per_node", "vectors",
       "on a graph: vectors that the rule gave no weight in a combination of the step, mean over "
       "the honest nodes; empty where the rule does not remove",
       row.removed_per_node},
      {"attack_success", "fraction",
       "of a backdoor: share of the test examples of other classes that are classified as its "
       "target with the trigger, mean over the honest servers",
       row.attack_success},
      {"validation_accuracy", "fraction",
       "share of the training examples held back by /data/validation that are classified "
       "correctly, mean over the honest servers",
       row.validation_accuracy}};
}

bool is_later(const Column& column) {
  return std::find(kLaterColumns.begin(), kLaterColumns.end(), std::string_view(column.name)) !=
         kLaterColumns.end();
}

}  // namespace byzsim
