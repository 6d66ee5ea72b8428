#include "sim/nodes/computing_time.h"

#include <cmath>

#include "core/check.h"
#include "core/rules/rule.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

std::int64_t drawn_time(const Workload& workload, NodeId source, const Compute& compute,
                        SimTime now) {
  const std::uint64_t seed = workload.scenario().seed;
  // Named by what is computed, not counted: a further computation elsewhere moves no other draw.
  const Stream stream(seed, Purpose::compute_time, source.code(),
                      draw_counter({compute.step, compute.phase, compute.round}));
  const Delay& time =
      compute.phase == Phase::gradient ? workload.gradient_time() : workload.aggregation_time();
  // Delays with good and bad periods have them by link: here that of the node with itself.
  return draw_delay(time, {stream, seed, link_between(source, source), now});
}

// What the rule's operations take; nothing where they are free.
double operating_time(const Workload& workload, const Compute& compute) {
  const Scenario& scenario = workload.scenario();
  if (!scenario.operations_per_second || compute.vectors == 0) return 0;
  BYZ_CHECK(*scenario.operations_per_second > 0, "a node carries operations out");
  const Phase heard = compute.aggregated.value_or(compute.phase);
  // A result of phase model without another phase of its vectors is that of a gather of models.
  const bool models = heard == Phase::gather || heard == Phase::model;
  const Group& group = models ? scenario.servers : scenario.workers;
  return 1e9 *
         operations(rules().at(group.aggregator.name).growth, compute.vectors,
                    workload.dimension()) /
         double(*scenario.operations_per_second);
}

}  // namespace

std::int64_t computing_time(const Workload& workload, const std::vector<Fault>& faults,
                            NodeId source, const Compute& compute, SimTime now) {
  const Scenario& scenario = workload.scenario();
  auto span = double(drawn_time(workload, source, compute, now));
  // Added before the slowdown: a straggler is slow at its examples and operations, too.
  span += compute.phase == Phase::gradient
              ? double(scenario.sample_time) * double(scenario.batch_size)
              : operating_time(workload, compute);
  if (compute.phase == Phase::gradient) span *= double(compute.batches);
  for (const Fault& fault : faults)
    if (fault.slowdown) {
      const double factor = fault.slowdown(source);
      BYZ_CHECK(factor > 0, "no fault lets a node compute in no time");
      span *= factor;
    }
  return span_of(std::floor(span + 0.5));
}

}  // namespace byzsim
