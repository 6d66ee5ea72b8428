#include "adversaries/schedulers/scheduler.h"

#include <utility>

#include "core/check.h"
#include "sim/scenario/halves.h"

namespace byzsim {

namespace schedulers_list {
std::vector<Scheduler> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(Scheduler, name),
#include "adversaries/schedulers/schedulers.def"
#undef STRATEGY
  };
}
}  // namespace schedulers_list

namespace {

Table<Scheduler>& scheduler_table() {
  static Table<Scheduler> entries(schedulers_list::all());
  return entries;
}

}  // namespace

const Table<Scheduler>& schedulers() { return scheduler_table(); }

void add_scheduler(Scheduler scheduler) {
  BYZ_CHECK(!scheduler.declaration.name.empty(), "a scheduler has a name");
  BYZ_CHECK(scheduler.delay != nullptr, "a scheduler chooses delays");
  scheduler_table().add(std::move(scheduler));
}

int half_of(const Dispatch& dispatch, NodeId node) {
  // Without a script the halves are those that the indices give.
  static const Script none;
  return half_of(dispatch.scenario, node, dispatch.script ? *dispatch.script : none,
                 dispatch.message.step);
}

}  // namespace byzsim
