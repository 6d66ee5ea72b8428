// Faults of the network and of machines: what fails without an adversary. One file a fault under
// faults/; a scenario lists any number of them, and they act in its order.
//
// A fault is a pure function of the scenario, the time and a stream that is named by the message;
// it keeps no state. It may delay, lose, duplicate or change a message, but never makes one arrive
// before it was sent, and never changes a vector's dimension.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/input/table.h"
#include "core/machine/parallel.h"
#include "sim/world/message.h"
#include "sim/world/node_set.h"
#include "sim/world/time.h"

namespace byzsim {

/// A message on its way to one receiver, as faults may change it.
struct Transit {
  NodeId receiver;
  SimTime now;                            ///< when it is sent
  std::int64_t delay;                     ///< until it arrives
  Payload vector;                         ///< what arrives
  bool lost = false;                      ///< never arrives
  std::vector<std::int64_t> copies = {};  ///< how much later further copies arrive
};

/// When a node that is down acts again; kNever: permanently down.
constexpr SimTime kNever = -1;

/// One fault of a run; every function may be empty.
struct Fault {
  /// Changes what becomes of a message. The stream is named by the message; its faults draw from it
  /// one after the other, in the order of the scenario.
  std::function<void(const Message& message, Stream& stream, const Executor& executor,
                     Transit& transit)>
      on_message;
  /// How many times as long a node computes.
  std::function<double(NodeId node)> slowdown;
  /// When the node, at `now`, can act: `now`, later or kNever.
  std::function<SimTime(NodeId node, SimTime now)> acts_at;
};

/// One fault of the table.
struct FaultEntry {
  Declaration declaration;
  /// The parameters are in range and `problem` found nothing.
  Fault (*make)(const Parameters& parameters);
  /// What is wrong with parameters that are each in range; null when nothing can be.
  std::optional<std::string> (*problem)(const Parameters& parameters);
};

const Table<FaultEntry>& faults();

/// Whether, of these faults, one keeps the node down permanently from `now` on.
bool is_gone(NodeId node, const std::vector<Fault>& faults, SimTime now);

/// The parameter "end": a time or, by default, never.
Parameter end_or_never(std::string summary);

/// The nodes that the parameter names, in which node_set_problem() found nothing.
NodeSet node_set_of(const Parameters& parameters, const char* name);

/// The problem of a parameter that must name nodes.
std::optional<std::string> node_set_problem(const Parameters& parameters, const char* name);

}  // namespace byzsim
