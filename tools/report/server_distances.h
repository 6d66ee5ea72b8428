// How far each honest server is from the mean of all of them, at the steps that metrics.csv
// records: which server drifts, where the drift tells only how far two are apart.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/input/json.h"
#include "sim/run/simulation.h"

namespace byzsim {

class ServerDistances {
 public:
  explicit ServerDistances(std::shared_ptr<const Workload> workload)
      : workload_(std::move(workload)) {}

  /// Every event, in its order.
  void see(const Occurrence& occurrence);
  /// No server will take on the model of this step, or of one before, any more that counts.
  void complete(std::int64_t step);

  /// Rows [step, distance of server 0, of server 1, ...] over the honest servers, by complete
  /// step; null where it is not finite or the server has crashed. No rows in a run without numbers.
  Json to_json() const;

 private:
  std::shared_ptr<const Workload> workload_;
  std::int64_t completed_ = -1;
  std::map<std::int64_t, std::map<std::uint32_t, Payload>> adopted_;  // of later steps
  std::map<std::int64_t, std::map<std::uint32_t, double>> distances_;
};

}  // namespace byzsim
