// CSV (RFC 4180): a line an example, fields separated by commas and perhaps in double quotes, one
// of them the label and all others features. A first line with the columns' names may precede them.
// Blank lines and blanks around fields do not matter. Files may be gzipped or plain, and begin with
// a byte order mark.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/datasets/labelled_rows.h"

namespace byzsim {

/// Whether the first line names the columns. Found out: it contains the name of the label column,
/// or some field of it is a name where the second line has a number. Without a second line, some
/// field besides the label is a name: labels may be names in any line.
enum class CsvHeader { find_out, yes, no };

/// What a user may say of a file beside its path.
struct CsvOptions {
  CsvHeader header = CsvHeader::find_out;
  std::string label_name = {};    ///< the column of labels; empty: by its index
  std::int64_t label_index = -1;  ///< from 0, or from -1 backwards
};

/// The examples of one file in its order; `rows.labels` are filled in by read_labels
/// (csv_labels.h).
struct CsvRows {
  LabelledRows rows;                ///< without labels
  std::vector<std::string> labels;  ///< as they are written, none missing
  std::vector<std::string> names;   ///< of the columns; empty without a header
};

/// Reads a whole file. Throws InputError naming the file, and the lines, that are not so.
CsvRows read_csv(const std::string& path, const CsvOptions& options);

}  // namespace byzsim
