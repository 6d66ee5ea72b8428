// Everything relative to the largest output, so that no exponential overflows.

#include "core/models/cross_entropy.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "core/check.h"
#include "core/exact/portable_math.h"
#include "core/kernels/exponentials.h"

namespace byzsim {
namespace {

/// One row's largest output, and the sum of the exponentials of what the others lack to it. A NaN
/// among the outputs, or an infinite largest one, makes the sum NaN.
struct Softmax {
  std::size_t largest = 0;  ///< the lowest class with the largest output
  double peak = 0;
  double sum = 0;

  double loss(double label_output) const { return portable::log(sum) - (label_output - peak); }
};

/// Of every row, and the exponentials of all: together they take less time than one by one.
template <class Real>
std::vector<Softmax> softmaxes_of(std::span<const Real> outputs, std::size_t rows,
                                  std::vector<double>& exponentials) {
  const std::size_t classes = outputs.size() / rows;
  std::vector<Softmax> softmaxes(rows);
  exponentials.resize(outputs.size());
  for (std::size_t row = 0; row < rows; ++row) {
    Softmax& softmax = softmaxes[row];
    const Real* const values = outputs.data() + row * classes;
    for (std::size_t j = 1; j < classes; ++j)
      // A NaN is never larger; it shows in the sum.
      if (values[j] > values[softmax.largest]) softmax.largest = j;
    softmax.peak = values[softmax.largest];
    for (std::size_t j = 0; j < classes; ++j)
      exponentials[row * classes + j] = values[j] - softmax.peak;
  }
  byzsim::exponentials(exponentials);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < classes; ++j) softmaxes[row].sum += exponentials[row * classes + j];
  return softmaxes;
}

/// Calls visit(row, label) for every row.
template <class Visit>
void for_each_label(std::span<const std::int32_t> labels, std::size_t classes, Visit visit) {
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::int32_t label = labels[row];
    BYZ_CHECK(label >= 0 && static_cast<std::size_t>(label) < classes,
              "a label is in [0, classes)");
    visit(row, static_cast<std::size_t>(label));
  }
}

}  // namespace

template <class Real>
double cross_entropy_gradient(std::span<Real> outputs, std::span<const std::int32_t> labels) {
  BYZ_CHECK(!labels.empty(), "a mean loss needs an example");
  const std::size_t classes = outputs.size() / labels.size();
  const auto count = static_cast<double>(labels.size());
  std::vector<double> exponentials;
  const auto softmaxes = softmaxes_of(std::span<const Real>(outputs), labels.size(), exponentials);
  double total = 0;
  for_each_label(labels, classes, [&](std::size_t row, std::size_t label) {
    total += softmaxes[row].loss(outputs[row * classes + label]);
  });
  for_each_label(labels, classes, [&](std::size_t row, std::size_t label) {
    for (std::size_t j = 0; j < classes; ++j) {
      const double probability = exponentials[row * classes + j] / softmaxes[row].sum;
      outputs[row * classes + j] =
          static_cast<Real>((probability - (j == label ? 1.0 : 0.0)) / count);
    }
  });
  return total / count;
}

void add_to_evaluation(std::span<const float> outputs, std::span<const std::int32_t> labels,
                       Evaluation& evaluation) {
  if (labels.empty()) return;
  const std::size_t classes = outputs.size() / labels.size();
  std::vector<double> exponentials;
  const auto softmaxes = softmaxes_of(outputs, labels.size(), exponentials);
  for_each_label(labels, classes, [&](std::size_t row, std::size_t label) {
    const double loss = softmaxes[row].loss(outputs[row * classes + label]);
    evaluation.loss += loss;
    // With a NaN among the outputs the largest means nothing.
    if (std::isfinite(loss) && softmaxes[row].largest == label) ++evaluation.correct;
  });
  evaluation.total += static_cast<std::int64_t>(labels.size());
}

std::optional<std::string> classes_missing(const Parameters&, DataShape data) {
  if (data.classes > 0) return std::nullopt;
  return "it predicts classes, but the data set has none";
}

template double cross_entropy_gradient(std::span<float>, std::span<const std::int32_t>);
template double cross_entropy_gradient(std::span<double>, std::span<const std::int32_t>);

}  // namespace byzsim
