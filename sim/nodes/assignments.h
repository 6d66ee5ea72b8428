// Which model each worker of an asynchronous server is computing on.
//
// A worker has one model at a time and may answer it once: a worker that answers faster contributes
// more gradients, and a gradient that was not asked for is refused. Without this rule a Byzantine
// worker could flood the server with gradients (Damaskinos et al., ICML 2018, limit it by a filter
// instead; nodes/kardam_filter.h).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/check.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

class Archive;

/// What each worker was given last, and whether it has answered.
class Assignments {
 public:
  /// Of workers 0 to `workers` - 1, none of which has a model yet.
  explicit Assignments(std::int64_t workers) : workers_(workers) {
    BYZ_CHECK(workers > 0, "a server has workers");
  }

  /// All of them, by index.
  std::vector<NodeId> workers() const;
  /// Gives a worker the model of a step. The message's round is how often it had that model
  /// before: in between the server may have made no step.
  Send assign(NodeId worker, std::int64_t step, const Payload& model);
  /// `counted` for the first gradient upon the worker's model, which carries its step and round.
  Verdict accept(const Message& gradient);
  /// The model a worker was given last.
  const Payload& model_of(NodeId worker) const { return of_.at(worker.index).model; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  struct Assignment {
    static constexpr std::size_t kFields = 4;  // of an archive
    std::int64_t step = -1, round = 0;
    bool answered = true;
    Payload model;
  };
  std::int64_t workers_;
  std::map<std::uint32_t, Assignment> of_;  // of those that had a model
};

}  // namespace byzsim
