#include "core/rates/rate.h"

#include <utility>
#include <vector>

namespace byzsim {

namespace rates_list {
std::vector<RateEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(RateEntry, name),
#include "core/rates/rates.def"
#undef STRATEGY
  };
}
}  // namespace rates_list

namespace {

std::vector<RateEntry> with_warm_up(std::vector<RateEntry> entries) {
  for (RateEntry& entry : entries)
    entry.declaration.parameters.push_back(
        integer("warm_up", 0, 0, kLargestInteger,
                "steps before the schedule, over which the learning rate rises linearly to its "
                "initial value")
            .omitted_at_default());
  return entries;
}

}  // namespace

const Table<RateEntry>& rates() {
  // Added here, so that every schedule has it and none has code for it.
  static const Table<RateEntry> table(with_warm_up(rates_list::all()));
  return table;
}

double learning_rate(const Choice& rate, std::int64_t step) {
  const auto& schedule = rates().at(rate.name).rate;
  const std::int64_t warm_up = rate.parameters.integer("warm_up");
  if (step >= warm_up) return schedule(rate.parameters, step - warm_up);
  // (t + 1) / (w + 1): not 0 at the first step, and below the initial learning rate at the last.
  return schedule(rate.parameters, 0) * static_cast<double>(step + 1) /
         static_cast<double>(warm_up + 1);
}

}  // namespace byzsim
