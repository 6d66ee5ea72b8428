#include "sim/network/faults/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/units.h"

namespace byzsim {

namespace faults_list {
std::vector<FaultEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(FaultEntry, name),
#include "sim/network/faults/faults.def"
#undef STRATEGY
  };
}
}  // namespace faults_list

const Table<FaultEntry>& faults() {
  static const Table<FaultEntry> table(faults_list::all());
  return table;
}

bool is_gone(NodeId node, const std::vector<Fault>& faults, SimTime now) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.acts_at && fault.acts_at(node, now) == kNever;
  });
}

Parameter end_or_never(std::string summary) {
  return duration("end", 0, 0, kLongestDuration, std::move(summary)).or_default_word("never");
}

NodeSet node_set_of(const Parameters& parameters, const char* name) {
  const auto nodes = parse_node_set(parameters.text(name));
  BYZ_CHECK(nodes.has_value(), "the nodes of a fault were checked to be a set");
  return *nodes;
}

std::optional<std::string> node_set_problem(const Parameters& parameters, const char* name) {
  if (parse_node_set(parameters.text(name))) return std::nullopt;
  return fmt::format("\"{}\" is \"{}\", which names no nodes: write {}", name,
                     parameters.text(name), kNodeSetForms);
}

}  // namespace byzsim
