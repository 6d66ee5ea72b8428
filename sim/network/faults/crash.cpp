#include "core/units.h"
#include "sim/network/fault.h"
#include "sim/network/node_set.h"

namespace byzsim::faults_list {
namespace {

std::optional<std::string> problem_crash(const Parameters& parameters) {
  if (auto problem = node_set_problem(parameters, "nodes")) return problem;
  if (!parameters.is_word("end") &&
      parameters.duration_ns("end") <= parameters.duration_ns("start"))
    return "\"end\" must lie after \"start\"";
  return std::nullopt;
}

Fault make_crash(const Parameters& parameters) {
  const NodeSet nodes = *parse_node_set(parameters.text("nodes"));
  const SimTime start = parameters.duration_ns("start");
  const SimTime end = parameters.is_word("end") ? kNever : parameters.duration_ns("end");
  Fault fault;
  fault.acts_at = [=](NodeId node, SimTime now) {
    const bool down = nodes.contains(node) && now >= start && (end == kNever || now < end);
    return down ? end : now;
  };
  return fault;
}

Parameter end_parameter() {
  Parameter end = duration("end", 0, 0, kLongestDuration, "when they are back").or_word("never");
  end.fallback = std::string("never");
  return end;
}

}  // namespace

FaultEntry crash() {
  return {{"crash",
           "nodes stand still from start to end, then go on where they were: what was sent to them "
           "meanwhile waits in their channels",
           "",
           {text("nodes", "none", "who crashes"),
            duration("start", 0, 0, kLongestDuration, "when they crash"), end_parameter()}},
          make_crash,
          problem_crash};
}

}  // namespace byzsim::faults_list
