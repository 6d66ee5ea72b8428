#include "adversaries/scheduler.h"

#include "adversaries/attack.h"

namespace byzsim {

namespace schedulers_list {
#define STRATEGY(name) Scheduler name();
#include "adversaries/schedulers/schedulers.def"
#undef STRATEGY
}  // namespace schedulers_list

const Table<Scheduler>& schedulers() {
  static const Table<Scheduler> table({
#define STRATEGY(name) schedulers_list::name(),
#include "adversaries/schedulers/schedulers.def"
#undef STRATEGY
  });
  return table;
}

AdversaryDeclarations adversary_declarations() {
  return {attacks().declarations(), schedulers().declarations()};
}

}  // namespace byzsim
