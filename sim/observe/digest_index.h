// What a run's digest was at equal intervals of events, stored beside the result, so that two runs
// can be bisected to the first event in which they differ. However long the run is there are a few
// hundred rows: whenever there are too many, every second one goes and the spacing doubles. Rows of
// two runs thus stand at the same events wherever both have one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/observe/run_digest.h"

namespace byzsim {

class Archive;

/// The layers that move event by event. Rows of metrics are evaluated beside the run, and follow
/// from the others.
constexpr std::array<const char*, 4> kEventLayers = {"schedule", "messages", "draws", "models"};

/// Values of these layers, in their order.
using LayerValues = std::array<std::uint64_t, kEventLayers.size()>;
LayerValues values_of(const RunDigest& digest);

/// The layers after one event.
struct DigestRow {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::uint64_t event;                       ///< counted from 1; the layers are those after it
  LayerValues layers;
  friend bool operator==(const DigestRow&, const DigestRow&) = default;
};

/// The rows so far: 128 to 255 of them once a run has that many events.
class DigestIndex {
 public:
  static constexpr std::size_t kMostRows = 256;

  /// Call after every event.
  void see(std::uint64_t event, const RunDigest& digest) {
    if ((event & (spacing_ - 1)) == 0) add(event, digest);
  }
  /// At every multiple of the spacing, a power of two.
  const std::vector<DigestRow>& rows() const { return rows_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  void add(std::uint64_t event, const RunDigest& digest);

  std::uint64_t spacing_ = 1;
  std::vector<DigestRow> rows_;
};

/// The columns of digests.csv: the event and its layers.
std::vector<std::string> digest_columns();
/// digests.csv: a line each, layers as 16 hex digits.
std::string digests_to_csv(const std::vector<DigestRow>& rows);

}  // namespace byzsim
