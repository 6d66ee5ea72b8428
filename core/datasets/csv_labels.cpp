#include "core/datasets/csv_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <variant>

namespace byzsim {
namespace {

using ClassNames = std::vector<std::string>;  // sorted, of the classes 0, 1, ...

constexpr std::size_t kShownClasses = 5;

using ReadLabel = std::variant<double, RowFault>;

bool has_text(const CsvRows& rows) { return !std::ranges::all_of(rows.labels, is_number); }

// A number among names, or a name among numbers, is more likely a slip than a class.
void refuse_mixture(const CsvRows& train) {
  const auto number = std::ranges::find_if(train.labels, is_number);
  if (number == train.labels.end()) return;
  const auto name = std::ranges::find_if_not(train.labels, is_number);
  const auto line_of = [&](auto label) { return train.rows.lines[label - train.labels.begin()]; };
  throw InputError({fmt::format("{}:{}", train.rows.path, line_of(name)),
                    fmt::format("label {} is text, but label {} in line {} is a number",
                                shown_word(*name), shown_word(*number), line_of(number)),
                    "write numbers for all classes, or names for all"});
}

ClassNames class_names(const CsvRows& train) {
  refuse_mixture(train);
  ClassNames names = train.labels;
  // Bytewise, whatever the locale: the order numbers the classes.
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() == 1)
    throw InputError(
        {train.rows.path,
         fmt::format("has only the label {}, but classification needs two", shown_word(names[0])),
         "use another file or another label column"});
  if (names.size() > kMostClasses)
    throw InputError({train.rows.path,
                      fmt::format("has {} different labels, but classification has at most {} "
                                  "classes",
                                  names.size(), kMostClasses),
                      "choose another label column"});
  return names;
}

std::string first_classes(const ClassNames& names) {
  std::string shown;
  for (std::size_t i = 0; i < std::min(names.size(), kShownClasses); ++i)
    shown += (shown.empty() ? "" : ", ") + shown_word(names[i]);
  if (names.size() <= kShownClasses) return shown;
  return fmt::format("{} and {} more", shown, names.size() - kShownClasses);
}

template <class Read>
Issues read_each(CsvRows& part, const Read& read) {
  RowFaults faults(part.rows.path);
  for (std::size_t row = 0; row < part.labels.size(); ++row) {
    ReadLabel label = read(part.labels[row]);
    if (RowFault* fault = std::get_if<RowFault>(&label))
      faults.add(part.rows.lines[row], std::move(fault->problem), std::move(fault->remedy));
    else
      part.rows.labels.push_back(std::get<double>(label));
  }
  return faults.issues();
}

Issues read_names(CsvRows& part, const ClassNames& names, const std::string& train) {
  return read_each(part, [&](const std::string& label) -> ReadLabel {
    const auto found = std::lower_bound(names.begin(), names.end(), label);
    if (found != names.end() && *found == label) return static_cast<double>(found - names.begin());
    return RowFault{fmt::format("label {} is not a class of {}", shown_word(label), train),
                    "its classes are " + first_classes(names)};
  });
}

Issues read_numbers(CsvRows& part, const RowFault& of_text) {
  return read_each(part, [&](const std::string& label) -> ReadLabel {
    if (const std::optional<double> number = finite_number(label)) return *number;
    if (is_number(label))
      return RowFault{fmt::format("label {} is not a finite number", shown_word(label)),
                      "write a finite number"};
    return RowFault{fmt::format("label {} {}", shown_word(label), of_text.problem), of_text.remedy};
  });
}

// What is wrong with text where labels are numbers.
RowFault fault_of_text(const DatasetInput& input, const CsvRows& train) {
  if (is_regression(input))
    return {"is text",
            "regression needs numbers: choose another label column, or set \"task\" to "
            "\"classification\""};
  return {fmt::format("is text, but all labels of {} are numbers", train.rows.path),
          "take both files from one source"};
}

}  // namespace

void read_labels(const DatasetInput& input, std::span<CsvRows> parts) {
  const CsvRows& train = parts[0];
  // The training part decides for both: classes that only the test part has cannot be learned.
  const bool named = !is_regression(input) && has_text(train);
  const ClassNames names = named ? class_names(train) : ClassNames();
  const RowFault of_text = fault_of_text(input, train);
  Issues issues;
  for (CsvRows& part : parts) {
    const Issues more =
        named ? read_names(part, names, train.rows.path) : read_numbers(part, of_text);
    // Of both parts before anything is thrown.
    issues.insert(issues.end(), more.begin(), more.end());
  }
  throw_if_any(issues);
}

}  // namespace byzsim
