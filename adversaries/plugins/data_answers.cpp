#include "adversaries/plugins/data_answers.h"

#include <cstring>
#include <utility>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

using SharedWorkers = std::shared_ptr<PluginWorkers>;

template <class Value>
void append_values(std::string& bytes, const std::vector<Value>& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
}

// Takes vectors out of the bytes of an answer, one after the other.
class AnswerBytes {
 public:
  AnswerBytes(const PluginFunction& function, const std::string& bytes)
      : function_(function), bytes_(bytes) {}
  template <class Value>
  std::vector<Value> next(std::size_t count) {
    if ((bytes_.size() - at_) / sizeof(Value) < count) refuse();
    std::vector<Value> values(count);
    if (count > 0) std::memcpy(values.data(), bytes_.data() + at_, count * sizeof(Value));
    at_ += count * sizeof(Value);
    return values;
  }
  void end() const {
    if (at_ != bytes_.size()) refuse();
  }
  [[noreturn]] void refuse() const { refuse_plugin(function_, "gave no answer that can be read"); }

 private:
  const PluginFunction& function_;
  const std::string& bytes_;
  std::size_t at_ = 0;
};

// Numbers of an answer; none where it has others.
std::vector<std::size_t> sizes_in(const Json& json, const char* key) {
  std::vector<std::size_t> sizes;
  if (!json.contains(key) || !json[key].is_array()) return sizes;
  for (const Json& each : json[key])
    if (each.is_number_unsigned()) sizes.push_back(each.get<std::size_t>());
  return sizes;
}

Json shape_json(const DataShape& data) {
  return {data.features, data.classes, data.image.channels, data.image.height, data.image.width};
}

DataShape shape_from(const Json& json) {
  const auto number = [&](std::size_t i) { return json.at(i).get<std::size_t>(); };
  return {number(0), number(1), {number(2), number(3), number(4)}};
}

Json size_json(const DatasetSize& size) {
  return {size.features,       size.classes,      size.train,      size.test,
          size.image.channels, size.image.height, size.image.width};
}

DatasetSize size_from(const std::vector<std::size_t>& numbers) {
  return {.features = numbers.at(0),
          .classes = numbers.at(1),
          .train = numbers.at(2),
          .test = numbers.at(3),
          .image = {numbers.at(4), numbers.at(5), numbers.at(6)}};
}

PluginQuestion data_question(const char* kind, const char* ask, const Declaration& declaration,
                             const Parameters& parameters) {
  return {{{"kind", kind},
           {"ask", ask},
           {"name", declaration.name},
           {"parameters", write_parameters(declaration.parameters, parameters)}},
          {}};
}

// One function of an isolated model or data set.
struct Asked {
  Asked(const SharedWorkers& all, const char* kind, const Declaration& of, const char* name,
        bool keeps_state)
      : workers(all), declaration(of), function(kind, of, name, keeps_state) {}
  PluginMessage ask(const PluginQuestion& question) const {
    return workers->ask(function, question, nullptr);
  }
  SharedWorkers workers;
  Declaration declaration;
  PluginFunction function;
};

BatchAnswer ask_about_batch(const Asked& asked, const char* ask, const Parameters& parameters,
                            const DataShape& data, std::span<const float> at,
                            const BatchView& batch) {
  PluginQuestion question = data_question("model", ask, asked.declaration, parameters);
  question.json.update({{"data", shape_json(data)},
                        {"dimension", at.size()},
                        {"rows", batch.rows},
                        {"targets", batch.targets != nullptr}});
  question.inputs.add(at.data(), at.size());
  question.inputs.add(batch.features, batch.rows * data.features);
  question.inputs.add(batch.labels, batch.rows);
  if (batch.targets != nullptr) question.inputs.add(batch.targets, batch.rows);
  const PluginMessage answer = asked.ask(question);
  AnswerBytes bytes(asked.function, answer.bytes);
  const bool of_gradient = std::string_view(ask) == "gradient";
  const std::vector<std::size_t> predicted = sizes_in(answer.json, "predictions");
  BatchAnswer made;
  made.losses = bytes.next<double>(of_gradient ? 1 : batch.rows);
  made.gradient = bytes.next<float>(of_gradient ? at.size() : 0);
  made.predictions = bytes.next<std::int32_t>(predicted.empty() ? 0 : predicted[0]);
  bytes.end();
  if (!made.predictions.empty() && made.predictions.size() != batch.rows) bytes.refuse();
  return made;
}

Parameters asked_parameters(const Declaration& declaration, const Json& question) {
  Issues issues;
  const Parameters parameters =
      read_parameters(declaration.parameters, question.at("parameters"), "", issues);
  throw_if_any(issues);
  return parameters;
}

}  // namespace

PluginModelCalls isolated_model_calls(const SharedWorkers& workers, const Declaration& declaration,
                                      bool keeps_state) {
  const auto asked = [&](const char* function) {
    return Asked(workers, "model", declaration, function, keeps_state);
  };
  return {.dimension =
              [asked = asked("dimension")](const Parameters& parameters, const DataShape& data) {
                PluginQuestion question =
                    data_question("model", "dimension", asked.declaration, parameters);
                question.json["data"] = shape_json(data);
                const PluginMessage answer = asked.ask(question);
                const auto sizes = sizes_in(answer.json, "dimension");
                const auto problem = answer.json.find("problem");
                if (problem != answer.json.end() && problem->is_string())
                  return DimensionAnswer{0, problem->get<std::string>()};
                if (sizes.size() != 1)
                  refuse_plugin(asked.function, "gave no answer that can be read");
                return DimensionAnswer{sizes[0], {}};
              },
          .initialize =
              [asked = asked("initialize")](const Parameters& parameters, const DataShape& data,
                                            std::size_t dimension, const Stream& stream) {
                PluginQuestion question =
                    data_question("model", "initialize", asked.declaration, parameters);
                question.json.update({{"data", shape_json(data)}, {"dimension", dimension}});
                question.inputs.add(&stream, 1);
                const PluginMessage answer = asked.ask(question);
                AnswerBytes bytes(asked.function, answer.bytes);
                std::vector<float> made = bytes.next<float>(dimension);
                bytes.end();
                return made;
              },
          .gradient =
              [asked = asked("gradient")](const Parameters& parameters, const DataShape& data,
                                          std::span<const float> at, const BatchView& batch) {
                return ask_about_batch(asked, "gradient", parameters, data, at, batch);
              },
          .evaluate =
              [asked = asked("evaluate")](const Parameters& parameters, const DataShape& data,
                                          std::span<const float> at, const BatchView& batch) {
                return ask_about_batch(asked, "evaluate", parameters, data, at, batch);
              }};
}

PluginDatasetCalls isolated_dataset_calls(const SharedWorkers& workers,
                                          const Declaration& declaration, bool keeps_state) {
  const Asked shape(workers, "data set", declaration, "shape", keeps_state);
  const Asked make(workers, "data set", declaration, "make", keeps_state);
  return {.size =
              [shape](const Parameters& parameters, std::uint64_t seed) {
                PluginQuestion question =
                    data_question("data set", "shape", shape.declaration, parameters);
                question.json["seed"] = seed;
                const PluginMessage answer = shape.ask(question);
                const auto numbers = sizes_in(answer.json, "size");
                const char* unread = "gave no answer that can be read";
                if (numbers.size() != 7) refuse_plugin(shape.function, unread);
                const DatasetSize size = size_from(numbers);
                if (problem_of_size(size)) refuse_plugin(shape.function, unread);
                return size;
              },
          .make =
              [make](const Parameters& parameters, std::uint64_t seed, const DatasetSize& size,
                     std::int32_t part, std::size_t begin, std::size_t count) {
                PluginQuestion question =
                    data_question("data set", "make", make.declaration, parameters);
                question.json.update({{"seed", seed},
                                      {"data", size_json(size)},
                                      {"part", part},
                                      {"begin", begin},
                                      {"count", count}});
                const PluginMessage answer = make.ask(question);
                AnswerBytes bytes(make.function, answer.bytes);
                ExampleBlock block;
                block.features = bytes.next<float>(count * size.features);
                block.labels = bytes.next<std::int32_t>(count);
                block.targets = bytes.next<float>(size.classes > 0 ? 0 : count);
                bytes.end();
                if (problem_of_labels(size, block.labels)) bytes.refuse();
                return block;
              }};
}

PluginMessage answer_about_model(const PluginEntries& entries, const Json& question,
                                 InputsReader inputs) {
  const auto& [declaration, calls] = entries.model_calls.at(question.at("name").get<std::string>());
  const std::string ask = question.at("ask").get<std::string>();
  const Parameters parameters = asked_parameters(declaration, question);
  const DataShape data = shape_from(question.at("data"));
  if (ask == "dimension") {
    const DimensionAnswer answer = calls.dimension(parameters, data);
    if (answer.problem) return {{{"problem", *answer.problem}}};
    return {{{"dimension", Json::array({answer.dimension})}}};
  }
  const auto dimension = question.at("dimension").get<std::size_t>();
  PluginMessage message{Json::object()};
  if (ask == "initialize") {
    append_values(message.bytes,
                  calls.initialize(parameters, data, dimension, *inputs.next<Stream>(1)));
    return message;
  }
  const auto rows = question.at("rows").get<std::size_t>();
  const std::span<const float> at(inputs.next<float>(dimension), dimension);
  BatchView batch{rows, inputs.next<float>(rows * data.features), nullptr, nullptr};
  batch.labels = inputs.next<std::int32_t>(rows);
  if (question.at("targets").get<bool>()) batch.targets = inputs.next<float>(rows);
  const BatchAnswer answer =
      (ask == "gradient" ? calls.gradient : calls.evaluate)(parameters, data, at, batch);
  append_values(message.bytes, answer.losses);
  append_values(message.bytes, answer.gradient);
  append_values(message.bytes, answer.predictions);
  message.json["predictions"] = Json::array({answer.predictions.size()});
  return message;
}

PluginMessage answer_about_dataset(const PluginEntries& entries, const Json& question) {
  const auto& [declaration, calls] =
      entries.dataset_calls.at(question.at("name").get<std::string>());
  const Parameters parameters = asked_parameters(declaration, question);
  const auto seed = question.at("seed").get<std::uint64_t>();
  if (question.at("ask") == "shape") return {{{"size", size_json(calls.size(parameters, seed))}}};
  const ExampleBlock block =
      calls.make(parameters, seed, size_from(sizes_in(question, "data")),
                 question.at("part").get<std::int32_t>(), question.at("begin").get<std::size_t>(),
                 question.at("count").get<std::size_t>());
  PluginMessage message{Json::object()};
  append_values(message.bytes, block.features);
  append_values(message.bytes, block.labels);
  append_values(message.bytes, block.targets);
  return message;
}

}  // namespace byzsim
