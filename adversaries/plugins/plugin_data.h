// Models and data sets of plugins as entries of the tables: what asks the plugin, in this process
// or through the connection to another, is handed in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/plugins/plugin_call.h"
#include "core/datasets/dataset.h"
#include "core/models/model.h"

namespace byzsim {

/// Examples of a batch that belongs to somebody else.
struct BatchView {
  std::size_t rows;
  const float* features;       ///< rows x features of the shape
  const std::int32_t* labels;  ///< rows
  const float* targets;        ///< rows, or null
};

/// The number of parameters of a model, or why it cannot be made for the data.
struct DimensionAnswer {
  std::size_t dimension;
  std::optional<std::string> problem;
};

/// What a model makes of a batch: one number (the mean loss) with its gradient, or one of each
/// example with the class that it predicts, if it predicts classes.
struct BatchAnswer {
  std::vector<double> losses;
  std::vector<float> gradient;
  std::vector<std::int32_t> predictions;
};

inline bool same_bits(const DimensionAnswer& a, const DimensionAnswer& b) {
  return a.dimension == b.dimension && a.problem == b.problem;
}
inline bool same_bits(const BatchAnswer& a, const BatchAnswer& b) {
  return same_bits(a.losses, b.losses) && same_bits(a.gradient, b.gradient) &&
         same_bits(a.predictions, b.predictions);
}

/// Calls of one model, each a pure function. They throw BrokenPromise.
struct PluginModelCalls {
  std::function<DimensionAnswer(const Parameters&, const DataShape&)> dimension;
  std::function<std::vector<float>(const Parameters&, const DataShape&, std::size_t dimension,
                                   const Stream&)>
      initialize;
  std::function<BatchAnswer(const Parameters&, const DataShape&, std::span<const float> model,
                            const BatchView&)>
      gradient, evaluate;
};
/// Calls the model of a library that is loaded in this process.
PluginModelCalls plugin_model_calls(const byzsim_model& model, const Declaration& declaration,
                                    bool keeps_state);
/// A model of the table that asks them.
ModelEntry plugin_model(const PluginModelCalls& calls, const Declaration& declaration);

/// Examples of a data set, one after the other.
struct ExampleBlock {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
  std::vector<float> targets;  ///< empty where there are classes
};

inline bool same_bits(const ExampleBlock& a, const ExampleBlock& b) {
  return same_bits(a.features, b.features) && same_bits(a.labels, b.labels) &&
         same_bits(a.targets, b.targets);
}

/// Why no data set has this size, or no data set of this size these labels; null when one can.
const char* problem_of_size(const DatasetSize& size);
const char* problem_of_labels(const DatasetSize& size, const std::vector<std::int32_t>& labels);

/// Calls of one data set, each a pure function. They throw BrokenPromise.
struct PluginDatasetCalls {
  std::function<DatasetSize(const Parameters&, std::uint64_t seed)> size;
  /// `count` examples from `begin` on of the training part (0) or the test part (1).
  std::function<ExampleBlock(const Parameters&, std::uint64_t seed, const DatasetSize&,
                             std::int32_t part, std::size_t begin, std::size_t count)>
      make;
};
PluginDatasetCalls plugin_dataset_calls(const byzsim_dataset& dataset,
                                        const Declaration& declaration, bool keeps_state);
DatasetEntry plugin_dataset(const PluginDatasetCalls& calls, const Declaration& declaration);

}  // namespace byzsim
