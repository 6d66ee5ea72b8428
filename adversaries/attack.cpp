#include "adversaries/attack.h"

namespace byzsim {

namespace attacks_list {
#define STRATEGY(name) Attack name();
#include "adversaries/attacks/attacks.def"
#undef STRATEGY
}  // namespace attacks_list

const Table<Attack>& attacks() {
  static const Table<Attack> table({
#define STRATEGY(name) attacks_list::name(),
#include "adversaries/attacks/attacks.def"
#undef STRATEGY
  });
  return table;
}

}  // namespace byzsim
