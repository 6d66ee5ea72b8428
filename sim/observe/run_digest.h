// The digest of a run in layers, so that a mismatch says what moved.
#pragma once

#include <array>
#include <string>
#include <utility>

#include "core/exact/digest.h"
#include "core/exact/floating_point.h"

namespace byzsim {

struct RunDigest {
  Digest schedule;  ///< every event popped: its key and its target
  Digest messages;  ///< every message sent, and every vector that entered a quorum
  Digest draws;     ///< data set, delay files, every delay and computing time drawn
  Digest models;    ///< every model an honest server adopted
  Digest metrics;   ///< every recorded row

  /// The layers by name, in the order above.
  std::array<std::pair<const char*, const Digest*>, 5> layers() const {
    return {{{"schedule", &schedule},
             {"messages", &messages},
             {"draws", &draws},
             {"models", &models},
             {"metrics", &metrics}}};
  }
  /// All layers and the name of the numeric profile in one.
  std::string run_hex() const {
    Digest run;
    run.add(kNumericProfile);
    for (const auto& [name, layer] : layers()) run.add({layer->value()});
    return run.hex();
  }
  friend bool operator==(const RunDigest&, const RunDigest&) = default;
};

}  // namespace byzsim
