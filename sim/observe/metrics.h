// What is recorded of a run: one row for each recorded step, complete once every honest server that
// has not crashed permanently has adopted its model of that step; and the drift around every
// gather.
//
// Rows are functions of models and gradients that the run has computed anyway; recording draws
// nothing and changes nothing. What is not finite is absent from a row, never NaN. All honest
// servers count alike; Byzantine ones do not count.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/exact/digest.h"
#include "core/rules/rule.h"
#include "sim/nodes/workload.h"
#include "sim/observe/spread.h"
#include "sim/scenario/expectation.h"
#include "sim/world/node.h"
#include "sim/world/time.h"

namespace byzsim {

class Archive;

/// Metrics of the honest servers at one step; what is undefined (a diverged run) is absent.
struct MetricsRow {
  static constexpr std::size_t kFields = 24;  // of an archive
  std::int64_t step = 0;
  double simulated_seconds = 0;          ///< when the last of them began the step
  std::optional<double> accuracy;        ///< on the test set, mean over honest servers
  std::optional<double> accuracy_worst;  ///< of the honest server that does worst
  std::optional<double> loss;            ///< mean cross-entropy on the test set, in nats
  /// Largest Euclidean distance between the models of two honest servers: what scatter lets grow
  /// and a gather brings back (El-Mhamdi et al., PODC 2020).
  std::optional<double> drift;
  std::uint64_t messages = 0;  ///< sent so far
  std::uint64_t bytes = 0;     ///< sent so far
  /// Sum over coordinates of the largest difference between two honest servers (the diameter that
  /// the contraction theorem of PODC 2020 is about, as we understand it).
  std::optional<double> drift_coordinates;
  std::optional<double> drift_before;              ///< drift just before the gather of this step
  std::optional<double> drift_coordinates_before;  ///< the same of drift_coordinates
  std::optional<double> contraction;  ///< drift_coordinates after the gather over before
  /// |cos| of the angle between the two largest differences of honest servers (the alignment table
  /// of GuanYu: arXiv 1905.03853 v1, as we understand it); needs three servers.
  std::optional<double> alignment;
  /// Root of the mean squared distance of the honest gradients of the step before from their mean,
  /// over the norm of that mean. Each rule has a bound on it, (n - f) / (2f) for MDA (El-Mhamdi et
  /// al., PODC 2020, as we understand it).
  std::optional<double> variance_to_norm;
  /// Mean age in steps of the gradients used since the last row: the tau of asynchronous SGD
  /// (Damaskinos et al., ICML 2018).
  std::optional<double> staleness;
  /// Smallest descent_cosine() of an honest server's last step with the honest gradients of the
  /// step before; no column of metrics.csv.
  std::optional<double> descent_cosine;
  /// On a graph: root of the mean squared distance of the honest nodes' models from their mean.
  std::optional<double> disagreement;
  /// On a graph: accuracy of the mean of the honest nodes' models.
  std::optional<double> accuracy_of_mean;
  /// On a graph: distance between the mean models of the honest nodes on the two sides of the
  /// Fiedler cut (core/graphs/fiedler_cut.h).
  std::optional<double> disagreement_across_cut;
  /// On a graph: root of the mean squared distance of the honest nodes' models from the mean of
  /// their side.
  std::optional<double> disagreement_within_cut;
  /// On a graph: vectors that the rule clipped, or gave no weight, in a combination that made a
  /// model of this step, mean over those of honest nodes; absent where the rule does not count
  /// them.
  std::optional<double> clipped_per_node;
  std::optional<double> removed_per_node;
  /// Of a backdoor: share of the test examples of other classes that have its target with the
  /// trigger, mean over honest servers.
  std::optional<double> attack_success;
  /// On the training examples that are held back, mean over honest servers; absent without them.
  std::optional<double> validation_accuracy;
};

/// What rules did in several combinations; those that do not count it leave it out.
struct RuleTotals {
  static constexpr std::size_t kFields = 4;  // of an archive
  std::int64_t clipped = 0, clippings = 0;   ///< vectors, and the combinations that counted them
  std::int64_t removed = 0, removals = 0;
  void add(const RuleCounts& counts);
};

/// Loss and accuracy as a row has them.
struct Predictions {
  std::optional<double> loss;            ///< mean over the models; absent where it is not finite
  std::optional<double> accuracy;        ///< the same; absent also where no class is predicted
  std::optional<double> accuracy_worst;  ///< the lowest
};
/// Of models with these evaluations, at least one.
Predictions predictions_of(const std::vector<Evaluation>& evaluations);

/// Whether a step is recorded: every `metrics/every` steps, and the last.
bool is_recorded(const Scenario& scenario, std::int64_t step);

/// The columns of metrics.csv in their order.
std::vector<std::string> metric_names();
std::vector<MetricDescription> metric_descriptions();
/// A column's value by its name; nothing when it is undefined.
std::optional<double> metric_of(const MetricsRow& row, const std::string& name);

/// The columns of gathers.csv, each also one of metrics.csv.
std::vector<std::string> gather_metric_names();

/// The header line of metrics.csv.
std::string metrics_header();
/// One line of metrics.csv: shortest numbers that read back to the same bits, empty for undefined.
std::string to_csv(const MetricsRow& row);

/// The same of gathers.csv, which has a row for every gather and the columns of drift.
std::string gathers_header();
std::string gather_to_csv(const MetricsRow& row);

/// Collects models and turns them into rows, evaluating on other threads while the run goes on.
class MetricsRecorder {
 public:
  explicit MetricsRecorder(std::shared_ptr<const Workload> workload);

  /// An honest server begins a step with this model. `messages` and `bytes` were sent so far. Call
  /// complete() afterwards.
  void adopt(std::int64_t step, std::uint32_t server, const Payload& model, SimTime now,
             std::uint64_t messages, std::uint64_t bytes);
  /// How many honest servers have adopted the oldest step whose row is not made yet.
  std::size_t oldest_models() const {
    return adopted_.empty() ? 0 : adopted_.begin()->second.models.size();
  }
  /// The steps that all these servers have adopted make their rows.
  void complete(const std::vector<std::uint32_t>& servers);
  /// An honest server is about to gather for the model of this step.
  void before_gather(std::int64_t step, std::uint32_t server, const Payload& model);
  /// An honest worker has sent its gradient of a step.
  void gradient(std::int64_t step, const Payload& gradient);
  /// An honest server has used a gradient of that age in steps.
  void used(std::int64_t age);
  /// An honest node has combined vectors, which are computed.
  void combined(const RuleCount& counts);
  /// Rows whose evaluation has been waited for; all complete ones after finish().
  const std::vector<MetricsRow>& rows() const { return rows_; }
  /// The same for every gather, where only step, time, drift and contraction are set.
  const std::vector<MetricsRow>& gathers() const { return gathers_; }
  void finish();
  /// Whether every parameter of the models that these servers adopted last is finite.
  bool all_finite(const std::vector<std::uint32_t>& servers) const;
  /// Vectors that wait for honest servers that lag.
  void each_waiting(const PayloadVisit& visit);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  using ByServer = std::map<std::uint32_t, Payload>;
  struct Adopted {
    static constexpr std::size_t kFields = 3;  // of an archive
    ByServer models;
    ByServer before;    // the models of the step before
    MetricsRow counts;  // when the latest server adopted the step
  };
  struct Evaluated {
    MetricsRow counts;
    std::vector<Pending<Evaluation>> servers;  // none between recorded steps
    Pending<Spread> after, before;
    Pending<double> variance_to_norm;
    std::vector<Pending<double>> descent_cosines;
    Pending<double> disagreement;  // from here on: on a graph
    Pending<Evaluation> of_mean;
    Pending<std::optional<CutSpread>> cut;
    RuleTotals counted;
    std::vector<Pending<RuleCounts>> counting;   // beside those
    std::vector<Pending<Evaluation>> triggered;  // of a backdoor, as `servers`
    std::vector<Pending<Evaluation>> held_back;  // on these examples, as `servers`
  };
  bool recorded(std::int64_t step) const { return is_recorded(workload_->scenario(), step); }
  void evaluate(const Adopted& adopted);
  std::vector<Pending<Evaluation>> evaluations_on(const Examples* examples,
                                                  const std::vector<Payload>& models) const;
  void evaluate_graph(const ByServer& models, Evaluated& row) const;
  void take_counts(std::int64_t step, Evaluated& row);
  static void finish_graph(const Evaluated& finished, MetricsRow& row);
  void finish_oldest();

  std::shared_ptr<const Workload> workload_;
  std::map<std::int64_t, Adopted> adopted_;                 // recorded and gathered steps
  ByServer latest_;                                         // model adopted
  std::map<std::int64_t, ByServer> gathering_;              // before the gather
  std::map<std::int64_t, std::vector<Payload>> gradients_;  // that recorded steps come from
  double ages_ = 0, used_ = 0;                              // of gradients since the last row
  // Of combinations that made models of recorded steps.
  std::map<std::int64_t, RuleTotals> counted_;
  std::map<std::int64_t, std::vector<Pending<RuleCounts>>> counting_;  // beside those
  std::deque<Evaluated> evaluating_;
  std::vector<MetricsRow> rows_, gathers_;
};

/// Of every column of every row.
Digest digest_of(const std::vector<MetricsRow>& rows);

}  // namespace byzsim
