// LIBSVM's text format: a line an example, `label index:value ...`, with indices that count from 0
// or 1 and ascend; features that are not named are 0. What follows a # is a comment. Files may be
// gzipped or plain, and begin with a byte order mark.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/input/issue.h"

namespace byzsim {

/// The examples of one file, in its order.
struct LibsvmRows {
  std::vector<std::int64_t> labels;
  std::vector<std::uint32_t> lines;    ///< of each row, counted from 1
  std::vector<std::size_t> ends;       ///< where each row ends in the two arrays below
  std::vector<std::uint32_t> indices;  ///< as the file has them
  std::vector<float> values;
  std::uint32_t smallest = std::numeric_limits<std::uint32_t>::max();  ///< index of all
  std::uint32_t largest = 0;                                           ///< index of all

  std::size_t count() const { return labels.size(); }
  /// Where a row begins in the arrays of indices and values.
  std::size_t begin(std::size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
  /// How many features rows have whose first index is `base`.
  std::size_t features(std::uint32_t base) const {
    return values.empty() ? 0 : std::size_t{largest} + 1 - base;
  }
};

/// Reads a whole file. A label is an integer, with or without sign; a line with a label and nothing
/// else is an example, a line with a comment alone is none, blanks at the end of a line do not
/// matter, and the last line need not end in a newline. Throws InputError naming the file, and the
/// lines, that are not so or have an index below `least_index`.
LibsvmRows read_libsvm(const std::string& path, std::uint32_t least_index = 0);

}  // namespace byzsim
