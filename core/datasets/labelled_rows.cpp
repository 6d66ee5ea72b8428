#include "core/datasets/labelled_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/datasets/test_split.h"

namespace byzsim {
namespace {

constexpr const char* kOneSource = "take both files from one source";

RowFaults faults_of(const LabelledRows& rows) {
  return RowFaults(rows.path, rows.lines.empty() ? RowFaults::Of::array : RowFaults::Of::text);
}

std::size_t place_of(const LabelledRows& rows, std::size_t row) {
  return rows.lines.empty() ? row : rows.lines[row];
}

std::size_t largest_label(const LabelledRows& rows) {
  return static_cast<std::size_t>(*std::max_element(rows.labels.begin(), rows.labels.end()));
}

// What is wrong with a label by itself; empty if nothing.
std::string label_problem(double label, bool regression) {
  if (regression)
    // As float32, in which targets are kept.
    return std::isfinite(static_cast<float>(label))
               ? ""
               : fmt::format("target {} is not a finite number", label);
  if (std::floor(label) != label || !std::isfinite(label))
    return fmt::format("label {} is not an integer", label);
  if (label < 0) return fmt::format("label {} is negative: classes count from 0", label);
  if (label >= double(kMostClasses))
    return fmt::format("label {} is above {}", label, kMostClasses - 1);
  return "";
}

Issues label_issues(const LabelledRows& rows, bool regression) {
  RowFaults faults = faults_of(rows);
  for (std::size_t row = 0; row < rows.count(); ++row)
    if (std::string problem = label_problem(rows.labels[row], regression); !problem.empty())
      faults.add(place_of(rows, row), std::move(problem),
                 regression ? "write a number of float32"
                            : "number the classes 0, 1, ..., or set \"task\" to \"regression\"");
  return faults.issues();
}

// Classes of the test part that the training part does not reach.
Issues unknown_classes(const LabelledRows& train, const LabelledRows& test) {
  RowFaults faults = faults_of(test);
  const std::size_t largest = largest_label(train);
  for (std::size_t row = 0; row < test.count(); ++row)
    if (test.labels[row] > double(largest))
      faults.add(place_of(test, row),
                 fmt::format("label {} is above {}, the largest of {}", test.labels[row], largest,
                             train.path),
                 kOneSource);
  return faults.issues();
}

void append(Issues& issues, const Issues& more) {
  issues.insert(issues.end(), more.begin(), more.end());
}

void check_parts(const LabelledParts& parts, bool regression) {
  Issues issues = label_issues(parts.train, regression);
  if (parts.test) append(issues, label_issues(*parts.test, regression));
  throw_if_any(issues);
  // Only now: the largest label of a part with a NaN or a negative one has no meaning.
  if (!regression && largest_label(parts.train) == 0)
    issues.push_back({parts.train.path, "has only the label 0, but classification needs two",
                      "use another file, or set \"task\" to \"regression\""});
  if (parts.test && parts.test->features != parts.train.features)
    issues.push_back({parts.test->path,
                      fmt::format("belongs to rows of {} features, and {} to rows of {}",
                                  parts.test->features, parts.train.path, parts.train.features),
                      kOneSource});
  if (parts.test && !regression) append(issues, unknown_classes(parts.train, *parts.test));
  throw_if_any(issues);
}

Examples examples_of(std::vector<float> values, const std::vector<double>& labels,
                     bool regression) {
  Examples examples{std::move(values), std::vector<std::int32_t>(labels.size())};
  if (regression)
    for (const double label : labels) examples.targets.push_back(static_cast<float>(label));
  else
    std::transform(labels.begin(), labels.end(), examples.labels.begin(),
                   [](double label) { return static_cast<std::int32_t>(label); });
  return examples;
}

Examples chosen_of(const LabelledRows& rows, const RowNumbers& chosen, bool regression) {
  std::vector<float> values;
  std::vector<double> labels;
  values.reserve(chosen.size() * rows.features);
  for (const std::uint32_t row : chosen) {
    const auto begin = rows.values.begin() + static_cast<std::ptrdiff_t>(row * rows.features);
    values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(rows.features));
    labels.push_back(rows.labels[row]);
  }
  return examples_of(std::move(values), labels, regression);
}

}  // namespace

Parameter task() {
  return word("task", {"classification", "regression"},
              "what labels are: classes 0, 1, ..., or real targets");
}

bool is_regression(const DatasetInput& input) {
  return input.parameters.word("task") == "regression";
}

DatasetSize size_of(const DatasetInput& input, const LabelledParts& parts) {
  const bool regression = is_regression(input);
  check_parts(parts, regression);
  Issues issues;
  const LabelledRows& train = parts.train;
  const std::size_t test =
      parts.test ? parts.test->count() : split_off(input, train.count(), issues);
  throw_if_any(issues);
  // A class without an example keeps its output: labels decide, not which of them occur.
  return {train.features, regression ? 0 : largest_label(train) + 1,
          train.count() - (parts.test ? 0 : test), test, train.image};
}

Dataset dataset_of(const DatasetInput& input, LabelledParts parts) {
  const bool regression = is_regression(input);
  const DatasetSize size = size_of(input, parts);
  Dataset set{size.features, size.classes, {}, {}, size.image};
  if (parts.test) {
    set.train = examples_of(std::move(parts.train.values), parts.train.labels, regression);
    set.test = examples_of(std::move(parts.test->values), parts.test->labels, regression);
  } else {
    const TestSplit split = split_rows(parts.train.count(), size.test, input.seed);
    set.train = chosen_of(parts.train, split.train, regression);
    set.test = chosen_of(parts.train, split.test, regression);
  }
  return set;
}

}  // namespace byzsim
