// A quadratic bowl for each example x: the loss is curvature / 2 * ||theta - x||^2, a parameter for
// each feature. The mean over all examples is least at their mean, and at a distance r from there
// it is larger by curvature / 2 * r^2: what theorems on convergence and drift are tried on.
#include <algorithm>
#include <vector>

#include "core/check.h"
#include "core/models/model.h"

namespace byzsim::models_list {
namespace {

/// Sums over rows x of theta - x and of its squares, coordinate by coordinate.
struct Differences {
  std::vector<double> sums, squares;

  template <class Real>
  Differences(std::span<const Real> theta, const std::vector<Real>& rows)
      : sums(theta.size()), squares(theta.size()) {
    for (std::size_t begin = 0; begin < rows.size(); begin += theta.size())
      for (std::size_t j = 0; j < theta.size(); ++j) {
        const double difference = double(theta[j]) - double(rows[begin + j]);
        sums[j] += difference;
        squares[j] += difference * difference;
      }
  }

  double sum_of_squares() const {
    double total = 0;
    for (const double square : squares) total += square;
    return total;
  }
};

class Quadratic final : public Model {
 public:
  Quadratic(std::size_t dimension, double curvature, double start)
      : dimension_(dimension), curvature_(curvature), start_(start) {}

  std::size_t dimension() const override { return dimension_; }
  void initialize(Stream stream, std::span<float> parameters) const override {
    BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
    for (float& parameter : parameters)
      parameter = start_ == 0 ? 0.0f : static_cast<float>(stream.uniform(-start_, start_));
  }
  double gradient(std::span<const float> parameters, const Batch<float>& batch,
                  std::span<float> gradient) const override {
    return gradient_of<float>(parameters, batch, gradient);
  }
  double gradient(std::span<const double> parameters, const Batch<double>& batch,
                  std::span<double> gradient) const override {
    return gradient_of<double>(parameters, batch, gradient);
  }
  Evaluation evaluate(std::span<const float> parameters, const Examples& examples) const override {
    check_sizes(parameters.size(), examples.count(), examples.features.size());
    if (examples.count() == 0) return {};
    const Differences differences(parameters, examples.features.values());
    return {.loss = loss_of(differences, examples.count())};
  }

 private:
  void check_sizes(std::size_t parameters, std::size_t rows, std::size_t features) const {
    BYZ_CHECK(parameters == dimension_, "a model has as many parameters as its dimension");
    BYZ_CHECK(features == rows * dimension_, "examples hold the features of each of their labels");
  }
  double loss_of(const Differences& differences, std::size_t rows) const {
    return 0.5 * curvature_ * (differences.sum_of_squares() / double(rows));
  }

  template <class Real>
  double gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                     std::span<Real> gradient) const {
    check_sizes(parameters.size(), batch.rows(), batch.features.size());
    BYZ_CHECK(batch.rows() >= 1 && gradient.size() == dimension_, "a mean loss needs an example");
    const Differences differences(parameters, batch.features);
    for (std::size_t j = 0; j < dimension_; ++j)
      gradient[j] = static_cast<Real>(curvature_ * (differences.sums[j] / double(batch.rows())));
    return loss_of(differences, batch.rows());
  }

  std::size_t dimension_;
  double curvature_, start_;
};

}  // namespace

ModelEntry quadratic() {
  return {
      .declaration =
          {.name = "quadratic",
           .summary =
               "curvature / 2 * ||theta - x||^2, one parameter for each feature; predicts no class",
           .source = "the strongly convex example of the theory",
           .parameters = {real("curvature", 1, 0, 1e6, "the second derivative").above_low(),
                          real("start", 0, 0, 1e6,
                               "initial parameters are uniform in [-start, start]")}},
      .make = [](const Parameters& parameters, DataShape data) -> std::unique_ptr<Model> {
        return std::make_unique<Quadratic>(data.features, parameters.real("curvature"),
                                           parameters.real("start"));
      }};
}

}  // namespace byzsim::models_list
