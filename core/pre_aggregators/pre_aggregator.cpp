#include "core/pre_aggregators/pre_aggregator.h"

namespace byzsim {

namespace pre_aggregators_list {
std::vector<PreAggregator> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(PreAggregator, name),
#include "core/pre_aggregators/pre_aggregators.def"
#undef STRATEGY
  };
}
}  // namespace pre_aggregators_list

const Table<PreAggregator>& pre_aggregators() {
  static const Table<PreAggregator> table(pre_aggregators_list::all());
  return table;
}

}  // namespace byzsim
