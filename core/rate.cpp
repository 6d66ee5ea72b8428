#include "core/rate.h"

namespace byzsim {

namespace rates_list {
#define STRATEGY(name) RateEntry name();
#include "core/rates/rates.def"
#undef STRATEGY
}  // namespace rates_list

const Table<RateEntry>& rates() {
  static const Table<RateEntry> table({
#define STRATEGY(name) rates_list::name(),
#include "core/rates/rates.def"
#undef STRATEGY
  });
  return table;
}

}  // namespace byzsim
