#include "core/check.h"
#include "sim/network/faults/fault.h"

namespace byzsim::faults_list {
namespace {

std::optional<std::string> problem_straggler(const Parameters& parameters) {
  return node_set_problem(parameters, "nodes");
}

Fault make_straggler(const Parameters& parameters) {
  const NodeSet nodes = node_set_of(parameters, "nodes");
  const double factor = parameters.real("factor");
  BYZ_CHECK(factor > 0, "a straggler computes in positive time");
  Fault fault;
  fault.slowdown = [=](NodeId node) { return nodes.contains(node) ? factor : 1.0; };
  return fault;
}

}  // namespace

FaultEntry straggler() {
  return {{"straggler",
           "nodes whose computing takes a multiple of the time; below 1 they are faster",
           "",
           {text("nodes", "none", "nodes that are slow"),
            real("factor", 10, 0, 1e6, "factor on computing time").above_low()}},
          make_straggler,
          problem_straggler};
}

}  // namespace byzsim::faults_list
