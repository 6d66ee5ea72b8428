#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <variant>

#include "adversaries/plugins/plugin_data.h"
#include "adversaries/plugins/plugin_text.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/check.h"
#include "core/exact/digest.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostModelParameters = std::size_t{1} << 40, kRowsAtOnce = 256;
constexpr float kUnwritten = std::numeric_limits<float>::quiet_NaN();

template <class Value>
std::string_view bytes_from(const Value* values, std::size_t count) {
  return {reinterpret_cast<const char*>(values), count * sizeof(Value)};
}

// What one call of a model is given.
struct ModelCall {
  const Parameters& parameters;
  const DataShape& data;
  std::span<const float> at;
  BatchView batch;
};

std::uint64_t digest_of_call(const ModelCall& call) {
  Digest digest;
  digest.add(bytes_from(call.at.data(), call.at.size()));
  digest.add(bytes_from(call.batch.features, call.batch.rows * call.data.features));
  digest.add(bytes_from(call.batch.labels, call.batch.rows));
  if (call.batch.targets != nullptr) digest.add(bytes_from(call.batch.targets, call.batch.rows));
  for (const auto& [name, value] : call.parameters.values())
    if (const auto* text = std::get_if<std::string>(&value)) digest.add(*text);
  return digest.value();
}

byzsim_data_shape plugin_shape(const DataShape& data) {
  return {.features = data.features,
          .classes = data.classes,
          .channels = data.image.channels,
          .height = data.image.height,
          .width = data.image.width,
          .size = sizeof(byzsim_data_shape)};
}

byzsim_batch batch_of(const BatchView& batch) {
  return {.rows = batch.rows,
          .features = batch.features,
          .labels = batch.labels,
          .targets = batch.targets,
          .size = sizeof(byzsim_batch)};
}

// One model of a library, with the functions that answer for it.
class LibraryModel {
 public:
  LibraryModel(const byzsim_model& model, const Declaration& declaration, bool keeps_state)
      : model_(model),
        declared_(declaration.parameters),
        dimension_("model", declaration, "dimension", keeps_state),
        initialize_("model", declaration, "initialize", keeps_state),
        gradient_("model", declaration, "gradient", keeps_state),
        evaluate_("model", declaration, "evaluate", keeps_state) {}

  DimensionAnswer dimension(const Parameters& parameters, const DataShape& data) const;
  std::vector<float> initialize(const Parameters& parameters, const DataShape& data,
                                std::size_t dimension, const Stream& stream) const;
  BatchAnswer gradient(const ModelCall& call) const;
  BatchAnswer evaluate(const ModelCall& call) const;

 private:
  // Calls the function by `use`, which is handed the input and returns its sentence.
  template <class Use>
  void call(const PluginFunction& function, const ModelCall& given, std::size_t dimension,
            const Stream& stream, const Use& use) const;

  byzsim_model model_;
  std::vector<Parameter> declared_;
  PluginFunction dimension_, initialize_, gradient_, evaluate_;
};

template <class Use>
void LibraryModel::call(const PluginFunction& function, const ModelCall& given,
                        std::size_t dimension, const Stream& stream, const Use& use) const {
  BYZ_CHECK(given.data.features > 0, "a model is made for examples that have features");
  const Executor this_thread(1);
  const PluginHost host(function, stream, this_thread);
  const auto values = plugin_values(declared_, given.parameters);
  const byzsim_data_shape shape = plugin_shape(given.data);
  const byzsim_model_input input{.shape = &shape,
                                 .dimension = dimension,
                                 .parameters = values.data(),
                                 .host = &host,
                                 .size = sizeof(byzsim_model_input)};
  const std::uint64_t before = digest_of_call(given);
  call_plugin(function, [&] { return use(input); });
  if (digest_of_call(given) != before) refuse_plugin(function, "changed its inputs");
}

DimensionAnswer LibraryModel::dimension(const Parameters& parameters, const DataShape& data) const {
  const Stream stream(0, Purpose::initial_model, 0, 0);
  return answer_of(dimension_, stream, [&](bool) {
    std::size_t dimension = 0;
    std::optional<std::string> problem;
    call(dimension_, {parameters, data, {}, {}}, 0, stream, [&](const byzsim_model_input& input) {
      if (const char* sentence = model_.dimension(model_.user, &input, &dimension))
        problem = shown_text(sentence);
      return static_cast<const char*>(nullptr);
    });
    if (!problem && (dimension == 0 || dimension > kMostModelParameters))
      refuse_plugin(dimension_, "named " + std::to_string(dimension) +
                                    " parameters, which is not in [1, 2^40]");
    return DimensionAnswer{dimension, problem};
  });
}

std::vector<float> LibraryModel::initialize(const Parameters& parameters, const DataShape& data,
                                            std::size_t dimension, const Stream& stream) const {
  return answer_of(initialize_, stream, [&](bool) {
    PluginVector<float> written(dimension, kUnwritten);
    call(initialize_, {parameters, data, {}, {}}, dimension, stream,
         [&](const byzsim_model_input& input) {
           return model_.initialize(model_.user, &input, written.data());
         });
    std::vector<float> made = written.take(initialize_);
    if (!all_finite(made.data(), made.size()))
      refuse_plugin(initialize_, "wrote initial parameters that are not finite, or left some out");
    return made;
  });
}

// No run draws in these: the stream is named by the batch, and chooses what is asked twice.
Stream stream_of_batch(const BatchView& batch) {
  Digest digest;
  digest.add(bytes_from(batch.labels, batch.rows));
  digest.add(bytes_from(batch.features, 1));
  return Stream(digest.value(), Purpose::batch, 0, 0);
}

BatchAnswer LibraryModel::gradient(const ModelCall& given) const {
  const Stream stream = stream_of_batch(given.batch);
  const byzsim_batch batch = batch_of(given.batch);
  return answer_of(gradient_, stream, [&](bool) {
    double loss = std::numeric_limits<double>::quiet_NaN();
    PluginVector<float> written(given.at.size(), kUnwritten);
    call(gradient_, given, given.at.size(), stream, [&](const byzsim_model_input& input) {
      return model_.gradient(model_.user, &input, given.at.data(), &batch, written.data(), &loss);
    });
    std::vector<float> made = written.take(gradient_);
    const auto bad =
        std::find_if(made.begin(), made.end(), [](float value) { return std::isnan(value); });
    if (bad != made.end() && all_finite(given.at.data(), given.at.size()))
      refuse_plugin(gradient_, "returned NaN or no value for finite parameters in coordinate " +
                                   std::to_string(bad - made.begin()));
    return BatchAnswer{{loss}, std::move(made), {}};
  });
}

BatchAnswer LibraryModel::evaluate(const ModelCall& given) const {
  const Stream stream = stream_of_batch(given.batch);
  const byzsim_batch batch = batch_of(given.batch);
  const std::size_t predicted = model_.predicts_classes != 0 ? given.batch.rows : 0;
  return answer_of(evaluate_, stream, [&](bool) {
    PluginVector<double> losses(given.batch.rows, std::numeric_limits<double>::quiet_NaN());
    PluginVector<std::int32_t> predictions(predicted, -1);
    call(evaluate_, given, given.at.size(), stream, [&](const byzsim_model_input& input) {
      return model_.evaluate(model_.user, &input, given.at.data(), &batch, losses.data(),
                             predicted > 0 ? predictions.data() : nullptr);
    });
    BatchAnswer answer{losses.take(evaluate_), {}, predictions.take(evaluate_)};
    for (const std::int32_t each : answer.predictions)
      if (each < 0 || static_cast<std::size_t>(each) >= given.data.classes)
        refuse_plugin(evaluate_, "predicted the class " + std::to_string(each) +
                                     ", which is not in [0, " + std::to_string(given.data.classes) +
                                     ")");
    return answer;
  });
}

// A model of the table: the parameters and the data it was made for, and what answers for it.
class PluginModel final : public Model {
 public:
  PluginModel(PluginModelCalls calls, Parameters parameters, DataShape data)
      : calls_(std::move(calls)), parameters_(std::move(parameters)), data_(data) {
    dimension_ = calls_.dimension(parameters_, data_).dimension;
  }

  std::size_t dimension() const override { return dimension_; }
  void initialize(Stream stream, std::span<float> parameters) const override {
    BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
    const auto made = calls_.initialize(parameters_, data_, dimension_, stream);
    BYZ_CHECK(made.size() == dimension_, "every parameter has an initial value");
    std::copy(made.begin(), made.end(), parameters.begin());
  }
  double gradient(std::span<const float> parameters, const Batch<float>& batch,
                  std::span<float> gradient) const override {
    BYZ_CHECK(parameters.size() == dimension_ && gradient.size() == dimension_,
              "a model has as many parameters as its dimension");
    const BatchAnswer answer =
        calls_.gradient(parameters_, data_, parameters,
                        {batch.rows(), batch.features.data(), batch.labels.data(),
                         batch.targets.empty() ? nullptr : batch.targets.data()});
    BYZ_CHECK(answer.gradient.size() == dimension_ && answer.losses.size() == 1,
              "a batch has one loss and one gradient");
    std::copy(answer.gradient.begin(), answer.gradient.end(), gradient.begin());
    return answer.losses.front();
  }
  double gradient(std::span<const double>, const Batch<double>&, std::span<double>) const override {
    BYZ_CHECK(false, "no run computes a plugin's model in float64");
    return 0;
  }
  Evaluation evaluate(std::span<const float> parameters, const Examples& examples) const override;

 private:
  PluginModelCalls calls_;
  Parameters parameters_;
  DataShape data_;
  std::size_t dimension_;
};

Evaluation PluginModel::evaluate(std::span<const float> parameters,
                                 const Examples& examples) const {
  Evaluation evaluation;
  if (examples.count() == 0) return evaluation;
  for (std::size_t begin = 0; begin < examples.count(); begin += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, examples.count() - begin);
    std::vector<float> features(rows * data_.features);
    examples.features.copy(begin * data_.features, features);
    const BatchAnswer answer =
        calls_.evaluate(parameters_, data_, parameters,
                        {rows, features.data(), examples.labels.data() + begin,
                         examples.targets.empty() ? nullptr : examples.targets.data() + begin});
    BYZ_CHECK(answer.losses.size() == rows, "every example has a loss");
    BYZ_CHECK(answer.predictions.empty() || answer.predictions.size() == rows,
              "a class is predicted for every example, or for none");
    for (const double loss : answer.losses) evaluation.loss += loss;
    for (std::size_t i = 0; i < answer.predictions.size(); ++i)
      evaluation.correct += answer.predictions[i] == examples.labels[begin + i] ? 1 : 0;
    evaluation.total += static_cast<std::int64_t>(answer.predictions.size());
  }
  evaluation.loss /= static_cast<double>(examples.count());
  return evaluation;
}

}  // namespace

PluginModelCalls plugin_model_calls(const byzsim_model& model, const Declaration& declaration,
                                    bool keeps_state) {
  const LibraryModel called(model, declaration, keeps_state);
  return {
      .dimension = [called](const Parameters& parameters,
                            const DataShape& data) { return called.dimension(parameters, data); },
      .initialize =
          [called](const Parameters& parameters, const DataShape& data, std::size_t dimension,
                   const Stream& stream) {
            return called.initialize(parameters, data, dimension, stream);
          },
      .gradient =
          [called](const Parameters& parameters, const DataShape& data, std::span<const float> at,
                   const BatchView& batch) {
            return called.gradient({parameters, data, at, batch});
          },
      .evaluate =
          [called](const Parameters& parameters, const DataShape& data, std::span<const float> at,
                   const BatchView& batch) {
            return called.evaluate({parameters, data, at, batch});
          }};
}

ModelEntry plugin_model(const PluginModelCalls& calls, const Declaration& declaration) {
  BYZ_CHECK(calls.dimension && calls.initialize && calls.gradient && calls.evaluate,
            "a model answers everything");
  return {.declaration = declaration,
          .make = [calls](const Parameters& parameters, DataShape data) -> std::unique_ptr<Model> {
            return std::make_unique<PluginModel>(calls, parameters, data);
          },
          .problem = [calls](const Parameters& parameters,
                             DataShape data) { return calls.dimension(parameters, data).problem; }};
}

}  // namespace byzsim
