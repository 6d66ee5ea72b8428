#include "core/check.h"
#include "core/input/units.h"
#include "sim/network/faults/fault.h"

namespace byzsim::faults_list {
namespace {

std::optional<std::string> problem_crash(const Parameters& parameters) {
  if (auto problem = node_set_problem(parameters, "nodes")) return problem;
  if (!parameters.is_word("end") &&
      parameters.duration_ns("end") <= parameters.duration_ns("start"))
    return "\"end\" must be after \"start\"";
  return std::nullopt;
}

Fault make_crash(const Parameters& parameters) {
  const NodeSet nodes = node_set_of(parameters, "nodes");
  const SimTime start = parameters.duration_ns("start");
  const SimTime end = parameters.is_word("end") ? kNever : parameters.duration_ns("end");
  BYZ_CHECK(end == kNever || end > start, "a fault was checked to end after it begins");
  Fault fault;
  fault.acts_at = [=](NodeId node, SimTime now) {
    // At `end` the node is up again, so that events which were held up until then are not held
    // up twice.
    const bool down = nodes.contains(node) && now >= start && (end == kNever || now < end);
    return down ? end : now;
  };
  return fault;
}

}  // namespace

FaultEntry crash() {
  return {{"crash",
           "nodes stop from start to end, then continue; messages sent to them meanwhile wait in "
           "their channels",
           "",
           {text("nodes", "none", "nodes that crash"),
            duration("start", 0, 0, kLongestDuration, "when they crash"),
            end_or_never("when they restart")}},
          make_crash,
          problem_crash};
}

}  // namespace byzsim::faults_list
