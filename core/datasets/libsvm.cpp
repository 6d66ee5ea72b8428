// Real classification sets in LIBSVM's text format, held as dense rows. The labels of the training
// file, in ascending numeric order, become the classes 0, 1, ...: -1 and +1, 0 and 1, 1 and 2 all
// become 0 and 1. Both size and make read the files whole: there is no header to ask, and the sets
// are small.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/datasets/data_files.h"
#include "core/datasets/dataset.h"
#include "core/datasets/libsvm_file.h"
#include "core/datasets/test_split.h"
#include "core/datasets/text_lines.h"

namespace byzsim {
namespace {

struct SetFile {
  std::string path;
  LibsvmRows rows;
};

struct Set {
  SetFile train;
  SetFile test;                      // without a path when the training file is split
  std::vector<std::int64_t> labels;  // ascending; the place is the class
  std::uint32_t base = 1;            // the index of the first feature
  std::size_t features = 0;

  bool is_split() const { return test.path.empty(); }
};

std::string pointer_to(const char* parameter) {
  return fmt::format("/data/parameters/{}", parameter);
}

bool finds_base(const DatasetInput& input) { return input.parameters.is_word("index_base"); }

std::uint32_t least_index(const DatasetInput& input) {
  return finds_base(input) ? 0 : static_cast<std::uint32_t>(input.parameters.integer("index_base"));
}

// Both files count alike: an index 0 in either says that features count from 0.
std::uint32_t base_of(const DatasetInput& input, const Set& set) {
  if (!finds_base(input)) return least_index(input);
  return std::min({set.train.rows.smallest, set.test.rows.smallest, std::uint32_t{1}});
}

std::vector<std::string> libsvm_files(const DatasetInput& input) {
  return files_of(input, "libsvm", {"file", "test_file"});
}

Set read_set(const DatasetInput& input) {
  Set set;
  const std::vector<std::string> paths = libsvm_files(input);
  read_side_by_side(input.executor, paths.size(), [&](std::size_t i) {
    SetFile& file = i == 0 ? set.train : set.test;
    file.path = paths[i];
    file.rows = read_libsvm(file.path, least_index(input));
  });
  set.base = base_of(input, set);
  return set;
}

std::vector<std::int64_t> distinct(std::vector<std::int64_t> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

// A file's own dimension says little: the largest index of a9a.t is smaller than that of a9a.
std::size_t features_of(const DatasetInput& input, const Set& set, Issues& issues) {
  const auto asked = static_cast<std::size_t>(input.parameters.integer("features"));
  const auto found_in = [&](const SetFile& file) { return file.rows.features(set.base); };
  // Both files are of one dimension: that of the larger index.
  const SetFile& larger = found_in(set.train) >= found_in(set.test) ? set.train : set.test;
  const std::size_t found = found_in(larger);
  if (asked != 0 && asked < found)
    issues.push_back({pointer_to("features"),
                      fmt::format("{} features are fewer than index {} of {} needs", asked,
                                  larger.rows.largest, larger.path),
                      fmt::format("use at least {}, or 0 for the largest index", found)});
  if (asked == 0 && found == 0)
    issues.push_back({larger.path, "has no features", "use another file"});
  return asked == 0 ? found : asked;
}

void check_labels(const Set& set, Issues& issues) {
  if (set.labels.size() < 2)
    issues.push_back(
        {set.train.path,
         fmt::format("has only the label {}, but classification needs two", set.labels.front()),
         "use another file"});
  RowFaults faults(set.test.path);
  for (std::size_t row = 0; row < set.test.rows.count(); ++row)
    if (const std::int64_t label = set.test.rows.labels[row];
        !std::binary_search(set.labels.begin(), set.labels.end(), label))
      faults.add(set.test.rows.lines[row],
                 fmt::format("label {} does not occur in {}", label, set.train.path),
                 "take both files from one source");
  const Issues unknown = faults.issues();
  issues.insert(issues.end(), unknown.begin(), unknown.end());
}

// Checks the set, fills in what follows from its files, and says how large it is.
DatasetSize complete(const DatasetInput& input, Set& set) {
  Issues issues;
  set.labels = distinct(set.train.rows.labels);
  set.features = features_of(input, set, issues);
  check_labels(set, issues);
  const std::size_t test =
      set.is_split() ? split_off(input, set.train.rows.count(), issues) : set.test.rows.count();
  throw_if_any(issues);
  const std::size_t train = set.train.rows.count() - (set.is_split() ? test : 0);
  return {set.features, set.labels.size(), train, test};
}

Examples dense(const Executor& executor, const LibsvmRows& rows, const RowNumbers& chosen,
               const Set& set) {
  constexpr std::size_t block_size = 256;
  // Features that a line does not name are 0.
  std::vector<float> features(chosen.size() * set.features);
  std::vector<std::int32_t> labels(chosen.size());
  executor.for_each((chosen.size() + block_size - 1) / block_size, [&](std::size_t block) {
    const std::size_t end = std::min(chosen.size(), (block + 1) * block_size);
    for (std::size_t i = block * block_size; i < end; ++i) {
      const std::size_t row = chosen[i];
      const auto place = std::lower_bound(set.labels.begin(), set.labels.end(), rows.labels[row]);
      labels[i] = static_cast<std::int32_t>(place - set.labels.begin());
      for (std::size_t k = rows.begin(row); k < rows.ends[row]; ++k)
        features[i * set.features + rows.indices[k] - set.base] = rows.values[k];
    }
  });
  return {std::move(features), std::move(labels)};
}

RowNumbers all_of(const LibsvmRows& rows) {
  RowNumbers all(rows.count());
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  return all;
}

DatasetSize libsvm_size(const DatasetInput& input) {
  Set set = read_set(input);
  return complete(input, set);
}

Dataset make_libsvm(const DatasetInput& input) {
  Set set = read_set(input);
  const DatasetSize size = complete(input, set);
  if (!set.is_split())
    return {size.features, size.classes,
            dense(input.executor, set.train.rows, all_of(set.train.rows), set),
            dense(input.executor, set.test.rows, all_of(set.test.rows), set)};
  const TestSplit split = split_rows(set.train.rows.count(), size.test, input.seed);
  return {size.features, size.classes, dense(input.executor, set.train.rows, split.train, set),
          dense(input.executor, set.train.rows, split.test, set)};
}

}  // namespace

namespace datasets_list {

DatasetEntry libsvm() {
  return {
      {"libsvm",
       "a classification set from text files in LIBSVM's format; the labels of the training file "
       "become the classes 0, 1, ... in ascending order",
       "Chang, Lin (2011): LIBSVM; the sets of its data page",
       {path("file",
             "the training file: a path, or a name in $BYZSIM_DATA/libsvm such as a9a; .gz may "
             "be left out"),
        path("test_file", "the test file; empty: split the training file"),
        test_fraction("test_file"),
        integer("features", 0, 0, 1e7, "features of an example; 0: the largest index in the files"),
        integer("index_base", 1, 0, 1,
                "the index of the first feature; auto: 0 where an index 0 occurs, else 1")
            .or_default_word("auto")
            .omitted_at_default()}},
      libsvm_size,
      make_libsvm,
      libsvm_files};
}

}  // namespace datasets_list
}  // namespace byzsim
