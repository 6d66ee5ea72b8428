#include "adversaries/search.h"

namespace byzsim::searches_list {
namespace {

std::vector<Trial> search(const SearchTask& task) {
  std::vector<Candidate> candidates;
  for (std::int64_t i = 0; i < task.evaluations; ++i) {
    Stream stream = task.stream(static_cast<std::uint64_t>(i));
    std::vector<double> shares;
    for (std::size_t v = 0; v < task.variables.size(); ++v) shares.push_back(stream.uniform());
    candidates.push_back(candidate_at(task.scenario, task.variables, shares));
  }
  return task.evaluate(std::move(candidates));
}

}  // namespace

SearchStrategy random() {
  return {{"random",
           "every variable drawn evenly from its range, for each evaluation anew",
           "Bergstra and Bengio, Random Search for Hyper-Parameter Optimization (JMLR 2012)",
           {}},
          search};
}

}  // namespace byzsim::searches_list
