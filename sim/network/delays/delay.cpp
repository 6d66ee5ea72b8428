#include "sim/network/delays/delay.h"

#include <cmath>

namespace byzsim {

namespace delays_list {
std::vector<DelayEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(DelayEntry, name),
#include "sim/network/delays/delays.def"
#undef STRATEGY
  };
}
}  // namespace delays_list

namespace {

Table<DelayEntry>& delay_table() {
  static Table<DelayEntry> entries(delays_list::all());
  return entries;
}

}  // namespace

const Table<DelayEntry>& delays() { return delay_table(); }

void add_delay(DelayEntry delay) {
  BYZ_CHECK(delay.make != nullptr, "a distribution makes delays");
  delay_table().add(std::move(delay));
}

Delay make_delay(const Choice& choice, const std::string& data_root) {
  return delays().at(choice.name).make(choice.parameters, data_root);
}

std::int64_t draw_delay(const Delay& delay, const DelayDraw& draw) {
  return span_of(std::floor(delay(draw) + 0.5));
}

}  // namespace byzsim
