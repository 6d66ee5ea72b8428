#include "adversaries/attacks/attack.h"

#include <utility>

namespace byzsim {

namespace attacks_list {
#define STRATEGY(name) Attack name();
#include "adversaries/attacks/attacks.def"
#include "core/check.h"
#undef STRATEGY
}  // namespace attacks_list

namespace {

Table<Attack>& attack_table() {
  static Table<Attack> entries({
#define STRATEGY(name) attacks_list::name(),
#include "adversaries/attacks/attacks.def"
#undef STRATEGY
  });
  return entries;
}

}  // namespace

const Table<Attack>& attacks() { return attack_table(); }

void add_attack(Attack attack) {
  BYZ_CHECK(!attack.declaration.name.empty(), "an attack has a name");
  BYZ_CHECK((attack.craft_float == nullptr) == (attack.craft_double == nullptr),
            "an attack is silent in every precision, or in none");
  attack_table().add(std::move(attack));
}

}  // namespace byzsim
