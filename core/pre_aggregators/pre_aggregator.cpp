#include "core/pre_aggregators/pre_aggregator.h"

namespace byzsim {

namespace pre_aggregators_list {
#define STRATEGY(name) PreAggregator name();
#include "core/pre_aggregators/pre_aggregators.def"
#undef STRATEGY
}  // namespace pre_aggregators_list

const Table<PreAggregator>& pre_aggregators() {
  static const Table<PreAggregator> table({
#define STRATEGY(name) pre_aggregators_list::name(),
#include "core/pre_aggregators/pre_aggregators.def"
#undef STRATEGY
  });
  return table;
}

}  // namespace byzsim
