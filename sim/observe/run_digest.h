// The digest of what happened in a run, in layers, so that a mismatch shows what moved.
//
// Two runs of one scenario, numeric profile and version have equal digests, whatever the number of
// threads, the compiler and the processor. Vectors enter a digest when a quorum uses them, by their
// bits; all NaN count as the same one, because IEEE 754 leaves their bits open.
#pragma once

#include <array>
#include <string>
#include <utility>

#include "core/exact/digest.h"

namespace byzsim {

/// The version of what is below: of which values enter a layer, and in which order. Digests of
/// different versions are not compared.
constexpr int kDigestVersion = 2;

/// Schedule, messages, draws and models. What was recorded of a run (MetricsRow) has a digest
/// beside it, so that recording more moves nothing here.
struct RunDigest {
  static constexpr std::size_t kFields = 4;  // of an archive
  Digest schedule;                           ///< every event popped: its key and its target
  Digest messages;  ///< every message sent, and every vector that entered a quorum
  Digest draws;     ///< data set, delay files, every delay and computing time drawn
  Digest models;    ///< every model an honest server adopted

  /// The layers by name, in the order above.
  std::array<std::pair<const char*, const Digest*>, 4> layers() const {
    return {
        {{"schedule", &schedule}, {"messages", &messages}, {"draws", &draws}, {"models", &models}}};
  }
  /// All layers in one.
  std::string run_hex() const {
    Digest run;
    for (const auto& [name, layer] : layers()) run.add({layer->value()});
    return run.hex();
  }
  friend bool operator==(const RunDigest&, const RunDigest&) = default;
};

}  // namespace byzsim
