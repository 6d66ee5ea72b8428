#include "sim/transcript.h"

#include <algorithm>

namespace byzsim {
namespace {

void insert_by_sender(std::vector<Heard>& heard, NodeId source, const Payload& vector) {
  const auto place =
      std::lower_bound(heard.begin(), heard.end(), source,
                       [](const Heard& each, NodeId id) { return each.sender < id; });
  if (place == heard.end() || place->sender != source) heard.insert(place, {source, vector});
}

}  // namespace

bool Transcript::kept(const Payload& vector) const {
  const Scenario& scenario = workload_->scenario();
  return vector && scenario.servers.byzantine.actual + scenario.workers.byzantine.actual > 0;
}

void Transcript::begin(NodeId source, const Saying& saying, const Payload& vector) {
  if (!kept(vector)) return;
  Spoken& spoken = spoken_[saying];
  const bool byzantine = workload_->scenario().is_byzantine(source);
  insert_by_sender(byzantine ? spoken.corrupted : spoken.honest, source, vector);
}

void Transcript::say(NodeId source, const Saying& saying, const Payload& vector) {
  if (!kept(vector)) return;
  begin(source, saying, vector);
  if (!workload_->scenario().is_byzantine(source)) spoken_[saying].said.insert(source);
  if (saying.phase == Phase::gradient) latest_[source] = {++gradients_, vector};
}

const Spoken& Transcript::of(const Saying& saying) const {
  static const Spoken nothing;
  const auto found = spoken_.find(saying);
  return found == spoken_.end() ? nothing : found->second;
}

Spoken Transcript::since(std::uint64_t gradients) const {
  Spoken spoken;
  for (const auto& [worker, latest] : latest_) {
    const bool byzantine = workload_->scenario().is_byzantine(worker);
    if (latest.number <= gradients && !byzantine) continue;
    (byzantine ? spoken.corrupted : spoken.honest).push_back({worker, latest.vector});
    if (!byzantine) spoken.said.insert(worker);
  }
  return spoken;
}

void Transcript::forget_before(std::int64_t step) {
  spoken_.erase(spoken_.begin(), spoken_.lower_bound({step, Phase::model, 0}));
}

}  // namespace byzsim
