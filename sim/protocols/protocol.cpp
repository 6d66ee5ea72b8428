#include "sim/protocols/protocol.h"

namespace byzsim {

namespace protocols_list {
#define STRATEGY(name) Protocol name();
#include "sim/protocols/protocols.def"
#undef STRATEGY
}  // namespace protocols_list

const Table<Protocol>& protocols() {
  static const Table<Protocol> table({
#define STRATEGY(name) protocols_list::name(),
#include "sim/protocols/protocols.def"
#undef STRATEGY
  });
  return table;
}

}  // namespace byzsim
