#include "tools/report/server_distances.h"

#include <cmath>

#include "sim/observe/metrics.h"
#include "sim/observe/spread.h"

namespace byzsim {

void ServerDistances::see(const Occurrence& occurrence) {
  const Scenario& scenario = workload_->scenario();
  if (!workload_->has_numbers() || scenario.is_byzantine(occurrence.target)) return;
  for (const Adopt& adopt : adopted_in(occurrence))
    // A server that is a step behind no longer counts: the row of metrics.csv is made.
    if (adopt.step > completed_ && is_recorded(scenario, adopt.step))
      adopted_[adopt.step].emplace(occurrence.target.index, adopt.model);
}

void ServerDistances::complete(std::int64_t step) {
  completed_ = step;
  while (!adopted_.empty() && adopted_.begin()->first <= step) {
    const auto& [recorded, models] = *adopted_.begin();
    std::vector<Payload> in_order;
    for (const auto& [server, model] : models) in_order.push_back(model);
    const std::vector<double> distances = distances_from_mean(in_order);
    auto distance = distances.begin();
    for (const auto& [server, model] : models) distances_[recorded][server] = *distance++;
    // Models are large: only those of incomplete steps are kept.
    adopted_.erase(adopted_.begin());
  }
}

Json ServerDistances::to_json() const {
  Json rows = Json::array();
  for (const auto& [step, distances] : distances_) {
    Json row = Json::array({step});
    for (std::int64_t i = 0; i < workload_->scenario().servers.correct(); ++i) {
      const auto found = distances.find(static_cast<std::uint32_t>(i));
      // JSON has no infinity.
      const bool finite = found != distances.end() && std::isfinite(found->second);
      row.push_back(finite ? Json(found->second) : Json(nullptr));
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace byzsim
