// Examples from NumPy's arrays: one of features, one of labels, and two more to test with.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/datasets/data_files.h"
#include "core/datasets/dataset.h"
#include "core/datasets/labelled_rows.h"
#include "core/datasets/npy_file.h"
#include "core/datasets/test_split.h"

namespace byzsim {
namespace {

// The files in the order of their reading: features and labels to train with, then to test with.
constexpr std::array<const char*, 4> kParameters = {"features", "labels", "test_features",
                                                    "test_labels"};

struct FoundArrays {
  std::array<std::string, 4> paths;
  std::array<NpyArray<float>, 4> features;  // of every other place
  std::array<NpyArray<double>, 4> labels;   // of the others
};

bool holds_features(std::size_t file) { return file % 2 == 0; }

void check_features(const std::string& path, const NpyArray<float>& array) {
  if (array.shape.size() > 4)
    throw InputError({path, fmt::format("has {} axes", array.shape.size()),
                      "save examples x features, or images: examples x height x width or examples "
                      "x channels x height x width"});
  RowFaults faults(path, RowFaults::Of::array);
  // All axes but the first are one example's features.
  const std::size_t columns = array.values.size() / array.shape[0];
  for (std::size_t row = 0; row < array.shape[0]; ++row) {
    const auto begin = array.values.begin() + static_cast<std::ptrdiff_t>(row * columns);
    const auto end = begin + static_cast<std::ptrdiff_t>(columns);
    const auto wrong = std::find_if_not(begin, end, [](float x) { return std::isfinite(x); });
    if (wrong != end)
      faults.add(row,
                 fmt::format("value {} of feature {} (counted from 0) is not a finite number",
                             *wrong, wrong - begin),
                 "write a finite number of float32, or leave the example out");
  }
  throw_if_any(faults.issues());
}

void check_label_shape(const std::string& path, const NpyArray<double>& array) {
  // A column, of shape (n, 1), is one label for each example, too.
  if (array.values.size() == array.shape[0]) return;
  throw InputError({path,
                    fmt::format("contains {} labels for each of {} examples",
                                array.values.size() / array.shape[0], array.shape[0]),
                    "save one label for each example (of one-hot rows, labels.argmax(axis=1))"});
}

ImageShape image_of(const std::vector<std::size_t>& shape) {
  if (shape.size() == 3) return {1, shape[1], shape[2]};
  if (shape.size() == 4) return {shape[1], shape[2], shape[3]};
  return {};
}

LabelledRows rows_of(FoundArrays& found, std::size_t first) {
  NpyArray<float>& features = found.features[first];
  NpyArray<double>& labels = found.labels[first + 1];
  const std::size_t count = features.shape[0];
  if (labels.shape[0] != count)
    throw InputError({found.paths[first + 1],
                      fmt::format("contains {} labels for the {} examples of {}", labels.shape[0],
                                  count, found.paths[first]),
                      "take both files from one source"});
  LabelledRows rows{found.paths[first + 1], features.values.size() / count, {}, {}};
  rows.values = std::move(features.values);
  rows.labels = std::move(labels.values);
  rows.image = image_of(features.shape);
  return rows;
}

bool splits(const DatasetInput& input) {
  return input.parameters.text("test_features").empty() &&
         input.parameters.text("test_labels").empty();
}

std::vector<std::string> npy_files(const DatasetInput& input) {
  std::vector<std::string> paths(splits(input) ? 2 : 4);
  read_side_by_side(input.executor, paths.size(),
                    [&](std::size_t i) { paths[i] = file_of(input, "npy", kParameters[i]); });
  return paths;
}

LabelledParts read_arrays(const DatasetInput& input) {
  const bool split = splits(input);
  FoundArrays found;
  read_side_by_side(input.executor, split ? 2 : 4, [&](std::size_t i) {
    const std::string& path = found.paths[i] = file_of(input, "npy", kParameters[i]);
    if (holds_features(i))
      check_features(path, found.features[i] = read_npy<float>(path));
    else
      check_label_shape(path, found.labels[i] = read_npy<double>(path));
  });
  LabelledParts parts{rows_of(found, 0)};
  if (!split) parts.test = rows_of(found, 2);
  return parts;
}

DatasetSize npy_size(const DatasetInput& input) { return size_of(input, read_arrays(input)); }

Dataset make_npy(const DatasetInput& input) { return dataset_of(input, read_arrays(input)); }

}  // namespace

namespace datasets_list {

DatasetEntry npy() {
  return {{"npy",
           "examples from NumPy's arrays (.npy): features of shape (examples, ...), numbers as "
           "they are, and labels of shape (examples); three or four axes are images",
           "NumPy Enhancement Proposal 1",
           {path("features", "features to train with: a path, or a name in $BYZSIM_DATA/npy"),
            path("labels", "their labels"),
            path("test_features",
                 "features to test with; empty, as test_labels: split the training examples"),
            path("test_labels", "their labels"), test_fraction("test_features"), task()}},
          npy_size,
          make_npy,
          npy_files};
}

}  // namespace datasets_list
}  // namespace byzsim
