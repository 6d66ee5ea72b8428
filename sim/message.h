// What nodes say to each other: one vector per (sender, step, phase).
#pragma once

#include <cstdint>

#include "sim/node_id.h"
#include "sim/payload.h"

namespace byzsim {

/// The three messages of ByzSGD (El-Mhamdi et al., PODC 2020).
enum class Phase : std::uint8_t {
  model = 0,     ///< server -> workers: the model of a step (scatter)
  gradient = 1,  ///< worker -> servers: the gradient of a step (scatter)
  gather = 2,    ///< server -> servers: the updated model before the median (gather)
};

inline const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::model:
      return "model";
    case Phase::gradient:
      return "gradient";
    case Phase::gather:
      return "gather";
  }
  return "";
}

struct Message {
  NodeId sender;
  Phase phase;
  std::int64_t step;
  Payload vector;
};

/// Sender, phase and step beside the vector, in bytes on the wire.
constexpr std::uint64_t kHeaderBytes = 16;

inline std::uint64_t wire_bytes(const Message& message) {
  return kHeaderBytes + sizeof(float) * message.vector.dimension();
}

}  // namespace byzsim
