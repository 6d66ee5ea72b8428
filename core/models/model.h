// Models: a flat parameter vector, its gradient on a batch and its predictions. One file a model
// under models/. Real is float in every run; double exists so that gradients can be checked by
// finite differences.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "core/input/table.h"

namespace byzsim {

/// Who computes a gradient, and for which step.
struct Asker {
  std::int64_t worker;
  std::int64_t step;
  Stream stream;  ///< of further draws, after those of the examples
};

/// `rows` examples: features row by row, one label each.
template <class Real>
struct Batch {
  std::vector<Real> features;        ///< rows x features
  std::vector<std::int32_t> labels;  ///< each in [0, classes)
  std::vector<Real> targets = {};    ///< one for each row where the data set has them
  std::optional<Asker> asker = {};   ///< in a run, for models that draw examples of their own
  std::size_t rows() const { return labels.size(); }
};

/// What a model achieves on examples.
struct Evaluation {
  double loss = 0;           ///< mean loss of the model's kind; non-finite once training diverged
  std::int64_t correct = 0;  ///< examples whose label has the largest output (ties: lowest class)
  std::int64_t total = 0;    ///< 0 for a model that predicts no class: accuracy is then undefined
};

/// An architecture: immutable, shared by all nodes. Parameters are passed in, never kept.
class Model {
 public:
  virtual ~Model() = default;

  /// Number of parameters d.
  virtual std::size_t dimension() const = 0;
  /// Writes the d initial parameters, drawn from the stream.
  virtual void initialize(Stream stream, std::span<float> parameters) const = 0;
  /// Writes the d partial derivatives of the batch's mean loss, and returns that loss. Any bits may
  /// be in `parameters`; the result is then non-finite, never undefined.
  virtual double gradient(std::span<const float> parameters, const Batch<float>& batch,
                          std::span<float> gradient) const = 0;
  virtual double gradient(std::span<const double> parameters, const Batch<double>& batch,
                          std::span<double> gradient) const = 0;
  /// About how many multiplications such a gradient takes for each example: of dense layers one
  /// forward and two backward for each parameter.
  virtual double operations() const { return 3 * static_cast<double>(dimension()); }
  /// Evaluates on all examples.
  virtual Evaluation evaluate(std::span<const float> parameters,
                              const Examples& examples) const = 0;
};

/// The shape of what a model is trained on.
struct DataShape {
  std::size_t features;
  std::size_t classes;
  ImageShape image = {};
};

/// One architecture of the table. `make` may be called where `problem` finds nothing.
struct ModelEntry {
  Declaration declaration;
  std::function<std::unique_ptr<Model>(const Parameters& parameters, DataShape shape)> make;
  /// Why such a model cannot be made for such data, as a sentence; null when it always can.
  std::function<std::optional<std::string>(const Parameters& parameters, DataShape shape)> problem =
      nullptr;
};

/// All models, in the order of models.def.
const Table<ModelEntry>& models();
/// Adds a model from outside the tree, before anything runs (adversaries/plugins/).
void add_model(ModelEntry model);

}  // namespace byzsim
