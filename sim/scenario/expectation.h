// A statement of a scenario about its own run, as data; sim/results/expectations.h decides whether
// it holds.
//
// A value that is undefined, as after a run that diverged, meets no expectation.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/words.h"

namespace byzsim {

/// Which of a run's rows a statement is about: the last, or the largest or smallest value of all.
enum class RowAt { end, largest, smallest };
template <>
struct Words<RowAt> {
  static constexpr std::array<const char*, 3> all = {"end", "largest", "smallest"};
};

/// How a measured value is compared with the value of the statement.
enum class Relation { at_least, at_most, above, below, equal };
template <>
struct Words<Relation> {
  static constexpr std::array<const char*, 5> all = {">=", "<=", ">", "<", "="};
};

/// False beside a NaN.
bool holds(double measured, Relation relation, double value);

/// `metric` `at` `relation` `value`: "accuracy at the end >= 0.9".
struct Expectation {
  std::string metric;
  RowAt at = RowAt::end;
  Relation relation = Relation::at_least;
  double value = 0;
};

/// What a metric is, for people.
struct MetricDescription {
  std::string name;
  std::string unit;  ///< "fraction": in [0, 1]; empty: a plain number
  std::string summary;
};

/// Adds an issue at `where` for a value that a fraction among `metrics` never reaches: percent were
/// meant.
void check_fraction(const std::vector<MetricDescription>& metrics, const std::string& metric,
                    double value, const std::string& where, Issues& issues);

}  // namespace byzsim
