#include "adversaries/search/search.h"

namespace byzsim::searches_list {
namespace {

std::vector<Trial> search_random(const SearchTask& task) {
  return evaluate_all(task, task.evaluations, [&](std::int64_t i) {
    // Named by the evaluation: more evaluations begin with the same candidates.
    Stream stream = task.stream(static_cast<std::uint64_t>(i));
    std::vector<double> shares;
    for (std::size_t v = 0; v < task.variables.size(); ++v) shares.push_back(stream.uniform());
    return candidate_at(task.scenario, task.variables, shares);
  });
}

}  // namespace

SearchStrategy random() {
  return {{"random",
           "draws every variable uniformly from its range, independently for every evaluation",
           "Bergstra and Bengio, Random Search for Hyper-Parameter Optimization (JMLR 2012)",
           {}},
          search_random};
}

}  // namespace byzsim::searches_list
