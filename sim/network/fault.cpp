#include "sim/network/fault.h"

#include <fmt/format.h>

#include "sim/network/node_set.h"

namespace byzsim {

namespace faults_list {
#define STRATEGY(name) FaultEntry name();
#include "sim/network/faults/faults.def"
#undef STRATEGY
}  // namespace faults_list

const Table<FaultEntry>& faults() {
  static const Table<FaultEntry> table({
#define STRATEGY(name) faults_list::name(),
#include "sim/network/faults/faults.def"
#undef STRATEGY
  });
  return table;
}

std::optional<std::string> node_set_problem(const Parameters& parameters, const char* name) {
  if (parse_node_set(parameters.text(name))) return std::nullopt;
  return fmt::format("\"{}\" is \"{}\", which names no nodes: write {}", name,
                     parameters.text(name), kNodeSetForms);
}

}  // namespace byzsim
