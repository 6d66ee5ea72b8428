#include "sim/network/delays/delay.h"

#include <cmath>

namespace byzsim {

namespace delays_list {
#define STRATEGY(name) DelayEntry name();
#include "sim/network/delays/delays.def"
#undef STRATEGY
}  // namespace delays_list

const Table<DelayEntry>& delays() {
  static const Table<DelayEntry> table({
#define STRATEGY(name) delays_list::name(),
#include "sim/network/delays/delays.def"
#undef STRATEGY
  });
  return table;
}

Delay make_delay(const Choice& choice, const std::string& data_root) {
  return delays().at(choice.name).make(choice.parameters, data_root);
}

std::int64_t draw_delay(const Delay& delay, const DelayDraw& draw) {
  return span_of(std::floor(delay(draw) + 0.5));
}

}  // namespace byzsim
