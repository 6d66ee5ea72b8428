// Data sets: labelled examples in memory, generated from the seed or read from files. One file a
// generator or format under datasets/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/issue.h"
#include "core/parallel.h"
#include "core/table.h"

namespace byzsim {

/// Examples with their labels, row by row.
struct Examples {
  std::vector<float> features;       ///< count x features of the set
  std::vector<std::int32_t> labels;  ///< count, each in [0, classes)
  std::size_t count() const { return labels.size(); }
};

/// A classification data set; immutable once made.
struct Dataset {
  std::size_t features = 0;
  std::size_t classes = 0;
  Examples train;
  Examples test;
};

/// The digest of every bit of a data set.
std::uint64_t digest_of(const Dataset& dataset);

/// What a data set will be, known before it is made.
struct DatasetSize {
  std::size_t features;
  std::size_t classes;
  std::size_t train;
  std::size_t test;
  std::uint64_t bytes() const {
    return (train + test) *
           (static_cast<std::uint64_t>(features) * sizeof(float) + sizeof(std::int32_t));
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

/// Both functions throw InputError for missing, truncated or mislabelled files.
struct DatasetEntry {
  Declaration declaration;
  DatasetSize (*size)(const DatasetInput& input);  ///< cheap: reads at most the files' headers
  Dataset (*make)(const DatasetInput& input);
};

const Table<DatasetEntry>& datasets();

}  // namespace byzsim
