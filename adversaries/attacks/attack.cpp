#include "adversaries/attacks/attack.h"

#include <utility>

#include "core/check.h"

namespace byzsim {

namespace attacks_list {
std::vector<Attack> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(Attack, name),
#include "adversaries/attacks/attacks.def"
#undef STRATEGY
  };
}
}  // namespace attacks_list

namespace {

Table<Attack>& attack_table() {
  // Made on first use: plugins may add theirs before anything has asked for it.
  static Table<Attack> entries(attacks_list::all());
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
