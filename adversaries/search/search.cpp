#include "adversaries/search/search.h"

#include <algorithm>

#include "core/check.h"

namespace byzsim {
namespace {

// A candidate holds a whole scenario: all of a long search at once might not fit into memory.
constexpr std::int64_t kBatch = 256;

}  // namespace

namespace searches_list {
std::vector<SearchStrategy> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(SearchStrategy, name),
#include "adversaries/search/searches.def"
#undef STRATEGY
  };
}
}  // namespace searches_list

const Table<SearchStrategy>& searches() {
  static const Table<SearchStrategy> table(searches_list::all());
  return table;
}

std::vector<Trial> evaluate_all(const SearchTask& task, std::int64_t count,
                                const std::function<Candidate(std::int64_t)>& candidate_of) {
  BYZ_CHECK(count >= 0 && count <= task.evaluations, "a search stays within its evaluations");
  BYZ_CHECK(candidate_of != nullptr && task.evaluate != nullptr, "candidates are made and tried");
  std::vector<Trial> trials;
  // A short answer is an interrupted one, and ends the loop.
  for (std::int64_t next = 0; next < count && std::ssize(trials) == next;) {
    std::vector<Candidate> batch;
    for (const std::int64_t end = std::min(next + kBatch, count); next < end; ++next)
      batch.push_back(candidate_of(next));
    std::vector<Trial> tried = task.evaluate(std::move(batch));
    BYZ_CHECK(std::ssize(trials) + std::ssize(tried) <= next, "a candidate is tried once");
    for (Trial& each : tried) trials.push_back(std::move(each));
  }
  return trials;
}

std::size_t worst_of(const std::vector<Trial>& trials) {
  std::size_t worst = 0;
  for (std::size_t i = 1; i < trials.size(); ++i)
    if (trials[i].harm > trials[worst].harm) worst = i;
  return worst;
}

}  // namespace byzsim
