// One direction of a network card: its bandwidth is shared equally by the transfers under way
// (processor sharing). A value; time only moves forward.
//
// With k transfers under way each advances at 1/k of the bandwidth. Ends are computed in double and
// rounded up to whole nanoseconds, in an order that depends on the transfers alone.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/check.h"
#include "sim/world/time.h"

namespace byzsim {

class Archive;

/// The transfers of one direction of one card.
class SharedLink {
 public:
  explicit SharedLink(double bytes_per_ns) : bytes_per_ns_(bytes_per_ns) {
    BYZ_CHECK(bytes_per_ns > 0, "a link passes something");
  }

  /// A transfer of a number of bytes begins, under a number of the caller's choice.
  void begin(SimTime now, std::uint64_t bytes, std::int64_t transfer);
  /// When the next transfer ends unless another begins before; nothing when none is under way.
  std::optional<SimTime> next_end() const;
  /// The transfers that have ended by `now`, in the order of their ends, then of their beginnings.
  std::vector<std::int64_t> ended(SimTime now);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  struct Transfer {
    static constexpr std::size_t kFields = 2;  // of an archive
    double end;                                // in bytes served to each transfer
    std::int64_t number;
    friend bool operator<(const Transfer& a, const Transfer& b) {
      return a.end != b.end ? a.end > b.end : a.number > b.number;
    }
  };
  void serve_until(SimTime now);

  double bytes_per_ns_;
  double served_ = 0;  // bytes that a transfer under way since the beginning would have got
  SimTime now_ = 0;
  std::vector<Transfer> under_way_;  // a heap, the next to end first
};

}  // namespace byzsim
