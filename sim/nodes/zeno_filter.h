// The acceptance test of Zeno++, as we understand it.
//
// The server holds examples of its own, and every `refresh` updates computes its own gradient v on
// a batch of them at its model. A worker's gradient g is first made as long: g' = g ||v|| / ||g||.
// It passes when gamma <v, g'> - rho ||g'||^2 + gamma epsilon >= 0, gamma the learning rate: then a
// step along it is expected to lower the loss of the server's examples. The server steps along g'.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/nodes/computations.h"
#include "sim/world/payload.h"

namespace byzsim {

class Archive;

/// The test of one server, with the gradient of its own that it compares with.
class ZenoFilter {
 public:
  /// By the parameters "rho", "epsilon" and "refresh" of the scenario's protocol.
  explicit ZenoFilter(const Parameters& parameters);

  /// What the server steps along at update `step` from `model`; nothing where the gradient, which
  /// is waited for, does not pass. One that is not finite never does; without values all pass.
  std::optional<Payload> passed(const SharedWorkload& workload, std::int64_t step,
                                const Payload& model, const Payload& gradient);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  double rho_, epsilon_;
  std::int64_t refresh_;
  std::int64_t made_at_ = 0;  // the update before which `own_` was computed
  Payload own_;               // empty before the first gradient
};

}  // namespace byzsim
