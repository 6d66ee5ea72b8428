// Every combination of equally spaced values.
#include <fmt/format.h>

#include <algorithm>

#include "adversaries/search/search.h"
#include "core/check.h"
#include "core/input/issue.h"

namespace byzsim::searches_list {
namespace {

using Counts = std::vector<std::int64_t>;

// `most` values of each variable, or all that it has.
Counts counts_up_to(std::int64_t most, const std::vector<SearchVariable>& variables) {
  Counts counts;
  for (const SearchVariable& each : variables)
    counts.push_back(static_cast<std::int64_t>(std::min(double(most), values_of(each))));
  return counts;
}

double product(const Counts& counts) {
  double points = 1;
  for (const std::int64_t count : counts) points *= double(count);
  return points;
}

// As many values of each variable as the evaluations allow, at least both ends.
Counts largest_grid(const SearchTask& task) {
  Counts counts = counts_up_to(2, task.variables);
  if (product(counts) > double(task.evaluations))
    throw InputError({"grid",
                      fmt::format("needs {:.0f} evaluations for the corners of {} ranges, not {}",
                                  product(counts), counts.size(), task.evaluations),
                      "allow more evaluations, or search over fewer numbers"});
  for (std::int64_t most = 3;; ++most) {
    const Counts larger = counts_up_to(most, task.variables);
    // Integers may run out of values before the evaluations do.
    if (larger == counts || product(larger) > double(task.evaluations)) return counts;
    counts = larger;
  }
}

// Point `index` of the grid; the last variable goes fastest.
std::vector<double> shares_of(std::int64_t index, const Counts& counts) {
  std::vector<double> shares(counts.size());
  for (std::size_t v = counts.size(); v-- > 0; index /= counts[v])
    // A variable of one value stands in its middle; the others reach both ends exactly.
    shares[v] = counts[v] > 1 ? double(index % counts[v]) / double(counts[v] - 1) : 0.5;
  return shares;
}

std::vector<Trial> search_grid(const SearchTask& task) {
  const Counts counts = largest_grid(task);
  BYZ_CHECK(product(counts) >= 1 && product(counts) <= double(task.evaluations),
            "a grid has at most as many points as there are evaluations");
  return evaluate_all(task, static_cast<std::int64_t>(product(counts)), [&](std::int64_t i) {
    return candidate_at(task.scenario, task.variables, shares_of(i, counts));
  });
}

}  // namespace

SearchStrategy grid() {
  return {{"grid",
           "the same number of equally spaced values of every variable, both ends of its range "
           "included, as many as the evaluations allow",
           "",
           {}},
          search_grid};
}

}  // namespace byzsim::searches_list
