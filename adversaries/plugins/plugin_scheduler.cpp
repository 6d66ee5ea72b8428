#include <algorithm>
#include <array>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/check.h"
#include "core/input/units.h"
#include "sim/world/draw_names.h"

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
  return Stream(dispatch.scenario.seed, Purpose::scheduler,
                link_between(message.sender, dispatch.receiver),
                draw_counter({message.step, message.phase, message.round}));
}

byzsim_dispatch dispatch_of(const Dispatch& dispatch) {
  const Scenario& scenario = dispatch.scenario;
  const Message& message = dispatch.message;
  return {.sender = node_of(dispatch, message.sender),
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
          .parameters = nullptr,
          .host = nullptr,
          .size = sizeof(byzsim_dispatch),
          .state = nullptr};
}

}  // namespace

PluginChooser plugin_chooser(const byzsim_scheduler& scheduler, const Declaration& declaration,
                             bool keeps_state) {
  const PluginFunction choose("scheduler", declaration, "choose", keeps_state);
  return [choose, declared = declaration.parameters, scheduler](
             const Parameters& parameters, byzsim_dispatch given, const Stream& stream,
             std::span<std::byte> state) {
    BYZ_CHECK(scheduler.choose != nullptr, "a scheduler that was read has its function");
    const auto values = plugin_values(declared, parameters);
    given.parameters = values.data();
    const auto ask = [&](bool) -> AnswerAndState<std::int64_t> {
      PluginMemory<std::byte> kept(state);
      const Executor this_thread(1);
      const PluginHost host(choose, stream, this_thread);
      byzsim_dispatch asked = given;
      asked.host = &host;
      asked.state = kept.data();
      std::array<std::int64_t, 17> written;
      written.fill(-1);
      std::int64_t& delay_ns = written[8];
      call_plugin(choose, [&] { return scheduler.choose(scheduler.user, &asked, &delay_ns); });
      if (std::count(written.begin(), written.end(), -1) < 16)
        refuse_plugin(choose, "wrote next to its output");
      if (delay_ns < 0 || delay_ns > kLongestDuration)
        refuse_plugin(choose, "chose a delay of " + std::to_string(delay_ns) +
                                  " ns, which is not in [0, 10^15]");
      return {delay_ns, kept.take(choose)};
    };
    const auto answer = answer_of(choose, stream, ask);
    std::copy(answer.state.begin(), answer.state.end(), state.begin());
    return answer.made;
  };
}

Scheduler plugin_scheduler(const PluginChooser& chooser, std::size_t state_bytes,
                           const Declaration& declaration) {
  BYZ_CHECK(chooser != nullptr, "a scheduler chooses delays");
  return {declaration,
          [chooser](const Parameters& parameters, const Dispatch& dispatch) {
            return chooser(parameters, dispatch_of(dispatch), scheduler_stream(dispatch),
                           dispatch.state);
          },
          state_bytes};
}

}  // namespace byzsim
