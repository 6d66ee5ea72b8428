#include "sim/protocols/protocol.h"

namespace byzsim {

namespace protocols_list {
std::vector<Protocol> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(Protocol, name),
#include "sim/protocols/protocols.def"
#undef STRATEGY
  };
}
}  // namespace protocols_list

const Table<Protocol>& protocols() {
  static const Table<Protocol> table(protocols_list::all());
  return table;
}

}  // namespace byzsim
