// Data sets: labelled examples in memory, generated from the seed or read from files. One file a
// generator or format under datasets/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/datasets/features.h"
#include "core/input/issue.h"
#include "core/input/table.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// How the features of one example form an image, plane by plane and row by row; all 0 when they
/// form none.
struct ImageShape {
  std::size_t channels = 0;
  std::size_t height = 0;
  std::size_t width = 0;
  friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

/// Examples with their labels, row by row.
struct Examples {
  Features features;                 ///< count x features of the set
  std::vector<std::int32_t> labels;  ///< count, each in [0, classes); all 0 without classes
  std::vector<float> targets = {};   ///< count real targets of a regression; empty otherwise
  std::size_t count() const { return labels.size(); }
};

/// A data set; immutable once made. Without real targets it is one of classification, whose labels
/// also serve as targets for models that regress.
struct Dataset {
  std::size_t features = 0;
  std::size_t classes = 0;  ///< 0: of regression only
  Examples train;
  Examples test;
  ImageShape image = {};
};

/// The digest of every bit of a data set.
std::uint64_t digest_of(const Dataset& dataset);

/// What a data set will be, known before it is made.
struct DatasetSize {
  std::size_t features;
  std::size_t classes;
  std::size_t train;
  std::size_t test;
  ImageShape image = {};
  std::size_t bytes_of_feature =
      sizeof(float);  ///< 1 where images stay bytes (core/datasets/features.h)
  /// Of features, labels and targets in memory.
  std::uint64_t bytes() const {
    const std::uint64_t label_and_target =
        sizeof(std::int32_t) + (classes == 0 ? sizeof(float) : 0);
    return (train + test) *
           (static_cast<std::uint64_t>(features) * bytes_of_feature + label_and_target);
  }
};

/// What making a data set may use beside its parameters.
struct DatasetInput {
  const Parameters& parameters;
  std::uint64_t seed;     ///< of the scenario; generators are a pure function of it
  std::string data_root;  ///< where data files lie when no directory is given (one folder a set);
                          ///< empty when unknown
  const Executor& executor;
};

/// All functions throw InputError for missing files, those that read for truncated or mislabelled
/// ones too.
struct DatasetEntry {
  Declaration declaration;
  /// Cheap next to make(), though some formats must be read through.
  std::function<DatasetSize(const DatasetInput& input)> size;
  std::function<Dataset(const DatasetInput& input)> make;
  /// The paths of all files that make() reads, in a fixed order; null for generators.
  std::function<std::vector<std::string>(const DatasetInput& input)> files = nullptr;
};

/// All data sets, in the order of datasets.def.
const Table<DatasetEntry>& datasets();
/// Adds a data set from outside the tree, before anything runs (adversaries/plugins/).
void add_dataset(DatasetEntry dataset);

}  // namespace byzsim
