// Examples from CSV files: a line an example, a column the label.
#include <fmt/format.h>

#include <array>
#include <span>

#include "core/datasets/csv_file.h"
#include "core/datasets/csv_labels.h"
#include "core/datasets/data_files.h"
#include "core/datasets/dataset.h"
#include "core/datasets/test_split.h"

namespace byzsim {
namespace {

CsvOptions options_of(const Parameters& parameters) {
  CsvOptions options;
  const std::string& header = parameters.word("header");
  if (header != "auto") options.header = header == "yes" ? CsvHeader::yes : CsvHeader::no;
  if (parameters.is_word("label"))
    options.label_name = parameters.text("label");
  else
    options.label_index = parameters.integer("label");
  return options;
}

// Columns of other names hold something else.
void check_names(const CsvRows& train, const CsvRows& test) {
  const auto &of_train = train.names, &of_test = test.names;
  // Without names in both there is nothing to compare; different numbers of columns are reported
  // later.
  if (of_train.empty() || of_test.empty() || of_train.size() != of_test.size()) return;
  for (std::size_t i = 0; i < of_train.size(); ++i)
    if (of_train[i] != of_test[i])
      throw InputError({test.rows.path + ":1",
                        fmt::format("calls column {} (counted from 0) \"{}\", and {} \"{}\"", i,
                                    of_test[i], train.rows.path, of_train[i]),
                        "give both files the same columns"});
}

std::vector<std::string> csv_files(const DatasetInput& input) {
  return files_of(input, "csv", {"file", "test_file"});
}

LabelledParts read_parts(const DatasetInput& input) {
  const CsvOptions options = options_of(input.parameters);
  const std::vector<std::string> paths = csv_files(input);
  const bool split = paths.size() == 1;
  std::array<CsvRows, 2> parts;
  read_side_by_side(input.executor, paths.size(),
                    [&](std::size_t i) { parts[i] = read_csv(paths[i], options); });
  if (!split) check_names(parts[0], parts[1]);
  read_labels(input, std::span(parts).first(split ? 1 : 2));
  if (split) return {std::move(parts[0].rows)};
  return {std::move(parts[0].rows), std::move(parts[1].rows)};
}

DatasetSize csv_size(const DatasetInput& input) { return size_of(input, read_parts(input)); }

Dataset make_csv(const DatasetInput& input) { return dataset_of(input, read_parts(input)); }

}  // namespace

namespace datasets_list {

DatasetEntry csv() {
  return {
      {"csv",
       "examples from CSV files: a line an example, one column the label and all others "
       "features, numbers as they are; labels that are text are names of classes",
       "RFC 4180",
       {path("file",
             "the training file: a path, or a name in $BYZSIM_DATA/csv; .gz may be left out"),
        path("test_file", "the test file; empty: split the training file"),
        test_fraction("test_file"),
        integer("label", -1, -1e6, 1e6,
                "the column of labels: its name, its index from 0, or -1 for the last")
            .or_text(),
        word("header", {"auto", "yes", "no"}, "whether the first line names the columns"), task()}},
      csv_size,
      make_csv,
      csv_files};
}

}  // namespace datasets_list
}  // namespace byzsim
