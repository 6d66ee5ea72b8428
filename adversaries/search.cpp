#include "adversaries/search.h"

namespace byzsim {

namespace searches_list {
#define STRATEGY(name) SearchStrategy name();
#include "adversaries/search/searches.def"
#undef STRATEGY
}  // namespace searches_list

const Table<SearchStrategy>& searches() {
  static const Table<SearchStrategy> table({
#define STRATEGY(name) searches_list::name(),
#include "adversaries/search/searches.def"
#undef STRATEGY
  });
  return table;
}

std::size_t worst_of(const std::vector<Trial>& trials) {
  std::size_t worst = 0;
  for (std::size_t i = 1; i < trials.size(); ++i)
    if (trials[i].harm > trials[worst].harm) worst = i;
  return worst;
}

}  // namespace byzsim
