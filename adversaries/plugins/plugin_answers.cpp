#include "adversaries/plugins/plugin_answers.h"

#include <algorithm>
#include <type_traits>

#include "core/check.h"
#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

template <class Real>
constexpr const char* real_name() {
  return std::is_same_v<Real, float> ? "float" : "double";
}

template <class Real>
std::string_view bytes_of_values(const Real* values, std::size_t count) {
  return {reinterpret_cast<const char*>(values), count * sizeof(Real)};
}

template <class Real>
void add_vectors(InputsWriter& inputs, std::span<const Real* const> vectors,
                 std::size_t dimension) {
  for (const Real* vector : vectors) inputs.add(vector, dimension);
}

template <class Real>
std::vector<const Real*> next_vectors(InputsReader& inputs, std::size_t count,
                                      std::size_t dimension) {
  std::vector<const Real*> vectors;
  for (std::size_t i = 0; i < count; ++i) vectors.push_back(inputs.next<Real>(dimension));
  return vectors;
}

std::string_view bytes_of_state(std::span<const std::byte> state) {
  return {reinterpret_cast<const char*>(state.data()), state.size()};
}

// The memory of the strategy is the last of the inputs.
std::vector<std::byte> next_state(InputsReader& inputs, std::size_t size) {
  const std::byte* state = inputs.next<std::byte>(size);
  return {state, state + size};
}

template <class Entry>
const Entry& entry_of(const std::vector<Entry>& entries, const Json& question) {
  const std::string name = question.at("name").get<std::string>();
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return entry.declaration.name == name;
  });
  BYZ_CHECK(found != entries.end(), "byzsim asks for a strategy that the plugin has offered");
  return *found;
}

Parameters parameters_of(const Declaration& declaration, const Json& question) {
  Issues issues;
  const Parameters parameters =
      read_parameters(declaration.parameters, question.at("parameters"), "", issues);
  throw_if_any(issues);
  return parameters;
}

// Asks byzsim, which knows the receivers' aggregation.
template <class Real>
PluginHost::Defence<Real> asked_defence(const Descriptor& connection, std::size_t dimension) {
  return [&connection, dimension](std::span<const Real* const> vectors, Real* out) {
    std::string bytes;
    for (const Real* vector : vectors) bytes += bytes_of_values(vector, dimension);
    send_message(connection, {{"defend", vectors.size()}}, bytes);
    const auto answer = receive_message(connection, [](int) { return true; });
    if (!answer || answer->bytes.size() != dimension * sizeof(Real)) return false;
    std::memcpy(out, answer->bytes.data(), answer->bytes.size());
    return true;
  };
}

template <class Real>
std::string craft_answer(const OpenPlugin& plugin, const Json& question, InputsReader inputs,
                         const Descriptor& connection) {
  const auto dimension = question.at("dimension").get<std::size_t>();
  const auto count = question.at("count").get<std::size_t>();
  const auto cluster_count = question.at("clusters").get<std::size_t>();
  const Attack& attack = entry_of(plugin.entries.attacks, question);
  const PluginCrafters& crafters = plugin.entries.crafters.at(attack.declaration.name);
  const Parameters parameters = parameters_of(attack.declaration, question);
  const Stream stream = *inputs.next<Stream>(1);
  const int* clusters = inputs.next<int>(cluster_count);
  const std::span<const Real> own(inputs.next<Real>(dimension), dimension);
  const std::vector<const Real*> honest = next_vectors<Real>(inputs, count, dimension);
  std::vector<std::byte> state = next_state(inputs, attack.state_bytes);
  const Executor this_thread(1);
  const AttackInput<Real> input{.own = own,
                                .honest = honest,
                                .n = question.at("n").get<int>(),
                                .f = question.at("f").get<int>(),
                                .parameters = parameters,
                                .stream = stream,
                                .defence = nullptr,
                                .executor = this_thread,
                                .half = question.at("cluster").get<int>(),
                                .honest_halves = {clusters, cluster_count},
                                .state = state};
  PluginHost::Defence<Real> defence;
  if (question.at("defence").get<bool>()) defence = asked_defence<Real>(connection, dimension);
  std::vector<Real> made;
  if constexpr (std::is_same_v<Real, float>)
    made = crafters.craft_float(input, defence);
  else
    made = crafters.craft_double(input, defence);
  return std::string(bytes_of_values(made.data(), made.size())).append(bytes_of_state(state));
}

template <class Real>
std::string aggregate_answer(const OpenPlugin& plugin, const Json& question, InputsReader inputs) {
  const auto dimension = question.at("dimension").get<std::size_t>();
  const auto count = question.at("count").get<std::size_t>();
  const Rule& rule = entry_of(plugin.entries.rules, question);
  const Parameters parameters = parameters_of(rule.declaration, question);
  const Stream stream = *inputs.next<Stream>(1);
  const Real* previous =
      question.at("previous").get<bool>() ? inputs.next<Real>(dimension) : nullptr;
  const std::vector<const Real*> vectors = next_vectors<Real>(inputs, count, dimension);
  const auto sender_count = question.at("senders").get<std::size_t>();
  const std::span<const std::int32_t> senders(inputs.next<std::int32_t>(sender_count),
                                              sender_count);
  const auto weight_count = question.at("weights").get<std::size_t>();
  const std::span<const double> weights(inputs.next<double>(weight_count), weight_count);
  const auto own = question.at("own").get<std::vector<std::size_t>>();
  const auto kept = question.at("memory").get<std::size_t>();
  // The result, then the memory after it: what the answer consists of.
  std::vector<Real> made(dimension * (1 + kept));
  std::vector<Real*> memory;
  for (std::size_t i = 0; i < kept; ++i) {
    memory.push_back(made.data() + (1 + i) * dimension);
    std::copy_n(inputs.next<Real>(dimension), dimension, memory.back());
  }
  const Executor this_thread(1);
  RuleInput<Real> given{vectors,
                        dimension,
                        question.at("f").get<int>(),
                        parameters,
                        this_thread,
                        previous,
                        stream,
                        own.empty() ? std::nullopt : std::optional(own[0]),
                        senders,
                        memory};
  given.weights = weights;
  rule.aggregate(given, made.data());
  return std::string(bytes_of_values(made.data(), made.size()));
}

Json node_json(const byzsim_node& node) {
  return {node.worker, node.index, node.byzantine, node.cluster};
}

byzsim_node node_from(const Json& json) {
  return {.worker = json[0].get<std::int32_t>(),
          .index = json[1].get<std::int32_t>(),
          .byzantine = json[2].get<std::int32_t>(),
          .cluster = json[3].get<std::int32_t>()};
}

PluginMessage choose_answer(const OpenPlugin& plugin, const Json& question, InputsReader inputs) {
  const Scheduler& scheduler = entry_of(plugin.entries.schedulers, question);
  const Json& numbers = question.at("numbers");
  const auto number = [&](std::size_t i) { return numbers.at(i).get<std::int64_t>(); };
  const std::string phase = question.at("phase").get<std::string>();
  const Stream stream = *inputs.next<Stream>(1);
  std::vector<std::byte> state = next_state(inputs, scheduler.state_bytes);
  const std::int64_t delay_ns = plugin.entries.choosers.at(scheduler.declaration.name)(
      parameters_of(scheduler.declaration, question),
      {.sender = node_from(question.at("sender")),
       .receiver = node_from(question.at("receiver")),
       .phase = phase.c_str(),
       .step = number(0),
       .round = number(1),
       .now_ns = number(2),
       .drawn_ns = number(3),
       .servers = number(4),
       .byzantine_servers = number(5),
       .workers = number(6),
       .byzantine_workers = number(7),
       .parameters = nullptr,
       .host = nullptr,
       .size = sizeof(byzsim_dispatch),
       .state = nullptr},
      stream, state);
  return {{{"delay", delay_ns}}, std::string(bytes_of_state(state))};
}

Json begun_question(const char* kind, const Declaration& declaration,
                    const Parameters& parameters) {
  return {{"kind", kind},
          {"name", declaration.name},
          {"parameters", write_parameters(declaration.parameters, parameters)}};
}

}  // namespace

template <class Real>
PluginQuestion question_of(const Declaration& attack, const AttackInput<Real>& input,
                           bool knows_defence) {
  PluginQuestion question{begun_question("attack", attack, input.parameters), {}};
  const bool clusters_known = input.honest_halves.size() == input.honest.size();
  const std::size_t clusters = clusters_known ? input.honest_halves.size() : 0;
  question.json.update({{"real", real_name<Real>()},
                        {"dimension", input.dimension()},
                        {"count", input.honest.size()},
                        {"clusters", clusters},
                        {"n", input.n},
                        {"f", input.f},
                        {"cluster", input.half},
                        {"defence", knows_defence}});
  question.inputs.add(&input.stream, 1);
  question.inputs.add(input.honest_halves.data(), clusters);
  question.inputs.add(input.own.data(), input.dimension());
  add_vectors(question.inputs, input.honest, input.dimension());
  question.inputs.add(input.state.data(), input.state.size());
  return question;
}

template <class Real>
PluginQuestion question_of(const Declaration& rule, const RuleInput<Real>& input) {
  PluginQuestion question{begun_question("rule", rule, input.parameters), {}};
  question.json.update({{"real", real_name<Real>()},
                        {"dimension", input.dimension},
                        {"count", input.vectors.size()},
                        {"f", input.f},
                        {"previous", input.previous != nullptr},
                        {"senders", input.senders.size()},
                        {"weights", input.weights.size()},
                        {"memory", input.memory.size()},
                        {"own", Json::array()}});
  if (input.own) question.json["own"].push_back(*input.own);
  question.inputs.add(&input.stream, 1);
  if (input.previous != nullptr) question.inputs.add(input.previous, input.dimension);
  add_vectors(question.inputs, input.vectors, input.dimension);
  question.inputs.add(input.senders.data(), input.senders.size());
  question.inputs.add(input.weights.data(), input.weights.size());
  for (const Real* kept : input.memory) question.inputs.add(kept, input.dimension);
  return question;
}

template PluginQuestion question_of(const Declaration&, const AttackInput<float>&, bool);
template PluginQuestion question_of(const Declaration&, const AttackInput<double>&, bool);
template PluginQuestion question_of(const Declaration&, const RuleInput<float>&);
template PluginQuestion question_of(const Declaration&, const RuleInput<double>&);

PluginQuestion question_of(const Declaration& scheduler, const Parameters& parameters,
                           const byzsim_dispatch& dispatch, const Stream& stream,
                           std::span<const std::byte> state) {
  PluginQuestion question{begun_question("scheduler", scheduler, parameters), {}};
  question.json.update(
      {{"sender", node_json(dispatch.sender)},
       {"receiver", node_json(dispatch.receiver)},
       {"phase", dispatch.phase},
       {"numbers",
        {dispatch.step, dispatch.round, dispatch.now_ns, dispatch.drawn_ns, dispatch.servers,
         dispatch.byzantine_servers, dispatch.workers, dispatch.byzantine_workers}}});
  question.inputs.add(&stream, 1);
  question.inputs.add(state.data(), state.size());
  return question;
}

PluginMessage answer_question(const OpenPlugin& plugin, const Json& question, InputsReader inputs,
                              const Descriptor& connection) {
  const std::string kind = question.at("kind").get<std::string>();
  if (kind == "scheduler") return choose_answer(plugin, question, inputs);
  const bool in_float = question.at("real") == "float";
  if (kind == "rule")
    return {Json::object(), in_float ? aggregate_answer<float>(plugin, question, inputs)
                                     : aggregate_answer<double>(plugin, question, inputs)};
  return {Json::object(), in_float ? craft_answer<float>(plugin, question, inputs, connection)
                                   : craft_answer<double>(plugin, question, inputs, connection)};
}

}  // namespace byzsim
