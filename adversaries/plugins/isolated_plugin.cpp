#include "adversaries/plugins/isolated_plugin.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "adversaries/plugins/data_answers.h"
#include "adversaries/plugins/declared_json.h"
#include "adversaries/plugins/plugin_answers.h"
#include "adversaries/plugins/plugin_process.h"
#include "adversaries/plugins/plugin_worker.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

using Workers = std::shared_ptr<PluginWorkers>;

template <class Real>
std::vector<Real> vector_from(const PluginFunction& function, const std::string& bytes,
                              std::size_t dimension) {
  std::vector<Real> made(dimension);
  if (bytes.size() != dimension * sizeof(Real))
    refuse_plugin(function, "gave no answer that can be read");
  std::memcpy(made.data(), bytes.data(), bytes.size());
  return made;
}

// The memory of a strategy after an answer follows the `before` bytes of the answer itself.
void take_state(const PluginFunction& function, std::string& bytes, std::size_t before,
                std::span<std::byte> state) {
  if (bytes.size() != before + state.size())
    refuse_plugin(function, "gave no answer that can be read");
  if (!state.empty()) std::memcpy(state.data(), bytes.data() + before, state.size());
  bytes.resize(before);
}

template <class Real>
PluginCrafter<Real> crafter_of(const Workers& workers, const Declaration& declaration,
                               const PluginFunction& function) {
  return [=](const AttackInput<Real>& input, const PluginHost::Defence<Real>& defence) {
    const std::size_t dimension = input.dimension();
    const auto defend = [&](const PluginMessage& asked) -> std::optional<std::string> {
      const std::size_t count = asked.bytes.size() / (dimension * sizeof(Real));
      const auto* values = reinterpret_cast<const Real*>(asked.bytes.data());
      std::vector<const Real*> vectors;
      for (std::size_t i = 0; i < count; ++i) vectors.push_back(values + i * dimension);
      std::vector<Real> made(dimension);
      if (!defence(vectors, made.data())) return std::nullopt;
      return std::string(reinterpret_cast<const char*>(made.data()), dimension * sizeof(Real));
    };
    PluginMessage answer =
        workers->ask(function, question_of(declaration, input, defence != nullptr), defend);
    take_state(function, answer.bytes, dimension * sizeof(Real), input.state);
    return vector_from<Real>(function, answer.bytes, dimension);
  };
}

Attack isolated_attack(const Json& offer, const PluginFile& plugin, const Workers& workers,
                       bool keeps_state) {
  const Declaration declaration = declaration_of(offer.at("declaration"), plugin);
  return plugin_attack(
      {crafter_of<float>(workers, declaration, {"attack", declaration, "craft", keeps_state}),
       crafter_of<double>(workers, declaration,
                          {"attack", declaration, "craft_double", keeps_state})},
      {offer.at("uses_honest").get<bool>(), offer.at("per_cluster").get<bool>(),
       offer.at("state_bytes").get<std::size_t>()},
      declaration);
}

Scheduler isolated_scheduler(const Json& offer, const PluginFile& plugin, const Workers& workers,
                             bool keeps_state) {
  const Declaration declaration = declaration_of(offer.at("declaration"), plugin);
  const PluginFunction function("scheduler", declaration, "choose", keeps_state);
  return plugin_scheduler(
      [=](const Parameters& parameters, const byzsim_dispatch& dispatch, const Stream& stream,
          std::span<std::byte> state) {
        PluginMessage answer = workers->ask(
            function, question_of(declaration, parameters, dispatch, stream, state), nullptr);
        take_state(function, answer.bytes, 0, state);
        const auto delay = answer.json.find("delay");
        const bool whole = delay != answer.json.end() && delay->is_number_integer();
        const std::int64_t delay_ns = whole ? delay->get<std::int64_t>() : -1;
        if (delay_ns < 0 || delay_ns > kLongestDuration)
          refuse_plugin(function, "gave no answer that can be read");
        return delay_ns;
      },
      offer.at("state_bytes").get<std::size_t>(), declaration);
}

Bound bound_of(const Json& json) { return {json.at(0).get<int>(), json.at(1).get<int>()}; }

template <class Real>
std::function<void(const RuleInput<Real>&, Real*)> aggregator_of(const Workers& workers,
                                                                 const Declaration& declaration,
                                                                 const PluginFunction& function) {
  return [=](const RuleInput<Real>& input, Real* out) {
    const PluginMessage answer = workers->ask(function, question_of(declaration, input), nullptr);
    const std::size_t d = input.dimension;
    const auto made = vector_from<Real>(function, answer.bytes, d * (1 + input.memory.size()));
    std::copy_n(made.begin(), d, out);
    for (std::size_t i = 0; i < input.memory.size(); ++i)
      std::copy_n(made.data() + (1 + i) * d, d, input.memory[i]);
  };
}

Rule isolated_rule(const Json& offer, const PluginFile& plugin, const Workers& workers,
                   bool keeps_state) {
  const Declaration declaration = declaration_of(offer.at("declaration"), plugin);
  return {.declaration = declaration,
          .proven = bound_of(offer.at("proven")),
          .computable = bound_of(offer.at("computable")),
          .aggregate_float = aggregator_of<float>(workers, declaration,
                                                  {"rule", declaration, "aggregate", keeps_state}),
          .aggregate_double = aggregator_of<double>(
              workers, declaration, {"rule", declaration, "aggregate_double", keeps_state}),
          .growth = static_cast<Growth>(offer.at("growth").get<int>()),
          .cost = offer.at("cost").get<std::string>(),
          .sender_vectors = offer.at("sender_vectors").get<std::size_t>(),
          .uses_weights = offer.at("uses_weights").get<bool>()};
}

}  // namespace

OpenPlugin open_isolated(const PluginFile& plugin, int seconds) {
  Connection control(SOCK_STREAM);
  const Descriptor file = make_memory_file(kReportSize);
  const SharedMemory memory(file, 0, kReportSize, true);
  auto& report = *reinterpret_cast<ProcessReport*>(memory.data());
  const pid_t process = ::fork();
  if (process == 0) {
    control.ours = Descriptor();
    be_plugin_process(plugin, control.theirs, report);
  }
  control.theirs = Descriptor();
  const std::string place = fmt::format("plugin {}, while it is loaded", plugin.file);
  ProcessWatch watch(process, seconds);
  const auto offer = receive_message(control.ours, [&](int from) { return watch.wait(from); });
  if (!offer) {
    int status = 0;
    ::waitpid(process, &status, 0);
    throw BrokenPromise(watch.issue(place, report, status));
  }
  if (offer->json.contains("errors")) throw InputError(issues_from(offer->json["errors"]));
  OpenPlugin opened;
  opened.keeps_state = offer->json.at("keeps_state").get<bool>();
  const auto workers = std::make_shared<PluginWorkers>(std::move(control.ours), seconds);
  for (const Json& each : offer->json.at("attacks"))
    opened.entries.attacks.push_back(isolated_attack(each, plugin, workers, opened.keeps_state));
  for (const Json& each : offer->json.at("schedulers"))
    opened.entries.schedulers.push_back(
        isolated_scheduler(each, plugin, workers, opened.keeps_state));
  for (const Json& each : offer->json.at("rules"))
    opened.entries.rules.push_back(isolated_rule(each, plugin, workers, opened.keeps_state));
  for (const Json& each : offer->json.at("models")) {
    const Declaration declaration = declaration_of(each, plugin);
    opened.entries.models.push_back(
        plugin_model(isolated_model_calls(workers, declaration, opened.keeps_state), declaration));
  }
  for (const Json& each : offer->json.at("datasets")) {
    const Declaration declaration = declaration_of(each, plugin);
    opened.entries.datasets.push_back(plugin_dataset(
        isolated_dataset_calls(workers, declaration, opened.keeps_state), declaration));
  }
  return opened;
}

}  // namespace byzsim
