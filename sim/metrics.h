// What is recorded of a run: one row for each recorded step, complete once every correct server has
// adopted its model of that step.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/digest.h"
#include "sim/time.h"
#include "sim/workload.h"

namespace byzsim {

/// Metrics of the correct servers at one step; what is undefined (a diverged run) is absent.
struct MetricsRow {
  std::int64_t step = 0;
  double simulated_seconds = 0;          ///< when the last correct server began the step
  std::optional<double> accuracy;        ///< on the test set, mean over correct servers
  std::optional<double> accuracy_worst;  ///< of the correct server that does worst
  std::optional<double> loss;            ///< mean cross-entropy on the test set, in nats
  std::optional<double> drift;           ///< largest Euclidean distance between two correct servers
  std::uint64_t messages = 0;            ///< sent so far
  std::uint64_t bytes = 0;               ///< sent so far
};

/// The columns of metrics.csv, comma separated.
std::string metrics_header();
/// One line of metrics.csv: shortest numbers that read back to the same bits, empty for undefined.
std::string to_csv(const MetricsRow& row);

/// Collects models and turns them into rows, evaluating on other threads while the run goes on.
class MetricsRecorder {
 public:
  explicit MetricsRecorder(std::shared_ptr<const Workload> workload);

  /// A correct server begins a step with this model. `messages` and `bytes` were sent so far.
  void adopt(std::int64_t step, std::uint32_t server, const Payload& model, SimTime now,
             std::uint64_t messages, std::uint64_t bytes);
  /// Rows whose evaluation has been waited for; all complete ones after finish().
  const std::vector<MetricsRow>& rows() const { return rows_; }
  void finish();

 private:
  struct Evaluated {
    MetricsRow counts;
    std::vector<Pending<Evaluation>> servers;
    Pending<double> drift;
  };
  bool recorded(std::int64_t step) const;
  void evaluate(MetricsRow counts, std::vector<Payload> models);
  void finish_oldest();

  std::shared_ptr<const Workload> workload_;
  std::map<std::int64_t, std::map<std::uint32_t, Payload>> adopted_;
  std::deque<Evaluated> evaluating_;
  std::vector<MetricsRow> rows_;
};

/// Adds a row's bits.
void add_to(Digest& digest, const MetricsRow& row);

}  // namespace byzsim
