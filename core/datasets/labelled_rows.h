// Rows of numbers with a label each, as CSV files and NumPy's arrays hold them, and the data set
// they make. Labels are classes 0, 1, ..., as many as the largest of the training part asks for, or
// the real targets of a regression.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/datasets/text_lines.h"

namespace byzsim {

/// The rows of one part. Only the features are known to be finite; labels are checked with the
/// task.
struct LabelledRows {
  std::string path;  ///< of the labels
  std::size_t features = 0;
  std::vector<float> values;  ///< count x features, finite
  std::vector<double> labels;
  std::vector<std::size_t> lines = {};  ///< of each row in a text; empty for an array
  ImageShape image = {};

  std::size_t count() const { return labels.size(); }
};

/// What a data set is made of: a training part and perhaps one to test with.
struct LabelledParts {
  LabelledRows train;
  std::optional<LabelledRows> test = {};  ///< without one, the training part is split
};

/// A larger label is taken for a mistake, as the model would have an output for each class.
inline constexpr std::size_t kMostClasses = 100'000;

/// The parameter "task": what labels are.
Parameter task();
/// Whether the parameter says so; otherwise labels are classes.
bool is_regression(const DatasetInput& input);

/// Throws InputError for labels that are not as the task asks for, and parts that do not fit.
DatasetSize size_of(const DatasetInput& input, const LabelledParts& parts);
/// The data set that size_of() has measured; takes the parts' memory. Labels of a regression become
/// float32 targets.
Dataset dataset_of(const DatasetInput& input, LabelledParts parts);

}  // namespace byzsim
