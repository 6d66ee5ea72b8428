#include "core/check.h"
#include "core/input/units.h"
#include "sim/network/faults/fault.h"

namespace byzsim::faults_list {
namespace {

std::optional<std::string> problem_partition(const Parameters& parameters) {
  if (auto problem = node_set_problem(parameters, "nodes")) return problem;
  if (!parameters.is_word("end") &&
      parameters.duration_ns("end") <= parameters.duration_ns("start"))
    return "\"end\" must be after \"start\"";
  return std::nullopt;
}

Fault make_partition(const Parameters& parameters) {
  const NodeSet nodes = node_set_of(parameters, "nodes");
  const SimTime start = parameters.duration_ns("start");
  const SimTime end = parameters.is_word("end") ? kNever : parameters.duration_ns("end");
  BYZ_CHECK(end == kNever || end > start, "a fault was checked to end after it begins");
  Fault fault;
  fault.on_message = [=](const Message& message, Stream&, const Executor&, Transit& transit) {
    const bool crosses = nodes.contains(message.sender) != nodes.contains(transit.receiver);
    // Judged by when it is sent: what is on its way when the partition begins still arrives.
    if (!crosses || transit.now < start) return;
    if (end == kNever)
      transit.lost = true;
    else if (transit.now < end)
      // It waits at the cut and then has its whole way before it.
      transit.delay = after(transit.delay, end - transit.now);
  };
  return fault;
}

}  // namespace

FaultEntry partition() {
  return {{"partition",
           "some nodes are cut off from the others; messages between the sides wait until the end, "
           "or are lost if it never ends",
           "",
           {text("nodes", "none", "one side"),
            duration("start", 0, 0, kLongestDuration, "when the partition begins"),
            end_or_never("when the partition ends")}},
          make_partition,
          problem_partition};
}

}  // namespace byzsim::faults_list
