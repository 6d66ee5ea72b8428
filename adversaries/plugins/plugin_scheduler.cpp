#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "core/units.h"
#include "sim/draw_names.h"

namespace byzsim {
namespace {

byzsim_node node_of(const Dispatch& dispatch, NodeId node) {
  return {.worker = node.role == Role::worker ? 1 : 0,
          .index = static_cast<std::int32_t>(node.index),
          .byzantine = dispatch.scenario.is_byzantine(node) ? 1 : 0,
          .cluster = half_of(dispatch, node)};
}

Stream scheduler_stream(const Dispatch& dispatch) {
  const Message& message = dispatch.message;
  const DrawName name =
      name_in_round(Purpose::scheduler, message.step, message.phase, message.round);
  return Stream(dispatch.scenario.seed, name.purpose,
                link_between(message.sender, dispatch.receiver), name.counter);
}

std::int64_t choose(const PluginStrategy& strategy, const byzsim_scheduler& scheduler,
                    const Parameters& parameters, const Dispatch& dispatch) {
  const Scenario& scenario = dispatch.scenario;
  const Message& message = dispatch.message;
  const Executor this_thread(1);
  const PluginHost host(scheduler_stream(dispatch), this_thread);
  const auto values = plugin_values(strategy.declaration.parameters, parameters);
  const byzsim_dispatch given{.sender = node_of(dispatch, message.sender),
                              .receiver = node_of(dispatch, dispatch.receiver),
                              .phase = to_string(message.phase),
                              .step = message.step,
                              .round = message.round,
                              .now_ns = dispatch.now,
                              .drawn_ns = dispatch.drawn,
                              .servers = scenario.servers.count,
                              .byzantine_servers = scenario.servers.byzantine.actual,
                              .workers = scenario.workers.count,
                              .byzantine_workers = scenario.workers.byzantine.actual,
                              .parameters = values.data(),
                              .host = &host};
  std::int64_t delay_ns = -1;
  call_plugin(strategy, [&] { return scheduler.choose(scheduler.user, &given, &delay_ns); });
  if (delay_ns < 0 || delay_ns > kLongestDuration)
    refuse_plugin(strategy, "chose a delay of " + std::to_string(delay_ns) +
                                " ns, which is not in [0, 10^15]");
  return delay_ns;
}

}  // namespace

Scheduler plugin_scheduler(const byzsim_scheduler& scheduler, const Declaration& declaration) {
  const PluginStrategy strategy{"scheduler", declaration};
  return {declaration,
          [strategy, &scheduler](const Parameters& parameters, const Dispatch& dispatch) {
            return choose(strategy, scheduler, parameters, dispatch);
          }};
}

}  // namespace byzsim
