// LIBSVM's text format: a line an example, `label index:value ...`, with indices that count from 1
// and ascend; features that are not named are 0. Files may be gzipped or plain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/issue.h"

namespace byzsim {

/// The examples of one file, in its order. Row i is line i + 1, since every line is a row.
struct LibsvmRows {
  std::vector<std::int64_t> labels;
  std::vector<std::size_t> ends;       ///< where each row ends in the two arrays below
  std::vector<std::uint32_t> columns;  ///< index - 1 of each value
  std::vector<float> values;
  std::size_t features = 0;  ///< the largest index

  std::size_t count() const { return labels.size(); }
  std::size_t begin(std::size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
};

/// The faulty lines of a file: the first ten as issues, the others counted.
class LineFaults {
 public:
  explicit LineFaults(std::string path) : path_(std::move(path)) {}
  void add(std::size_t line, std::string problem, std::string remedy);
  Issues issues() const;

 private:
  std::string path_;
  Issues first_;
  std::size_t beyond_ = 0;
};

/// Reads a whole file. A label is an integer, with or without sign; a line with a label and nothing
/// else is an example, blanks at the end of a line do not matter, and the last line need not end in
/// a newline. Throws InputError naming the file, and the lines, that are not so.
LibsvmRows read_libsvm(const std::string& path);

}  // namespace byzsim
