// Models and data sets: some that are built-in ones under other names, and some that break a
// promise.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

// As `points` with its default places.
const char* shape_points(void*, const byzsim_dataset_input*, byzsim_data_shape* shape,
                         std::size_t* train, std::size_t* test) {
  shape->features = 1;
  shape->classes = *train = *test = 3;
  return nullptr;
}

const char* make_points(void*, const byzsim_dataset_input* input, float* features,
                        std::int32_t* labels, float*) {
  for (std::size_t i = 0; i < input->count; ++i) {
    labels[i] = static_cast<std::int32_t>(input->begin + i);
    features[i] = static_cast<float>(labels[i] - 1);
  }
  return nullptr;
}

// Targets of a line with noise, in as many examples as the parameter says.
const char* shape_line(void*, const byzsim_dataset_input* input, byzsim_data_shape* shape,
                       std::size_t* train, std::size_t* test) {
  shape->features = 2;
  *train = static_cast<std::size_t>(input->parameters[0].integer);
  *test = 30;
  return nullptr;
}

const char* make_line(void*, const byzsim_dataset_input* input, float* features, std::int32_t*,
                      float* targets) {
  for (std::size_t i = 0; i < input->count; ++i) {
    const double x = input->host->normal(input->host), y = input->host->normal(input->host);
    features[2 * i] = static_cast<float>(x);
    features[2 * i + 1] = static_cast<float>(y);
    targets[i] = static_cast<float>(x - 2 * y + 0.1 * input->host->normal(input->host));
  }
  return nullptr;
}

const char* shape_image(void*, const byzsim_dataset_input*, byzsim_data_shape* shape,
                        std::size_t* train, std::size_t* test) {
  *shape = {12, 3, 2, 2, 2, shape->size};
  *train = *test = 10;
  return nullptr;
}

const char* make_bad_label(void*, const byzsim_dataset_input* input, float* features,
                           std::int32_t* labels, float*) {
  for (std::size_t i = 0; i < input->count; ++i) features[i] = 0, labels[i] = 3;
  return nullptr;
}

const char* make_no_features(void*, const byzsim_dataset_input* input, float*, std::int32_t* labels,
                             float*) {
  for (std::size_t i = 0; i < input->count; ++i) labels[i] = 0;
  return nullptr;
}

const char* make_too_many(void*, const byzsim_dataset_input* input, float* features,
                          std::int32_t* labels, float*) {
  for (std::size_t i = 0; i <= input->count; ++i) features[i] = 0, labels[i < 3 ? i : 0] = 0;
  return nullptr;
}

// As `linear_regression`: the weights, then the bias.
const char* count_weights(void*, const byzsim_model_input* input, std::size_t* dimension) {
  *dimension = input->shape->features + 1;
  return input->shape->features > 50 ? "has at most 50 features" : nullptr;
}

const char* begin_at_zero(void*, const byzsim_model_input* input, float* model) {
  for (std::size_t c = 0; c < input->dimension; ++c) model[c] = 0;
  return nullptr;
}

double difference(const byzsim_model_input* input, const float* model, const byzsim_batch* batch,
                  std::size_t row) {
  const std::size_t features = input->shape->features;
  double sum = double(model[features]);
  for (std::size_t j = 0; j < features; ++j)
    sum += double(model[j]) * double(batch->features[row * features + j]);
  return sum -
         (batch->targets != nullptr ? double(batch->targets[row]) : double(batch->labels[row]));
}

const char* differentiate(void*, const byzsim_model_input* input, const float* model,
                          const byzsim_batch* batch, float* gradient, double* loss) {
  const std::size_t features = input->shape->features;
  double sums[51] = {}, squares = 0;
  for (std::size_t row = 0; row < batch->rows; ++row) {
    const double off = difference(input, model, batch, row);
    squares += off * off;
    for (std::size_t j = 0; j < features; ++j)
      sums[j] += off * double(batch->features[row * features + j]);
    sums[features] += off;
  }
  const auto count = double(batch->rows);
  for (std::size_t j = 0; j <= features; ++j) gradient[j] = static_cast<float>(sums[j] / count);
  *loss = 0.5 * (squares / count);
  return nullptr;
}

const char* judge(void*, const byzsim_model_input* input, const float* model,
                  const byzsim_batch* batch, double* losses, std::int32_t*) {
  for (std::size_t row = 0; row < batch->rows; ++row) {
    const double off = difference(input, model, batch, row);
    losses[row] = 0.5 * (off * off);
  }
  return nullptr;
}

const char* predict(void* user, const byzsim_model_input* input, const float* model,
                    const byzsim_batch* batch, double* losses, std::int32_t* predictions) {
  for (std::size_t row = 0; row < batch->rows; ++row)
    predictions[row] = user == nullptr ? batch->labels[row] : 77;
  return judge(user, input, model, batch, losses, nullptr);
}

const char* write_nan(void*, const byzsim_model_input* input, const float*, const byzsim_batch*,
                      float* gradient, double* loss) {
  for (std::size_t c = 0; c < input->dimension; ++c) gradient[c] = c == 1 ? NAN : 0;
  *loss = 0;
  return nullptr;
}

const char* change_model(void*, const byzsim_model_input* input, const float* model,
                         const byzsim_batch*, float* gradient, double*) {
  for (std::size_t c = 0; c < input->dimension; ++c) gradient[c] = 0;
  const_cast<float*>(model)[0] = 5;
  return nullptr;
}

const char* begin_at_infinity(void*, const byzsim_model_input* input, float* model) {
  for (std::size_t c = 0; c < input->dimension; ++c)
    model[c] = std::numeric_limits<float>::infinity();
  return nullptr;
}

const char* count_none(void*, const byzsim_model_input*, std::size_t*) { return nullptr; }

int marked = 0;
constexpr byzsim_parameter kTrain[] = {
    {"train", "training examples", BYZSIM_INTEGER, 600, 1, 1e6, nullptr}};

constexpr byzsim_dataset dataset(const char* name, decltype(byzsim_dataset::shape) shape,
                                 decltype(byzsim_dataset::make) make) {
  return {{name, "as declared", nullptr, nullptr, 0}, nullptr, shape, make};
}
constexpr byzsim_dataset kDatasets[] = {
    dataset("other_points", shape_points, make_points),
    {{"line", "a line with noise", nullptr, kTrain, 1}, nullptr, shape_line, make_line},
    dataset("bad_image", shape_image, make_points),
    dataset("bad_label", shape_points, make_bad_label),
    dataset("no_features", shape_points, make_no_features),
    dataset("too_many", shape_points, make_too_many)};

constexpr byzsim_model model(const char* name, decltype(byzsim_model::gradient) gradient,
                             decltype(byzsim_model::initialize) initialize = begin_at_zero,
                             decltype(byzsim_model::dimension) dimension = count_weights) {
  return {{name, "as declared", nullptr, nullptr, 0},
          nullptr,
          0,
          dimension,
          initialize,
          gradient,
          judge};
}
constexpr byzsim_model kModels[] = {model("least_squares", differentiate),
                                    {{"clairvoyant", "predicts every label", nullptr, nullptr, 0},
                                     nullptr,
                                     1,
                                     count_weights,
                                     begin_at_zero,
                                     differentiate,
                                     predict},
                                    {{"strange_classes", "predicts class 77", nullptr, nullptr, 0},
                                     &marked,
                                     1,
                                     count_weights,
                                     begin_at_zero,
                                     differentiate,
                                     predict},
                                    model("nan_gradient", write_nan),
                                    model("changing", change_model),
                                    model("infinite", differentiate, begin_at_infinity),
                                    model("empty", differentiate, begin_at_zero, count_none)};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, nullptr, 0, nullptr, 0, nullptr, 0, 0, kModels, 7, kDatasets, 6};
